"""The class forms of MindSpore's ``ops.operations``: ``ReduceMean(keep_dims=True)(x, 1)``.

TABLE holds them all: the name of a function of ``ops`` for a class that is constructed without arguments, otherwise
``row(call, argument=default, ...)``, where ``call(p, *inputs)`` gets the instance ``p`` with the arguments of its
constructor as attributes (``...`` marks an argument without default); ``call`` may be the name of a
function too.  The classes are made from the table at the end of the file.
"""

import functools
import inspect
import operator
import re
import warnings
from types import FunctionType
from typing import Any

import numpy as np

from .. import ops
from ..core.docstrings import LazyDocstring, forwarding, sections
from ..core.dtype import float32, int32, int64, to_dtype
from ..core.errors import fail
from ..core.op import as_tensor, to
from ..core.tensor import Tensor
from . import optimizer_updates
from .arithmetic import div_no_nan, mul_no_nan, trunc_quotient
from .conv import conv2d_input_grad, pads_of
from .ctc import ctc_of_sparse_labels
from .custom_gradient import with_gradient
from .detection import nms_with_mask, roi_align
from .host import printed
from .image import check_valid, depth_to_space, resize_bilinear, resize_nearest_neighbor, space_to_depth
from .loss import (
    nll_parts,
    softmax_cross_entropy_with_logits,
    softmax_minus_labels,
    sparse_softmax_cross_entropy_with_logits as sparse_cross_entropy,
)
from .movement import axis_of, pad_constant, shape_of, slice_along
from .normalization import batch_norm_statistics, l2_loss, l2_normalize, layer_norm_statistics, lp_norm
from .pool import avg_pool_with, max_pool_with, pair
from .primitive_base import CLASSES, Primitive
from .primitive_docstrings import DOCSTRINGS
from .random import uniform01
from .sparse import rows_of, sparse_gather, update_rows

o: Any = ops  # its functions are looked up when they are called
updates: Any = optimizer_updates


def row(call, effect=None, prepare=None, **arguments):
    """One line of TABLE.  ``effect``: "mem" or "hidden", shown when printed; ``prepare`` changes the arguments."""
    return call, effect, prepare, arguments


summary_sinks: list = []  # called with (kind, name, Tensor) by the Summary primitives


def _summary(kind):
    def call(p, name, value):
        if summary_sinks and value._data is None:
            _warn_traced()
            return
        for sink in summary_sinks:
            sink(kind, name, value)

    return call


@functools.cache
def _warn_traced() -> None:
    warnings.warn(
        "Summary primitives record nothing in a compiled step: use PYNATIVE mode, or return the value.", stacklevel=4
    )


def _passing(name, *attributes):
    """A call of ``ops.<name>`` with some of the instance's attributes as keywords."""

    def call(p, *inputs):
        return operator.attrgetter(name)(o)(*inputs, **{k: getattr(p, k) for k in attributes})

    return call


# ---------------------------------------------------------------- calls that take more than an expression
def _matmul(p, x, y):
    if x.ndim != 2 or y.ndim != 2:
        raise fail(ValueError, f"For 'MatMul', the inputs must have 2 axes, but got shapes {x.shape} and {y.shape}.")
    return _batch_matmul(p, x, y)


def _batch_matmul(p, x, y):
    return o.matmul(o.swapaxes(x, -1, -2) if p.transpose_a else x, o.swapaxes(y, -1, -2) if p.transpose_b else y)


def _reduce(function):
    """A reduction over ``axis``, () meaning all; integers stay what they are."""

    def call(p, x, axis=()):
        if getattr(p, "skip_mode", False) and isinstance(axis, (tuple, list)) and not axis:
            return x
        axis = axis.tolist() if isinstance(axis, Tensor) else axis
        every = axis is None or (isinstance(axis, (tuple, list)) and not axis)
        return to(getattr(o, function)(x, None if every else axis, p.keep_dims), x.dtype)

    return call


def _value_and_index(function, index):
    def call(p, x):
        at, value = getattr(o, index), getattr(o, function)
        return to(at(x, p.axis, p.keep_dims), int64), value(x, p.axis, p.keep_dims)

    return call


def _scan(function, start):
    """A running sum or product along ``axis``, ``exclusive`` of the element itself, from the end if ``reverse``."""

    def call(p, x, axis):
        a = axis_of(p.name, x.ndim, int(axis))
        x = o.flip(x, (a,)) if p.reverse else x
        if p.exclusive and x.shape[a]:
            first = o.full_like(slice_along(x, a, 0, 1), start)
            x = o.concat((first, slice_along(x, a, 0, x.shape[a] - 1)), a)
        out = getattr(o, function)(x, a)
        return o.flip(out, (a,)) if p.reverse else out

    return call


