"""Shapes: reshaping, joining, splitting, padding."""

import builtins
from typing import Any

import numpy as np

from .. import ops as _ops
from ..core.dtype import promote
from ..core.errors import fail
from ..core.op import fixed, to
from ..core.tensor import Tensor
from ..ops.movement import axis_of
from ..ops.padding import pad_constant
from .creation import asarray

ops: Any = _ops  # its functions are put together when it is imported


def same_type(arrays):
    """Tensors of these arrays in their common type."""
    tensors = [asarray(a) for a in arrays]
    dtype = tensors[0].dtype
    for t in tensors[1:]:
        dtype = promote(dtype, t.dtype)
    return [to(t, dtype) for t in tensors]


# ---------------------------------------------------------------- shapes
def reshape(x, new_shape):
    """``x`` in another shape.

    Args:
        x (Tensor): any shape; any type.
        new_shape (int | tuple[int] | list[int]): the lengths; one may be -1: what is left.

    Returns:
        Tensor of that shape; the type of ``x``.

    Raises:
        TypeError: ``x`` is not a Tensor.
        ValueError: the numbers of elements differ.

    >>> import minispore.numpy as mnp
    >>> print(mnp.reshape(mnp.arange(4), (2, -1)))
    [[0 1]
     [2 3]]
    """
    return ops.reshape(asarray(x), (new_shape,) if isinstance(new_shape, int) else tuple(new_shape))


def ravel(x):
    """``x`` with one axis.

    Args:
        x (Tensor): any shape; any type.

    Returns:
        Tensor of shape (n,); the type of ``x``.

    Raises:
        TypeError: ``x`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.ravel(mnp.array([[1, 2], [3, 4]])))
    [1 2 3 4]
    """
    return reshape(x, (-1,))


def transpose(a, axes=None):
    """The axes in another order, by default reversed.

    Args:
        a (Tensor): any shape; any type.
        axes (tuple[int] | list[int]): for each axis of the result, the axis of ``a`` that it is. Default: None.

    Returns:
        Tensor of the type of ``a``.

    Raises:
        TypeError: ``a`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.transpose(mnp.array([[1, 2], [3, 4]])))
    [[1 3]
     [2 4]]
    """
    a = asarray(a)
    return ops.transpose(a, tuple(builtins.range(a.ndim))[::-1] if axes is None else tuple(axes))


def swapaxes(x, axis1, axis2):
    """Two axes exchanged.

    Args:
        x (Tensor): any shape; any type.
        axis1 (int): one axis.
        axis2 (int): the other.

    Returns:
        Tensor of the type of ``x``.

    Raises:
        TypeError: ``x`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> mnp.swapaxes(mnp.ones((2, 3, 4)), 0, 2).shape
    (4, 3, 2)
    """
    return ops.swapaxes(asarray(x), axis1, axis2)


def moveaxis(a, source, destination):
    """Axes moved to other places, the others in their order.

    Args:
        a (Tensor): any shape; any type.
        source (int | tuple[int]): the axes.
        destination (int | tuple[int]): their places in the result.

    Returns:
        Tensor of the type of ``a``.

    Raises:
        TypeError: ``a`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> mnp.moveaxis(mnp.ones((2, 3, 4)), 0, -1).shape
    (3, 4, 2)
    """
    return ops.moveaxis(asarray(a), source, destination)


def rollaxis(x, axis, start=0):
    """The axis ``axis`` moved in front of the axis ``start``.

    Args:
        x (Tensor): any shape; any type.
        axis (int): the axis.
        start (int): where it goes. Default: 0.

    Returns:
        Tensor of the type of ``x``.

    Raises:
        TypeError: ``x`` is not a Tensor.
        ValueError: an axis is out of range.

    >>> import minispore.numpy as mnp
    >>> mnp.rollaxis(mnp.ones((2, 3, 4)), 2).shape
    (4, 2, 3)
    """
    x = asarray(x)
    axis = axis_of("rollaxis", x.ndim, axis)
    if not -x.ndim <= start <= x.ndim:
        raise fail(ValueError, f"For 'rollaxis', 'start' must be in [{-x.ndim}, {x.ndim}], but got {start}.")
    start = start + x.ndim if start < 0 else start
    return ops.moveaxis(x, axis, start - (start > axis))


