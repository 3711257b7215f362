"""Recurrent layers and their cells.

The products of all inputs with the weight are one matrix product; the rest is computed step by step.
"""

import math

from ... import ops
from ...core import checks
from ...core.docstrings import documented
from ...core.dtype import float32, int64
from ...core.errors import fail
from ...core.initializer import Uniform
from ...core.op import literal
from ...core.parameter import ParameterTuple
from ...flow.forms import scan
from ..cell import Cell
from .weights import cast_like, parameter

UNROLLED = 32  # sequences up to this length are written out in the graph; longer ones are a loop, whose compile cost is constant


# ---------------------------------------------------------------- one step: (input's products, state) -> state
def _rnn_step(function):
    def step(gates, h, w, b):
        return function(gates + ops.dense(h, w, b))

    return step


def _lstm_step(gates, state, w, b):
    h, c = state
    # Parts are added, not wholes: then one kernel does that and the rest of the step.
    parts = (ops.split(product, h.shape[-1], -1) for product in (gates, ops.dense(h, w, b)))
    i, f, g, o = (by_input + by_state for by_input, by_state in zip(*parts))
    c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
    return ops.sigmoid(o) * ops.tanh(c), c


def _gru_step(gates, h, w, b):
    n = h.shape[-1]
    ir, iz, inew = ops.split(gates, n, -1)
    hr, hz, hnew = ops.split(ops.dense(h, w, b), n, -1)
    new = ops.tanh(inew + ops.sigmoid(ir + hr) * hnew)
    return new + ops.sigmoid(iz + hz) * (h - new)


_STEPS = {
    "tanh": (_rnn_step(ops.tanh), 1),
    "relu": (_rnn_step(ops.relu), 1),
    "lstm": (_lstm_step, 4),
    "gru": (_gru_step, 3),
}


def _state_of(owner, hx, pair):
    """The initial state, checked: a Tensor, for an LSTM a pair of Tensors."""
    if not pair:
        return checks.tensor(owner, hx=hx)
    if not isinstance(hx, tuple) or len(hx) != 2:
        shown = f"{len(hx)} of them" if isinstance(hx, tuple) else type(hx).__name__
        raise fail(TypeError, f"For '{owner}', 'hx' must be a tuple of 2 Tensors, but got {shown}.")
    return tuple(checks.tensor(owner, **{f"hx[{k}]": t}) for k, t in enumerate(hx))


# ---------------------------------------------------------------- cells
class RNNCellBase(Cell):
    """What the cells share; a subclass with a ``construct`` of its own has ``num_chunks`` gates in its weights."""

    is_piece = True
    kind = "tanh"

    def __init__(self, input_size, hidden_size, has_bias, num_chunks, dtype=float32):
        super().__init__()
        name = type(self).__name__
        checks.boolean(name, has_bias=has_bias)
        self.hidden_size = checks.positive_int(name, hidden_size=hidden_size)
        self.input_size = checks.positive_int(name, input_size=input_size)
        self.has_bias = has_bias
        init, rows = Uniform(1 / math.sqrt(hidden_size)), num_chunks * hidden_size
        self.weight_ih = parameter(name, "weight_ih", init, (rows, input_size), dtype)
        self.weight_hh = parameter(name, "weight_hh", init, (rows, hidden_size), dtype)
        self.bias_ih = self.bias_hh = None
        if has_bias:
            self.bias_ih = parameter(name, "bias_ih", init, (rows,), dtype)
            self.bias_hh = parameter(name, "bias_hh", init, (rows,), dtype)

    def construct(self, x, hx):
        checks.tensor(type(self).__name__, x=x)
        state = _state_of(type(self).__name__, hx, self.kind == "lstm")
        weights = [cast_like(p, x, mixed=True) for p in (self.weight_ih, self.bias_ih, self.weight_hh, self.bias_hh)]
        return _STEPS[self.kind][0](ops.dense(x, *weights[:2]), state, *weights[2:])


