"""Shapes of arrays: reshaped, with other axes, broadcast."""

import builtins
from typing import Any

import numpy as np

from .. import ops as _ops
from ..core.dtype import promote
from ..core.errors import fail
from ..core.op import to
from ..ops.movement import axis_of
from .creation import asarray

ops: Any = _ops  # its functions are put together when it is imported


def same_type(arrays):
    """Tensors of these arrays in their common type."""
    tensors = [asarray(a) for a in arrays]
    dtype = tensors[0].dtype
    for t in tensors[1:]:
        dtype = promote(dtype, t.dtype)
    return [to(t, dtype) for t in tensors]


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


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
__all__.remove("same_type")