def expand_dims(a, axis):
    """A new axis (or several) of length 1.

    Args:
        a (Tensor): any shape; any type.
        axis (int | tuple[int] | list[int]): their places in the result.

    Returns:
        Tensor of the type of ``a``.

    Raises:
        TypeError: ``a`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> mnp.expand_dims(mnp.ones((2, 3)), (0, 3)).shape
    (1, 2, 3, 1)
    """
    a = asarray(a)
    for k in sorted((axis,) if isinstance(axis, int) else axis):
        a = ops.expand_dims(a, k)
    return a


def squeeze(a, axis=None):
    """``a`` without axes of length 1.

    Args:
        a (Tensor): any shape; any type.
        axis (int | tuple[int]): the axes; None for all of that length. Default: None.

    Returns:
        Tensor of the type of ``a``.

    Raises:
        TypeError: ``a`` is not a Tensor.
        ValueError: an axis has another length.

    >>> import minispore.numpy as mnp
    >>> mnp.squeeze(mnp.ones((1, 2, 1))).shape
    (2,)
    """
    return ops.squeeze(asarray(a), axis)


def broadcast_to(array, shape):
    """``array`` repeated along axes of length 1 and new ones.

    Args:
        array (Tensor): any shape; any type.
        shape (int | tuple[int]): the shape.

    Returns:
        Tensor of that shape; the type of ``array``.

    Raises:
        TypeError: ``array`` is not a Tensor.
        ValueError: it does not broadcast to that shape.

    >>> import minispore.numpy as mnp
    >>> print(mnp.broadcast_to(mnp.array([1, 2]), (2, 2)))
    [[1 2]
     [1 2]]
    """
    return ops.broadcast_to(asarray(array), (shape,) if isinstance(shape, int) else tuple(shape))


def broadcast_arrays(*args):
    """Several Tensors in their common shape.

    Args:
        *args (Tensor): any shape; any type.

    Returns:
        list of Tensors.

    Raises:
        TypeError: ``args`` is not a Tensor.
        ValueError: the shapes do not broadcast.

    >>> import minispore.numpy as mnp
    >>> [x.shape for x in mnp.broadcast_arrays(mnp.ones(2), mnp.ones((3, 1)))]
    [(3, 2), (3, 2)]
    """
    tensors = [asarray(a) for a in args]
    shape = np.broadcast_shapes(*[t.shape for t in tensors])
    return [ops.broadcast_to(t, shape) for t in tensors]


def atleast_1d(*arys):
    """Tensors of at least one axis.

    Args:
        *arys (Tensor): any shape; any type.

    Returns:
        Tensor, or a list of them if several are given.

    Raises:
        TypeError: ``arys`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> mnp.atleast_1d(mnp.array(1.0)).shape
    (1,)
    """
    return _each(ops.atleast_1d, arys)


def atleast_2d(*arys):
    """Tensors of at least two axes; new ones come in front.

    Args:
        *arys (Tensor): any shape; any type.

    Returns:
        Tensor, or a list of them if several are given.

    Raises:
        TypeError: ``arys`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> mnp.atleast_2d(mnp.array([1.0, 2.0])).shape
    (1, 2)
    """
    return _each(ops.atleast_2d, arys)


def atleast_3d(*arys):
    """Tensors of at least three axes: a vector becomes (1, n, 1), a matrix (m, n, 1).

    Args:
        *arys (Tensor): any shape; any type.

    Returns:
        Tensor, or a list of them if several are given.

    Raises:
        TypeError: ``arys`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> mnp.atleast_3d(mnp.array([1.0, 2.0])).shape
    (1, 2, 1)
    """
    return _each(ops.atleast_3d, arys)