_CELL_ARGS = """input_size: int, the channels of the input.
hidden_size: int, the channels of the state.
has_bias: bool, whether there are biases.  Default: True."""
_CELL_RAISES = """TypeError: an argument or input of the wrong type.
ValueError: a size that is not positive, or shapes that do not fit."""
_CELL = {"args": _CELL_ARGS, "raises": _CELL_RAISES, "dtype": "dtype: the type of the Parameters.  Default: float32."}


@documented(**_CELL)
class RNNCell(RNNCellBase):
    """One step of ``RNN``: ``h' = tanh(W_ih x + b_ih + W_hh h + b_hh)``.

    Args:
        {args}
        nonlinearity: "tanh" (the default) or "relu".
        {dtype}

    Inputs:
        x: Tensor of floats, shape (N, input_size).
        hx: Tensor of floats, shape (N, hidden_size), the state.

    Returns:
        Tensor, the new state, of the shape and dtype of hx.

    Raises:
        {raises}

    >>> from minispore import nn, ops
    >>> nn.RNNCell(3, 4)(ops.ones((2, 3)), ops.zeros((2, 4))).shape
    (2, 4)
    """

    def __init__(self, input_size, hidden_size, has_bias=True, nonlinearity="tanh", dtype=float32):
        super().__init__(input_size, hidden_size, has_bias, 1, dtype)
        self.nonlinearity = self.kind = checks.one_of("RNNCell", ["tanh", "relu"], nonlinearity=nonlinearity)


@documented(**_CELL)
class LSTMCell(RNNCellBase):
    """One step of ``LSTM``.

    Args:
        {args}
        {dtype}

    Inputs:
        x: Tensor of floats, shape (N, input_size).
        hx: a tuple (h, c) of two Tensors of shape (N, hidden_size), the state.

    Returns:
        tuple (h', c'), the new state, of the shapes and dtype of hx.

    Raises:
        {raises}

    >>> from minispore import nn, ops
    >>> h, c = nn.LSTMCell(3, 4)(ops.ones((2, 3)), (ops.zeros((2, 4)), ops.zeros((2, 4))))
    >>> h.shape, c.shape
    ((2, 4), (2, 4))
    """

    kind = "lstm"

    def __init__(self, input_size, hidden_size, has_bias=True, dtype=float32):
        super().__init__(input_size, hidden_size, has_bias, 4, dtype)


@documented(**_CELL)
class GRUCell(RNNCellBase):
    """One step of ``GRU``.

    Args:
        {args}
        {dtype}

    Inputs:
        x: Tensor of floats, shape (N, input_size).
        hx: Tensor of floats, shape (N, hidden_size), the state.

    Returns:
        Tensor, the new state, of the shape and dtype of hx.

    Raises:
        {raises}

    >>> from minispore import nn, ops
    >>> nn.GRUCell(3, 4)(ops.ones((2, 3)), ops.zeros((2, 4))).shape
    (2, 4)
    """

    kind = "gru"

    def __init__(self, input_size, hidden_size, has_bias=True, dtype=float32):
        super().__init__(input_size, hidden_size, has_bias, 3, dtype)


