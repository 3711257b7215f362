# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Elements of rows at positions that another array gives for each row: read, set, added to.

A block of positions is checked at a time, by vectors, into the first cache, and used from there; in arrays of positions a check
of its own would take longer than the rest. Elements along another axis are rows of one element at flat positions, which are
computed in a loop that fuses with others.
"""

import math

import numpy as np

from ..core.dtype import int64
from ..core.errors import fail
from ..core.kernel import device, kernel
from ..core.op import apply, library, to
from ..core.samples import f, i
from .batch import fold, full, unfold
from .creation import positions
from .effects import check_bounds, check_positions, emit_check, whole_numbers
from .elementwise import select
from .inputs import accumulation_type
from .movement import axis_of, broadcast_to, reshape
from .rows import FEW, bits_of, blocks, checked_index, gather_rows, last_only, scatter_rows
from .slicing import basic_slice, zeros_of


@device
def check_places(index, places, count, status, code, first, size, added):
    """``places[k] = index[first + k]``, 0 for one out of range, of which the first is noted."""
    faults = 0
    for k in range(count):
        v = int64(index[first + k])
        v = v + added if v < 0 else v
        outside = v < 0 or v >= size
        faults += 1 if outside else 0
        places[k] = 0 if outside else v
    if faults != 0:
        for k in range(count):
            v = int64(index[first + k])
            v = v + added if v < 0 else v
            if v < 0 or v >= size:
                report(status, code, int64(index[first + k]), size, first + k)


@kernel
def take_at_kernel(x: "T*", index: "I*", out: "T*", status: "int64*", code: int, n: int, m: int, added: int, lo, hi):
    """``out[o, k] = x[o, index[o, k]]`` for rows of n and m elements, index and out seen as so many rows; M is m if it is small, else 0; [lo, hi) are rows."""
    places = local_int64(1024)
    rows = max(1, 1024 // m)
    for first in range(lo, hi, rows):
        end = min(first + rows, hi)
        for begin in range(0, m, 1024):
            part = min(m - begin, 1024)
            check_places(index, places, (end - first) * part, status, code, first * m + begin, n, added)
            for o in range(first, end):
                source, picked, target = shift(x, o * n), shift(places, (o - first) * m), shift(out, o * m + begin)
                for k in range(M if M > 0 else part):
                    target[k] = source[picked[k]]


@kernel
def put_at_kernel(
    index: "I*", update: "T*", out: "T*", status: "int64*", code: int, n: int, m: int, added: int, lo, hi
):
    """``out[o, index[o, k]] = update[o, k]``, or (ADD 1) += it, in the order of k."""
    places = local_int64(1024)
    rows = max(1, 1024 // m)
    for first in range(lo, hi, rows):
        end = min(first + rows, hi)
        for begin in range(0, m, 1024):
            part = min(m - begin, 1024)
            check_places(index, places, (end - first) * part, status, code, first * m + begin, n, added)
            for o in range(first, end):
                target, picked, source = shift(out, o * n), shift(places, (o - first) * m), shift(update, o * m + begin)
                for k in range(M if M > 0 else part):
                    at = picked[k]
                    target[at] = source[k] if ADD == 0 else target[at] + source[k]


def _call(build, node, source, index, operands, out, dtype: str, **constants) -> None:
    (outer, n), m = node.inputs[0].shape, index.shape[-1]
    types = {"T": dtype, "I": build.storage(index.dtype), "M": str(m if m <= FEW else 0), **constants}
    arguments = [*operands, build.status, build.code(node), n, m, n if node.attrs["negative"] else 0]
    build.call(source.bind(**types), node, arguments, extent=outer, writes=[out], cost=index.size)


def _take_lower(build, node):
    x, index = node.inputs
    if not build.uses[id(node.outs[0])]:  # only its gradient is wanted, and the error
        return emit_check(build, node, x.shape[1], build.temp(index.shape, int64))
    out = build.output(node)
    _call(build, node, take_at_kernel, index, [build.dense(x), build.dense(index), out], out, bits_of(x.dtype))


def _put_lower(build, node):
    x, index, update = node.inputs
    out, before = build.output(node), build.operand(x)
    if before.buffer is not out.buffer:
        build.copy(before, out)
    add = node.attrs["mode"] == "add"
    dtype = build.storage(x.dtype) if add else bits_of(x.dtype)
    _call(
        build, node, put_at_kernel, index, [build.dense(index), build.dense(update), out], out, dtype, ADD=str(int(add))
    )


def _take_numpy(x, index, name, negative):
    at = check_positions(index, x.shape[1], name, negative)
    return (np.take_along_axis(x, at.reshape(len(x), -1), 1).reshape(at.shape),)


def _put_numpy(x, index, update, name, negative, mode):
    out, at = np.array(x), check_positions(index, x.shape[1], name, negative).reshape(len(x), -1)
    rows, update = np.arange(len(x))[:, None], update.reshape(at.shape)
    if mode == "set":
        out[rows, at] = update
    else:
        with np.errstate(all="ignore"):
            np.add.at(out, (rows, at), update)
    return (out,)


def _put_x_vjp(g, out, x, index, update, name, negative, mode):
    if mode == "add":
        return g
    return _put_at(g, index, zeros_of(g, update.shape), name=name, negative=negative, mode="set")


def _put_update_vjp(g, out, x, index, update, name, negative, mode):
    if mode == "add":
        return _take_at(g, index, name=name, negative=negative)
    outer, n = x.shape
    at = reshape(check_bounds(index, n, name, negative), (outer, -1))
    flat = reshape(at + positions(outer, 0, 2) * n, (-1,))
    picked = gather_rows(reshape(g, (1, g.size, 1)), flat)
    return reshape(last_only(picked, flat, g.size), update.shape)


def _sums_at(x, index, g, name, negative):
    """For each element of rows like those of ``x`` the sum of what ``g`` has at its positions; 16-bit floats are summed in float32."""
    wide = accumulation_type(g)
    return to(_put_at(zeros_of(wide, x.shape), index, wide, name=name, negative=negative, mode="add"), g.dtype)


def _batch(op, size, tensors, batched, attrs, mask):
    """The examples are more rows; 0 in the place of the indices of those that take no part."""
    tensors = [full(x, size, b) for x, b in zip(tensors, batched)]
    if mask is not None:
        index = tensors[1]
        tensors[1] = select(reshape(mask, (-1, *(1,) * (index.ndim - 1))), index, 0)
    return [unfold(out, 0, size) for out in apply(op, [fold(x, 0) for x in tensors], attrs)]


_CHECKED = {"name": "sample", "negative": True}
_take_at = library(
    "take_at", _take_numpy, lambda x, index, name, negative: [(index.shape, x.dtype)], _take_lower, may_raise=True, batch=_batch,
    vjp=(lambda g, out, x, index, name, negative: _sums_at(x, index, g, name, negative), None), takes_complex=True,
    samples=[(f(6, 4), i(3, 2, 5, lo=-4, hi=4), _CHECKED), (f(2, 20), i(2, 12, lo=0, hi=20), _CHECKED)],
)  # fmt: skip
_put_at = library(
    "put_at", _put_numpy, lambda x, index, update, name, negative, mode: [(x.shape, x.dtype)], _put_lower, may_raise=True,
    in_place=True, batch=_batch, vjp=(_put_x_vjp, None, _put_update_vjp), smooth=False, takes_complex=True,
    samples=[(f(6, 4), i(3, 2, 5, lo=-4, hi=4), f(3, 2, 5), {**_CHECKED, "mode": mode}) for mode in ("set", "add")],
)  # fmt: skip
_take_at.takes_mask = _put_at.takes_mask = True


def _along_rows(x, axis: int, index) -> bool:
    """Whether ``take_at`` and ``put_at`` are for an index of these shapes: the last axis that is longer than 1, others equal."""
    same = x.shape[:axis] == index.shape[:axis] and x.shape[axis + 1 :] == index.shape[axis + 1 :]
    return same and all(d == 1 for d in x.shape[axis + 1 :]) and x.size > 0 < index.size


def _lines(x, axis: int):
    """``x`` with two axes at least, the last of which is ``axis``."""
    return reshape(x, x.shape[: axis + 1] if axis else (1, x.shape[0]))


def _take_row(name, x, axis: int, index):
    """``x[i0, ..., index[i0, ..., in], ...]`` in the shape of ``index``, which ``_along_rows`` holds for."""
    rows = reshape(x, (-1, x.shape[axis]))
    return reshape(_take_at(rows, _lines(index, axis), name=name, negative=True), index.shape)


def _put_row(name, x, axis: int, index, update, mode: str):
    """``x`` with these elements set to those of ``update`` ("set"), or with them added ("add")."""
    rows = reshape(x, (-1, x.shape[axis]))
    return reshape(
        _put_at(rows, _lines(index, axis), _lines(update, axis), name=name, negative=True, mode=mode), x.shape
    )


def _element_positions(x, index, axis):
    """Flat positions in ``x`` of the elements [i0, ..., index[i0, ..., in], ..., in], for a valid ``index``."""
    flat, step = None, 1
    for a in reversed(range(x.ndim)):
        if x.shape[a] != 1 or a == axis:
            part = to(index, int64) if a == axis else positions(index.shape[a], a, x.ndim)
            part = part if step == 1 else part * step
            flat = part if flat is None else flat + part
        step *= x.shape[a]
    return reshape(broadcast_to(flat, index.shape), (-1,))


def _fits(name, x, index, axis):
    if index.ndim != x.ndim:
        raise fail(
            ValueError,
            f"For '{name}', the index must have as many axes as the input, but got {index.shape} for {x.shape}.",
        )
    if any(a != axis and d > n for a, (d, n) in enumerate(zip(index.shape, x.shape))):
        raise fail(
            ValueError,
            f"For '{name}', the index may be longer than the input along the axis {axis} only, "
            f"but got the shapes {index.shape} and {x.shape}.",
        )


LONG = 16  # of so many, rows that each begin anew take less time than positions in all of x


def take_positions(x, axis, index):
    """``x[i0, ..., index[i0, ..., in], ..., in]`` for an index that is known to be valid."""
    axis = axis_of("gather", x.ndim, axis)
    others = [shape[:axis] + shape[axis + 1 :] for shape in (x.shape, index.shape)]
    if others[0] == others[1] and math.prod(x.shape[axis + 1 :]) == 1 and index.shape[axis] >= LONG:
        rows = gather_rows(blocks(x, axis), reshape(index, (-1, index.shape[axis])))
        return reshape(rows, index.shape)
    flat = _element_positions(x, index, axis)
    return reshape(gather_rows(reshape(x, (1, x.size, 1)), flat), index.shape)


def take_elements(x, axis, index, name="GatherD"):
    """``x[i0, ..., index[i0, ..., in], ..., in]``, in the shape of ``index``."""
    if x.ndim == 0:
        return reshape(take_elements(reshape(x, (1,)), 0, reshape(index, (-1,)), name), index.shape)
    _fits(name, x, index, axis)
    if _along_rows(x, axis % x.ndim, index):
        return _take_row(name, x, axis % x.ndim, whole_numbers(index, name))
    return take_positions(x, axis, checked_index(name, index, x.shape[axis], negative=True))


def scatter_elements(name, x, index, update, axis, mode):
    """``x`` with x[i0, ..., index[i0, ..., in], ..., in] set to, or added to, update[i0, ..., in]."""
    _fits(name, x, index, axis)
    if mode in ("set", "add") and x.dtype.itemsize > 2 and _along_rows(x, axis, index) and update.shape == index.shape:
        return _put_row(name, x, axis, whole_numbers(index, name), update, mode)
    flat = _element_positions(x, checked_index(name, index, x.shape[axis], negative=True), axis)
    update = basic_slice(update, (0,) * x.ndim, (1,) * x.ndim, index.shape)
    out = scatter_rows(reshape(x, (1, x.size, 1)), flat, reshape(update, (1, index.size, 1)), mode)
    return reshape(out, x.shape)


__all__ = ["scatter_elements", "take_elements", "take_positions"]