def _each(function, arrays):
    made = [function(asarray(a)) for a in arrays]
    return made[0] if len(made) == 1 else made


def size(a, axis=None):
    """The number of elements, or the length of an axis.

    Args:
        a (Tensor | list | number): any shape; any type.
        axis (int): the axis; None for all. Default: None.

    Returns:
        int.

    >>> import minispore.numpy as mnp
    >>> mnp.size(mnp.ones((2, 3))), mnp.size(mnp.ones((2, 3)), 1)
    (6, 3)
    """
    a = asarray(a)
    return a.size if axis is None else a.shape[axis_of("size", a.ndim, axis)]


# ---------------------------------------------------------------- joining and splitting
def concatenate(arrays, axis=0):
    """Tensors one after the other along an axis they have.

    Args:
        arrays (tuple | list): Tensors of the same shape but for that axis.
        axis (int): the axis; None: their elements in one vector. Default: 0.

    Returns:
        Tensor of the common type.

    Raises:
        TypeError: an item is not a Tensor.
        ValueError: the shapes do not fit.

    >>> import minispore.numpy as mnp
    >>> print(mnp.concatenate((mnp.ones(1), mnp.zeros(2))))
    [1. 0. 0.]
    """
    tensors = same_type(arrays if not isinstance(arrays, Tensor) else list(arrays))
    if axis is None:
        tensors, axis = [ravel(t) for t in tensors], 0
    return ops.concat(tensors, axis)


def append(arr, values, axis=None):
    """``values`` behind ``arr``.

    Args:
        arr (Tensor): any shape; any type.
        values (Tensor): the shape of ``arr`` but for that axis.
        axis (int): the axis; None: the elements of both in one vector. Default: None.

    Returns:
        Tensor of the common type.

    Raises:
        TypeError: ``arr`` or ``values`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.append(mnp.array([1, 2]), mnp.array([[3], [4]])))
    [1 2 3 4]
    """
    return concatenate((arr, values), axis)


def stack(arrays, axis=0):
    """Tensors of one shape along a new axis.

    Args:
        arrays (tuple | list): Tensors of one shape.
        axis (int): where the new axis comes. Default: 0.

    Returns:
        Tensor with one axis more; the common type.

    Raises:
        TypeError: an item is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.stack((mnp.array([1, 2]), mnp.array([3, 4])), axis=1))
    [[1 3]
     [2 4]]
    """
    return ops.stack(same_type(arrays), axis)


def vstack(tup):
    """Rows, or matrices, below each other: along the first axis.

    Args:
        tup (tuple | list): Tensors of the same shape but for that axis; vectors count as rows.

    Returns:
        Tensor of the common type.

    Raises:
        AttributeError: an item is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.vstack((mnp.array([1, 2]), mnp.array([3, 4]))))
    [[1 2]
     [3 4]]
    """
    return ops.vstack(same_type(tup))


def hstack(tup):
    """Side by side: along the second axis, vectors along their only one.

    Args:
        tup (tuple | list): Tensors of the same shape but for that axis.

    Returns:
        Tensor of the common type.

    Raises:
        AttributeError: an item is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.hstack((mnp.array([1, 2]), mnp.array([3, 4]))))
    [1 2 3 4]
    """
    return ops.hstack(same_type(tup))


def dstack(tup):
    """Along the third axis; vectors count as (1, n, 1), matrices as (m, n, 1).

    Args:
        tup (tuple | list): Tensors of the same shape but for that axis.

    Returns:
        Tensor of the common type.

    Raises:
        AttributeError: an item is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.dstack((mnp.array([1, 2]), mnp.array([3, 4]))))
    [[[1 3]
      [2 4]]]
    """
    return ops.dstack(same_type(tup))


