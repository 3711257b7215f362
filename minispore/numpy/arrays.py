"""Shapes and pieces: reshaping, joining, splitting, picking, padding."""

import builtins
import math
from typing import Any

import numpy as np

from .. import ops as _ops
from ..core.dtype import int32, promote, to_dtype
from ..core.errors import fail
from ..core.op import fixed, to
from ..core.tensor import Tensor
from ..ops.gathering import take_along_dim
from ..ops.methods import method
from ..ops.movement import axis_of, pad_constant
from .creation import asarray

ops: Any = _ops  # its functions are put together when it is imported


def _same_type(arrays):
    tensors = [asarray(a) for a in arrays]
    dtype = tensors[0].dtype
    for t in tensors[1:]:
        dtype = promote(dtype, t.dtype)
    return [to(t, dtype) for t in tensors]


# ---------------------------------------------------------------- shapes
def reshape(x, new_shape):
    """``x`` in another shape; one length may be -1."""
    return ops.reshape(asarray(x), (new_shape,) if isinstance(new_shape, int) else tuple(new_shape))


def ravel(x):
    """``x`` with one axis."""
    return reshape(x, (-1,))


def transpose(a, axes=None):
    """The axes in another order, by default reversed.

    >>> import minispore.numpy as mnp
    >>> print(mnp.transpose(mnp.array([[1, 2], [3, 4]])))
    [[1 3]
     [2 4]]
    """
    a = asarray(a)
    return ops.transpose(a, tuple(builtins.range(a.ndim))[::-1] if axes is None else tuple(axes))


def swapaxes(x, axis1, axis2):
    """Two axes exchanged."""
    return ops.swapaxes(asarray(x), axis1, axis2)


def moveaxis(a, source, destination):
    """Axes moved to other places, the others in their order."""
    return ops.moveaxis(asarray(a), source, destination)


def rollaxis(x, axis, start=0):
    """The axis ``axis`` moved in front of the axis ``start``."""
    x = asarray(x)
    axis = axis_of("rollaxis", x.ndim, axis)
    if not -x.ndim <= start <= x.ndim:
        raise fail(ValueError, f"For 'rollaxis', 'start' must be in [{-x.ndim}, {x.ndim}], but got {start}.")
    start = start + x.ndim if start < 0 else start
    return ops.moveaxis(x, axis, start - (start > axis))


def expand_dims(a, axis):
    """A new axis (or several) of length 1."""
    a = asarray(a)
    for k in sorted((axis,) if isinstance(axis, int) else axis):
        a = ops.expand_dims(a, k)
    return a


def squeeze(a, axis=None):
    """Without the axes of length 1."""
    return ops.squeeze(asarray(a), axis)


def broadcast_to(array, shape):
    """``array`` repeated along axes of length 1 and new ones."""
    return ops.broadcast_to(asarray(array), (shape,) if isinstance(shape, int) else tuple(shape))


def broadcast_arrays(*args):
    """All in their common shape, as a list."""
    tensors = [asarray(a) for a in args]
    shape = np.broadcast_shapes(*[t.shape for t in tensors])
    return [ops.broadcast_to(t, shape) for t in tensors]


def atleast_1d(*arys):
    """At least one axis; several Tensors give a list."""
    return _each(ops.atleast_1d, arys)


def atleast_2d(*arys):
    """At least two axes, new ones in front."""
    return _each(ops.atleast_2d, arys)


def atleast_3d(*arys):
    """At least three axes: a vector becomes (1, n, 1), a matrix (m, n, 1)."""
    return _each(ops.atleast_3d, arys)


def _each(function, arrays):
    made = [function(asarray(a)) for a in arrays]
    return made[0] if len(made) == 1 else made


def size(a, axis=None):
    """The number of elements, or the length of an axis (a Python int)."""
    a = asarray(a)
    return a.size if axis is None else a.shape[axis_of("size", a.ndim, axis)]


# ---------------------------------------------------------------- joining and splitting
def concatenate(arrays, axis=0):
    """Tensors one after the other along ``axis``; None: their elements in one vector.

    >>> import minispore.numpy as mnp
    >>> print(mnp.concatenate((mnp.ones(1), mnp.zeros(2))))
    [1. 0. 0.]
    """
    tensors = _same_type(arrays if not isinstance(arrays, Tensor) else list(arrays))
    if axis is None:
        tensors, axis = [ravel(t) for t in tensors], 0
    return ops.concat(tensors, axis)


