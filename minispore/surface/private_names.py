"""Helper functions of MindSpore that its modules keep to themselves and public projects import all the same."""

from typing import Any

from .. import nn, ops
from ..core.dtype import int32
from ..core.tensor import Tensor
from ..nn.layer import rnn
from ..ops.higher_order import MultitypeFuncGraph
from ..train.callback.base import loss_of

o: Any = ops


# ---------------------------------------------------------------- recurrent cells
def _products(inputs, hidden, w_ih, w_hh, b_ih, b_hh):
    return o.dense(inputs, w_ih, b_ih), o.dense(hidden, w_hh, b_hh)


def _rnn_tanh_cell(inputs, hidden, w_ih, w_hh, b_ih, b_hh):
    """One step of ``RNNCell`` with tanh."""
    given, kept = _products(inputs, hidden, w_ih, w_hh, b_ih, b_hh)
    return o.tanh(given + kept)


def _rnn_relu_cell(inputs, hidden, w_ih, w_hh, b_ih, b_hh):
    """One step of ``RNNCell`` with relu."""
    given, kept = _products(inputs, hidden, w_ih, w_hh, b_ih, b_hh)
    return o.relu(given + kept)


def _lstm_cell(inputs, hidden, w_ih, w_hh, b_ih, b_hh):
    """One step of ``LSTMCell``."""
    return rnn._lstm_step(o.dense(inputs, w_ih, b_ih), hidden, w_hh, b_hh)


def _gru_cell(inputs, hidden, w_ih, w_hh, b_ih, b_hh):
    """One step of ``GRUCell``."""
    return rnn._gru_step(o.dense(inputs, w_ih, b_ih), hidden, w_hh, b_hh)


def sequence_mask(lengths, maxlen):
    """(N, maxlen) of int32: 1 where a position lies within its sequence."""
    return (o.arange(maxlen) < o.expand_dims(lengths, -1)).astype(int32)


def select_by_mask(inputs, mask):
    """``inputs`` (T, N, C) where ``mask`` (N, T) is not 0, else 0."""
    return o.swapaxes(o.expand_dims(mask, -1), 0, 1).astype(inputs.dtype) * inputs


def get_hidden(output, seq_length):
    """The output at the last step of each sequence: (T, N, C) and (N,) to (N, C)."""
    rows = o.arange(output.shape[1])
    return output[seq_length.astype(rows.dtype) - 1, rows]


# ---------------------------------------------------------------- scaled losses
_grad_scale = MultitypeFuncGraph("grad_scale")
_grad_overflow = MultitypeFuncGraph("_grad_overflow")


@_grad_scale.register("Tensor", "Tensor")
def tensor_grad_scale(scale, grad):
    """A gradient over the scale of its loss."""
    return grad * o.reciprocal(scale).astype(grad.dtype)


@_grad_overflow.register("Tensor")
def _tensor_grad_overflow(grad):
    return o.FloatStatus()(grad)


# ---------------------------------------------------------------- checks and small things
def _check_input_3d(input_shape):
    """Raises ValueError unless there are three axes."""
    if len(input_shape) != 3:
        raise ValueError(f"For 'Conv1d', the dimension of input must be 3d, but got {len(input_shape)}.")


def _check_input_4d(input_shape, param_name="input", func_name=None):
    """Raises ValueError unless there are four axes."""
    if len(input_shape) != 4:
        raise ValueError(f"For '{func_name}', the dimension of '{param_name}' must be 4d, but got {len(input_shape)}.")


def _check_input_dtype(input_dtype, param_name, allow_dtypes, cls_name):
    """Raises TypeError unless the type is among those allowed."""
    if input_dtype not in (allow_dtypes if isinstance(allow_dtypes, (list, tuple)) else (allow_dtypes,)):
        raise TypeError(f"For '{cls_name}', the '{param_name}' must be of {allow_dtypes}, but got {input_dtype}.")


def _check_is_tensor(param_name, input_data, cls_name):
    """Raises TypeError for something that is no Tensor."""
    if input_data is not None and not isinstance(input_data, Tensor):
        raise TypeError(f"For '{cls_name}', the '{param_name}' must be a Tensor, but got {type(input_data).__name__}.")


def _get_activation_fn(activation: str):
    """The function "relu" or "gelu"."""
    if activation not in ("relu", "gelu"):
        raise ValueError(f"The activation must be relu or gelu, but got {activation}.")
    return getattr(o, activation)


class Registry(dict):
    """Functions by name; ``get`` gives None for a missing one."""

    def register(self, name: str, function) -> None:
        """Enters a function under a name."""
        self[name] = function

    def get(self, name: str, default=None):
        """The function of a name: one that was entered, or that of ``ops``."""
        return super().get(name, getattr(ops, name, default))


tensor_operator_registry = tensor_operator_registry_for_mint = Registry()
_activation = nn.layer.activation._BY_NAME

_handle_loss = loss_of

__all__ = [
    "Registry", "_activation", "_check_input_3d", "_check_input_4d", "_check_input_dtype", "_check_is_tensor", "_get_activation_fn",
    "_grad_overflow", "_grad_scale", "_gru_cell", "_handle_loss", "_lstm_cell", "_rnn_relu_cell", "_rnn_tanh_cell", "get_hidden",
    "select_by_mask", "sequence_mask", "tensor_grad_scale", "tensor_operator_registry", "tensor_operator_registry_for_mint",
]  # fmt: skip