# ---------------------------------------------------------------- layers
class _Recurrent(Cell):
    """The base of RNN, GRU and LSTM."""

    is_piece = True

    kind = "tanh"

    def __init__(self, input_size, hidden_size, num_layers=1, has_bias=True, batch_first=False, dropout=0.0,
                 bidirectional=False, dtype=float32):  # fmt: skip
        super().__init__()
        name = type(self).__name__
        self.hidden_size = checks.positive_int(name, hidden_size=hidden_size)
        self.input_size = checks.positive_int(name, input_size=input_size)
        self.num_layers = checks.positive_int(name, num_layers=num_layers)
        self.has_bias = checks.boolean(name, has_bias=has_bias)
        self.batch_first = checks.boolean(name, batch_first=batch_first)
        self.bidirectional = checks.boolean(name, bidirectional=bidirectional)
        if not 0 <= checks.floating(name, dropout=dropout) < 1:
            raise fail(ValueError, f"For '{name}', the argument 'dropout' must be in [0, 1), but got {dropout}.")
        self.dropout = dropout
        self.directions = 2 if bidirectional else 1
        rows, init = _STEPS[self.kind][1] * hidden_size, Uniform(1 / math.sqrt(hidden_size))

        def made(what, columns):
            return ParameterTuple(
                parameter(name, f"{what}_l{k}{suffix}", init, (rows, *columns(k)), dtype)
                for k in range(num_layers)
                for suffix in ("", "_reverse")[: self.directions]
            )

        self.w_ih_list = made("weight_ih", lambda k: (hidden_size * self.directions if k else input_size,))
        self.w_hh_list = made("weight_hh", lambda k: (hidden_size,))
        if has_bias:
            self.b_ih_list, self.b_hh_list = made("bias_ih", lambda k: ()), made("bias_hh", lambda k: ())

    def construct(self, x, hx=None, seq_length=None):
        name, pair = type(self).__name__, self.kind == "lstm"
        checks.rank(name, 3, input=x)
        if x.shape[-1] != self.input_size:
            raise fail(
                ValueError, f"For '{name}', the input must have {self.input_size} channels, but its shape is {x.shape}."
            )
        if self.batch_first:
            x = ops.swapaxes(x, 0, 1)
        shape = (self.num_layers * self.directions, x.shape[1], self.hidden_size)
        if hx is None:
            states = (ops.zeros(shape, x.dtype),) * (2 if pair else 1)
        else:
            hx = _state_of(name, hx, pair)
            states = hx if pair else (hx,)
            for t in states:
                if t.shape != shape:
                    raise fail(ValueError, f"For '{name}', the states must have the shape {shape}, but got {t.shape}.")
        last = []
        for layer in range(self.num_layers):
            if layer:
                x = ops.dropout(x, self.dropout, self.training)
            outputs = []
            for direction in range(self.directions):
                k = layer * self.directions + direction
                first = tuple(t[k] for t in states)
                out, state = self._run_layer(k, x, first if pair else first[0], seq_length, direction == 1)
                outputs.append(out)
                last.append(state if pair else (state,))
            x = ops.concat(outputs, 2) if len(outputs) > 1 else outputs[0]
        ends = tuple(ops.stack(parts) for parts in zip(*last))
        return (ops.swapaxes(x, 0, 1) if self.batch_first else x), (ends if pair else ends[0])

    def _run_layer(self, k, x, state, seq_length, backwards):
        """(outputs of all steps, last state) of one layer in one direction."""
        step = _STEPS[self.kind][0]
        w_ih, w_hh = (cast_like(group[k], x, mixed=True) for group in (self.w_ih_list, self.w_hh_list))
        b_ih = b_hh = None
        if self.has_bias:
            b_ih, b_hh = (cast_like(group[k], x, mixed=True) for group in (self.b_ih_list, self.b_hh_list))
            if self.kind != "gru":  # only a GRU needs the two biases apart; others add both once, for all steps
                b_ih, b_hh = b_ih + b_hh, None
        gates = ops.dense(x, w_ih, b_ih)

        def stepped(before, row):
            new = step(row, before, w_hh, b_hh)
            return new, new[0] if isinstance(new, tuple) else new

        if seq_length is None:
            state, outputs = scan(stepped, state, gates, reverse=backwards, unroll=UNROLLED)
            return outputs, state

        def turn(carried, row):  # after the end of a sequence the state does not change and the output is zero
            before, t = carried
            new, out = stepped(before, row)
            inside = ops.expand_dims(seq_length > t, 1)
            if isinstance(new, tuple):
                new = tuple(ops.select(inside, a, b) for a, b in zip(new, before))
            else:
                new = ops.select(inside, new, before)
            return (new, t + (-1 if backwards else 1)), ops.select(inside, out, 0.0)

        start = literal(
            x.shape[0] - 1 if backwards else 0, int64
        )  # the step's number, which ``seq_length`` is compared with
        (state, _), outputs = scan(turn, (state, start), gates, reverse=backwards, unroll=UNROLLED)
        return outputs, state


