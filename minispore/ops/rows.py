# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Reading and writing rows at positions that a Tensor gives: the ops under indexing, gather and scatter.

Two ops over blocks of (outer, n, inner) elements do all the work: ``gather_rows`` reads rows, ``scatter_rows`` sets
them, adds to them, and so on.  Each is in the gradient of the other.  Single elements are in elements.py.
"""

import math

import numpy as np

from ..core.dtype import float32, float64, int64, promote
from ..core.errors import ShapeUnknown, fail, graph_break
from ..core.kernel import kernel
from ..core.op import as_tensor, library, to
from ..core.record import STATE
from ..core.samples import f, i, positive
from ..core.tensor import Tensor
from .batch import fold, full, reshaped, shifted, to_front, unfold
from .creation import flat_index, positions
from .effects import check_bounds
from .elementwise import equal, logical_or, neg, select
from .movement import axis_of, reshape
from .order import row_order
from .recurrence import moved, product_of_others
from .row_copies import copy_row
from .slicing import slice_along, zeros_of


# ---------------------------------------------------------------- kernels
def bits_of(dtype) -> str:
    """The type to move elements of ``dtype`` as: one kernel for all types of a size."""
    return f"uint{8 * dtype.itemsize}" if dtype.itemsize <= 8 else dtype.name


FEW = 8  # positions of a row, which the source of a kernel then says


@kernel
def gather_rows_kernel(table: "T*", index: "I*", out: "T*", n: int, m: int, inner: int, own: int, lo, hi):
    """out[o, k] = table[o, index[o * own + k]], rows of ``inner`` elements; [lo, hi) are rows of out.

    ``own`` is m if each block has an index of its own, and 0 if all have the same.
    """
    o, k, row = lo // m, lo % m, lo
    while row < hi:
        count = min(m - k, hi - row)
        source, picked, target = shift(table, o * n * inner), shift(index, o * own + k), shift(out, row * inner)
        if inner == 1:
            for i in range(count):
                target[i] = source[picked[i]]
        else:
            for i in range(count):
                copy_row(shift(source, picked[i] * inner), shift(target, i * inner), inner)
        o, k, row = o + 1, 0, row + count


@kernel
def gather_columns_kernel(table: "T*", index: "I*", out: "T*", n: int, m: int, lo, hi):
    """out[o, k] = table[o, index[k]], single elements; M is m if it is small, else 0; [lo, hi) are of the outer axis."""
    for o in range(lo, hi):
        source, target = shift(table, o * n), shift(out, o * m)
        for k in range(M if M > 0 else m):
            target[k] = source[index[k]]


@kernel
def scatter_rows_kernel(index: "I*", update: "T*", out: "T*", outer: int, m: int, n: int, inner: int, mode: int,
                        by_column: int, lo, hi):  # fmt: skip
    """out[o, index[k]] = (mode 1: +=) update[o, k], in the order of k, so every run gives the same sums.

    [lo, hi) are of the outer axis, or (by_column) columns of out in blocks of 16.
    """
    o0, o1, c0, c1 = lo, hi, 0, inner
    if by_column != 0:
        o0, o1, c0, c1 = 0, outer, lo * 16, min(hi * 16, inner)
    for o in range(o0, o1):
        for k in range(m):
            row = int64(index[k])
            if row < 0 or row >= n:
                continue
            if inner == 1:
                v = update[o * m + k]
                out[o * n + row] = v if mode == 0 else out[o * n + row] + v
                continue
            target = shift(out, (o * n + row) * inner)
            source = shift(update, (o * m + k) * inner)
            if mode == 0:
                for c in range(c0, c1):
                    target[c] = source[c]
            else:
                for c in range(c0, c1):
                    target[c] += source[c]


@kernel
def combine_rows_kernel(
    index: "I*", update: "T*", out: "T*", outer: int, m: int, n: int, inner: int, mode: int, lo, hi
):
    """As above for minimum (2), maximum (3), product and quotient; [lo, hi) are of the outer axis."""
    for o in range(lo, hi):
        for k in range(m):
            row = int64(index[k])
            if row < 0 or row >= n:
                continue
            target = shift(out, (o * n + row) * inner)
            source = shift(update, (o * m + k) * inner)
            for c in range(inner):
                a, b = target[c], source[c]
                if mode == 4:
                    target[c] = a * b
                elif mode == 5:
                    target[c] = a / b
                elif b != b or (b < a if mode == 2 else b > a):
                    target[c] = b


FEWEST_ROWS = 16  # with the same positions, that take a kernel of their own
MODES = ("set", "add", "min", "max", "mul", "div")


def _gather_lower(build, node):
    table, index = node.inputs
    outer, n, inner = table.shape
    m = index.shape[-1]
    if inner == 1 and len(index.shape) == 1 and outer >= FEWEST_ROWS:
        return build.call(
            gather_columns_kernel.bind(T=bits_of(table.dtype), I=build.storage(index.dtype), M=str(m if m <= FEW else 0)), node,
            [build.dense(table), build.dense(index), out := build.output(node), n, m], extent=outer, writes=[out], cost=out.size,
        )  # fmt: skip
    build.call(
        gather_rows_kernel.bind(T=bits_of(table.dtype), I=build.storage(index.dtype)), node,
        [build.dense(table), build.dense(index), out := build.output(node), n, m, inner, m if len(index.shape) == 2 else 0],
        extent=outer * m, writes=[out],
    )  # fmt: skip


def _scatter_lower(build, node):
    x, index, update = node.inputs
    mode = node.attrs["mode"]
    outer, m, inner = update.shape
    n = x.shape[1]
    out, before = build.output(node), build.operand(x)
    if before.buffer is not out.buffer:
        build.copy(before, out)
    index_type = build.storage(index.dtype)
    arguments = [build.dense(index), build.dense(update), out, outer, m, n, inner, MODES.index(mode)]
    if mode not in ("set", "add"):
        source = combine_rows_kernel.bind(T=build.storage(x.dtype), I=index_type)
        build.call(source, node, arguments, extent=outer, writes=[out], cost=update.size)
        return
    # Rows of out are not shared out: each thread would have to look at all positions.
    by_column = outer < build.workers and inner >= 16 * build.workers
    source = scatter_rows_kernel.bind(T=bits_of(x.dtype) if mode == "set" else build.storage(x.dtype), I=index_type)
    extent = -(-inner // 16) if by_column else outer
    build.call(source, node, [*arguments, int(by_column)], extent=extent, writes=[out], cost=update.size)


# ---------------------------------------------------------------- the two ops
def _gather_numpy(x, index):
    return (x.take(index, 1) if index.ndim == 1 else np.take_along_axis(x, index[:, :, None], 1),)


def _scatter_numpy(x, index, update, mode):
    out = np.array(x)
    if mode == "set":
        out[:, index] = update
        return (out,)
    if mode == "add" and np.unique(index).size == index.size:
        out[:, index] += update
        return (out,)
    outer, n, inner = x.shape  # by single elements: NumPy has no fast loop over rows
    at = ((np.arange(outer)[:, None] * n + index)[:, :, None] * inner + np.arange(inner)).ravel()
    ufunc = {"add": np.add, "min": np.minimum, "max": np.maximum, "mul": np.multiply, "div": np.divide}[mode]
    with np.errstate(all="ignore"):
        ufunc.at(out.reshape(-1), at, update.ravel())
    return (out,)


def _shares(x, index, update, out):
    """Where x's own element and where the updates equal the minimum or maximum ``out``, and how many do."""
    own, won = equal(x, out), equal(update, gather_rows(out, index))
    return own, won, scatter_rows(to(own, out.dtype), index, to(won, out.dtype), "add")


