"""Pieces: choosing, taking, positions, functions along axes, sets."""

import builtins
import math
from typing import Any

import numpy as np

from .. import ops as _ops
from ..core import checks
from ..core.dtype import int32, promote
from ..core.errors import fail
from ..core.op import fixed, to
from ..core.tensor import Tensor
from ..ops.gathering import take_along_dim
from ..ops.movement import axis_of
from .arrays import ravel, reshape, same_type
from .creation import _dtype_of, asarray

ops: Any = _ops  # its functions are put together when it is imported


def where(condition, x=None, y=None):
    """``x`` where ``condition`` holds, else ``y``.

    Args:
        condition (Tensor | list | number): any shape; taken as bool.
        x (Tensor | list | number): a shape that broadcasts. Default: None.
        y (Tensor | list | number): a shape that broadcasts. Default: None.

    Returns:
        Tensor of the broadcast shape; the common type of ``x`` and ``y``.

    Raises:
        ValueError: ``x`` or ``y`` is not given.

    >>> import minispore.numpy as mnp
    >>> print(mnp.where(mnp.array([True, False]), 1, 2))
    [1 2]
    """
    if x is None or y is None:
        raise fail(ValueError, "For 'where', both 'x' and 'y' must be given.")
    return ops.where(asarray(condition), *(v if isinstance(v, Tensor) else asarray(v) for v in (x, y)))


def select(condlist, choicelist, default=0):
    """For each element the first choice whose condition holds.

    Args:
        condlist (Tensor | list[Tensor]): conditions; bool.
        choicelist (Tensor | list[Tensor]): as many choices; shapes that broadcast.
        default (number | Tensor): what is taken if no condition holds. Default: 0.

    Returns:
        Tensor of the broadcast shape; the common type.

    Raises:
        ValueError: there are not as many choices as conditions.

    >>> import minispore.numpy as mnp
    >>> x = mnp.arange(4)
    >>> print(mnp.select([x < 1, x > 2], [x, x * 10], 5))
    [ 0  5  5 30]
    """
    conditions, choices = ([x[k] for k in builtins.range(len(x))] for x in (condlist, choicelist))
    if len(conditions) != len(choices):
        raise fail(ValueError, f"For 'select', {len(conditions)} conditions do not fit {len(choices)} choices.")
    out = asarray(default)
    for condition, choice in reversed(list(zip(conditions, same_type([*choices, out])))):
        out = ops.where(asarray(condition), choice, out)
    return out


def piecewise(x, condlist, funclist, *args, **kw):
    """A function that is defined in pieces; where two conditions hold, the later one counts.

    Args:
        x (Tensor | list | number): any shape; numbers.
        condlist (Tensor | list[Tensor]): conditions; bool; the shape of ``x``.
        funclist (list): a function or number for each condition; one more is for everywhere else.
        *args (Any): further arguments of the functions.
        **kw (Any): arguments of the functions by their names.

    Returns:
        Tensor of the shape and type of ``x``; 0 where no condition holds.

    Raises:
        ValueError: the numbers of functions and conditions do not fit.

    >>> import minispore.numpy as mnp
    >>> x = mnp.array([-2.0, 3.0])
    >>> print(mnp.piecewise(x, [x < 0, x >= 0], [lambda v: -v, 10]))
    [ 2. 10.]
    """
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


def choose(a, choices, mode="clip"):
    """``choices[a[i]][i]`` for each position i.

    Args:
        a (Tensor | list | number): any shape; integers: which choice.
        choices (Tensor | list): Tensors of shapes that broadcast.
        mode (str): for numbers that are too small or large: "clip" or "wrap". Default: "clip".

    Returns:
        Tensor of the broadcast shape; the common type of the choices.

    Raises:
        ValueError: ``mode`` is unknown.

    >>> import minispore.numpy as mnp
    >>> print(mnp.choose([1, 0], [[1, 2], [3, 4]]))
    [3 2]
    """
    a = asarray(a)
    options = same_type([choices[k] for k in builtins.range(len(choices))])
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
    """The elements, or slices along an axis, at some positions.

    Args:
        a (Tensor): any shape; any type.
        indices (Tensor): any shape; integers.
        axis (int): the axis; None for the flattened ``a``. Default: None.
        mode (str): for positions that are too small or large: "clip", "wrap" or "raise". Default: "clip".

    Returns:
        Tensor of the type of ``a``; the shape of ``indices`` takes the place of the axis.

    Raises:
        TypeError: ``a`` or ``indices`` is not a Tensor.
        ValueError: ``mode`` is unknown.

    >>> import minispore.numpy as mnp
    >>> print(mnp.take(mnp.array([5, 6, 7]), mnp.array([2, 0])))
    [7 5]
    """
    a, indices = asarray(a), asarray(indices)
    a, axis = (ravel(a), 0) if axis is None else (a, axis_of("take", a.ndim, axis))
    return ops.gather(a, _inside(indices, a.shape[axis], mode, "take"), axis)