def append(arr, values, axis=None):
    """``values`` behind ``arr``."""
    return concatenate((arr, values), axis)


def stack(arrays, axis=0):
    """Tensors of one shape along a new axis."""
    return ops.stack(_same_type(arrays), axis)


def vstack(tup):
    """Rows, or matrices, below each other."""
    return ops.vstack(_same_type(tup))


def hstack(tup):
    """Side by side: along the second axis, vectors along their only one."""
    return ops.hstack(_same_type(tup))


def dstack(tup):
    """Along the third axis."""
    return ops.dstack(_same_type(tup))


def column_stack(tup):
    """Vectors as the columns of a matrix; matrices side by side."""
    return ops.column_stack(_same_type(tup))


def split(x, indices_or_sections, axis=0):
    """A tuple of pieces: so many equal ones, or cut at the given positions.

    Raises:
        ValueError: the axis cannot be divided equally.
    """
    x = asarray(x)
    n = x.shape[axis_of("split", x.ndim, axis)]
    if isinstance(indices_or_sections, int) and (indices_or_sections < 1 or n % indices_or_sections):
        raise fail(
            ValueError,
            f"For 'split', an axis of length {n} cannot be divided into {indices_or_sections} equal parts.",
        )
    return array_split(x, indices_or_sections, axis)


def array_split(x, indices_or_sections, axis=0):
    """As ``split``; the first pieces are longer by one where the axis cannot be divided equally."""
    return ops.tensor_split(asarray(x), indices_or_sections, axis)


def hsplit(x, indices_or_sections):
    """``split`` along the second axis."""
    return split(x, indices_or_sections, 1 if asarray(x).ndim > 1 else 0)


def vsplit(x, indices_or_sections):
    """``split`` along the first axis."""
    return split(x, indices_or_sections, 0)


def dsplit(x, indices_or_sections):
    """``split`` along the third axis."""
    return split(x, indices_or_sections, 2)


def tile(a, reps):
    """``a`` repeated ``reps`` times along each axis."""
    a = asarray(a)
    reps = (reps,) if isinstance(reps, int) else tuple(reps)
    return ops.tile(a, (1,) * (a.ndim - len(reps)) + reps)


def repeat(a, repeats, axis=None):
    """Every element so many times in a row."""
    a = asarray(a)
    return ops.repeat_interleave(ravel(a) if axis is None else a, repeats, 0 if axis is None else axis)


def roll(a, shift, axis=None):
    """Elements moved along ``axis``; those that fall out come in at the other end."""
    return ops.roll(asarray(a), shift, axis)


def flip(m, axis=None):
    """The order reversed, along all axes by default."""
    m = asarray(m)
    axes = tuple(builtins.range(m.ndim)) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    return ops.flip(m, axes)


def flipud(m):
    """The rows in reversed order."""
    return flip(m, 0)


def fliplr(m):
    """The columns in reversed order."""
    return flip(m, 1)


def rot90(a, k=1, axes=(0, 1)):
    """Turned ``k`` times by 90 degrees, from the first axis towards the second."""
    return ops.rot90(asarray(a), k, axes)


def pad(arr, pad_width, mode="constant", stat_length=None, constant_values=0, end_values=0, reflect_type="even",
        **kwargs):  # fmt: skip
    """``arr`` with more elements around it.

    Args:
        pad_width: n, (before, after), or such a pair for each axis.
        mode: "constant", "edge", "reflect", "symmetric", "wrap", "empty", "linear_ramp", "maximum", "minimum", "mean",
            of which the last five run at once only.  ``stat_length``, ``constant_values``, ``end_values`` and
            ``reflect_type`` as in NumPy.

    >>> import minispore.numpy as mnp
    >>> print(mnp.pad(mnp.array([1, 2]), (1, 2), constant_values=9))
    [9 1 2 9 9]
    """
    x = asarray(arr)
    pairs = np.broadcast_to(np.asarray(pad_width._array() if isinstance(pad_width, Tensor) else pad_width), (x.ndim, 2))
    if mode == "constant" and np.ndim(constant_values) == 0:
        before, after = (tuple(int(n) for n in side) for side in pairs.T)
        return pad_constant(x, before, after, constant_values)
    if mode in ("edge", "reflect", "symmetric", "wrap") and reflect_type == "even":
        at = [np.pad(np.arange(n), tuple(pair), mode=mode) for n, pair in zip(x.shape, pairs)]
        for a, positions in enumerate(at):
            x = ops.gather(x, fixed(positions), a)
        return x
    more = {
        "constant": {"constant_values": constant_values}, "linear_ramp": {"end_values": end_values},
        "reflect": {"reflect_type": reflect_type}, "symmetric": {"reflect_type": reflect_type},
    }.get(mode, {"stat_length": stat_length} if stat_length is not None else {})  # fmt: skip
    return fixed(np.pad(x._array(), pairs, mode, **more))