_ARGS = """input_size: int, the channels of the input.
hidden_size: int, the channels of the state.
num_layers: int, layers on top of each other.  Default: 1.
has_bias: bool, whether there are biases.  Default: True.
batch_first: bool, whether sequences are (N, T, channels) in place of (T, N, channels).  Default: False.
dropout: float in [0, 1), the probability to zero an element between layers in training.  Default: 0.0.
bidirectional: bool, whether a second network reads the sequence from its end; the outputs are joined.  Default: False.
dtype: the type of the Parameters.  Default: float32."""
_INPUTS = """x: Tensor of floats, shape (T, N, input_size).
hx: {state} of shape (layers * directions, N, hidden_size), the first state; zeros by default.
seq_length: Tensor of ints, shape (N,): how many steps of each sequence count; all by default."""
_OUT = """tuple (output, last state): output of shape (T, N, directions * hidden_size), zeros beyond ``seq_length``; the
    state as hx.  Both have the dtype of x."""
_RAISES = """TypeError: an argument or input of the wrong type.
ValueError: an argument out of range, or a shape that does not fit."""
_SEQUENCE = {"args": _ARGS, "inputs": _INPUTS, "returns": _OUT, "raises": _RAISES, "state": "Tensor"}


@documented(**_SEQUENCE)
class RNN(_Recurrent):
    """A recurrent network over sequences: ``h' = tanh(W_ih x + b_ih + W_hh h + b_hh)``.

    Args:
        {args}
        nonlinearity: "tanh" (the default) or "relu"; by keyword.

    Inputs:
        {inputs}

    Returns:
        {returns}

    Raises:
        {raises}

    >>> from minispore import nn, ops
    >>> out, h = nn.RNN(3, 4)(ops.ones((5, 2, 3)))
    >>> out.shape, h.shape
    ((5, 2, 4), (1, 2, 4))
    """

    def __init__(self, input_size, hidden_size, num_layers=1, has_bias=True, batch_first=False, dropout=0.0,
                 bidirectional=False, dtype=float32, *, nonlinearity="tanh"):  # fmt: skip
        super().__init__(input_size, hidden_size, num_layers, has_bias, batch_first, dropout, bidirectional, dtype)
        self.nonlinearity = self.kind = checks.one_of("RNN", ["tanh", "relu"], nonlinearity=nonlinearity)


@documented(**{**_SEQUENCE, "state": "a tuple (h, c) of two Tensors"})
class LSTM(_Recurrent):
    """Long short-term memory (Hochreiter & Schmidhuber 1997) over sequences.

    ``c' = sigmoid(f) c + sigmoid(i) tanh(g)``, ``h' = sigmoid(o) tanh(c')`` with i, f, g, o the four parts of
    ``W_ih x + b_ih + W_hh h + b_hh``.

    Args:
        {args}

    Inputs:
        {inputs}

    Returns:
        {returns}

    Raises:
        {raises}

    >>> from minispore import nn, ops
    >>> out, (h, c) = nn.LSTM(3, 4, bidirectional=True)(ops.ones((5, 2, 3)))
    >>> out.shape, h.shape, c.shape
    ((5, 2, 8), (2, 2, 4), (2, 2, 4))
    """

    kind = "lstm"


@documented(**_SEQUENCE)
class GRU(_Recurrent):
    """Gated recurrent units (Cho et al. 2014, arXiv 1406.1078) over sequences.

    ``h' = new + sigmoid(z) (h - new)`` with ``new = tanh(W_in x + b_in + sigmoid(r) (W_hn h + b_hn))``, and r, z the
    first two parts of ``W_ih x + b_ih + W_hh h + b_hh``.

    Args:
        {args}

    Inputs:
        {inputs}

    Returns:
        {returns}

    Raises:
        {raises}

    >>> from minispore import nn, ops
    >>> out, h = nn.GRU(3, 4, num_layers=2)(ops.ones((5, 2, 3)))
    >>> out.shape, h.shape
    ((5, 2, 4), (2, 2, 4))
    """

    kind = "gru"


__all__ = ["GRU", "LSTM", "RNN", "GRUCell", "LSTMCell", "RNNCell"]