def take_along_axis(arr, indices, axis):
    """Elements at positions along an axis that differ from line to line.

    Args:
        arr (Tensor): any shape; any type.
        indices (Tensor): integers; as many axes as ``arr``; the others broadcast.
        axis (int): the axis; None for the flattened ``arr``.

    Returns:
        Tensor of the broadcast shape; the type of ``arr``.

    Raises:
        TypeError: ``arr`` or ``indices`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.take_along_axis(mnp.array([[1, 2], [3, 4]]), mnp.array([[1], [0]]), 1))
    [[2]
     [3]]
    """
    arr, indices = asarray(arr), asarray(indices)
    if axis is None:
        arr, axis = ravel(arr), 0
    return take_along_dim(arr, indices, axis)


def unravel_index(indices, shape, order="C"):
    """Flat positions as positions along each axis; too small or large ones are clipped.

    Args:
        indices (Tensor | list | number): any shape; integers.
        shape (int | tuple[int]): the shape.
        order (str): "C": the last axis runs fastest, "F": the first. Default: "C".

    Returns:
        tuple of Tensors, one for each axis; int32 for ints and lists.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.unravel_index([1, 5], (2, 3)))
    [0 1] [1 2]
    """
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    at = _inside(asarray(indices), math.prod(shape), "clip", "unravel_index")
    out = []
    for d in shape[::-1] if order == "C" else shape:
        out.append(at % d)
        at = at // d
    return tuple(out[::-1] if order == "C" else out)


def ravel_multi_index(multi_index, dims, mode="clip", order="C"):
    """Positions along each axis as flat positions.

    Args:
        multi_index (tuple | list | Tensor): integers for each axis.
        dims (tuple[int]): the shape.
        mode (str): for positions that are too small or large: "clip", "wrap" or "raise". Default: "clip".
        order (str): "C": the last axis runs fastest, "F": the first. Default: "C".

    Returns:
        Tensor of the shape of an index.

    Raises:
        ValueError: ``mode`` is unknown.

    >>> import minispore.numpy as mnp
    >>> print(mnp.ravel_multi_index(([0, 1], [1, 2]), (2, 3)))
    [1 5]
    """
    parts = [asarray(multi_index[k]) for k in builtins.range(len(dims))]
    steps = [math.prod(dims[k + 1 :] if order == "C" else dims[:k]) for k in builtins.range(len(dims))]
    terms = [_inside(p, d, mode, "ravel_multi_index") * s for p, d, s in zip(parts, dims, steps)]
    return ops.addn(terms)


def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """A function of every line along an axis; what it returns takes the place of the line.

    Args:
        func1d (Callable): takes a vector; returns a Tensor or number.
        axis (int): the axis.
        arr (Tensor): at least one axis; numbers.
        *args (Any): further arguments of ``func1d``.
        **kwargs (Any): arguments of ``func1d`` by their names.

    Returns:
        Tensor of the type that ``func1d`` returns.

    Raises:
        TypeError: ``arr`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.apply_along_axis(lambda v: v.max(), 1, mnp.array([[1.0, 3.0], [4.0, 2.0]])))
    [3. 4.]
    """
    arr = asarray(arr)
    lines = ops.moveaxis(arr, axis_of("apply_along_axis", arr.ndim, axis), -1)
    flat = reshape(lines, (-1, lines.shape[-1]))
    made = [asarray(func1d(flat[k], *args, **kwargs)) for k in builtins.range(flat.shape[0])]
    out = reshape(ops.stack(made), lines.shape[:-1] + made[0].shape)
    places = tuple(builtins.range(arr.ndim - 1, out.ndim))
    start = axis_of("apply_along_axis", arr.ndim, axis)
    return ops.moveaxis(out, places, tuple(start + k for k in builtins.range(len(places)))) if places else out


def apply_over_axes(func, a, axes):
    """A function of a Tensor and an axis, for one axis after the other; the number of axes is kept.

    Args:
        func (Callable): called as ``func(a, axis)``.
        a (Tensor | list | number): any shape; numbers.
        axes (int | tuple[int] | list[int]): the axes.

    Returns:
        Tensor with as many axes as ``a``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.apply_over_axes(mnp.sum, [[1.0, 2.0], [3.0, 4.0]], (0, 1)))
    [[10.]]
    """
    a = asarray(a)
    for axis in (axes,) if isinstance(axes, int) else axes:
        made = func(a, axis)
        a = made if made.ndim == a.ndim else ops.expand_dims(made, axis)
    return a


def array_str(a):
    """The data as text.

    Args:
        a (Tensor): any shape; any type.

    Returns:
        str.

    Raises:
        TypeError: ``a`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> mnp.array_str(mnp.array([1, 2]))
    '[1 2]'
    """
    return str(asarray(a))


def result_type(*arrays_and_dtypes):
    """The type in which Tensors, numbers and types combine.

    Args:
        *arrays_and_dtypes (Tensor | number | list | dtype | str): them.

    Returns:
        dtype.

    >>> import minispore.numpy as mnp
    >>> mnp.result_type(mnp.ones(2), 1)
    mindspore.float32
    """
    types = [a.dtype if isinstance(a, Tensor) else asarray(a).dtype if isinstance(a, (int, float, list)) else _dtype_of(a)
             for a in arrays_and_dtypes]  # fmt: skip
    out = types[0]
    for t in types[1:]:
        out = promote(out, t)
    return out


