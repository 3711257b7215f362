"""Primitives that only MindSpore's tests and its own layers call: gradients of recurrent layers, updates of few rows, inner ops.

``TABLE`` has the form of ``ops/primitive_classes.py``.
"""

from typing import Any

import numpy as np

from .. import ops
from ..core.dtype import int64
from ..core.errors import fail
from ..core.op import as_tensor
from ..core.parameter import Parameter
from ..core.tensor import Tensor
from ..ops import image as image_ops, primitive_calls as calls
from ..ops.eigen import eigh as _symmetric_eigen, of_triangle
from ..ops.primitive_classes import _class, row, updates
from ..transforms.reverse import vjp
from .dense_primitives import _sizes
from .gradient_primitives import _convolved
from .image_primitives import _resize_v2
from .primitives import _lstm, _static

o: Any = ops


def _eigh(p, x):
    """Eigenvalues, and eigenvectors where they are asked for, of what the lower or upper triangle stands for."""
    values, vectors = _symmetric_eigen(of_triangle(x, p.lower), p.lower)
    return (values, vectors) if p.compute_eigenvectors else values


# ---------------------------------------------------------------- recurrent layers
def _lstm_gradient(p, x, h, c, w, y, last_h, last_c, g, g_h, g_c, reserve=None):
    """The gradients of x, h, c and the weights; what the forward pass kept is computed again."""
    return vjp(lambda *inputs: _lstm(p, *inputs)[:3], x, h, c, w)[1]((g, g_h, g_c))


def _gru(p, x, h, w, lengths=None):
    """A layer of the first form of GRUs (Cho et al., 2014; the reset gate stands before the product) from one array of weights:
    those of the input, of the hidden state, biases, each for z, r, n."""
    if p.num_layers != 1 or p.bidirectional:
        raise fail(RuntimeError, "For 'GRUV2', there is no kernel for several layers or directions, as in MindSpore.")
    gates, flat = 3 * p.hidden_size, o.reshape(w, (-1,))
    into, flat = o.reshape(flat[: gates * p.input_size], (gates, -1)), flat[gates * p.input_size :]
    hidden, bias = o.reshape(flat[: gates * p.hidden_size], (gates, -1)), flat[gates * p.hidden_size :][:gates]
    given = o.matmul(x, o.swapaxes(into, 0, 1)) + (bias if p.has_bias else 0.0)
    of_gates, of_new = o.split(o.swapaxes(hidden, 0, 1), (2 * p.hidden_size, p.hidden_size), 1)
    state, steps = h[0], []
    for t in range(x.shape[0]):
        z, r = o.split(o.sigmoid(given[t][:, : 2 * p.hidden_size] + o.matmul(state, of_gates)), p.hidden_size, 1)
        new = o.tanh(given[t][:, 2 * p.hidden_size :] + o.matmul(r * state, of_new))
        state = (1 - z) * new + z * state
        steps.append(state)
    return o.stack(steps), o.expand_dims(state, 0), o.zeros((1, 1), x.dtype), o.zeros((1, 1), x.dtype)


# ---------------------------------------------------------------- updates
def _centered_rms_prop(p, var, mean_gradient, mean_square, moment, lr, decay, momentum, epsilon, grad):
    return updates.centered_rms_prop(var, mean_gradient, mean_square, moment, grad, lr, decay, momentum, epsilon)


def _momentum(p, var, accum, lr, grad, indices, momentum):
    """The rows that the fifth of the inputs names; the momentum follows it."""
    update = calls.of_rows(lambda p, v, a, lr, momentum, g: updates.momentum(v, a, lr, g, momentum, p.use_nesterov))
    return update(p, var, accum, lr, momentum, grad, indices)


def _adagrad_da(p, var, total, squares, grad, indices, lr, l1, l2, step):
    update = calls.of_rows(lambda p, v, t, s, lr, l1, l2, step, g: updates.adagrad_da(v, t, s, g, lr, l1, l2, step))
    return update(p, var, total, squares, lr, l1, l2, step, grad, indices)


def _first(update):
    """``update`` with the new weight as its one result."""

    def call(p, var, *inputs):
        update(p, var, *inputs)
        return o.identity(var)

    return call


def _adam_step(p, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, gradient):
    """The step of Adam for a weight that lies elsewhere."""
    new_m = m + (gradient - m) * (1 - beta1)
    new_v = v + (o.square(gradient) - v) * (1 - beta2)
    rate = lr * o.sqrt(1 - beta2_power) / (1 - beta1_power)
    over = new_m * beta1 + gradient * (1 - beta1) if p.use_nesterov else new_m
    step = -rate * over / (o.sqrt(new_v) + epsilon)
    o.assign(m, new_m)
    o.assign(v, new_v)
    return step


