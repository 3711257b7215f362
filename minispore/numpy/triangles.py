"""Matrices of a pattern and their diagonals: ``eye``, triangles, ``diag``, ``vander``."""

import builtins
from typing import Any

import numpy as np

from .. import ops as _ops
from ..core.dtype import float32, to_dtype
from ..core.op import fixed, to
from .creation import _dtype_of, asarray

ops: Any = _ops  # its functions are put together when it is imported


def eye(N, M=None, k=0, dtype=float32):
    """Ones on a diagonal of a matrix of zeros.

    Args:
        N (int): how many rows.
        M (int): how many columns; None for ``N``. Default: None.
        k (int): which diagonal: positive ones above the main one. Default: 0.
        dtype (dtype | str): the type. Default: float32.

    Returns:
        Tensor of shape (N, M).

    >>> import minispore.numpy as mnp
    >>> print(mnp.eye(2, 3, 1))
    [[0. 1. 0.]
     [0. 0. 1.]]
    """
    return fixed(np.eye(N, M, k, dtype=_dtype_of(dtype).np))


def identity(n, dtype=float32):
    """The unit matrix.

    Args:
        n (int): how many rows and columns.
        dtype (dtype | str): the type. Default: float32.

    Returns:
        Tensor of shape (n, n).

    >>> import minispore.numpy as mnp
    >>> print(mnp.identity(2))
    [[1. 0.]
     [0. 1.]]
    """
    return eye(n, dtype=dtype)


def tri(N, M=None, k=0, dtype=float32):
    """Ones at and below a diagonal, zeros above.

    Args:
        N (int): how many rows.
        M (int): how many columns; None for ``N``. Default: None.
        k (int): which diagonal: positive ones above the main one. Default: 0.
        dtype (dtype | str): the type. Default: float32.

    Returns:
        Tensor of shape (N, M).

    >>> import minispore.numpy as mnp
    >>> print(mnp.tri(2, 3))
    [[1. 0. 0.]
     [1. 1. 0.]]
    """
    return fixed(np.tri(N, M, k, dtype=_dtype_of(dtype).np))


def tril(m, k=0):
    """``m`` with zeros above a diagonal.

    Args:
        m (Tensor | list): at least two axes; numbers.
        k (int): which diagonal: positive ones above the main one. Default: 0.

    Returns:
        Tensor of the shape and type of ``m``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.tril([[1, 2], [3, 4]]))
    [[1 0]
     [3 4]]
    """
    return ops.tril(asarray(m), k)


def triu(m, k=0):
    """``m`` with zeros below a diagonal.

    Args:
        m (Tensor | list): at least two axes; numbers.
        k (int): which diagonal: positive ones above the main one. Default: 0.

    Returns:
        Tensor of the shape and type of ``m``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.triu([[1, 2], [3, 4]]))
    [[1 2]
     [0 4]]
    """
    return ops.triu(asarray(m), k)


def _positions(arrays):
    return tuple(fixed(a.astype(np.int32)) for a in arrays)


def tril_indices(n, k=0, m=None):
    """The positions of the lower triangle of a matrix.

    Args:
        n (int): how many rows.
        k (int): the triangle's diagonal. Default: 0.
        m (int): how many columns; None for ``n``. Default: None.

    Returns:
        tuple of two Tensors of int32: rows and columns.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.tril_indices(2))
    [0 1 1] [0 0 1]
    """
    return _positions(np.tril_indices(n, k, m))


def triu_indices(n, k=0, m=None):
    """The positions of the upper triangle of a matrix.

    Args:
        n (int): how many rows.
        k (int): the triangle's diagonal. Default: 0.
        m (int): how many columns; None for ``n``. Default: None.

    Returns:
        tuple of two Tensors of int32: rows and columns.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.triu_indices(2))
    [0 0 1] [0 1 1]
    """
    return _positions(np.triu_indices(n, k, m))


def tril_indices_from(arr, k=0):
    """The positions of the lower triangle of a given matrix.

    Args:
        arr (Tensor | list): two axes.
        k (int): the triangle's diagonal. Default: 0.

    Returns:
        tuple of two Tensors of int32: rows and columns.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.tril_indices_from(mnp.ones((2, 2))))
    [0 1 1] [0 0 1]
    """
    return tril_indices(asarray(arr).shape[0], k, asarray(arr).shape[1])