def _split(p, x):
    n = x.shape[axis_of("Split", x.ndim, p.axis)]
    if p.output_num <= 0 or n % p.output_num:
        raise fail(ValueError, f"For 'Split', an axis of length {n} cannot be divided into {p.output_num} equal parts.")
    return o.split(x, n // p.output_num, p.axis)


def _pad(p, x):
    if any(n < 0 for pair in p.paddings for n in pair):
        raise fail(ValueError, f"For 'Pad', 'paddings' must not be negative, but got {p.paddings}.")
    if len(p.paddings) != x.ndim:
        raise fail(ValueError, f"For 'Pad', a pair is needed for each axis of {x.shape}, but got {p.paddings}.")
    return pad_constant(x, *zip(*p.paddings))


def _mirror_pad(p, x, paddings):
    pairs = paddings.tolist() if isinstance(paddings, Tensor) else list(paddings)
    if p.mode == "REFLECT":
        return o.pad(x, [int(n) for pair in reversed(pairs) for n in pair], "reflect")
    for a, (before, after) in enumerate(pairs):
        head, tail = slice_along(x, a, 0, before), slice_along(x, a, x.shape[a] - after, after)
        parts = [o.flip(head, (a,)), x, o.flip(tail, (a,))]
        x = o.concat([t for t in parts if t.shape[a]], a)
    return x


def _real_div(p, x, y):
    quotient = as_tensor(x), as_tensor(y)
    return o.div(x, y) if any(t.dtype.is_float for t in quotient) else trunc_quotient(x, y)


def _bias_add(p, x, bias):
    at = 1 if p.data_format.startswith("NC") else x.ndim - 1
    if bias.ndim != 1 or x.ndim < 2 or bias.shape[0] != x.shape[at]:
        raise fail(ValueError, f"For 'BiasAdd', a bias of shape {bias.shape} does not fit the axis {at} of {x.shape}.")
    return x + o.reshape(bias, tuple(-1 if a == at else 1 for a in range(x.ndim)))


def _batch_norm(p, x, scale, bias, mean, variance):
    channel = 1 if p.data_format == "NCHW" else x.ndim - 1
    y, m, v = batch_norm_statistics(x, scale, bias, mean, variance, p.is_training, p.epsilon, p.momentum, channel)
    return y, m, v, m, v


def _softmax_cross_entropy(p, logits, labels):
    return softmax_cross_entropy_with_logits(logits, labels), softmax_minus_labels(logits, labels)


def _sparse_softmax_cross_entropy(p, logits, labels):
    loss = sparse_cross_entropy(logits, labels)
    return softmax_minus_labels(logits, labels) * (1.0 / logits.shape[0]) if p.is_grad else o.mean(loss)


def _nll_loss(p, logits, labels, weight):
    loss, share = nll_parts("NLLLoss", logits, labels, weight, p.ignore_index)
    total = o.sum(share)
    if p.reduction == "none":
        return o.squeeze(loss, 1), total
    return o.sum(loss) / total if p.reduction == "mean" else o.sum(loss), total


def _dropout(p, x):
    mask = o.dropout(o.ones_like(x), 1.0 - p.keep_prob)
    return x * mask, to(mask != 0, x.dtype)


def _channel_dropout(p, x):
    """Whole channels (the first two axes) at a time."""
    mask = o.dropout(o.ones(x.shape[:2] + (1,) * (x.ndim - 2), x.dtype), 1.0 - p.keep_prob)
    return x * mask, o.broadcast_to(mask != 0, x.shape)


def _embedding_lookup(p, params, indices, offset):
    at = to(indices, int64) - offset
    inside = o.logical_and(at >= 0, at < params.shape[0])
    rows = sparse_gather(params, o.select(inside, at, 0), 0)
    return o.select(o.reshape(inside, inside.shape + (1,) * (params.ndim - 1)), rows, 0.0)


def _of_rows(formula):
    """An update of the rows that the last input names by ``formula(p, *inputs without it)``."""
    function = (lambda p, *inputs: getattr(updates, formula)(*inputs)) if isinstance(formula, str) else formula
    return lambda p, *inputs: update_rows(functools.partial(function, p), inputs[:-2], *inputs[-2:])


def _adam(p, *inputs):
    return updates.adam(*inputs, use_nesterov=p.use_nesterov)


def _adam_of_rows(p, *inputs):
    """The means of all rows decay."""
    *others, grad, indices = inputs
    return _adam(p, *others, rows_of(grad, indices, others[0]).to_dense())


def _sparse_adagrad_v2(p, var, accum, grad):
    """``epsilon`` stands under the root, as in MindSpore's kernel, not beside it, as in its documentation."""
    total = accum + o.square(grad) if p.update_slots else accum
    o.assign(var, var - grad * o.rsqrt(total + p.epsilon) * p.lr)
    o.assign(accum, total)


def _ftrl(p, var, accum, linear, grad):
    return updates.ftrl(var, accum, linear, grad, p.lr, p.l1, p.l2, p.lr_power)


def _random_choice(p, mask):
    """``count`` random positions where ``mask`` holds; (positions, which of them are real)."""
    n = mask.size
    scores = o.select(o.reshape(mask, (-1,)), uniform01((n,)), -1.0)
    values, flat = o.topk(scores, min(p.count, n))
    found = values >= 0
    if p.count > n:
        flat, found = (pad_constant(t, (0,), (p.count - n,)) for t in (flat, to(found, int32)))
        found = found > 0
    flat = o.select(found, to(flat, int32), 0)
    columns: list = []
    for d in reversed(mask.shape):
        columns.insert(0, flat % d)
        flat = flat // d
    return o.stack(columns, 1), found


def _truncated_normal(p, shape):
    edge = 0.9544997361036416  # erf(2 / sqrt(2))
    u = uniform01(shape_of(shape)) * (2.0 * edge) - edge
    return to(o.erfinv(u) * 2.0**0.5, to_dtype(p.dtype))


def _float_status(p, x):
    return to(o.reshape(o.logical_not(o.all(o.isfinite(x))), (1,)), float32)


def _conv2d(p, x, weight):
    return o.conv2d(x, weight, None, p.stride, p.pad_mode, p.pad, p.dilation, p.group)


def _conv2d_transpose(p, g, weight, input_size):
    shape = shape_of(input_size)
    stride, dilation = pair(p.name, "stride", p.stride), pair(p.name, "dilation", p.dilation)
    pads = pads_of(p.name, p.pad_mode, p.pad, shape[2:], weight.shape[2:], stride, dilation)
    return conv2d_input_grad(g, weight, shape, stride, pads, dilation, p.group)


def _max_pool(p, x):
    return max_pool_with(x, p.kernel_size, p.strides, p.pad_mode.lower(), name=p.name)[0]


def _avg_pool(p, x):
    return avg_pool_with(x, p.kernel_size, p.strides, p.pad_mode.lower(), name=p.name)


def _invert_permutation(p, x):
    given = tuple(x.tolist()) if isinstance(x, Tensor) else tuple(x)
    if sorted(given) != list(range(len(given))):
        raise fail(ValueError, f"For 'InvertPermutation', {given} is no order of 0..{len(given) - 1}.")
    out = tuple(given.index(k) for k in range(len(given)))
    return Tensor(out, x.dtype) if isinstance(x, Tensor) else out


def _hooked(x, hook):
    """``x``, whose gradient passes through ``hook(gradient)``, which may return another one."""

    def gradient(needs, grads, inputs):
        given = hook(grads[0])
        return [grads[0] if given is None else given]

    return with_gradient(x, [], gradient)


def _hook_backward(p, *xs):
    """``xs``, whose gradients pass through ``hook_fn`` as a tuple."""

    def gradient(needs, grads, inputs):
        given = p.hook_fn(tuple(grads))
        if given is None:
            return grads
        return list(given) if isinstance(given, (tuple, list)) else [given, *grads[1:]]

    out = with_gradient(xs, [], gradient)
    return out if len(xs) > 1 else out[0]


def _ctc_loss(p, x, indices, values, lengths):
    if p.preprocess_collapse_repeated or not p.ctc_merge_repeated or p.ignore_longer_outputs_than_inputs:
        raise fail(NotImplementedError, "For 'CTCLoss', only the default arguments are supported.")
    return ctc_of_sparse_labels(x, indices, values, lengths)


def _needs_npu(p, *inputs):
    raise fail(RuntimeError, f"For '{p.name}', an NPU is needed: on a CPU use FloatStatus or ops.isfinite.")


def _permutation(p, n):
    """0..n-1 in a random order, filled up with ``pad`` to ``max_length``."""
    n = int(n)
    if not 0 <= n <= p.max_length:
        raise fail(ValueError, f"For 'Randperm', 'n' must be in [0, {p.max_length}], but got {n}.")
    order = o.randperm(n, dtype=to_dtype(p.dtype)) if n else o.zeros((0,), to_dtype(p.dtype))
    return pad_constant(order, (0,), (p.max_length - n,), p.pad)


def _as_tuple(*names):
    def prepare(given):
        for name in names:
            if isinstance(given[name], int):
                given[name] = (given[name],)

    return prepare


def _one_axis(given):
    given["axis"] = [given["axis"]] if isinstance(given["axis"], int) else list(given["axis"])
    if len(given["axis"]) != 1:
        raise fail(TypeError, f"For 'L2Normalize', one axis is needed, but got {given['axis']}.")


_SEEDS = {"seed": 0, "seed2": 0}
_SCATTER = {"effect": "mem", "use_locking": False}
_GROUP = {"group": "hccl_world_group"}

# fmt: off
TABLE: dict = {
    # ------------------------------------------------ elementwise
    "Abs": "abs", "Neg": "neg", "Sign": "sign", "Square": "square", "Sqrt": "sqrt", "Rsqrt": "rsqrt", "Exp": "exp",
    "Expm1": "expm1", "Log": "log", "Log1p": "log1p", "Reciprocal": "reciprocal", "Inv": "reciprocal",
    "Floor": "floor", "Ceil": "ceil", "Trunc": "trunc", "Rint": "elementwise.rint", "Sin": "sin", "Cos": "cos", "Tan": "tan",
    "Asin": "asin", "ACos": "acos", "Atan": "atan", "Sinh": "sinh", "Cosh": "cosh", "Tanh": "tanh", "Asinh": "asinh",
    "Acosh": "acosh", "Atanh": "atanh", "Erf": "erf", "Erfc": "erfc", "Erfinv": "erfinv", "Sinc": "sinc",
    "Add": "add", "TensorAdd": "add", "Sub": "sub", "Mul": "mul", "Div": "div", "RealDiv": row(_real_div),
    "DivNoNan": row(lambda p, x, y: div_no_nan(x, y)), "MulNoNan": row(lambda p, x, y: mul_no_nan(x, y)),
    "FloorDiv": "floor_div", "FloorMod": "floor_mod", "Mod": "fmod", "TruncateMod": "fmod",
    "TruncateDiv": row(lambda p, x, y: trunc_quotient(x, y)), "Pow": "pow", "Atan2": "atan2",
    "Maximum": "maximum", "Minimum": "minimum", "Fmax": "fmax", "Fmin": "fmin", "Hypot": "hypot", "Xlogy": "xlogy",
    "Xdivy": "xdivy", "Heaviside": "heaviside", "Addcmul": "addcmul", "Addcdiv": "addcdiv", "Lerp": "lerp",
    "AddN": "addn", "AccumulateNV2": "addn", "SquaredDifference": row(lambda p, x, y: o.square(as_tensor(x) - y)),
    "Round": row(lambda p, input, decimals=0: o.round(input, decimals=decimals)),
    "Equal": "equal", "NotEqual": "not_equal", "Less": "less", "LessEqual": "less_equal", "Greater": "greater",
    "GreaterEqual": "greater_equal", "LogicalAnd": "logical_and", "LogicalOr": "logical_or",
    "LogicalNot": "logical_not", "LogicalXor": "logical_xor", "BitwiseAnd": "bitwise_and", "BitwiseOr": "bitwise_or",
    "BitwiseXor": "bitwise_xor", "Invert": "invert", "LeftShift": "bitwise_left_shift",
    "RightShift": "bitwise_right_shift", "IsNan": "isnan", "IsInf": "isinf", "IsFinite": "isfinite",
    "IsClose": row(lambda p, x, y: o.isclose(x, y, p.rtol, p.atol, p.equal_nan),
                   rtol=1e-05, atol=1e-08, equal_nan=False),
    "ApproximateEqual": row(lambda p, x, y: o.abs(x - y) < p.tolerance, tolerance=1e-05),
    "Select": "select", "MaskedFill": "masked_fill", "Identity": "identity", "Cast": "cast", "Fills": "full_like",
    "NanToNum": row(lambda p, x: o.nan_to_num(x, p.nan, p.posinf, p.neginf), nan=None, posinf=None, neginf=None),
    # ------------------------------------------------ activations
    "ReLU": "relu", "ReLU6": "relu6", "Sigmoid": "sigmoid", "Softplus": "softplus", "Softsign": "softsign",
    "SeLU": "selu", "Mish": "mish", "HSwish": "hardswish", "HSigmoid": "hardsigmoid", "PReLU": "prelu",
    "FastGeLU": "fast_gelu", "FastGelu": "fast_gelu", "GeLU": row(lambda p, x: o.gelu(x, "tanh")),
    "Gelu": row(lambda p, x: o.gelu(x, "tanh")), "Elu": row(lambda p, x: o.elu(x, p.alpha), alpha=1.0),
    "CeLU": row(lambda p, x: o.celu(x, p.alpha), alpha=1.0), "GLU": row(lambda p, x: o.glu(x, p.axis), axis=-1),
    "HShrink": row(lambda p, x: o.hardshrink(x, p.lambd), lambd=0.5),
    "SoftShrink": row(lambda p, x: o.softshrink(x, p.lambd), lambd=0.5),
    "Logit": row(lambda p, x: o.logit(x, p.eps), eps=-1.0),
    "Softmax": row(lambda p, x: o.softmax(x, p.axis[0]), prepare=_as_tuple("axis"), axis=-1),
    "LogSoftmax": row(lambda p, x: o.log_softmax(x, p.axis), axis=-1),
    # ------------------------------------------------ reductions
    "ReduceSum": row(_reduce("sum"), keep_dims=False, skip_mode=False),
    "ReduceMean": row(_reduce("mean"), keep_dims=False),
    "ReduceMax": row(_reduce("amax"), keep_dims=False),
    "ReduceMin": row(_reduce("amin"), keep_dims=False),
    "ReduceProd": row(_reduce("prod"), keep_dims=False),
    "ReduceAll": row(_reduce("all"), keep_dims=False),
    "ReduceAny": row(_reduce("any"), keep_dims=False),
    "ReduceStd": row(lambda p, x: o.std_mean(x, p.axis or None, int(p.unbiased), p.keep_dims),
                     prepare=_as_tuple("axis"), axis=(), unbiased=True, keep_dims=False),
    "Argmax": row(lambda p, x: to(o.argmax(x, p.axis), to_dtype(p.output_type)), axis=-1, output_type=int32),
    "Argmin": row(lambda p, x: to(o.argmin(x, p.axis), to_dtype(p.output_type)), axis=-1, output_type=int32),
    "ArgMaxWithValue": row(_value_and_index("amax", "argmax"), axis=0, keep_dims=False),
    "ArgMinWithValue": row(_value_and_index("amin", "argmin"), axis=0, keep_dims=False),
    "CumSum": row(_scan("cumsum", 0), exclusive=False, reverse=False),
    "CumProd": row(_scan("cumprod", 1), exclusive=False, reverse=False),
    "Cummax": row(lambda p, x: o.cummax(x, p.axis), axis=...),
    "Cummin": row(lambda p, x: o.cummin(x, p.axis), axis=...),
    "LpNorm": row(lambda p, x: lp_norm(x, p.axis, p.p, p.keep_dims, p.epsilon), axis=..., p=2, keep_dims=False,
                  epsilon=1e-12),
    "SquareSumAll": row(lambda p, x, y: (o.sum(o.square(x)), o.sum(o.square(y)))),
    "L2Loss": row(lambda p, x: l2_loss(x)),
    "CountNonZero": row(lambda p, x: o.count_nonzero(x, () if p.dims is None else p.dims), dims=None),
    # ------------------------------------------------ products
    "MatMul": row(_matmul, transpose_a=False, transpose_b=False),
    "BatchMatMul": row(_batch_matmul, transpose_a=False, transpose_b=False), "Dense": "dense", "Ger": "ger",
    "Einsum": row(lambda p, operands: o.einsum(p.equation, *operands), equation=...), "Trace": "trace",
    "Cross": row(lambda p, x, y: o.cross(x, y, None if p.dim == -65530 else p.dim), dim=-65530),
    "Cdist": row(lambda p, x, y: o.cdist(x, y, p.p), p=2.0),
    "MatrixInverse": row(lambda p, x: o.inverse(x), adjoint=False),
    # ------------------------------------------------ shapes
    "Reshape": "reshape", "Transpose": "transpose", "ExpandDims": "expand_dims", "Tile": "tile", "Slice": "slice",
    "Squeeze": row(lambda p, x: o.squeeze(x, p.axis or None), prepare=_as_tuple("axis"), axis=()),
    "Flatten": row(lambda p, x: o.flatten(x)), "BroadcastTo": row(lambda p, x: o.broadcast_to(x, p.shape), shape=...),
    "Concat": row(lambda p, xs: o.concat(xs, p.axis), axis=0), "Stack": row(lambda p, xs: o.stack(xs, p.axis), axis=0),
    "Pack": row(lambda p, xs: o.stack(xs, p.axis), axis=0), "Split": row(_split, axis=0, output_num=1),
    "Unstack": row(lambda p, x: o.unbind(x, p.axis), axis=0, num=None),
    "Unpack": row(lambda p, x: o.unbind(x, p.axis), axis=0, num=None),
    "StridedSlice": row(
        lambda p, x, begin, end, strides: o.strided_slice(x, begin, end, strides, *p.attrs.values()),
        begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0),
    "Pad": row(_pad, paddings=...), "MirrorPad": row(_mirror_pad, mode="REFLECT"),
    "ReverseV2": row(lambda p, x: o.flip(x, p.axis), axis=...),
    "Roll": row(lambda p, x: o.roll(x, p.shifts, p.dims), shifts=..., dims=None),
    "ReverseSequence": row(lambda p, x, n: o.reverse_sequence(x, n, p.seq_dim, p.batch_dim), seq_dim=..., batch_dim=0),
    "Meshgrid": row(lambda p, xs: o.meshgrid(*xs, indexing=p.indexing), indexing="xy"),
    "Shape": "shape", "Rank": "rank", "Size": "size", "DType": "dtype", "TypeAs": row(lambda p, x, y: to(x, y.dtype)),
    "TensorShape": row(lambda p, x: Tensor(x.shape, int64)), "DynamicShape": row(lambda p, x: Tensor(x.shape, int64)),
    "IdentityN": row(lambda p, xs: tuple(o.identity(x) for x in xs)), "InvertPermutation": row(_invert_permutation),
    # ------------------------------------------------ creation
    "Zeros": "zeros", "Ones": "ones", "ZerosLike": "zeros_like", "OnesLike": "ones_like", "Fill": "fill", "Eye": "eye",
    "LinSpace": "linspace", "Range": row(lambda p, start, end, step: o.range(start, end, step), maxlen=1000000),
    "Diag": "diag", "DiagPart": "diagonal", "Tril": row(lambda p, x: o.tril(x, p.diagonal), diagonal=0),
    "Triu": row(lambda p, x: o.triu(x, p.diagonal), diagonal=0),
    "TrilIndices": row(lambda p: o.tril_indices(p.row, p.col, p.offset, dtype=p.dtype),
                       row=..., col=..., offset=0, dtype=int32),
    "TriuIndices": row(lambda p: o.triu_indices(p.row, p.col, p.offset, dtype=p.dtype),
                       row=..., col=..., offset=0, dtype=int32),
    "OneHot": row(lambda p, x, depth, on, off: o.one_hot(x, depth, on, off, p.axis), axis=-1),
    "ScalarToTensor": "scalar_to_tensor", "ScalarToArray": "scalar_to_array", "TupleToArray": "tuple_to_array",
    # ------------------------------------------------ random
    "Dropout": row(_dropout, "hidden", keep_prob=0.5, Seed0=0, Seed1=0),
    "Dropout2D": row(_channel_dropout, "hidden", keep_prob=0.5),
    "Dropout3D": row(_channel_dropout, "hidden", keep_prob=0.5),
    "StandardNormal": row(lambda p, shape: o.standard_normal(shape), "hidden", **_SEEDS),
    "UniformReal": row(lambda p, shape: uniform01(shape_of(shape)), "hidden", **_SEEDS),
    "UniformInt": row(lambda p, shape, low, high: o.randint(int(low), int(high), shape, dtype=int32),
                      "hidden", **_SEEDS),
    "TruncatedNormal": row(_truncated_normal, "hidden", dtype=float32, **_SEEDS),
    "Randperm": row(_permutation, max_length=1, pad=-1, dtype=int32),
    "Bernoulli": row(lambda p, x, q: o.bernoulli(x, q), "hidden", seed=-1, offset=0),
    "RandomShuffle": row(lambda p, x: o.shuffle(x), "hidden", **_SEEDS),
    "RandomChoiceWithMask": row(_random_choice, "hidden", count=256, **_SEEDS),
    "Multinomial": row(lambda p, x, n: to(o.multinomial(x, n), to_dtype(p.dtype)), "hidden", **_SEEDS, dtype=int32),
    # ------------------------------------------------ indices
    "Gather": row(lambda p, x, index, axis: o.gather(x, index, axis, p.batch_dims), batch_dims=0),
    "GatherV2": "gather", "SparseGatherV2": "sparse.sparse_gather", "GatherD": "gather_elements", "GatherNd": "gather_nd",
    "MaskedSelect": "masked_select",
    "NonZero": "nonzero", "Unique": "unique",
    "TopK": row(lambda p, x, k: o.topk(x, int(k), sorted=p.sorted), sorted=True),
    "UniqueConsecutive": row(lambda p, x: o.unique_consecutive(x, p.return_inverse, p.return_counts, p.dim),
                             return_inverse=False, return_counts=False, dim=None),
    "Sort": row(lambda p, x: o.sort(x, p.axis, p.descending), axis=-1, descending=False),
    "InTopK": row(lambda p, x, y: o.intopk(x, y, p.k), k=...), "EmbeddingLookup": row(_embedding_lookup),
    "SearchSorted": row(lambda p, x, v, sorter=None: o.searchsorted(
        x, v, out_int32=to_dtype(p.dtype) is int32, right=p.right, sorter=sorter), dtype=int64, right=False),
    "Bucketize": row(lambda p, x: o.bucketize(x, p.boundaries), boundaries=...), "Bincount": "bincount",
    "ScatterNd": "scatter_nd", "TensorScatterUpdate": "tensor_scatter_update", "TensorScatterAdd": "tensor_scatter_add",
    "TensorScatterSub": "tensor_scatter_sub", "TensorScatterMul": "tensor_scatter_mul",
    "TensorScatterDiv": "tensor_scatter_div", "TensorScatterMax": "tensor_scatter_max",
    "TensorScatterMin": "tensor_scatter_min", "TensorScatterElements": row(
        lambda p, x, index, v: o.tensor_scatter_elements(x, index, v, p.axis, p.reduction), axis=0, reduction="none"),
    "UnsortedSegmentSum": "unsorted_segment_sum", "UnsortedSegmentMax": "unsorted_segment_max",
    "UnsortedSegmentMin": "unsorted_segment_min", "UnsortedSegmentProd": "unsorted_segment_prod",
    "IndexAdd": row(lambda p, x, index, y: o.index_add(x, index, y, p.axis), "mem",
                    axis=..., use_lock=True, check_index_bound=True),
    "IndexFill": row(lambda p, x, dim, index, value: o.index_fill(x, int(dim), index, value)),
    "ScatterUpdate": row("scatter_update", "mem", use_locking=True),
    "ScatterAdd": row("scatter_add", **_SCATTER), "ScatterSub": row("scattering.scatter_sub", **_SCATTER),
    "ScatterMul": row("scatter_mul", **_SCATTER), "ScatterDiv": row("scatter_div", **_SCATTER),
    "ScatterMax": row("scatter_max", **_SCATTER), "ScatterMin": row("scatter_min", **_SCATTER),
    "ScatterNdUpdate": row("scatter_nd_update", "mem", use_locking=True),
    "ScatterNdAdd": row("scatter_nd_add", **_SCATTER), "ScatterNdSub": row("scatter_nd_sub", **_SCATTER),
    # ------------------------------------------------ linear algebra, special functions
    "MatrixDeterminant": "det", "LogMatrixDeterminant": "slogdet", "MatrixExp": "matrix_exp",
    "MatrixPower": row(lambda p, x: o.matrix_power(x, p.n), n=...), "MatrixBandPart": "matrix_band_part",
    "MatrixSolve": row(lambda p, x, y: o.matrix_solve(x, y, p.adjoint), adjoint=False),
    "Cholesky": row(lambda p, x: o.cholesky(x, p.upper), upper=False),
    "CholeskyInverse": row(lambda p, x: o.cholesky_inverse(x, p.upper), upper=False),
    "CholeskySolve": row(lambda p, x, y: o.cholesky_solve(x, y, p.upper), upper=False),
    "Qr": row(lambda p, x: o.qr(x, "complete" if p.full_matrices else "reduced"), full_matrices=False),
    "Svd": row(lambda p, x: o.svd(x, p.full_matrices, p.compute_uv), full_matrices=False, compute_uv=True),
    "Geqrf": "geqrf", "Orgqr": "orgqr",
    "Ormqr": row(lambda p, x, tau, y: o.ormqr(x, tau, y, p.left, p.transpose), left=True, transpose=False),
    "LuSolve": "lu_solve", "LuUnpack": row(lambda p, x, pivots: o.lu_unpack(x, pivots, p.unpack_data, p.unpack_pivots),
                                           unpack_data=True, unpack_pivots=True),
    "FillDiagonal": row(lambda p, x: x.fill_diagonal(p.fill_value, p.wrap), fill_value=..., wrap=False),
    "Lgamma": "lgamma", "Digamma": "digamma", "Polygamma": "polygamma", "Zeta": "zeta", "Igamma": "igamma",
    "Igammac": "igammac", "BesselI0": "bessel_i0", "BesselI0e": "bessel_i0e", "BesselI1": "bessel_i1",
    "BesselI1e": "bessel_i1e", "Mvlgamma": row(lambda p, x: o.mvlgamma(x, p.p), p=...), "Gcd": "gcd", "Lcm": "lcm",
    "NextAfter": "nextafter", "Real": "real", "Imag": "imag", "Conj": "conj",
    "CumulativeLogsumexp": row(_scan("logcumsumexp", float("-inf")), exclusive=False, reverse=False),
    "UnravelIndex": "joining.unravel_index", "TransposeView": "transpose",
    # ------------------------------------------------ layers
    "BiasAdd": row(_bias_add, data_format="NCHW"), "Conv2D": row(
        _conv2d, out_channel=..., kernel_size=..., mode=1, pad_mode="valid", pad=0, stride=1, dilation=1, group=1,
        data_format="NCHW"),
    **dict.fromkeys(("Conv2DTranspose", "Conv2DBackpropInput"), row(
        _conv2d_transpose, out_channel=..., kernel_size=..., pad_mode="valid", pad=0, pad_list=None, mode=1, stride=1,
        dilation=1, group=1, data_format="NCHW")),
    "MaxPool": row(_max_pool, kernel_size=1, strides=1, pad_mode="valid", data_format="NCHW"),
    "AvgPool": row(_avg_pool, kernel_size=1, strides=1, pad_mode="valid", data_format="NCHW"),
    "MaxPoolWithArgmax": row(lambda p, x: max_pool_with(x, p.kernel_size, p.strides, p.pad_mode.lower(), name=p.name),
                             kernel_size=1, strides=1, pad_mode="valid", data_format="NCHW"),
    "AdaptiveAvgPool2D": row(lambda p, x: o.adaptive_avg_pool2d(x, p.output_size), output_size=...),
    "AdaptiveMaxPool2D": row(lambda p, x: o.adaptive_max_pool2d(x, p.output_size), output_size=...),
    "LayerNorm": row(lambda p, x, gamma, beta: layer_norm_statistics(
        x, gamma, beta, p.begin_norm_axis, p.begin_params_axis, p.epsilon),
        begin_norm_axis=1, begin_params_axis=1, epsilon=1e-07),
    "BatchNorm": row(_batch_norm, "mem", is_training=False, epsilon=1e-05, momentum=0.1, data_format="NCHW"),
    "RmsNorm": row(lambda p, x, gamma: o.rms_norm(x, gamma, p.epsilon), epsilon=1e-06),
    "L2Normalize": row(lambda p, x: l2_normalize(x, p.axis[0], p.epsilon), prepare=_one_axis, axis=0, epsilon=0.0001),
    "LRN": row(lambda p, x: o.lrn(x, p.depth_radius, p.bias, p.alpha, p.beta, p.norm_region),
               depth_radius=5, bias=1.0, alpha=1.0, beta=0.5, norm_region="ACROSS_CHANNELS"),
    # ------------------------------------------------ losses
    "SoftmaxCrossEntropyWithLogits": row(_softmax_cross_entropy),
    "SparseSoftmaxCrossEntropyWithLogits": row(_sparse_softmax_cross_entropy, is_grad=False),
    "SigmoidCrossEntropyWithLogits": row(lambda p, x, y: o.binary_cross_entropy_with_logits(x, y, reduction="none")),
    "BinaryCrossEntropy": row(lambda p, x, y, weight=None: o.binary_cross_entropy(x, y, weight, p.reduction),
                              reduction="mean"),
    "BCEWithLogitsLoss": row(lambda p, x, y, weight=None, pos_weight=None: o.binary_cross_entropy_with_logits(
        x, y, weight, pos_weight, p.reduction), reduction="mean"),
    "NLLLoss": row(_nll_loss, reduction="mean", ignore_index=-100),
    "CTCLoss": row(_ctc_loss, preprocess_collapse_repeated=False, ctc_merge_repeated=True,
                   ignore_longer_outputs_than_inputs=False),
    "KLDivLoss": row(lambda p, x, y: o.kl_div(x, y, p.reduction), reduction="mean"),
    "SmoothL1Loss": row(lambda p, x, y: o.smooth_l1_loss(x, y, p.beta, p.reduction), beta=1.0, reduction="none"),
    "SoftMarginLoss": row(lambda p, x, y: o.soft_margin_loss(x, y, p.reduction), reduction="mean"),
    "MultiMarginLoss": row(lambda p, x, y, weight=None: o.multi_margin_loss(x, y, p.p, p.margin, weight, p.reduction),
                           p=1, margin=1.0, reduction="mean"),
    "TripletMarginLoss": row(lambda p, a, x, y, margin: o.triplet_margin_loss(
        a, x, y, margin, p.p, p.eps, p.swap, p.reduction), p=2, swap=False, eps=1e-06, reduction="mean"),
    # ------------------------------------------------ images and boxes
    "ResizeNearestNeighbor": row(lambda p, x: resize_nearest_neighbor(x, p.size, p.align_corners, p.half_pixel_centers),
                                 size=..., align_corners=False, half_pixel_centers=False),
    "ResizeNearestNeighborV2": row(
        lambda p, x, size: resize_nearest_neighbor(x, size, p.align_corners, p.half_pixel_centers),
        align_corners=False, half_pixel_centers=False),
    "ResizeBilinear": row(lambda p, x: resize_bilinear(x, p.size, p.align_corners, p.half_pixel_centers),
                          size=..., align_corners=False, half_pixel_centers=False),
    "ResizeBilinearV2": row(lambda p, x, size: resize_bilinear(x, size, p.align_corners, p.half_pixel_centers),
                            align_corners=False, half_pixel_centers=False),
    "DepthToSpace": row(lambda p, x: depth_to_space(x, p.block_size), block_size=...),
    "SpaceToDepth": row(lambda p, x: space_to_depth(x, p.block_size), block_size=...),
    "ChannelShuffle": row(lambda p, x: o.channel_shuffle(x, p.group), group=...),
    "BoundingBoxEncode": row(lambda p, anchors, truth: o.bounding_box_encode(anchors, truth, p.means, p.stds),
                             means=(0.0, 0.0, 0.0, 0.0), stds=(1.0, 1.0, 1.0, 1.0)),
    "BoundingBoxDecode": row(lambda p, anchors, deltas: o.bounding_box_decode(
        anchors, deltas, p.max_shape, p.means, p.stds, p.wh_ratio_clip),
        max_shape=..., means=(0.0, 0.0, 0.0, 0.0), stds=(1.0, 1.0, 1.0, 1.0), wh_ratio_clip=0.016),
    "NMSWithMask": row(lambda p, boxes: nms_with_mask(boxes, p.iou_threshold), iou_threshold=0.5),
    "ROIAlign": row(lambda p, x, rois: roi_align(
        x, rois, p.pooled_height, p.pooled_width, p.spatial_scale, p.sample_num, p.roi_end_mode),
        pooled_height=..., pooled_width=..., spatial_scale=..., sample_num=2, roi_end_mode=1),
    "CropAndResize": row(lambda p, x, boxes, index, size: o.crop_and_resize(
        x, boxes, index, size, p.method, p.extrapolation_value), method="bilinear", extrapolation_value=0.0),
    "GridSampler2D": row(lambda p, x, grid: o.grid_sample(
        x, grid, p.interpolation_mode, p.padding_mode, p.align_corners),
        interpolation_mode="bilinear", padding_mode="zeros", align_corners=False),
    "IOU": row(lambda p, anchors, truth: o.iou(anchors, truth, p.mode), mode="iou"),
    "CheckValid": row(lambda p, boxes, meta: check_valid(boxes, meta)),
    # ------------------------------------------------ updates of Parameters
    "Assign": row("assign", "mem"),
    "AssignAdd": row("assign_add", "mem"),
    "AssignSub": row("assign_sub", "mem"),
    "ApplyGradientDescent": row("optimizer_updates.gradient_descent", "mem"),
    "ApplyProximalGradientDescent": row("optimizer_updates.proximal_gradient_descent", "mem"),
    "ApplyMomentum": row(_passing("optimizer_updates.momentum", "use_nesterov", "gradient_scale"), "mem",
                         use_nesterov=False, use_locking=False, gradient_scale=1.0),
    "ApplyKerasMomentum": row(_passing("optimizer_updates.keras_momentum", "use_nesterov"), "mem",
                              use_locking=False, use_nesterov=False),
    "SGD": row(_passing("optimizer_updates.sgd", "dampening", "weight_decay", "nesterov"), "mem",
               dampening=0.0, weight_decay=0.0, nesterov=False),
    "Adam": row(_passing("optimizer_updates.adam", "use_nesterov"), "mem", use_locking=False, use_nesterov=False),
    "AdamWeightDecay": row("optimizer_updates.adam_weight_decay", **_SCATTER),
    "ApplyAdamWithAmsgrad": row(
        _passing("optimizer_updates.adam_with_amsgrad", "beta1", "beta2", "epsilon"), "mem",
        beta1=0.9, beta2=0.999, epsilon=1e-08, use_locking=False),
    "ApplyAdaMax": row("optimizer_updates.ada_max", "mem"),
    "ApplyRMSProp": row("optimizer_updates.rms_prop", **_SCATTER),
    "ApplyCenteredRMSProp": row("optimizer_updates.centered_rms_prop", **_SCATTER),
    "ApplyAdagrad": row(_passing("optimizer_updates.adagrad", "update_slots"), "mem", update_slots=True),
    "ApplyAdagradV2": row(_passing("optimizer_updates.adagrad_v2", "epsilon", "update_slots"), "mem",
                          epsilon=..., update_slots=True),
    "ApplyAdagradDA": row("optimizer_updates.adagrad_da", **_SCATTER),
    "ApplyAdadelta": row("optimizer_updates.adadelta", "mem"),
    "ApplyProximalAdagrad": row("optimizer_updates.proximal_adagrad", **_SCATTER),
    "ApplyFtrl": row("optimizer_updates.ftrl", **_SCATTER),
    "ApplyAddSign": row("optimizer_updates.add_sign", "mem"),
    "ApplyPowerSign": row("optimizer_updates.power_sign", "mem"),
    # of few rows: (the Parameters, coefficients, the gradient of these rows, indices)
    "SparseApplyAdagrad": row(_of_rows(lambda p, var, accum, grad: updates.adagrad(
        var, accum, p.lr, grad, p.update_slots)), "mem", lr=..., update_slots=True, use_locking=False),
    "SparseApplyAdagradV2": row(_of_rows(_sparse_adagrad_v2), "mem",
        lr=..., epsilon=..., use_locking=False, update_slots=True),
    "SparseApplyProximalAdagrad": row(_of_rows("proximal_adagrad"), **_SCATTER),
    "FusedSparseProximalAdagrad": row(_of_rows("proximal_adagrad"), **_SCATTER),
    "SparseApplyFtrl": row(_of_rows(_ftrl), "mem", lr=..., l1=..., l2=..., lr_power=..., use_locking=False),
    "FusedSparseFtrl": row(_of_rows(_ftrl), "mem", lr=..., l1=..., l2=..., lr_power=..., use_locking=False),
    "SparseApplyAdadelta": row(_of_rows(lambda p, var, accum, updates, lr, rho, grad: updates.adadelta(
        var, accum, updates, lr, rho, p.epsilon, grad)), "mem", epsilon=..., use_locking=False),
    "SparseApplyRMSProp": row(_of_rows(lambda p, var, ms, mom, lr, grad: updates.rms_prop(
        var, ms, mom, lr, grad, p.rho, p.momentum, p.epsilon)), "mem",
        rho=..., momentum=..., epsilon=..., use_locking=False),
    "FusedSparseLazyAdam": row(_of_rows(_adam), "mem", use_locking=False, use_nesterov=False),
    "FusedSparseAdam": row(_adam_of_rows, "mem", use_locking=False, use_nesterov=False),
    "LARSUpdate": row(_passing("optimizer_updates.lars_update", "epsilon", "hyperpara", "use_clip"),
                      epsilon=1e-05, hyperpara=0.001, use_clip=False),
    # ------------------------------------------------ others
    "InplaceAdd": row(lambda p, x, v: o.inplace_add(x, v, p.indices), indices=...),
    "InplaceSub": row(lambda p, x, v: o.inplace_sub(x, v, p.indices), indices=...),
    "InplaceUpdate": row(lambda p, x, v: o.inplace_update(x, v, p.indices), indices=...),
    "Eps": row(lambda p, x: o.full_like(x, float(np.finfo(x.dtype.np).eps))),
    "ControlDepend": row("control_depend", depend_mode=0),
    "Depend": "depend", "StopGradient": "stop_gradient", "Print": row(lambda p, *args: printed(*args, each=True)), "FloatStatus": row(_float_status),
    "Partial": "partial", "HookBackward": row(_hook_backward, hook_fn=..., cell_id=""),
    "InsertGradientOf": row(lambda p, x: _hooked(x, p.f), f=...), "NPUAllocFloatStatus": row(_needs_npu),
    "NPUGetFloatStatus": row(_needs_npu), "NPUClearFloatStatus": row(_needs_npu),
    "ScalarSummary": row(_summary("scalar")), "TensorSummary": row(_summary("tensor")),
    "ImageSummary": row(_summary("image")), "HistogramSummary": row(_summary("histogram")),
    "AllReduce": row(lambda p, x: x, op="sum", **_GROUP), "AllGather": row(lambda p, x: x, **_GROUP),
    "ReduceScatter": row(lambda p, x: x, op="sum", **_GROUP),
    "Broadcast": row(lambda p, xs: xs, root_rank=..., **_GROUP),
}
# fmt: on


# ---------------------------------------------------------------- the classes
class _Signatures:
    """``inspect.signature`` of a primitive class: the constructor's; of an object: the call's."""

    def __init__(self, name, call, arguments):
        self.name, self.call, self.arguments = name, call, arguments

    def __get__(self, instance, owner):
        if instance is None and owner is CLASSES.get(self.name):
            required = inspect.Parameter("_", inspect.Parameter.POSITIONAL_OR_KEYWORD)
            given = {k: inspect.Parameter.empty if v is ... else v for k, v in self.arguments.items()}
            return inspect.Signature([required.replace(name=k, default=v) for k, v in given.items()])
        if instance is None:
            raise AttributeError("__signature__")
        if isinstance(self.call, str):
            return inspect.signature(operator.attrgetter(self.call)(o))
        signature = inspect.signature(self.call)
        return signature.replace(parameters=list(signature.parameters.values())[1:])


def _constructor(name, arguments, effect, prepare):
    names = tuple(arguments)

    def __init__(self, *args, **kwargs):
        given = dict(zip(names, args))
        unknown = [k for k in kwargs if k not in arguments or k in given]
        if len(args) > len(names) or unknown:
            what = f"unexpected '{unknown[0]}'" if unknown else f"{len(args)} given, at most {len(names)} taken"
            raise fail(TypeError, f"For '{name}', the arguments do not fit: {what}.")
        given.update(kwargs)
        missing = [k for k, default in arguments.items() if default is ... and k not in given]
        if missing:
            raise fail(TypeError, f"For '{name}', the argument '{missing[0]}' is missing.")
        given = {k: given.get(k, default) for k, default in arguments.items()}
        if prepare is not None:
            prepare(given)
        self.name = name
        self.attrs = given if effect is None else {**given, f"side_effect_{effect}": True}
        self.__dict__.update(given)

    return __init__


def _function_of(call):
    """The function of ``ops`` that a row calls, None if it calls none or several."""
    if isinstance(call, str):
        function = operator.attrgetter(call)(o)
        return function if isinstance(function, FunctionType) else None
    named = [c.cell_contents for c in call.__closure__ or () if isinstance(c.cell_contents, str)]
    found = [getattr(o, n, None) for n in (*named, *call.__code__.co_names)]
    return next((f for f in found if isinstance(f, FunctionType)), None)


def _docstring(name, call, arguments) -> str:
    """The written one, else one made from that of the function."""
    if name in DOCSTRINGS:
        return DOCSTRINGS[name]
    shown = ", ".join(k if v is ... else f"{k}={v!r}" for k, v in arguments.items())
    function = _function_of(call)
    title = f"``{name}({shown})``: ``ops.{function.__name__}`` as an object." if function else f"``{name}({shown})``."
    if function is None or not function.__doc__:
        return title
    own = [k for k in arguments if k in inspect.signature(function).parameters]
    inputs = [k for k in inspect.signature(function).parameters if k not in own]
    text = forwarding(function.__doc__, own, inputs, title)
    example = sections(function.__doc__).example
    if isinstance(call, str) and not arguments and example:
        text += "\n\n" + re.sub(rf"(?<![\w.])(?:ms\.ops\.)?{function.__name__}\(", f"{name}()(", example)
    return text


def _class(name, entry):
    call, effect, prepare, arguments = row(entry) if isinstance(entry, str) else entry
    if isinstance(call, str):

        def __call__(self, *args, **kwargs):
            return operator.attrgetter(call)(o)(*args, **kwargs)

    else:

        def __call__(self, *args, **kwargs):
            return call(self, *args, **kwargs)

    members = {
        "__init__": _constructor(name, arguments, effect, prepare),
        "__call__": __call__,
        "__module__": __name__,
        "__signature__": _Signatures(name, call, arguments),
        "__doc__": LazyDocstring(lambda: _docstring(name, call, arguments)),
    }
    return type(name, (Primitive,), members)


CLASSES.update({name: _class(name, entry) for name, entry in TABLE.items()})
globals().update(CLASSES)

__all__ = list(CLASSES)
