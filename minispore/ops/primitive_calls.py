"""What the primitive classes call where it takes more than an expression: functions of the instance ``p`` and its inputs."""

import functools
import operator
import types
import warnings
from typing import Any

import numpy as np

from ..core import checks
from ..core.dtype import bool_, float32, float64, int32, int64, to_dtype
from ..core.errors import fail
from ..core.op import as_tensor, to
from ..core.record import STATE, user_level
from ..core.registry import supplied
from ..core.tensor import Tensor
from ..distributed.groups import members
from . import comm_func as comm, optimizer_updates, products
from .conv import conv2d_input_grad, pads_of
from .ctc import ctc_of_sparse_labels
from .custom_gradient import with_gradient
from .loss_classification import (
    nll_parts,
    softmax_cross_entropy_with_logits,
    softmax_minus_labels,
    sparse_softmax_cross_entropy_with_logits as sparse_cross_entropy,
)
from .movement import axis_of, shape_of
from .normalization import batch_norm_statistics
from .padding import pad_constant
from .pool import avg_pool_with, max_pool_with, pair
from .quotients import trunc_quotient
from .random import Stream, drawn_from, uniform01
from .slicing import slice_along
from .sparse import rows_of, sparse_gather, update_rows

o: Any = None  # ops, which gives itself (__init__.py): its functions are looked up when they are called
updates: Any = optimizer_updates

summary_sinks: list = []  # called with (kind, name, Tensor) by the Summary primitives


SUMMARY_RANKS = {"scalar": (0, 1), "image": (4, 4), "histogram": (1, None), "tensor": (1, None)}  # kind: (least, most)


def summary(kind):
    least, most = SUMMARY_RANKS.get(kind, (0, None))

    def check(p, name, value):
        owner = type(p).__name__
        checks.string(owner, name=name)
        checks.instance(owner, Tensor, value=value)
        if not name:
            raise fail(ValueError, f"For '{owner}', 'name' must not be empty.")
        check_rank(owner, value)

    def check_rank(owner, value):
        if value.ndim < least or (most is not None and value.ndim > most):
            wanted = least if least == most else f"at least {least}" if most is None else f"at most {most}"
            raise fail(ValueError, f"For '{owner}', 'value' must have {wanted} axes, but got the shape {value.shape}.")

    def call(p, name, value):
        if STATE.recorder is not None and STATE.recorder.symbolic:  # as MindSpore, only where a graph is made
            check(p, name, value)
        elif summary_sinks and isinstance(value, Tensor):  # by op only where something records
            check_rank(type(p).__name__, value)
        if summary_sinks and value._data is None:
            warn_traced()
            return
        for sink in summary_sinks:
            sink(kind, name, value)

    return call


@functools.cache
def warn_traced() -> None:
    warnings.warn(
        "Summary primitives record nothing in a compiled step: use PYNATIVE mode, or return the value.",
        stacklevel=user_level(),
    )


def passing(name, *attributes):
    """A call of ``ops.<name>`` with some of the instance's attributes as keywords."""

    def call(p, *inputs):
        return operator.attrgetter(name)(o)(*inputs, **{k: getattr(p, k) for k in attributes})

    return call


# ---------------------------------------------------------------- calls that take more than an expression
def matmul(p, x, y):
    if x.ndim != 2 or y.ndim != 2:
        raise fail(ValueError, f"For 'MatMul', the inputs must have 2 axes, but got shapes {x.shape} and {y.shape}.")
    return batch_matmul(p, x, y)


def batch_matmul(p, x, y):
    products.check_batches(type(p).__name__, x, y)
    return o.matmul(o.swapaxes(x, -1, -2) if p.transpose_a else x, o.swapaxes(y, -1, -2) if p.transpose_b else y)


def reduce(function):
    """A reduction over ``axis``, () meaning all; integers stay what they are."""

    def call(p, x, axis=()):
        if getattr(p, "skip_mode", False) and isinstance(axis, (tuple, list)) and not axis:
            return x
        axis = axis.tolist() if isinstance(axis, Tensor) else axis
        every = axis is None or (isinstance(axis, (tuple, list)) and not axis)
        out = getattr(o, function)(x, None if every else axis, p.keep_dims)
        return out if function in ("all", "any") else to(out, x.dtype)

    return call


def value_and_index(function, index):
    def call(p, x):
        at, value = getattr(o, index), getattr(o, function)
        return to(at(x, p.axis, p.keep_dims), int64), value(x, p.axis, p.keep_dims)

    return call