# ---------------------------------------------------------------- picking
def where(condition, x=None, y=None):
    """``x`` where ``condition`` holds, else ``y``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.where(mnp.array([True, False]), 1, 2))
    [1 2]
    """
    if x is None or y is None:
        raise fail(ValueError, "For 'where', both 'x' and 'y' must be given.")
    return ops.where(asarray(condition), *(v if isinstance(v, Tensor) else asarray(v) for v in (x, y)))


def select(condlist, choicelist, default=0):
    """For each element the first choice whose condition holds, else ``default``."""
    conditions, choices = ([x[k] for k in builtins.range(len(x))] for x in (condlist, choicelist))
    if len(conditions) != len(choices):
        raise fail(ValueError, f"For 'select', {len(conditions)} conditions do not fit {len(choices)} choices.")
    out = asarray(default)
    for condition, choice in reversed(list(zip(conditions, _same_type([*choices, out])))):
        out = ops.where(asarray(condition), choice, out)
    return out


def piecewise(x, condlist, funclist, *args, **kw):
    """``funclist[k]`` (a function or number) of ``x`` where ``condlist[k]`` holds; one more is for everywhere else."""
    x = asarray(x)
    single = isinstance(condlist, Tensor) and condlist.shape == x.shape
    conditions = [condlist] if single or isinstance(condlist, bool) else [asarray(c) for c in condlist]
    values = [f(x, *args, **kw) if callable(f) else asarray(f, x.dtype) for f in funclist]
    if len(values) not in (len(conditions), len(conditions) + 1):
        raise fail(ValueError, f"For 'piecewise', {len(values)} functions do not fit {len(conditions)} conditions.")
    out = values.pop() if len(values) > len(conditions) else ops.zeros_like(x)
    for condition, value in zip(conditions, values):  # a later condition wins
        out = ops.where(asarray(condition), value, out)
    return to(out, x.dtype)


@method("choose")
def choose(a, choices, mode="clip"):
    """``choices[a[i]][i]``; ``mode``: "clip" or "wrap" for numbers that are too small or large."""
    a = asarray(a)
    options = _same_type([choices[k] for k in builtins.range(len(choices))])
    at = _inside(a, len(options), mode, "choose")
    out = options[0]
    for k, option in enumerate(options[1:], 1):
        out = ops.where(at == k, option, out)
    return out


def _inside(indices, n, mode, name):
    if mode == "wrap":
        return ops.floor_mod(indices, n)
    if mode == "clip":
        return ops.clamp(indices, 0, n - 1)
    if mode == "raise":
        return indices
    raise fail(ValueError, f"For '{name}', 'mode' must be 'clip', 'wrap' or 'raise', but got {mode!r}.")


def take(a, indices, axis=None, mode="clip"):
    """The elements of ``a`` (slices along ``axis``) at ``indices``; ``mode`` as in ``choose``."""
    a, indices = asarray(a), asarray(indices)
    a, axis = (ravel(a), 0) if axis is None else (a, axis_of("take", a.ndim, axis))
    return ops.gather(a, _inside(indices, a.shape[axis], mode, "take"), axis)


def take_along_axis(arr, indices, axis):
    """``arr`` at positions along ``axis`` that differ from line to line; the other axes broadcast."""
    arr, indices = asarray(arr), asarray(indices)
    if axis is None:
        arr, axis = ravel(arr), 0
    return take_along_dim(arr, indices, axis)