def promote_types(type1, type2):
    """The type in which two types combine.

    Args:
        type1 (dtype | str): one.
        type2 (dtype | str): the other.

    Returns:
        dtype.

    >>> import minispore.numpy as mnp
    >>> mnp.promote_types("int32", "float16")
    mindspore.float16
    """
    return promote(_dtype_of(type1), _dtype_of(type2))


def isscalar(element):
    """Whether an object is a Python number or string.

    Args:
        element (Any): the object.

    Returns:
        bool.

    >>> import minispore.numpy as mnp
    >>> mnp.isscalar(1.0), mnp.isscalar(mnp.ones(1))
    (True, False)
    """
    return isinstance(element, (bool, int, float, complex, str))


def argwhere(a):
    """The positions of the elements that are not zero.

    Args:
        a (Tensor | list | number): any shape; numbers or bool.

    Returns:
        Tensor of shape (n, ndim); int64.

    >>> import minispore.numpy as mnp
    >>> print(mnp.argwhere([[0, 2], [3, 0]]))
    [[0 1]
     [1 0]]
    """
    return ops.argwhere(asarray(a))


def unique(x, return_inverse=False):
    """The different elements in the order in which they come.

    Args:
        x (Tensor): any shape; numbers.
        return_inverse (bool): whether the number of its element is given for each position. Default: False.

    Returns:
        Tensor of shape (n,) and the type of ``x``; with ``return_inverse`` a tuple with a Tensor of shape (x.size,),
        int32.

    Raises:
        TypeError: ``x`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.unique(mnp.array([3, 1, 3]), return_inverse=True))
    [3 1] [0 1 0]
    """
    x = asarray(x)
    values, inverse = ops.unique(ravel(x))
    return (values, to(inverse, int32)) if return_inverse else values


def isin(element, test_elements, invert=False):
    """Whether each element is among others.

    Args:
        element (Tensor | list | number): any shape; numbers.
        test_elements (Tensor | list | number): the others.
        invert (bool): whether the answers are reversed. Default: False.

    Returns:
        Tensor of the shape of ``element``; bool.

    >>> import minispore.numpy as mnp
    >>> print(mnp.isin([1, 2, 3], [3, 1]))
    [ True False  True]
    """
    x, tests = asarray(element), ravel(test_elements)
    found = ops.any(ops.equal(ops.expand_dims(x, -1), tests), -1)
    return ops.logical_not(found) if invert else found


def in1d(ar1, ar2, invert=False):
    """Whether each element of the flattened ``ar1`` is among others.

    Args:
        ar1 (Tensor | list | number): any shape; numbers.
        ar2 (Tensor | list | number): the others.
        invert (bool): whether the answers are reversed. Default: False.

    Returns:
        Tensor of shape (n,); bool.

    >>> import minispore.numpy as mnp
    >>> print(mnp.in1d([[1, 2], [3, 4]], [3, 1]))
    [ True False  True False]
    """
    return isin(ravel(ar1), ar2, invert)


def setdiff1d(ar1, ar2, assume_unique=False):
    """The elements of ``ar1`` that are not in ``ar2``; at once only.

    Args:
        ar1 (Tensor | list | number): any shape; numbers.
        ar2 (Tensor | list | number): the others.
        assume_unique (bool): whether elements keep their order and number; otherwise sorted and each once. Default:
            False.

    Returns:
        Tensor of shape (n,); the type of ``ar1``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.setdiff1d([3, 1, 2, 1], [2]))
    [1 3]
    """
    checks.boolean("setdiff1d", assume_unique=assume_unique)
    return fixed(np.setdiff1d(asarray(ar1)._array(), asarray(ar2)._array(), assume_unique))


def intersect1d(ar1, ar2, assume_unique=False, return_indices=False):
    """The sorted elements that are in both; at once only.

    Args:
        ar1 (Tensor | list | number): any shape; numbers.
        ar2 (Tensor | list | number): any shape; numbers.
        assume_unique (bool): whether the elements of each are different anyway. Default: False.
        return_indices (bool): whether their first positions in each are given. Default: False.

    Returns:
        Tensor of shape (n,), or a tuple of it and two Tensors of int32.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.intersect1d([3, 1, 2], [2, 3], return_indices=True))
    [2 3] [2 0] [0 1]
    """
    checks.boolean("intersect1d", assume_unique=assume_unique, return_indices=return_indices)
    x, y = asarray(ar1), asarray(ar2)
    dtype = promote(x.dtype, y.dtype).np
    found = np.intersect1d(x._array().astype(dtype), y._array().astype(dtype), assume_unique, return_indices)
    return (
        tuple(fixed(a) if k == 0 else fixed(a.astype(np.int32)) for k, a in enumerate(found))
        if return_indices
        else fixed(found)
    )


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
