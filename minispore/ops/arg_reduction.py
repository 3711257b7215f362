# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""The positions of extremes along an axis, and extremes together with their positions."""

import math

import numpy as np

from ..core.dtype import float32, int32, int64
from ..core.errors import fail
from ..core.kernel import kernel
from ..core.op import as_tensor, library, literal, to
from ..core.samples import f, i
from .batch import next_axis
from .creation import positions
from .elementwise import equal, maximum, minimum, select
from .movement import reshape
from .reduction import _chosen, _extreme, _max, _min, _sum, axes_of

FEWEST_COLUMNS = 8  # that are walked side by side
FEW_ELEMENTS = 8  # of a row


def _arg_infer(x, axis, dtype):
    return [(tuple(1 if a == axis else d for a, d in enumerate(x.shape)), dtype)]


@kernel
def arg_extreme(x: "T*", out: "I*", n: int, inner: int, largest: int, lo, hi):
    """The position of the first extreme along the middle axis of (outer, n, inner); a NaN counts as one."""
    for line in range(lo, hi):
        at = (line // inner) * n * inner + line % inner
        best, where, k = x[at], 0, 0
        while best == best and k < n:
            if largest != 0:
                while k < n and x[at + k * inner] <= best:
                    k += 1
            else:
                while k < n and x[at + k * inner] >= best:
                    k += 1
            if k < n:
                best, where = x[at + k * inner], k
        out[line] = where


@kernel
def arg_extreme_rows(x: "T*", out: "I*", n: int, largest: int, lo, hi):
    """As above where ``inner`` is 1: the extreme of a row, then the first place that has it; sixteen rows together, as each waits
    for its extreme."""
    best = local_TYPE(16)
    for first in range(lo, hi, 16):
        count = min(16, hi - first)
        for r in range(count):
            row = shift(x, (first + r) * n)
            extreme, nan = row[0], False
            if largest != 0:
                for k in range(n):
                    extreme = greater_of(extreme, row[k])
                    nan = nan | isnan(row[k])
            else:
                for k in range(n):
                    extreme = lesser_of(extreme, row[k])
                    nan = nan | isnan(row[k])
            best[r] = nan_where(nan, extreme)
        for r in range(count):
            row, extreme, place = shift(x, (first + r) * n), best[r], int32(n)
            for k in range(n):
                v = row[k]
                place = min(place, where((v == extreme) | isnan(v), int32(k), int32(n)))
            out[first + r] = place


@kernel
def arg_extreme_few(x: "T*", out: "I*", largest: int, lo, hi):
    """As above for rows of N elements: vectors hold the same element of neighbouring rows."""
    if largest != 0:
        for line in range(lo, hi):
            best, place = x[line * N], int32(0)
            for k in written_out(1, N):
                v = x[line * N + k]
                better = (v > best) | (isnan(v) & (best == best))
                best = where(better, v, best)
                place = where(better, int32(k), place)
            out[line] = place
    else:
        for line in range(lo, hi):
            best, place = x[line * N], int32(0)
            for k in written_out(1, N):
                v = x[line * N + k]
                better = (v < best) | (isnan(v) & (best == best))
                best = where(better, v, best)
                place = where(better, int32(k), place)
            out[line] = place


@kernel
def arg_extreme_columns(x: "T*", out: "I*", n: int, inner: int, largest: int, lo, hi):
    """As above where ``inner`` is more than one: rows are read as they lie, [lo, hi) are strips of 256 columns."""
    best, places = local_TYPE(256), local_int32(256)
    strips = (inner + 255) // 256
    for strip in range(lo, hi):
        c0 = strip % strips * 256
        count = min(256, inner - c0)
        rows = shift(x, strip // strips * n * inner + c0)
        for c in range(count):
            best[c] = rows[c]
            places[c] = int32(0)
        for k in range(1, n):
            row, here = shift(rows, k * inner), int32(k)
            if largest != 0:
                for c in range(count):
                    v, old = row[c], best[c]
                    better = (v > old) | ((v != v) & (old == old))
                    best[c] = where(better, v, old)
                    places[c] = where(better, here, places[c])
            else:
                for c in range(count):
                    v, old = row[c], best[c]
                    better = (v < old) | ((v != v) & (old == old))
                    best[c] = where(better, v, old)
                    places[c] = where(better, here, places[c])
        target = shift(out, strip // strips * inner + c0)
        for c in range(count):
            target[c] = places[c]


def _arg_lower(largest):
    def lower(build, node):
        x, axis = node.inputs[0], node.attrs["axis"]
        out = build.output(node)
        inner = math.prod(x.shape[axis + 1 :])
        types = {"T": build.storage(x.dtype), "I": build.storage(node.attrs["dtype"])}
        source, extent, sizes = arg_extreme, out.size, [x.shape[axis], inner]
        if inner >= FEWEST_COLUMNS:
            source, extent = arg_extreme_columns, out.size // inner * -(-inner // 256)
        elif inner == 1 and x.shape[axis] <= FEW_ELEMENTS:
            source, sizes, types["N"] = arg_extreme_few, [], str(x.shape[axis])
        elif inner == 1:
            source, sizes = arg_extreme_rows, sizes[:1]
        arguments = [build.dense(x), out, *sizes, int(largest)]
        build.call(source.bind(**types), node, arguments, extent=extent, writes=[out], cost=x.size)

    return lower


def _arg_numpy(function):
    def evaluate(x, axis, dtype):
        return (function(x, axis=axis, keepdims=True).astype(dtype.np),)

    return evaluate


_argmax = library("arg_max", _arg_numpy(np.argmax), _arg_infer, _arg_lower(True), batch=next_axis,
                  samples=[(f(3, 4), {"axis": 1, "dtype": int64}), (i(3, 4, 2), {"axis": 1, "dtype": int32})])  # fmt: skip


_argmin = library("arg_min", _arg_numpy(np.argmin), _arg_infer, _arg_lower(False), batch=next_axis,
                  samples=[(f(3, 4), {"axis": 0, "dtype": int64})])  # fmt: skip


def _arg(op, name, x, axis, keepdims, dtype):
    if x.dtype.is_float and x.dtype.itemsize == 2:
        x = to(x, float32)  # the order is the same
    if x.size == 0 and (axis is None or x.shape[axes_of(name, x.ndim, axis)[0]] == 0):
        raise fail(ValueError, f"For '{name}', no element is there to be found: the shape is {x.shape}.")
    if axis is None or x.ndim == 0:
        out = op(reshape(x, (-1,)), axis=0, dtype=dtype)
        return reshape(out, (1,) * x.ndim if keepdims else ())
    a = axes_of(name, x.ndim, axis)[0]
    out = op(x, axis=a, dtype=dtype)
    return out if keepdims else reshape(out, x.shape[:a] + x.shape[a + 1 :])


def argmax(input, dim=None, keepdim=False):
    """Index of the first maximum along ``dim``; a NaN counts as the maximum.

    Args:
        input (Tensor): any shape; numbers.
        dim (None | int): the axis; None for an index into the flattened ``input``. Default: None.
        keepdim (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axis ``dim`` (or with length 1 there); int64. It has no gradient.

    Raises:
        TypeError: ``dim`` is not an int.
        ValueError: ``dim`` is out of range, or there is no element.

    >>> import minispore as ms
    >>> print(argmax(ms.Tensor([[1.0, 4.0], [3.0, 2.0]]), 1))
    [1 0]
    """
    return _arg(_argmax, "argmax", input, dim, keepdim and dim is not None, int64)


def argmin(input, axis=None, keepdims=False):
    """Index of the first minimum along ``axis``; a NaN counts as the minimum.

    Args:
        input (Tensor): any shape; numbers.
        axis (None | int): the axis; None for an index into the flattened ``input``. Default: None.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axis ``axis`` (or with length 1 there); int32. It has no gradient.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: ``axis`` is out of range, or there is no element.

    >>> import minispore as ms
    >>> print(argmin(ms.Tensor([[1.0, 4.0], [3.0, 2.0]]), 1))
    [0 1]
    """
    return _arg(_argmin, "argmin", input, axis, keepdims and axis is not None, int32)


def _value_and_index(op, arg, name, x, axis, keepdims, initial, where):
    if axis is None or x.ndim == 0:
        return _extreme(op, name, x, axis, False, initial, where), as_tensor(0)
    x, initial = _chosen(name, x, initial, where)
    a = axes_of(name, x.ndim, axis)[0]
    if initial is not None:
        x = (maximum if op is _max else minimum)(x, literal(initial, x.dtype))
    at = _arg(arg, name, x, a, True, int64)
    # Of equal extremes the first is the one that is named, and has the gradient.
    value = _sum(select(equal(positions(x.shape[a], a, x.ndim), at), x, 0), (a,))
    if keepdims:
        return value, at
    shape = x.shape[:a] + x.shape[a + 1 :]
    return reshape(value, shape), reshape(at, shape)


def max(input, axis=None, keepdims=False, *, initial=None, where=None):
    """Maximum along ``axis`` and its index.

    Args:
        input (Tensor): any shape; numbers.
        axis (None | int): the axis; None for the maximum of all elements, with index 0. Default: None.
        keepdims (bool): whether the axis stays with length 1; not read if ``axis`` is None. Default: False.
        initial (number): takes part as an element; needed with ``where`` and for no elements. Default: None.
        where (Tensor): bool, the elements that take part; broadcasts. Default: None, all.

    Returns:
        tuple of two Tensors without the axis ``axis`` (or with length 1 there): the maxima in the type of ``input``,
        and the index of each (of the first of equal ones), int64.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: ``axis`` is out of range, or there is no element.

    >>> import minispore as ms
    >>> values, indices = max(ms.Tensor([[1.0, 4.0], [3.0, 2.0]]), 1)
    >>> print(values, indices)
    [4. 3.] [1 0]
    """
    return _value_and_index(_max, _argmax, "max", as_tensor(input), axis, keepdims, initial, where)


def min(input, axis=None, keepdims=False, *, initial=None, where=None):
    """Minimum along ``axis`` and its index.

    Args:
        input (Tensor): any shape; numbers.
        axis (None | int): the axis; None for the minimum of all elements, with index 0. Default: None.
        keepdims (bool): whether the axis stays with length 1; not read if ``axis`` is None. Default: False.
        initial (number): takes part as an element; needed with ``where`` and for no elements. Default: None.
        where (Tensor): bool, the elements that take part; broadcasts. Default: None, all.

    Returns:
        tuple of two Tensors without the axis ``axis`` (or with length 1 there): the minima in the type of ``input``,
        and the index of each (of the first of equal ones), int64.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: ``axis`` is out of range, or there is no element.

    >>> import minispore as ms
    >>> values, indices = min(ms.Tensor([[1.0, 4.0], [3.0, 2.0]]), 1)
    >>> print(values, indices)
    [1. 2.] [0 1]
    """
    return _value_and_index(_min, _argmin, "min", as_tensor(input), axis, keepdims, initial, where)


__all__ = [
    "argmax", "argmin", "max", "min",
]  # fmt: skip