def _scatter_x_vjp(g, out, x, index, update, mode):
    if mode == "set":
        return scatter_rows(g, index, zeros_of(g, update.shape), "set")
    if mode in ("mul", "div"):
        return scatter_rows(g, index, update, mode)
    if mode == "add":
        return g
    own, _, count = _shares(x, index, update, out)
    return select(own, g / count, 0.0)


def _scatter_update_vjp(g, out, x, index, update, mode):
    if mode == "set":
        return last_only(gather_rows(g, index), index, x.shape[1])
    if mode == "add":
        return gather_rows(g, index)
    if mode == "mul":
        return gather_rows(g * x, index) * _product_of_equal(update, index)
    if mode == "div":
        return neg(gather_rows(g * out, index)) / update
    _, won, count = _shares(x, index, update, out)
    return select(won, gather_rows(g / count, index), 0.0)


def _product_of_equal(update, index):
    """For each row of ``update`` the product of the other ones that ``index`` sends to the same row."""
    m = index.shape[0]
    if m < 2:
        return zeros_of(update, update.shape) + 1.0
    order = reshape(row_order(reshape(index, (1, m)), k=m, descending=False), (m,))
    back = reshape(row_order(reshape(order, (1, m)), k=m, descending=False), (m,))
    lined = gather_rows(reshape(index, (1, m, 1)), order)
    new = logical_or(lined != moved(lined, False), positions(m, 1, 3) == 0)
    return gather_rows(product_of_others(gather_rows(update, order), new), back)