# ---------------------------------------------------------------- pictures
def _resize_v2_gradient(p, g, roi, scales, sizes):
    sizes = _sizes(sizes)
    return vjp(lambda x: _resize_v2(p, x, roi, scales, g.shape), o.zeros(sizes, g.dtype))[1](g)[0]


def _upsampled(p, x, size=None, scales=None):
    if (size is None) == (scales is None):
        raise fail(ValueError, f"For '{p.name}', one of 'output_size' and 'scales' must be given.")
    size = _sizes(size) if size is not None else tuple(int(n * s) for n, s in zip(x.shape[2:], scales))
    if len(size) == 2:
        return image_ops._nearest(x, size)
    return o.squeeze(image_ops._nearest(o.expand_dims(x, 2), (1, *size)), 2)


# ---------------------------------------------------------------- inner ops
def _divided(p, x, y, mode=None):
    return o.div(x, y, rounding_mode=mode)


def _clipped(p, x, norm):
    """``x`` scaled so that its norm along the axes is at most ``norm``."""
    axis = () if p.axis is None else p.axis
    length = o.sqrt(o.sum(o.square(x.astype("float32")), axis or None, keepdim=True))
    return (x * norm / o.maximum(length, norm)).astype("float32")


def _added_along(p, x, indices, values):
    return o.tensor_scatter_elements(x, indices, values, p.axis, "add")


def _reduced_axes(p, x, y):
    """The axes over which the gradients of two broadcast shapes are summed."""
    x, y = _sizes(x), _sizes(y)
    rank = max(len(x), len(y))
    x, y = ((1,) * (rank - len(s)) + tuple(s) for s in (x, y))
    both = np.maximum(x, y)
    return tuple(
        Tensor(np.array([k for k in range(rank) if s[k] == 1 and (both[k] != 1 or k < rank)], np.int64), int64)
        if any(n == 1 for n in s)
        else Tensor(np.zeros(0, np.int64))
        for s in (x, y)
    )


def _copied(p, source, target):
    return o.assign(target, source) if isinstance(target, Parameter) else as_tensor(source)


_LSTM = dict.fromkeys(("input_size", "hidden_size", "num_layers", "has_bias", "bidirectional", "dropout"), ...)
# fmt: off
TABLE: dict = {
    "LSTMGrad": row(_lstm_gradient, **_LSTM, proj_size=0), "GRUV2": row(_gru, **_LSTM),
    # ------------------------------------------------ updates
    "SparseApplyCenteredRMSProp": row(_first(calls.of_rows(_centered_rms_prop)), "mem", use_locking=False),
    "SparseApplyMomentum": row(_first(_momentum), "mem", use_locking=False, use_nesterov=False),
    "SparseApplyAdagradDA": row(_first(_adagrad_da), "mem", use_locking=False),
    "SparseApplyProximalGradientDescent": row(_first(calls.of_rows("proximal_gradient_descent")), "mem", use_locking=False),
    "AdamNoUpdateParam": row(_adam_step, "mem", use_locking=False, use_nesterov=False),
    # ------------------------------------------------ pictures
    "ResizeV2Grad": row(_resize_v2_gradient, coordinate_transformation_mode="half_pixel", mode="nearest"),
    "UpsampleNearest1D": row(_upsampled), "UpsampleNearest2D": row(_upsampled),
    "Conv3DBackpropInput": row(_convolved("Conv3D", "wgs"), out_channel=..., kernel_size=..., mode=1, pad_mode="valid", pad=0, stride=1,
                               dilation=1, group=1, data_format="NCDHW"),
    # ------------------------------------------------ inner ops
    "Eigh": row(_eigh, compute_eigenvectors=True, lower=True),
    "DivMod": row(_divided), "SiLU": row(lambda p, x: o.silu(x)), "ClipByNorm": row(_clipped, axis=None),
    "SoftplusExt": row(lambda p, x, beta=1, threshold=20: o.softplus(x, beta, threshold)),
    "ScatterAddWithAxis": row(_added_along, axis=0), "DynamicBroadcastGradientArgs": row(_reduced_axes),
    "IsParameter": row(lambda p, x: isinstance(x, Parameter)), "IsConstant": row(lambda p, x: not isinstance(x, Tensor) or x._data is not None),
    "TileSize": row(lambda p, shape, out, n: tuple(b if a == 1 else 1 for a, b in zip(_static(shape), _static(out)))),
    "UpdateState": row(lambda p, state, *values: state), "CopyWithSlice": row(_copied),
}
# fmt: on

globals().update({name: _class(name, entry) for name, entry in TABLE.items()})
__all__ = sorted(TABLE)