def triu_indices_from(arr, k=0):
    """The positions of the upper triangle of a given matrix.

    Args:
        arr (Tensor | list): two axes.
        k (int): the triangle's diagonal. Default: 0.

    Returns:
        tuple of two Tensors of int32: rows and columns.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.triu_indices_from(mnp.ones((2, 2))))
    [0 0 1] [0 1 1]
    """
    return triu_indices(asarray(arr).shape[0], k, asarray(arr).shape[1])


def diag_indices(n, ndim=2):
    """The positions of the main diagonal of a Tensor whose axes have one length.

    Args:
        n (int): the length.
        ndim (int): how many axes. Default: 2.

    Returns:
        tuple of ``ndim`` Tensors of shape (n,); int32.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.diag_indices(2))
    [0 1] [0 1]
    """
    return _positions([np.arange(n)] * ndim)


def diag(v, k=0):
    """A matrix with a vector on a diagonal, or that diagonal of a matrix.

    Args:
        v (Tensor): one or two axes; numbers.
        k (int): which diagonal: positive ones above the main one. Default: 0.

    Returns:
        Tensor of two axes or one; the type of ``v``.

    Raises:
        TypeError: ``v`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.diag(mnp.array([1, 2])), mnp.diag(mnp.array([[1, 2], [3, 4]])))
    [[1 0]
     [0 2]] [1 4]
    """
    v = asarray(v)
    return ops.diag_embed(v, k) if v.ndim == 1 else diagonal(v, k)


def diagflat(v, k=0):
    """A matrix with the elements of ``v`` on a diagonal.

    Args:
        v (Tensor): any shape; numbers.
        k (int): which diagonal: positive ones above the main one. Default: 0.

    Returns:
        Tensor of two axes; the type of ``v``.

    Raises:
        TypeError: ``v`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.diagflat(mnp.array([[1], [2]])))
    [[1 0]
     [0 2]]
    """
    return ops.diagflat(asarray(v), k)


def diagonal(a, offset=0, axis1=0, axis2=1):
    """The diagonal of two axes, as a last axis.

    Args:
        a (Tensor): at least two axes; numbers.
        offset (int): which diagonal: positive ones above the main one. Default: 0.
        axis1 (int): the axis of the rows. Default: 0.
        axis2 (int): the axis of the columns. Default: 1.

    Returns:
        Tensor with one axis less; the type of ``a``.

    Raises:
        AttributeError: ``a`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.diagonal(mnp.array([[1, 2], [3, 4]])))
    [1 4]
    """
    return ops.diagonal(asarray(a), offset, axis1, axis2)


def trace(a, offset=0, axis1=0, axis2=1, dtype=None):
    """The sum of the diagonal of two axes.

    Args:
        a (Tensor): at least two axes; numbers.
        offset (int): which diagonal: positive ones above the main one. Default: 0.
        axis1 (int): the axis of the rows. Default: 0.
        axis2 (int): the axis of the columns. Default: 1.
        dtype (dtype | str): the type; by default that of ``a``, int64 for integers. Default: None.

    Returns:
        Tensor with two axes less.

    Raises:
        AttributeError: ``a`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.trace(mnp.array([[1.0, 2.0], [3.0, 4.0]])))
    5.0
    """
    out = ops.sum(diagonal(a, offset, axis1, axis2), -1)
    return out if dtype is None else to(out, to_dtype(dtype))


def vander(x, N=None, increasing=False):
    """The powers of a vector as columns (Vandermonde's matrix).

    Args:
        x (Tensor | list): shape (n,); numbers.
        N (int): how many columns; None for n. Default: None.
        increasing (bool): whether the highest power comes last. Default: False.

    Returns:
        Tensor of shape (n, N); the type of ``x``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.vander([1, 2, 3]))
    [[1 1 1]
     [4 2 1]
     [9 3 1]]
    """
    x = asarray(x)
    n = x.shape[0] if N is None else N
    powers = list(builtins.range(n)) if increasing else list(builtins.range(n))[::-1]
    return to(ops.pow(ops.expand_dims(x, 1), fixed(np.array(powers, x.dtype.np))), x.dtype)


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