def last_only(g, index, n):
    """``g`` without the rows that a later one of the same index overwrote."""
    m = index.shape[0]
    if m < 2:
        return g
    order = flat_index(shape=(1, m, 1))
    last = scatter_rows(zeros_of(order, (1, n, 1)), index, order, "set")
    return select(gather_rows(last, index) == order, g, 0.0)


def _gather_batch(op, size, xs, batched, attrs):
    """The examples are more of the outer axis; where each has an index of its own, of the rows."""
    table, index = xs
    m = index.shape[-1]
    if index.ndim - batched[1] == 2:  # an index for each block
        if batched[0]:
            return [unfold(op(fold(table, 0), fold(full(index, size, batched[1]), 0)), 0, size)]
        rows = op(table, fold(index, 1))
        return [to_front(reshaped(rows, table.shape[0], size, m, table.shape[2]), 1)]
    if not batched[1]:
        return [unfold(op(fold(table, 0), index), 0, size)]
    outer, n, inner = table.shape[-3:]
    rows = op(fold(table, 1), shifted(index, size, n)) if batched[0] else op(table, reshaped(index, size * m))
    return [to_front(reshaped(rows, outer, size, m, inner), 1)]


def _scatter_batch(op, size, xs, batched, attrs):
    x, index, update = xs
    x, update = full(x, size, batched[0]), full(update, size, batched[2])
    if not batched[1]:
        return [unfold(op(fold(x, 0), index, fold(update, 0), **attrs), 0, size)]
    return [unfold(op(fold(x, 1), shifted(index, size, x.shape[2]), fold(update, 1), **attrs), 1, size)]


gather_rows = library(  # the index is (m,), the same for all blocks, or (outer, m)
    "gather_rows", _gather_numpy,
    lambda x, index: [((x.shape[0], index.shape[-1], x.shape[2]), x.dtype)], _gather_lower,
    vjp=(lambda g, out, x, index: add_rows(g, index, x.shape[1]), None), batch=_gather_batch, takes_complex=True,
    samples=[
        (f(2, 4, 3), i(5, lo=0, hi=4)), (f(1, 4, 1), i(6, lo=0, hi=4)), (f(2, 4, 3), i(2, 5, lo=0, hi=4)),
    ],
)  # fmt: skip
_scatter_rows = library(
    "scatter_rows", _scatter_numpy, lambda x, index, update, mode: [(x.shape, x.dtype)], _scatter_lower,
    vjp=(_scatter_x_vjp, None, _scatter_update_vjp), smooth=False, in_place=True, batch=_scatter_batch, takes_complex=True,
    samples=[(positive(2, 4, 3), i(5, lo=0, hi=4), positive(2, 5, 3), {"mode": mode}) for mode in MODES],
)  # fmt: skip


def scatter_rows(x, index, update, mode):
    """``x`` (outer, n, inner) with the rows of ``update`` (outer, m, inner) set, added, ... at ``index`` (m)."""
    dtype = x.dtype
    if mode == "set" or dtype.itemsize > 2 or dtype.is_int:
        if mode != "div" or dtype.is_float:
            return _scatter_rows(x, index, update, mode=mode)
    wide = float64 if dtype.is_int else float32  # what the kernels compute 16-bit floats and whole quotients in
    return to(_scatter_rows(to(x, wide), index, to(update, wide), mode=mode), dtype)