def scan(function, start):
    """A running sum or product along ``axis``, ``exclusive`` of the element itself, from the end if ``reverse``.

    ``start``: of nothing; None: the lowest number of the type, which MindSpore has in place of the logarithm of 0.
    """

    def call(p, x, axis):
        a = axis_of(p.name, x.ndim, int(axis))
        x = o.flip(x, (a,)) if p.reverse else x
        if p.exclusive and x.shape[a]:
            lowest = float(np.finfo(x.dtype.np).min) if start is None else start
            first = o.full_like(slice_along(x, a, 0, 1), lowest)
            x = o.concat((first, slice_along(x, a, 0, x.shape[a] - 1)), a)
        out = to(getattr(o, function)(x, a), x.dtype)
        if p.exclusive and start is None and out.shape[a]:
            out = o.concat((first, slice_along(out, a, 1, out.shape[a] - 1)), a)
        return o.flip(out, (a,)) if p.reverse else out

    return call


def in_floats(function):
    """A call of ``ops.<function>``; for integers it is computed in floats, and what follows the point is cut off."""

    def call(p, x):
        return getattr(o, function)(x) if x.dtype.is_inexact else to(getattr(o, function)(to(x, float64)), x.dtype)

    return call


def inverse(p, x):
    """That of a complex matrix follows from the real one of [[re, -im], [im, re]]."""
    if not x.dtype.is_complex:
        return o.inverse(x)
    re, im, n = o.real(x), o.imag(x), x.shape[-1]
    both = o.inverse(o.concat((o.concat((re, -im), -1), o.concat((im, re), -1)), -2))
    return o.Complex()(both[..., :n, :n], both[..., n:, :n])


def matrix_solve(p, a, b):
    if not a.dtype.is_complex:
        return o.matrix_solve(a, b, p.adjoint)
    return o.matmul(inverse(p, o.conj(o.swapaxes(a, -1, -2)) if p.adjoint else a), b)


def determinant(p, x):
    return o.prod(o.eigvals(x), -1) if x.dtype.is_complex else o.det(x)


def log_determinant(p, x):
    if not x.dtype.is_complex:
        return o.slogdet(x)
    value = determinant(p, x)
    size = o.abs(value)
    return value / size, to(o.log(size), x.dtype)


def bincount(p, array, size, weights):
    """The sums of the weights for 0 to ``size`` - 1; greater numbers are left out."""
    inside = array < int(size)
    kept = o.select(inside, weights, o.zeros_like(weights)), o.select(inside, array, o.zeros_like(array))
    return o.unsorted_segment_sum(*kept, int(size))


