# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Cumulative sums, products and extremes along an axis; the linear recurrence computes their gradients."""

import numpy as np

from ..core.dtype import bool_, int32, int64, to_dtype
from ..core.errors import fail
from ..core.kernel import kernel
from ..core.op import Library, as_tensor, library, to
from ..core.samples import f, i
from ..core.tensor import Tensor
from .batch import into_first_axis
from .creation import positions
from .elementwise import add, exp, log, maximum, minimum, select
from .methods import method
from .movement import axis_of, reshape
from .recurrence import along_blocks, linear_recurrence, moved, turned
from .rows import blocks, take_positions
from .sorting import sortable


@kernel
def cumulative_sum_kernel(x: "T*", out: "T*", n: int, inner: int, reverse: int, lo, hi):
    """Sums along the middle axis of (outer, n, inner), 64 columns at a time; [lo, hi) are such strips."""
    strips = (inner + 63) // 64
    for strip in range(lo, hi):
        c0 = (strip % strips) * 64
        c1 = min(c0 + 64, inner)
        base = (strip // strips) * n * inner
        step = -inner if reverse != 0 else inner
        at = base + (n - 1) * inner if reverse != 0 else base
        if inner == 1:
            total = T(0)
            for _ in range(n):
                total = T(total + x[at])
                out[at] = total
                at += step
        else:
            for c in range(c0, c1):
                out[at + c] = x[at + c]
            for _ in range(1, n):
                old, new, source = shift(out, at), shift(out, at + step), shift(x, at + step)
                for c in range(c0, c1):
                    new[c] = old[c] + source[c]
                at += step


def _cumulative_sum_numpy(x, reverse):
    return (np.ascontiguousarray(turned(np.cumsum(turned(x, reverse), 1, dtype=x.dtype), reverse)),)


_cumulative_sum: Library = library(
    "cumulative_sum", _cumulative_sum_numpy, lambda x, reverse: [(x.shape, x.dtype)],
    lambda build, node: along_blocks(build, node, cumulative_sum_kernel, node.inputs),
    vjp=(lambda g, out, x, reverse: _cumulative_sum(g, reverse=not reverse),), batch=into_first_axis, takes_complex=True,
    samples=[(f(2, 5, 3), {"reverse": False}), (f(2, 5, 1), {"reverse": True}), (i(1, 4, 70), {"reverse": True})],
)  # fmt: skip


def _cumulate(name, op, x, axis, dtype):
    """``op`` along ``axis``; 16-bit floats are computed in float32."""
    if dtype is not None:
        x = to(x, to_dtype(dtype))
    if x.dtype is bool_:
        raise fail(TypeError, f"For '{name}', the input must be numbers, but got {x.dtype}.")
    if x.ndim == 0:
        raise fail(ValueError, f"For '{name}', the input must have at least one axis.")
    a = axis_of(name, x.ndim, int(axis) if isinstance(axis, Tensor) else axis)
    return to(reshape(op(blocks(sortable(x), a)), x.shape), x.dtype)


def cumsum(x, axis, dtype=None):
    """Cumulative sum along an axis: ``out[i] = x[0] + ... + x[i]``.

    Args:
        x (Tensor): at least one axis; numbers.
        axis (int): the axis.
        dtype (dtype): the type to convert ``x`` to first; None for its own. Default: None.

    Returns:
        Tensor of the shape of ``x``; ``dtype`` or the type of ``x``.

    Raises:
        TypeError: ``x`` is bool and no ``dtype`` is given.
        ValueError: ``x`` has no axis, or ``axis`` is out of range.

    >>> import minispore as ms
    >>> print(cumsum(ms.Tensor([1.0, 2.0, 3.0]), 0))
    [1. 3. 6.]
    """
    return _cumulate("cumsum", lambda b: _cumulative_sum(b, reverse=False), as_tensor(x), axis, dtype)


def cumprod(input, dim, dtype=None):
    """Cumulative product along an axis: ``out[i] = input[0] * ... * input[i]``; its gradient is right at zeros, too.

    Args:
        input (Tensor): at least one axis; numbers or bool.
        dim (int): the axis.
        dtype (dtype): the type to convert ``input`` to first; None keeps floats and makes integers and bool int64.
            Default: None.

    Returns:
        Tensor of the shape of ``input``; ``dtype``, else the type of ``input`` or int64.

    Raises:
        ValueError: ``input`` has no axis, or ``dim`` is out of range.

    >>> import minispore as ms
    >>> print(cumprod(ms.Tensor([1.0, 2.0, 3.0]), 0))
    [1. 2. 6.]
    """
    x = as_tensor(input)
    if dtype is None and not x.dtype.is_inexact:
        dtype = int64

    def product(b):
        first = positions(b.shape[1], 1, 3) == 0
        return linear_recurrence(b, select(first, b, 0), reverse=False)

    return _cumulate("cumprod", product, x, dim, dtype)


@kernel
def cumulative_extreme_kernel(x: "T*", out: "int64*", n: int, inner: int, largest: int, lo, hi):
    """The position of the extreme so far along the middle axis: of equal ones the last, the first NaN stays."""
    for line in range(lo, hi):
        at = (line // inner) * n * inner + line % inner
        best = x[at]
        where = 0
        for k in range(n):
            v = x[at]
            if (v != v and best == best) or (v >= best if largest != 0 else v <= best):
                best = v
                where = k
            out[at] = where
            at += inner


def _cumulative_extreme_numpy(x, largest):
    out = np.zeros(x.shape, np.int64)
    best, where = x[:, :1], np.zeros((x.shape[0], 1, x.shape[2]), np.int64)
    for k in range(1, x.shape[1]):
        v = x[:, k : k + 1]
        hit = ((v != v) & (best == best)) | ((v >= best) if largest else (v <= best))
        best, where = np.where(hit, v, best), np.where(hit, k, where)
        out[:, k : k + 1] = where
    return (out,)


def _cumulative_extreme_lower(build, node):
    x = node.inputs[0]
    outer, n, inner = x.shape
    out = build.output(node)
    source = cumulative_extreme_kernel.bind(T=build.storage(x.dtype))
    arguments = [build.dense(x), out, n, inner, int(node.attrs["largest"])]
    build.call(source, node, arguments, extent=outer * inner, writes=[out])


_cumulative_extreme = library(
    "cumulative_extreme", _cumulative_extreme_numpy, lambda x, largest: [(x.shape, int64)], _cumulative_extreme_lower, batch=into_first_axis,
    samples=[(f(2, 5, 3), {"largest": True}), (i(2, 9, 1), {"largest": False})],
)  # fmt: skip


def _cummax_or_min(name, x, axis, largest):
    if x.ndim == 0:
        raise fail(ValueError, f"For '{name}', the input must have at least one axis.")
    a = axis_of(name, x.ndim, axis)
    where = reshape(_cumulative_extreme(blocks(sortable(x), a), largest=largest), x.shape)
    return take_positions(x, a, where), where


@method("cummax")
def cummax(input, axis):
    """Cumulative maximum along an axis, and its position; of equal ones the last; from the first NaN on all are NaN.

    Args:
        input (Tensor): at least one axis; numbers.
        axis (int): the axis.

    Returns:
        tuple of two Tensors of the shape of ``input``: the maxima in its type, and their positions, int64.

    Raises:
        ValueError: ``input`` has no axis, or ``axis`` is out of range.

    >>> import minispore as ms
    >>> values, where = cummax(ms.Tensor([1.0, 3.0, 2.0]), 0)
    >>> print(values, where)
    [1. 3. 3.] [0 1 1]
    """
    return _cummax_or_min("cummax", as_tensor(input), axis, True)


@method("cummin")
def cummin(input, axis):
    """Cumulative minimum along an axis, and its position; of equal ones the last; from the first NaN on all are NaN.

    Args:
        input (Tensor): at least one axis; numbers.
        axis (int): the axis.

    Returns:
        tuple of two Tensors of the shape of ``input``: the minima in its type, and their positions, int32.

    Raises:
        ValueError: ``input`` has no axis, or ``axis`` is out of range.

    >>> import minispore as ms
    >>> values, where = cummin(ms.Tensor([3.0, 1.0, 2.0]), 0)
    >>> print(values, where)
    [3. 1. 1.] [0 1 1]
    """
    values, where = _cummax_or_min("cummin", as_tensor(input), axis, False)
    return values, to(where, int32)


@method("logcumsumexp")
def logcumsumexp(input, axis):
    """Logarithm of cumulative sums of exponentials: ``log(cumsum(exp(input)))``, safe from overflow.

    Sums are kept relative to the maximum so far.

    Args:
        input (Tensor): at least one axis; floats.
        axis (int): the axis.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        ValueError: ``input`` has no axis, or ``axis`` is out of range.

    >>> import minispore as ms
    >>> print(logcumsumexp(ms.Tensor([0.0, 0.0, 1000.0]), 0))
    [0.000000e+00 6.931472e-01 1.000000e+03]
    """
    from .effects import stop_gradient

    x = as_tensor(input)
    top = stop_gradient(cummax(sortable(x), axis)[0])
    limit = float(np.finfo(top.dtype.np).max)
    top = minimum(maximum(top, -limit), limit)

    def log_sums(b):
        t = blocks(top, axis_of("logcumsumexp", x.ndim, axis))
        return add(t, log(linear_recurrence(exp(moved(t, False) - t), exp(b - t), reverse=False)))

    return _cumulate("logcumsumexp", log_sums, x, axis, None)


@method("cumsum")
def _tensor_cumsum(self, axis=None, dtype=None, *, dim=None):
    """Cumulative sum along an axis; as ``ops.cumsum``.

    Args:
        axis (int): the axis; None for the sums of the flattened Tensor. Default: None.
        dtype (dtype): the type to convert to first; None for the Tensor's own. Default: None.
        dim (int): another name of ``axis``, which it overrides. Default: None.

    Returns:
        Tensor of the same shape, flat without an axis; ``dtype`` or the Tensor's type.

    Raises:
        TypeError: the Tensor is bool and no ``dtype`` is given.
        ValueError: ``axis`` is out of range.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1, 2], [3, 4]]).cumsum(0))
    [[1 2]
     [4 6]]
    """
    axis = axis if dim is None else dim
    return cumsum(reshape(self, (-1,)), 0, dtype) if axis is None else cumsum(self, axis, dtype)


@method("cumprod")
def _tensor_cumprod(self, dim, dtype=None):
    """Cumulative product along an axis; as ``ops.cumprod``.

    Args:
        dim (int): the axis.
        dtype (dtype): the type to convert to first; None makes integers and bool int64. Default: None.

    Returns:
        Tensor of the same shape; ``dtype``, else the Tensor's type or int64.

    Raises:
        ValueError: the Tensor has no axis, or ``dim`` is out of range.

    >>> import minispore as ms
    >>> print(ms.Tensor([1.0, 2.0, 3.0]).cumprod(0))
    [1. 2. 6.]
    """
    return cumprod(self, dim, dtype)


__all__ = ["cummax", "cummin", "cumprod", "cumsum", "logcumsumexp"]