def add_rows(update, index, n):
    """(outer, n, inner): the rows of ``update`` (outer, m, inner) summed where ``index``, (m,) or (outer, m), puts them."""
    outer, m, inner = update.shape
    if index.ndim == 2:
        flat = reshape(index + positions(outer, 0, 2) * n, (-1,))
        return reshape(add_rows(reshape(update, (1, outer * m, inner)), flat, outer * n), (outer, n, inner))
    return scatter_rows(zeros_of(update, (outer, n, inner)), index, update, "add")


# ---------------------------------------------------------------- shapes and checks
def concrete_array(x, what: str, instead: str):
    """The data of ``x``, for what cannot be compiled because a shape would depend on values."""
    recorder = STATE.recorder
    if recorder is not None and recorder.symbolic and not x.is_literal:
        raise graph_break(
            ShapeUnknown,
            f"For '{what}', the shape of the result depends on values, which are not known inside a compiled function. "
            f"Use {instead}, or call it outside construct or in PYNATIVE_MODE.",
        )
    return x._array()


def blocks(x, axis):
    """``x`` as (axes before ``axis``, ``axis``, axes after it)."""
    s = x.shape
    return reshape(x, (math.prod(s[:axis]), s[axis], math.prod(s[axis + 1 :])))


def int_axis(name, ndim, axis):
    return axis_of(name, ndim, int(axis) if isinstance(axis, Tensor) else axis)


def index_of(name, index):
    if not isinstance(index, Tensor):
        if not isinstance(index, (list, tuple, np.ndarray)):
            raise fail(TypeError, f"For '{name}', the indices must be a Tensor, but got {type(index).__name__}.")
        index = as_tensor(index)
    return index


def checked_index(name, index, n, negative=False):
    if n == 0 and index.size:
        raise fail(IndexError, f"For '{name}', an axis of length 0 cannot be indexed.")
    return check_bounds(index, n, name, negative)


def same_type(name, x, update, in_place=False):
    """``update`` in the type of ``x``; a Parameter, and what changes in place, takes every type that its own one holds."""
    if (in_place or x.is_parameter) and update.dtype != x.dtype and promote(x.dtype, update.dtype) is x.dtype:
        return to(update, x.dtype)
    if update.dtype != x.dtype:
        raise fail(
            TypeError, f"For '{name}', the updates must have the type of the input, {x.dtype}, but got {update.dtype}."
        )
    return update


def lookup(table, index, axis=0, name="Gather", negative=True):
    """Slices of ``table`` along ``axis`` at ``index`` (of any shape): what embeddings and gather are made of."""
    flat = reshape(checked_index(name, index, table.shape[axis], negative), (-1,))
    out = gather_rows(blocks(table, axis), flat)
    return reshape(out, table.shape[:axis] + index.shape + table.shape[axis + 1 :])


def nd_rows(name, shape, indices):
    """(flat positions, their number, length of a slice) of the slices of ``shape`` that ``indices`` (..., k) names."""
    if indices.ndim == 0:
        raise fail(ValueError, f"For '{name}', the indices must have at least one axis.")
    k = indices.shape[-1]
    if k > len(shape):
        raise fail(
            ValueError,
            f"For '{name}', the last axis of the indices is {k}, more than the {len(shape)} axes of {shape}.",
        )
    flat = None
    for a in range(k):
        part = checked_index(name, reshape(slice_along(indices, indices.ndim - 1, a, 1), (-1,)), shape[a])
        flat = part if flat is None else flat * shape[a] + part
    if flat is None:
        flat = reshape(zeros_of(as_tensor(np.int64(0)), indices.shape[:-1]), (-1,))
    return flat, math.prod(shape[:k]), math.prod(shape[k:])


__all__ = [
    "FEW", "MODES", "add_rows", "bits_of", "blocks", "checked_index", "combine_rows_kernel", "concrete_array", "gather_rows",
    "gather_rows_kernel", "index_of", "int_axis", "last_only", "lookup", "nd_rows", "same_type",
    "scatter_rows", "scatter_rows_kernel",
]  # fmt: skip
