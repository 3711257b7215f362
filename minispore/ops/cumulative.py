# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Cumulative sums, products and extremes along an axis; the linear recurrence computes their gradients."""

import numpy as np

from ..core import numeric
from ..core.dtype import bool_, int32, int64, to_dtype
from ..core.errors import fail
from ..core.kernel import kernel
from ..core.op import LOOPS_IN_PYTHON, Library, as_tensor, library, to
from ..core.samples import f, i
from ..core.tensor import Tensor
from .batch import into_first_axis
from .creation import positions
from .elements import scatter_elements
from .elementwise import add, exp, log, maximum, minimum, select
from .methods import method
from .movement import axis_of, reshape
from .recurrence import linear_recurrence, moved, turned
from .rows import blocks
from .slicing import zeros_of
from .sorting import sortable


@kernel
def cumulative_rows(x: "T*", out: "T*", n: int, lo, hi):
    """Running sums (PRODUCT 1: products) of rows of ``n`` elements, from their ends if REVERSE is 1; [lo, hi) are rows."""
    lanes = scan_lanes(out)
    vectors = n // lanes if lanes > 0 else 0
    rest = n - vectors * lanes
    for row in range(lo, hi):
        source, target = shift(x, row * n), shift(out, row * n)
        first = rest if REVERSE != 0 else 0
        total = T(PRODUCT)
        total = scan_row(shift(source, first), shift(target, first), vectors, total, PRODUCT, REVERSE)
        for k in range(rest):
            i = rest - 1 - k if REVERSE != 0 else n - rest + k
            total = T(total * source[i]) if PRODUCT != 0 else T(total + source[i])
            target[i] = total


@kernel
def cumulative_columns(x: "T*", out: "T*", n: int, inner: int, strip: int, strips: int, lo, hi):
    """As above along the middle axis of (outer, n, inner); [lo, hi) are strips of so many columns.

    Up to four results wait in registers: a vector of few would wait for its way through memory.
    """
    so_far = local_TYPE(4)
    for number in range(lo, hi):
        c0 = number % strips * strip
        count = min(strip, inner - c0)
        base = number // strips * n * inner + c0
        step = -inner if REVERSE != 0 else inner
        at = base + (n - 1) * inner if REVERSE != 0 else base
        for width in written_out(1, 5):
            if width == count:
                for c in written_out(width):
                    so_far[c] = x[at + c]
                    out[at + c] = so_far[c]
                for _ in range(1, n):
                    at += step
                    for c in written_out(width):
                        v = x[at + c]
                        so_far[c] = so_far[c] * v if PRODUCT != 0 else so_far[c] + v
                        out[at + c] = so_far[c]
        if count <= 4:
            continue
        for c in range(count):
            out[at + c] = x[at + c]
        for _ in range(1, n):
            old, new, source = shift(out, at), shift(out, at + step), shift(x, at + step)
            for c in range(count):
                new[c] = old[c] * source[c] if PRODUCT != 0 else old[c] + source[c]
            at += step


WIDEST = 2048  # columns whose results so far stay in the first cache