def unravel_index(indices, shape, order="C"):
    """Flat positions as a tuple of positions along each axis; too small or large ones are clipped."""
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    at = _inside(asarray(indices), math.prod(shape), "clip", "unravel_index")
    out = []
    for d in shape[::-1] if order == "C" else shape:
        out.append(at % d)
        at = at // d
    return tuple(out[::-1] if order == "C" else out)


def ravel_multi_index(multi_index, dims, mode="clip", order="C"):
    """Positions along each axis as flat positions."""
    parts = [asarray(multi_index[k]) for k in builtins.range(len(dims))]
    steps = [math.prod(dims[k + 1 :] if order == "C" else dims[:k]) for k in builtins.range(len(dims))]
    terms = [_inside(p, d, mode, "ravel_multi_index") * s for p, d, s in zip(parts, dims, steps)]
    return ops.addn(terms)


def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """``func1d`` of every line along ``axis``; what it returns takes the place of the line."""
    arr = asarray(arr)
    lines = ops.moveaxis(arr, axis_of("apply_along_axis", arr.ndim, axis), -1)
    flat = reshape(lines, (-1, lines.shape[-1]))
    made = [asarray(func1d(flat[k], *args, **kwargs)) for k in builtins.range(flat.shape[0])]
    out = reshape(ops.stack(made), lines.shape[:-1] + made[0].shape)
    places = tuple(builtins.range(arr.ndim - 1, out.ndim))
    start = axis_of("apply_along_axis", arr.ndim, axis)
    return ops.moveaxis(out, places, tuple(start + k for k in builtins.range(len(places)))) if places else out


def apply_over_axes(func, a, axes):
    """``func(a, axis)`` for each of ``axes`` in turn; the number of axes is kept."""
    a = asarray(a)
    for axis in (axes,) if isinstance(axes, int) else axes:
        made = func(a, axis)
        a = made if made.ndim == a.ndim else ops.expand_dims(made, axis)
    return a


def array_str(a):
    """``str`` of the data."""
    return str(asarray(a))


def result_type(*arrays_and_dtypes):
    """The type in which these Tensors, numbers and types combine."""
    types = [a.dtype if isinstance(a, Tensor) else asarray(a).dtype if isinstance(a, (int, float, list)) else to_dtype(a)
             for a in arrays_and_dtypes]  # fmt: skip
    out = types[0]
    for t in types[1:]:
        out = promote(out, t)
    return out


def promote_types(type1, type2):
    """The type in which two types combine."""
    return promote(to_dtype(type1), to_dtype(type2))


def isscalar(element):
    """Whether ``element`` is a Python number or string."""
    return isinstance(element, (bool, int, float, complex, str))


def argwhere(a):
    """The positions of the elements that are not zero, (n, ndim)."""
    return ops.argwhere(asarray(a))


def unique(x, return_inverse=False):
    """The different elements in the order in which they come; on request the number of its element for each position."""
    x = asarray(x)
    values, inverse = ops.unique(ravel(x))
    return (values, to(reshape(inverse, x.shape), int32)) if return_inverse else values


def isin(element, test_elements, invert=False):
    """Whether each element is among ``test_elements``."""
    x, tests = asarray(element), ravel(test_elements)
    found = ops.any(ops.equal(ops.expand_dims(x, -1), tests), -1)
    return ops.logical_not(found) if invert else found


def in1d(ar1, ar2, invert=False):
    """``isin`` of the flattened ``ar1``."""
    return isin(ravel(ar1), ar2, invert)


def setdiff1d(ar1, ar2, assume_unique=False):
    """The elements of ``ar1`` that are not in ``ar2``, sorted and each once unless ``assume_unique``."""
    return fixed(np.setdiff1d(asarray(ar1)._array(), asarray(ar2)._array(), assume_unique))


def intersect1d(ar1, ar2, assume_unique=False, return_indices=False):
    """The sorted elements that are in both; on request their positions in each."""
    found = np.intersect1d(asarray(ar1)._array(), asarray(ar2)._array(), assume_unique, return_indices)
    return (
        tuple(fixed(a) if k == 0 else fixed(a.astype(np.int32)) for k, a in enumerate(found))
        if return_indices
        else fixed(found)
    )


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