def split(p, x):
    n = x.shape[axis_of("Split", x.ndim, p.axis)]
    if p.output_num <= 0 or n % p.output_num:
        raise fail(ValueError, f"For 'Split', an axis of length {n} cannot be divided into {p.output_num} equal parts.")
    return o.split(x, n // p.output_num, p.axis)


def pad(p, x):
    if any(n < 0 for pair in p.paddings for n in pair):
        raise fail(ValueError, f"For 'Pad', 'paddings' must not be negative, but got {p.paddings}.")
    if len(p.paddings) != x.ndim:
        raise fail(ValueError, f"For 'Pad', a pair is needed for each axis of {x.shape}, but got {p.paddings}.")
    return pad_constant(x, *zip(*p.paddings))


def mirror_pad(p, x, paddings):
    pairs = paddings.tolist() if isinstance(paddings, Tensor) else list(paddings)
    if p.mode == "REFLECT":
        return o.pad(x, [int(n) for pair in reversed(pairs) for n in pair], "reflect")
    for a, (before, after) in enumerate(pairs):
        head, tail = slice_along(x, a, 0, before), slice_along(x, a, x.shape[a] - after, after)
        parts = [o.flip(head, (a,)), x, o.flip(tail, (a,))]
        x = o.concat([t for t in parts if t.shape[a]], a)
    return x


def real_div(p, x, y):
    given = as_tensor(x), as_tensor(y)
    if any(t.dtype.is_inexact for t in given):
        return o.div(x, y)
    whole = (to(t, int64) if t.dtype is bool_ else t for t in given)
    return trunc_quotient(*(t if isinstance(n, Tensor) else int(n) for t, n in zip(whole, (x, y), strict=True)))


def bias_add(p, x, bias):
    at = 1 if p.data_format.startswith("NC") else x.ndim - 1
    if bias.ndim != 1 or x.ndim < 2 or bias.shape[0] != x.shape[at]:
        raise fail(ValueError, f"For 'BiasAdd', a bias of shape {bias.shape} does not fit the axis {at} of {x.shape}.")
    return x + o.reshape(bias, tuple(-1 if a == at else 1 for a in range(x.ndim)))


def batch_norm(p, x, scale, bias, mean, variance):
    channel = 1 if p.data_format == "NCHW" else x.ndim - 1
    y, m, v = batch_norm_statistics(x, scale, bias, mean, variance, p.is_training, p.epsilon, p.momentum, channel)
    return y, m, v, m, v


def softmax_cross_entropy(p, logits, labels):
    return softmax_cross_entropy_with_logits(logits, labels), softmax_minus_labels(logits, labels)


def sparse_softmax_cross_entropy(p, logits, labels):
    loss = sparse_cross_entropy(logits, labels)
    return softmax_minus_labels(logits, labels) / logits.shape[0] if p.is_grad else o.mean(loss)


def nll_loss(p, logits, labels, weight):
    loss, share = nll_parts("NLLLoss", logits, labels, weight, p.ignore_index)
    total = o.sum(share)
    if p.reduction == "none":
        return o.squeeze(loss, 1), total
    return o.sum(loss) / total if p.reduction == "mean" else o.sum(loss), total


def dropout(p, x):
    mask = o.dropout(o.ones_like(x), 1.0 - p.keep_prob)
    return x * mask, to(mask != 0, x.dtype)


def bernoulli(p, x, q):
    """With a seed every call gives the same numbers, as in MindSpore."""
    return drawn_from(None if p.seed == -1 else Stream(p.seed, p.offset), o.bernoulli, x, q)


def channel_dropout(p, x):
    """Whole channels (the first two axes) at a time."""
    mask = o.dropout(o.ones(x.shape[:2] + (1,) * (x.ndim - 2), x.dtype), 1.0 - p.keep_prob)
    return x * mask, o.broadcast_to(mask != 0, x.shape)


def embedding_lookup(p, params, indices, offset):
    at = to(indices, int64) - offset
    inside = o.logical_and(at >= 0, at < params.shape[0])
    rows = sparse_gather(params, o.select(inside, at, 0), 0)
    return o.select(o.reshape(inside, inside.shape + (1,) * (params.ndim - 1)), rows, 0.0)


def of_rows(formula):
    """An update of the rows that the last input names by ``formula(p, *inputs without it)``."""
    function = (lambda p, *inputs: getattr(updates, formula)(*inputs)) if isinstance(formula, str) else formula
    return lambda p, *inputs: update_rows(functools.partial(function, p), inputs[:-2], *inputs[-2:])


def adam(p, *inputs):
    return updates.adam(*inputs, use_nesterov=p.use_nesterov)


def adam_of_rows(p, *inputs):
    """The means of all rows decay."""
    *others, grad, indices = inputs
    return adam(p, *others, rows_of(grad, indices, others[0]).to_dense())


def sparse_adagrad_v2(p, var, accum, grad):
    """``epsilon`` stands under the root, as in MindSpore's kernel, not beside it, as in its documentation."""
    total = accum + o.square(grad) if p.update_slots else accum
    o.assign(var, var - grad * o.rsqrt(total + p.epsilon) * p.lr)
    o.assign(accum, total)


def ftrl(p, var, accum, linear, grad):
    return updates.ftrl(var, accum, linear, grad, p.lr, p.l1, p.l2, p.lr_power)


def random_choice(p, mask):
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


def truncated_normal(p, shape):
    edge = 0.9544997361036416  # erf(2 / sqrt(2))
    u = uniform01(shape_of(shape)) * (2.0 * edge) - edge
    return to(o.erfinv(u) * 2.0**0.5, to_dtype(p.dtype))


def float_status(p, x):
    return to(o.reshape(o.logical_not(o.all(o.isfinite(x))), (1,)), float32)


def svd(p, x):
    """Without vectors the others are one zero each."""
    if p.compute_uv:
        return o.svd(x, p.full_matrices, True)
    return o.svd(x, p.full_matrices, False), o.zeros((1,), x.dtype), o.zeros((1,), x.dtype)


def checked_conv2d(given):
    """Looks at the arguments of a convolution when it is made."""
    name = "Conv2D"
    checks.positive_int(name, out_channel=given["out_channel"], group=given["group"])
    for argument in ("kernel_size", "stride", "dilation"):
        value = given[argument]
        checks.instance(name, (int, tuple), **{argument: value})
        numbers = (value,) if isinstance(value, int) else value
        if len(numbers) not in ((1, 2) if argument == "kernel_size" else (1, 2, 4)) or any(
            type(n) is not int or n < 1 for n in numbers
        ):
            raise checks.refused(ValueError, name, argument, "be a positive int or a tuple of two", value)
    pads_of(name, given["pad_mode"], given["pad"], (1, 1), (1, 1), (1, 1), (1, 1))
    if given["mode"] != 1:
        raise checks.refused(ValueError, name, "mode", "be 1", given["mode"])
    checks.one_of(name, ("NCHW", "NHWC"), data_format=given["data_format"])


def conv2d(p, x, weight):
    return o.conv2d(x, weight, None, p.stride, p.pad_mode, p.pad, p.dilation, p.group)


def conv2d_transpose(p, g, weight, input_size):
    shape = shape_of(input_size)
    stride, dilation = pair(p.name, "stride", p.stride), pair(p.name, "dilation", p.dilation)
    pads = pads_of(p.name, p.pad_mode, p.pad, shape[2:], weight.shape[2:], stride, dilation)
    return conv2d_input_grad(g, weight, shape, stride, pads, dilation, p.group)


def max_pool(p, x):
    return max_pool_with(x, p.kernel_size, p.strides, p.pad_mode.lower(), name=p.name)[0]


def avg_pool(p, x):
    return avg_pool_with(x, p.kernel_size, p.strides, p.pad_mode.lower(), name=p.name)


def invert_permutation(p, x):
    given = tuple(x.tolist()) if isinstance(x, Tensor) else tuple(x)
    if sorted(given) != list(range(len(given))):
        raise fail(ValueError, f"For 'InvertPermutation', {given} is no order of 0..{len(given) - 1}.")
    out = tuple(given.index(k) for k in range(len(given)))
    return Tensor(out, x.dtype) if isinstance(x, Tensor) else out


def hooked(x, hook):
    """``x``, whose gradient passes through ``hook(gradient)``, which may return another one, or a number for one element."""

    def gradient(needs, grads, inputs):
        given = supplied("runnable")(hook)(grads[0])
        if isinstance(given, (bool, int, float)):
            given = Tensor(given, grads[0].dtype)
        return [grads[0] if given is None else given]

    return with_gradient(x, [], gradient)


def checked_hook(given):
    if not isinstance(given["hook_fn"], (types.FunctionType, types.MethodType, functools.partial)):
        kind = type(given["hook_fn"]).__name__
        raise fail(TypeError, f"For 'HookBackward', 'hook_fn' must be a function, but got {kind}.")


def hook_backward(p, *xs):
    """``xs``, whose gradients pass through ``hook_fn`` as a tuple."""

    def gradient(needs, grads, inputs):
        given = p.hook_fn(tuple(grads))
        if given is None:
            return grads
        return list(given) if isinstance(given, (tuple, list)) else [given, *grads[1:]]

    out = with_gradient(xs, [], gradient)
    return out if len(xs) > 1 else out[0]


def ctc_loss(p, x, indices, values, lengths):
    if p.preprocess_collapse_repeated or not p.ctc_merge_repeated or p.ignore_longer_outputs_than_inputs:
        raise fail(NotImplementedError, "For 'CTCLoss', only the default arguments are supported.")
    return ctc_of_sparse_labels(x, indices, values, lengths)


def needs_npu(p, *inputs):
    raise fail(RuntimeError, f"For '{p.name}', an NPU is needed: on a CPU use FloatStatus or ops.isfinite.")


def permutation(p, n):
    """0..n-1 in a random order, filled up with ``pad`` to ``max_length``."""
    n = int(n)
    if not 0 <= n <= p.max_length:
        raise fail(ValueError, f"For 'Randperm', 'n' must be in [0, {p.max_length}], but got {n}.")
    order = o.randperm(n, dtype=to_dtype(p.dtype)) if n else o.zeros((0,), to_dtype(p.dtype))
    return pad_constant(order, (0,), (p.max_length - n,), p.pad)


def as_tuple(*names):
    def prepare(given):
        for name in names:
            if isinstance(given[name], int):
                given[name] = (given[name],)

    return prepare


def checked_tolerance(given):
    checks.floating("ApproximateEqual", tolerance=given["tolerance"])


def one_axis(given):
    given["axis"] = [given["axis"]] if isinstance(given["axis"], int) else list(given["axis"])
    if len(given["axis"]) != 1:
        raise fail(TypeError, f"For 'L2Normalize', one axis is needed, but got {given['axis']}.")


# ---------------------------------------------------------------- between ranks
def world_rank(p, member: int) -> int:
    """The world rank of a member of a primitive's group."""
    ranks = members(p.group, p.name)
    if not 0 <= member < len(ranks):
        raise fail(ValueError, f"For '{p.name}', the group has the members 0 to {len(ranks) - 1}, but got {member}.")
    return ranks[member]


def broadcast(p, xs):
    return tuple(comm.broadcast(x, world_rank(p, p.root_rank), p.group) for x in xs)


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__] + ["summary_sinks"]
