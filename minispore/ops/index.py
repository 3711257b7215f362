"""Indexing: ``x[...]`` and ``x[...] = v`` by NumPy's rules, with ints, slices, None, ..., Tensors, lists and masks."""

import math
from typing import Any, NamedTuple

import numpy as np

from ..core.errors import MaskMismatch, fail
from ..core.op import ViewOf, as_tensor, broadcast_shapes, literal, to, wrap
from ..core.record import STATE
from ..core.sizes import index, window_of
from ..core.tensor import Tensor
from .concatenation import stack
from .effects import check_bounds
from .elementwise import select
from .methods import method
from .movement import broadcast_to, reshape, transpose
from .rows import concrete_array, gather_rows, scatter_rows
from .slicing import basic_slice, slice_update


class Plan(NamedTuple):
    """What an index does: a slice of every axis, the shape that this has with new axes and without the axes that an
    int removed, and the axes of that shape that are indexed by Tensors, arrays or masks."""

    begin: tuple[int, ...]
    step: tuple[int, ...]
    size: tuple[int, ...]
    shape: tuple[int, ...]
    advanced: list[tuple[int, Any]]  # (axis, index); a mask stands for as many axes as it has
    front: bool  # the indexed axes come first in the result, because a slice stands between two of them


def _plan(shape, key) -> Plan:
    elements = [_element(k) for k in (key if isinstance(key, tuple) else (key,))]
    if sum(k is Ellipsis for k in elements) > 1:
        raise fail(IndexError, "An index may hold only one ellipsis.")
    used = sum(map(_consumes, elements))
    if used > len(shape):
        raise fail(IndexError, f"Too many indices: {used} for a Tensor of shape {tuple(shape)}.")
    if not any(k is Ellipsis for k in elements):
        elements.append(Ellipsis)
    window: list[tuple[int, int, int]] = []  # of each axis: begin, step, size
    out: list[int] = []
    advanced: list[tuple[int, Any]] = []
    places = [p for p, k in enumerate(elements) if _is_joint(k)]
    for k in elements:
        axis = len(window)
        if k is Ellipsis or _is_array(k):
            if k is not Ellipsis:
                advanced.append((len(out), k))
                _check_mask(k, shape, axis)
            n = len(shape) - used if k is Ellipsis else _consumes(k)
            own = shape[axis : axis + n]
            window += [(0, 1, d) for d in own]
            out += own if n or k is Ellipsis else (1,)  # True or False: a new axis, kept or emptied
        elif k is None:
            out.append(1)
        elif isinstance(k, slice):
            start, stride, n = window_of(k, shape[axis])
            window.append((start, stride, n) if n else (0, 1, 0))
            out.append(n)
        else:
            if not -shape[axis] <= k < shape[axis]:
                raise fail(
                    IndexError,
                    f"The index {k} is out of range for the axis {axis} of a Tensor of shape {tuple(shape)}.",
                )
            window.append((k % shape[axis], 1, 1))
    apart = bool(places) and places != list(range(places[0], places[0] + len(places)))
    begin, step, size = zip(*window) if window else ((), (), ())
    return Plan(begin, step, size, tuple(out), advanced, apart)


def _element(k):
    """One element of an index as None, ..., a slice, an int, an array or a Tensor."""
    if k is None or k is Ellipsis or isinstance(k, slice):
        return k
    if isinstance(k, (bool, np.bool_)):
        return np.asarray(k)
    if isinstance(k, (int, np.integer)):
        return index(k)
    if isinstance(k, (list, tuple, range)):
        k = stack([as_tensor(e) for e in k]) if any(isinstance(e, Tensor) for e in k) else np.asarray(k)
        if k.size == 0 and isinstance(k, np.ndarray):
            k = k.astype(np.int64)
    if isinstance(k, Tensor):
        if k.dtype.is_float:
            raise fail(IndexError, f"An index Tensor must hold integers or bool, but got {k.dtype}.")
        return _element(k._array()[()]) if k.ndim == 0 and _is_fixed(k) else k
    if isinstance(k, np.ndarray) and k.dtype.kind in "biu":
        return _element(k[()]) if k.ndim == 0 else k
    raise fail(
        IndexError,
        "A Tensor can be indexed by ints, slices, None, ..., Tensors and lists of ints or bools, "
        f"but got {type(k).__name__}: {k!r:.40}.",
    )


def _is_fixed(t: Tensor) -> bool:
    """Whether the value may be used now: it can never differ when the same record runs again."""
    recorder = STATE.recorder
    return t._data is not None and (recorder is None or not recorder.symbolic or bool(t.is_literal))


def _is_array(k) -> bool:
    return isinstance(k, (Tensor, np.ndarray))


def _is_joint(k) -> bool:
    """Elements that NumPy broadcasts against each other: arrays, and ints beside them."""
    return _is_array(k) or isinstance(k, int)


