"""Arrays joined and split."""

from typing import Any

from .. import ops as _ops
from ..core.errors import fail
from ..core.tensor import Tensor
from ..ops.movement import axis_of
from .arrays import ravel, same_type
from .creation import asarray

ops: Any = _ops  # its functions are put together when it is imported


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


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