def _cumulative_lower(build, node):
    x, product = node.inputs[0], node.op.name == "cumulative_product"
    outer, n, inner = x.shape
    out = build.output(node)
    names = {"T": build.storage(x.dtype), "PRODUCT": str(int(product)), "REVERSE": str(int(node.attrs["reverse"]))}
    if inner == 1:
        build.call(
            cumulative_rows.bind(**names), node, [build.dense(x), out, n], extent=outer, writes=[out], cost=x.size
        )
        return
    wanted = max(-(-inner // WIDEST), -(-build.workers // max(outer, 1)))
    strip = min(max(inner, 1), -(-inner // (64 * wanted)) * 64)  # rows as long as may be, as memory is read best
    strips = -(-inner // max(strip, 1))
    arguments = [build.dense(x), out, n, inner, strip, strips]
    build.call(cumulative_columns.bind(**names), node, arguments, extent=outer * strips, writes=[out], cost=x.size)


def _cumulative_numpy(accumulate):
    def of_array(x, reverse):
        made = numeric.quietly(accumulate, turned(x, reverse), 1, x.dtype)
        return (np.ascontiguousarray(turned(made, reverse)) if reverse else made,)

    return of_array


def _product_vjp(g, out, x, reverse):
    """The product before an element times the sum, from the last to it, of gradients times the products between: no quotient."""
    n = x.shape[1]
    first = positions(n, 1, 3) == (n - 1 if reverse else 0)
    behind = linear_recurrence(moved(x, not reverse), g, reverse=not reverse)
    return behind * select(first, 1, moved(out, reverse))


_cumulative_sum: Library = library(
    "cumulative_sum", _cumulative_numpy(np.add.accumulate), lambda x, reverse: [(x.shape, x.dtype)], _cumulative_lower,
    vjp=(lambda g, out, x, reverse: _cumulative_sum(g, reverse=not reverse),), batch=into_first_axis, takes_complex=True,
    samples=[(f(2, 5, 3), {"reverse": False}), (f(2, 5, 1), {"reverse": True}), (i(1, 4, 70), {"reverse": True}),
             (f(2, 35, 1), {"reverse": False})],
)  # fmt: skip
_cumulative_product = library(
    "cumulative_product", _cumulative_numpy(np.multiply.accumulate), lambda x, reverse: [(x.shape, x.dtype)], _cumulative_lower,
    vjp=(_product_vjp,), batch=into_first_axis, takes_complex=True,
    samples=[(f(2, 5, 3), {"reverse": False}), (f(2, 5, 1), {"reverse": True}), (i(1, 4, 1), {"reverse": False})],
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

    return _cumulate("cumprod", lambda b: _cumulative_product(b, reverse=False), x, dim, dtype)


@kernel
def cumulative_extreme_kernel(x: "T*", out: "T*", places: "int64*", n: int, inner: int, lo, hi):
    """The extreme so far (LARGEST 1: the maximum) along the middle axis, and its position: of equal ones the last, the first NaN stays.

    Rows of a vector or more by vectors, the last of which may take some elements again. Of other short lines eight at a time without branches,
    as each element waits for the one before it; in a long one a new extreme is rare, and the processor does not wait.
    """
    best, place, start = local_TYPE(8), local_int64(8), local_int64(8)
    lanes = scan_lanes(out)
    if ROWS != 0 and n >= lanes:
        for line in range(lo, hi):
            source, extremes, found = shift(x, line * n), shift(out, line * n), shift(places, line * n)
            for k in range((n + lanes - 1) // lanes):
                scan_extreme(source, extremes, found, min(k * lanes, n - lanes), LARGEST)
    elif n < 64:
        for first in range(lo, hi, 8):
            for j in written_out(8):
                line = min(first + j, hi - 1)  # the last one again where there are less
                start[j] = line // inner * n * inner + line % inner
                best[j], place[j] = x[start[j]], 0
            for k in range(n):
                for j in written_out(8):
                    v, old = x[start[j] + k * inner], best[j]
                    beyond = v >= old if LARGEST != 0 else v <= old
                    hit = beyond | (isnan(v) & (old == old))
                    best[j] = where(hit, v, old)
                    place[j] = where(hit, k, place[j])
                    out[start[j] + k * inner] = best[j]
                    places[start[j] + k * inner] = place[j]
    else:
        for line in range(lo, hi):
            at = line // inner * n * inner + line % inner
            extreme, there = x[at], 0
            for k in range(n):
                v = x[at]
                if (v >= extreme if LARGEST != 0 else v <= extreme) or (v != v and extreme == extreme):
                    extreme, there = v, k
                out[at], places[at] = extreme, there
                at += inner


def _cumulative_extreme_numpy(x, largest):
    out, places = np.array(x), np.zeros(x.shape, np.int64)
    best, where = x[:, :1], np.zeros((x.shape[0], 1, x.shape[2]), np.int64)
    for k in range(1, x.shape[1]):
        v = x[:, k : k + 1]
        hit = ((v != v) & (best == best)) | ((v >= best) if largest else (v <= best))
        best, where = np.where(hit, v, best), np.where(hit, k, where)
        out[:, k : k + 1], places[:, k : k + 1] = best, where
    return out, places


def _cumulative_extreme_lower(build, node):
    x = node.inputs[0]
    outer, n, inner = x.shape
    out, places = build.output(node), build.output(node, 1)
    names = {"T": build.storage(x.dtype), "ROWS": str(int(inner == 1)), "LARGEST": str(int(node.attrs["largest"]))}
    source = cumulative_extreme_kernel.bind(**names)
    build.call(source, node, [build.dense(x), out, places, n, inner], extent=outer * inner, writes=[out, places])


_cumulative_extreme = library(
    "cumulative_extreme", _cumulative_extreme_numpy, lambda x, largest: [(x.shape, x.dtype), (x.shape, int64)],
    _cumulative_extreme_lower, batch=into_first_axis, compiled_from=LOOPS_IN_PYTHON, smooth=False,
    vjp=lambda needs, g, outs, inputs, largest: [
        scatter_elements("cummax", zeros_of(g[0], g[0].shape), outs[1], g[0], 1, "add")],
    samples=[(f(2, 5, 3), {"largest": True}), (i(2, 9, 1), {"largest": False}), (f(2, 70, 1), {"largest": False})],
)  # fmt: skip


def _cummax_or_min(name, x, axis, largest):
    if x.ndim == 0:
        raise fail(ValueError, f"For '{name}', the input must have at least one axis.")
    a = axis_of(name, x.ndim, axis)
    values, where = _cumulative_extreme(blocks(sortable(x), a), largest=largest)
    return to(reshape(values, x.shape), x.dtype), reshape(where, x.shape)


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
        dtype (dtype): the type to convert to first; None makes bool and integers of fewer than 32 bits int32. Default: None.
        dim (int): another name of ``axis``, which it overrides. Default: None.

    Returns:
        Tensor of the same shape, flat without an axis; ``dtype``, else the Tensor's type or int32.

    Raises:
        ValueError: ``axis`` is out of range.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1, 2], [3, 4]]).cumsum(0))
    [[1 2]
     [4 6]]
    """
    axis = axis if dim is None else dim
    if dtype is None and self.dtype.itemsize < 4 and not self.dtype.is_inexact:
        dtype = int32
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