def _is_mask(k) -> bool:
    return (k.dtype.name == "bool") if _is_array(k) else False


def _consumes(k) -> int:
    """How many axes an element uses up: a mask as many as it has."""
    return 0 if k is None or k is Ellipsis else k.ndim if _is_mask(k) else 1


def _class_of(error: Exception) -> type[Exception]:
    """The class to raise for an error of NumPy's indexing: a mask of another shape is a ValueError in MindSpore."""
    return MaskMismatch if isinstance(error, IndexError) and "boolean index" in str(error) else type(error)


def _check_mask(k, shape, axis) -> None:
    if _is_mask(k) and tuple(k.shape) != tuple(shape[axis : axis + k.ndim]):
        raise fail(
            MaskMismatch,
            f"A mask of shape {tuple(k.shape)} does not fit the axes from {axis} of a Tensor of shape {tuple(shape)}.",
        )


def _positions(advanced) -> list[tuple[int, Tensor]]:
    """[(axis, index Tensor)]: a mask of k axes gives k of them."""
    out: list[tuple[int, Tensor]] = []
    for axis, k in advanced:
        if not _is_mask(k):
            out.append((axis, as_tensor(k)))
            continue
        mask = concrete_array(k, "a mask in an index", "ops.where or ops.masked_fill") if isinstance(k, Tensor) else k
        parts = np.nonzero(mask) if mask.ndim else (np.zeros(int(mask), np.int64),)
        out += [(axis + j, as_tensor(part)) for j, part in enumerate(parts)]
    return out


@method("__getitem__")
def get_item(self, key):
    """``self[key]``: a view for ints, slices, None and ...; a copy for Tensors, lists and masks.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1, 2, 3], [4, 5, 6]])
    >>> print(x[1], x[:, -1], x[[1, 0], [0, 2]], x[x > 4])
    [4 5 6] [3 6] [4 3] [5 6]
    """
    if STATE.recorder is None:
        simple = type(key) is int or type(key) is slice
        if not simple:
            _refuse_false(key)
        place = (key, Ellipsis) if simple else _numpy_key(key)
        try:
            out = wrap(self._array()[place])
        except IndexError as error:
            raise fail(_class_of(error), f"{str(error).rstrip('.')} (a Tensor of shape {self.shape}).") from None
        if simple or not any([isinstance(p, np.ndarray) for p in place]):
            out._view = ViewOf(_Indexed, self, {"key": place})
        return out
    _refuse_false(key)
    plan = _plan(self.shape, key)
    x = reshape(basic_slice(self, plan.begin, plan.step, plan.size), plan.shape)
    return _take(x, _positions(plan.advanced), plan.front) if plan.advanced else x


def _refuse_false(key) -> None:
    for k in key if type(key) is tuple else (key,):
        if (
            isinstance(k, (bool, np.bool_)) and not k
        ):  # MindSpore reads nothing with it, though it takes it to write nothing
            raise fail(IndexError, "A bool index must be True, but got False.")


class _Indexed:
    """What ``ViewOf`` has to know of a view that NumPy's indexing made."""

    @staticmethod
    def shown(base, key):
        return get_item(base, key)

    @staticmethod
    def write_back(base, new, key):
        plan = _plan(base.shape, key)
        return slice_update(base, reshape(new, plan.size), begin=plan.begin, step=plan.step)


def _numpy_key(key):
    """``key`` for NumPy itself; the ellipsis makes a single element a view, too."""
    parts = [_numpy_part(k) for k in key] if isinstance(key, tuple) else [_numpy_part(key)]
    if not any(p is Ellipsis for p in parts):
        parts.append(Ellipsis)
    return tuple(parts)


def _numpy_part(k):
    if isinstance(k, Tensor):
        array = k._array()
        return array[()] if array.ndim == 0 and array.dtype.kind in "iu" else array
    if isinstance(k, (list, tuple, range)):
        array = np.asarray([int(e) if isinstance(e, Tensor) and e.ndim == 0 else e for e in k])
        return array if array.size else array.astype(np.int64)
    return k


def _joint(x, indices):
    """(positions in the indexed axes of ``x`` seen as one axis, the shape that the indices broadcast to)."""
    try:
        shape = broadcast_shapes("index", [t.shape for _, t in indices])
    except ValueError:
        shapes = " and ".join(str(t.shape) for _, t in indices)
        raise fail(
            IndexError, f"The indices of a Tensor must broadcast against each other, but got the shapes {shapes}."
        ) from None
    flat = None
    for axis, t in indices:
        n = x.shape[axis]
        if n == 0 and math.prod(shape):
            raise fail(IndexError, f"An axis of length 0 cannot be indexed: shape {x.shape}, axis {axis}.")
        part = check_bounds(t, n, "Tensor index", negative=True)
        flat = part if flat is None else flat * n + part
    return reshape(broadcast_to(flat, shape), (-1,)), shape