def column_stack(tup):
    """Vectors as the columns of a matrix; matrices side by side.

    Args:
        tup (tuple | list): Tensors of as many rows each.

    Returns:
        Tensor of two axes; the common type.

    Raises:
        AttributeError: an item is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.column_stack((mnp.array([1, 2]), mnp.array([3, 4]))))
    [[1 3]
     [2 4]]
    """
    return ops.column_stack(same_type(tup))


def split(x, indices_or_sections, axis=0):
    """Pieces along an axis: so many equal ones, or cut at the given positions.

    Args:
        x (Tensor): any shape; any type.
        indices_or_sections (int | tuple[int] | list[int]): how many, or where.
        axis (int): the axis. Default: 0.

    Returns:
        tuple of Tensors; the type of ``x``.

    Raises:
        TypeError: ``x`` is not a Tensor.
        ValueError: the axis cannot be divided equally.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.split(mnp.arange(4), 2))
    [0 1] [2 3]
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
    """Pieces along an axis; the first ones are longer by one where it cannot be divided equally.

    Args:
        x (Tensor): any shape; any type.
        indices_or_sections (int | tuple[int] | list[int]): how many, or where.
        axis (int): the axis. Default: 0.

    Returns:
        tuple of Tensors; the type of ``x``.

    Raises:
        TypeError: ``x`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.array_split(mnp.arange(5), 2))
    [0 1 2] [3 4]
    """
    return ops.tensor_split(asarray(x), indices_or_sections, axis)


def hsplit(x, indices_or_sections):
    """``split`` along the second axis, of vectors along their only one.

    Args:
        x (Tensor): any shape; any type.
        indices_or_sections (int | tuple[int] | list[int]): how many, or where.

    Returns:
        tuple of Tensors; the type of ``x``.

    Raises:
        TypeError: ``x`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.hsplit(mnp.array([[1, 2], [3, 4]]), 2))
    [[1]
     [3]] [[2]
     [4]]
    """
    return split(x, indices_or_sections, 1 if asarray(x).ndim > 1 else 0)


def vsplit(x, indices_or_sections):
    """``split`` along the first axis.

    Args:
        x (Tensor): any shape; any type.
        indices_or_sections (int | tuple[int] | list[int]): how many, or where.

    Returns:
        tuple of Tensors; the type of ``x``.

    Raises:
        TypeError: ``x`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.vsplit(mnp.array([[1, 2], [3, 4]]), 2))
    [[1 2]] [[3 4]]
    """
    return split(x, indices_or_sections, 0)


def dsplit(x, indices_or_sections):
    """``split`` along the third axis.

    Args:
        x (Tensor): any shape; any type.
        indices_or_sections (int | tuple[int] | list[int]): how many, or where.

    Returns:
        tuple of Tensors; the type of ``x``.

    Raises:
        TypeError: ``x`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> [part.shape for part in mnp.dsplit(mnp.ones((1, 2, 4)), 2)]
    [(1, 2, 2), (1, 2, 2)]
    """
    return split(x, indices_or_sections, 2)


def tile(a, reps):
    """``a`` as a block, repeated.

    Args:
        a (Tensor): any shape; any type.
        reps (int | tuple[int] | list[int]): how often along each axis, the last ones if they are fewer.

    Returns:
        Tensor of the type of ``a``.

    Raises:
        TypeError: ``a`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.tile(mnp.array([1, 2]), (2, 2)))
    [[1 2 1 2]
     [1 2 1 2]]
    """
    a = asarray(a)
    reps = (reps,) if isinstance(reps, int) else tuple(reps)
    return ops.tile(a, (1,) * (a.ndim - len(reps)) + reps)


def repeat(a, repeats, axis=None):
    """Every element so many times in a row.

    Args:
        a (Tensor | list | number): any shape; any type.
        repeats (int | list[int]): how often, for all or for each element of the axis.
        axis (int): the axis; None for the flattened ``a``. Default: None.

    Returns:
        Tensor of the type of ``a``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.repeat([1, 2], 2))
    [1 1 2 2]
    """
    a = asarray(a)
    return ops.repeat_interleave(ravel(a) if axis is None else a, repeats, 0 if axis is None else axis)


def roll(a, shift, axis=None):
    """Elements moved along an axis; those that fall out come in at the other end.

    Args:
        a (Tensor): any shape; any type.
        shift (int | tuple[int]): how far; one number for all axes, or one for each.
        axis (int | tuple[int]): the axis; None for the flattened ``a``. Default: None.

    Returns:
        Tensor of the shape and type of ``a``.

    Raises:
        TypeError: ``a`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.roll(mnp.array([1, 2, 3]), 1))
    [3 1 2]
    """
    if axis is not None and (isinstance(shift, (tuple, list)) or isinstance(axis, (tuple, list))):
        pairs = np.broadcast(shift, axis)
        shift, axis = zip(*((int(s), int(x)) for s, x in pairs)) if pairs.size else ((), ())
    return ops.roll(asarray(a), shift, axis)


def flip(m, axis=None):
    """The order reversed.

    Args:
        m (Tensor): any shape; any type.
        axis (int | tuple[int]): along which axes; None for all. Default: None.

    Returns:
        Tensor of the shape and type of ``m``.

    Raises:
        TypeError: ``m`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.flip(mnp.array([1, 2, 3])))
    [3 2 1]
    """
    m = asarray(m)
    axes = tuple(builtins.range(m.ndim)) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    return ops.flip(m, axes)


def flipud(m):
    """The rows in reversed order.

    Args:
        m (Tensor): at least one axis; any type.

    Returns:
        Tensor of the shape and type of ``m``.

    Raises:
        TypeError: ``m`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.flipud(mnp.array([[1, 2], [3, 4]])))
    [[3 4]
     [1 2]]
    """
    return flip(m, 0)


def fliplr(m):
    """The columns in reversed order.

    Args:
        m (Tensor): at least two axes; any type.

    Returns:
        Tensor of the shape and type of ``m``.

    Raises:
        TypeError: ``m`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.fliplr(mnp.array([[1, 2], [3, 4]])))
    [[2 1]
     [4 3]]
    """
    return flip(m, 1)


def rot90(a, k=1, axes=(0, 1)):
    """Turned by 90 degrees, from the first axis towards the second.

    Args:
        a (Tensor): at least two axes; any type.
        k (int): how often. Default: 1.
        axes (tuple[int]): the two axes. Default: (0, 1).

    Returns:
        Tensor of the type of ``a``.

    Raises:
        TypeError: ``a`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.rot90(mnp.array([[1, 2], [3, 4]])))
    [[2 4]
     [1 3]]
    """
    return ops.rot90(asarray(a), k, axes)


def pad(arr, pad_width, mode="constant", stat_length=None, constant_values=0, end_values=0, reflect_type="even",
        **kwargs):  # fmt: skip
    """``arr`` with more elements around it.

    Args:
        arr (Tensor | list | number): any shape; numbers.
        pad_width (int | tuple[int] | tuple[tuple[int]]): n, (before, after), or such a pair for each axis.
        mode (str): "constant", "edge", "reflect", "symmetric", "wrap", "empty", "linear_ramp", "maximum", "minimum",
            "mean" or "median"; those after "wrap" run at once only. Default: "constant".
        stat_length (int | tuple[int]): how many elements at the edge "maximum" and the like look at; None for all.
            Default: None.
        constant_values (number | tuple): what "constant" pads with. Default: 0.
        end_values (number | tuple): what "linear_ramp" ends with. Default: 0.
        reflect_type (str): "even", or "odd": the reflection is subtracted from twice the edge. Default: "even".
        **kwargs (Any): no effect.

    Returns:
        Tensor of a larger shape; the type of ``arr``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.pad(mnp.array([1, 2]), (1, 2), constant_values=9))
    [9 1 2 9 9]
    """
    if kwargs:
        raise fail(TypeError, f"For 'pad', there are no arguments {sorted(kwargs)}.")
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


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
__all__.remove("same_type")