def _arrangement(x, indices):
    """(first, axes): where the indexed axes stand in a row, or a 0 and the order that moves them to the front."""
    axes = [axis for axis, _ in indices]
    if axes == list(range(axes[0], axes[0] + len(axes))):
        return axes[0], tuple(range(x.ndim))
    return 0, (*axes, *(a for a in range(x.ndim) if a not in axes))


def _blocks(x, first, count):
    """``x`` as (axes before, the ``count`` axes from ``first`` on, axes after)."""
    s = x.shape
    return reshape(x, (math.prod(s[:first]), math.prod(s[first : first + count]), math.prod(s[first + count :])))


def _take(x, indices, front):
    """NumPy's indexing of some axes by arrays: one gather of rows."""
    first, order = _arrangement(x, indices)
    flat, joint = _joint(x, indices)
    x = transpose(x, order)
    count = len(indices)
    out = gather_rows(_blocks(x, first, count), flat)
    out = reshape(out, x.shape[:first] + joint + x.shape[first + count :])
    return transpose(out, _to_front(first, len(joint), out.ndim)) if front else out


def _to_front(first, count, ndim):
    return (*range(first, first + count), *range(first), *range(first + count, ndim))


def _put(x, indices, front, v):
    """``x`` with ``v`` where ``_take`` would read; of repeated positions the last one counts."""
    first, order = _arrangement(x, indices)
    flat, joint = _joint(x, indices)
    moved = transpose(x, order)
    count = len(indices)
    lead, rest = moved.shape[:first], moved.shape[first + count :]
    v = _fit(v, (*joint, *lead, *rest) if front else (*lead, *joint, *rest))
    if front:
        v = transpose(v, _inverse(_to_front(first, len(joint), v.ndim)))
    out = scatter_rows(_blocks(moved, first, count), flat, _blocks(v, first, len(joint)), mode="set")
    return transpose(reshape(out, moved.shape), _inverse(order))


def _inverse(order):
    return tuple(int(p) for p in np.argsort(order))


def _fit(v, shape):
    """``v`` broadcast to ``shape``; as in NumPy it may have more axes when they have length 1."""
    while v.ndim > len(shape) and v.shape[0] == 1:
        v = reshape(v, v.shape[1:])
    if v.ndim > len(shape) or any(d not in (1, n) for d, n in zip(v.shape[::-1], shape[::-1])):
        raise fail(
            ValueError, f"A value of shape {v.shape} does not fit the indexed part, whose shape is {tuple(shape)}."
        )
    return broadcast_to(v, shape)


@method("__setitem__")
def set_item(self, key, value):
    """``self[key] = value``: in place outside a recording; inside one, ``self`` comes to mean the changed Tensor."""
    recorder = STATE.recorder
    if recorder is None:
        array = self._array()
        if not array.flags.writeable:
            self._data = array = array.copy()
        try:
            array[_numpy_key(key)] = value._array() if isinstance(value, Tensor) else value
        except (IndexError, ValueError, TypeError) as error:
            raise fail(
                _class_of(error), f"For 'Tensor.__setitem__', {str(error).rstrip('.')} (shape {self.shape})."
            ) from None
        return
    if not self.is_parameter:
        self._check_may_change(recorder)
    self._refresh_view()
    plan = _plan(self.shape, key)
    part = reshape(basic_slice(self, plan.begin, plan.step, plan.size), plan.shape)
    v = literal(value, self.dtype) if isinstance(value, (bool, int, float)) else to(as_tensor(value), self.dtype)
    if not plan.advanced:
        new = _fit(v, plan.shape)
    elif len(plan.advanced) == 1 and _is_mask(plan.advanced[0][1]) and _same_for_all(v, part, *plan.advanced[0]):
        axis, mask = plan.advanced[0]
        mask = reshape(as_tensor(mask), mask.shape + (1,) * (part.ndim - axis - mask.ndim))
        new = select(mask, v, part)
    else:
        new = _put(part, _positions(plan.advanced), plan.front, v)
    new = reshape(new, plan.size)
    whole = plan.advanced and plan.size == self.shape and all(s == 1 for s in plan.step)
    self._rebind(new if whole else slice_update(self, new, begin=plan.begin, step=plan.step))


def _same_for_all(v, part, axis, mask) -> bool:
    """Whether every place that the mask selects gets the same values, so that their number need not be known."""
    after = part.ndim - axis - mask.ndim
    return mask.ndim > 0 and v.ndim <= part.ndim and all(d == 1 for d in v.shape[: max(v.ndim - after, 0)])


__all__ = ["get_item", "set_item"]
