"""Products of matrices and vectors, signals, polynomials."""

import builtins
from typing import Any

import numpy as np

from .. import ops as _ops
from ..core import checks
from ..core.dtype import float32, promote
from ..core.errors import fail
from ..core.op import fixed, to
from . import arrays, rearranging
from .creation import asarray

ops: Any = _ops  # its functions are put together when it is imported


# ---------------------------------------------------------------- products
def _pair(a, b):
    x, y = asarray(a), asarray(b)
    dtype = promote(x.dtype, y.dtype)
    return to(x, dtype), to(y, dtype)


def dot(a, b):
    """The sum over the last axis of ``a`` and the last but one of ``b`` (a vector's only one).

    Args:
        a (Tensor): any shape; numbers.
        b (Tensor): any shape; numbers.

    Returns:
        Tensor of the common type.

    Raises:
        TypeError: ``a`` or ``b`` is not a Tensor.
        ValueError: the lengths of these axes differ.

    >>> import minispore.numpy as mnp
    >>> print(mnp.dot(mnp.array([[1, 2], [3, 4]]), mnp.array([1, 1])))
    [3 7]
    """
    x, y = _pair(a, b)
    if x.ndim == 0 or y.ndim == 0:
        return x * y
    if x.ndim <= 2 and y.ndim <= 2:
        return ops.matmul(x, y)
    return ops.tensor_dot(x, y, ((x.ndim - 1,), (builtins.max(y.ndim - 2, 0),)))


def inner(a, b):
    """The sum of products over the last axes of both.

    Args:
        a (Tensor): any shape; numbers.
        b (Tensor): any shape; numbers.

    Returns:
        Tensor of the common type.

    Raises:
        TypeError: ``a`` or ``b`` is not a Tensor.
        ValueError: the lengths of these axes differ.

    >>> import minispore.numpy as mnp
    >>> print(mnp.inner(mnp.array([1.0, 2.0]), mnp.array([3.0, 4.0])))
    11.0
    """
    x, y = _pair(a, b)
    return x * y if x.ndim == 0 or y.ndim == 0 else ops.tensor_dot(x, y, ((x.ndim - 1,), (y.ndim - 1,)))


def outer(a, b):
    """Every element of ``a`` times every element of ``b``.

    Args:
        a (Tensor): any shape; numbers.
        b (Tensor): any shape; numbers.

    Returns:
        Tensor of shape (a.size, b.size); the common type.

    Raises:
        TypeError: ``a`` or ``b`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.outer(mnp.array([1, 2]), mnp.array([3, 4])))
    [[3 4]
     [6 8]]
    """
    x, y = _pair(a, b)
    return ops.outer(arrays.ravel(x), arrays.ravel(y))


def tensordot(a, b, axes=2):
    """The sum of products over several axes of both.

    Args:
        a (Tensor): any shape; numbers.
        b (Tensor): any shape; numbers.
        axes (int | tuple): how many last axes of ``a`` and first ones of ``b``; or (axes of ``a``, axes of ``b``).
            Default: 2.

    Returns:
        Tensor of the common type.

    Raises:
        TypeError: ``a`` or ``b`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> mnp.tensordot(mnp.ones((2, 3, 4)), mnp.ones((3, 4, 5))).shape
    (2, 5)
    """
    x, y = _pair(a, b)
    return ops.tensor_dot(x, y, axes)


def kron(a, b):
    """Every element of ``a`` times ``b``, as blocks (Kronecker's product).

    Args:
        a (Tensor | list | number): any shape; numbers.
        b (Tensor | list | number): any shape; numbers.

    Returns:
        Tensor of the common type.

    >>> import minispore.numpy as mnp
    >>> print(mnp.kron([1, 2], [1, 10]))
    [ 1 10  2 20]
    """
    return ops.kron(*_pair(a, b))


def multi_dot(arrays):
    """The product of several matrices, from left to right.

    Args:
        arrays (tuple | list): matrices; the first and the last may be vectors.

    Returns:
        Tensor of the common type.

    >>> import minispore.numpy as mnp
    >>> print(mnp.multi_dot([[1, 2], [[1, 0], [0, 1]], [3, 4]]))
    11
    """
    parts = [asarray(x) for x in arrays]
    out = parts[0]
    for part in parts[1:]:
        out = dot(out, part)
    return out


def matrix_power(a, n):
    """The product of ``n`` copies of square matrices; the identity for ``n`` = 0.

    Args:
        a (Tensor | list): shape (*, m, m); numbers.
        n (int): how many, not negative.

    Returns:
        Tensor of the shape and type of ``a``.

    Raises:
        TypeError: ``n`` is not an int.
        ValueError: ``n`` is negative, or the matrices are not square.

    >>> import minispore.numpy as mnp
    >>> print(mnp.matrix_power([[1, 1], [0, 1]], 3))
    [[1 3]
     [0 1]]
    """
    checks.non_negative_int("matrix_power", n=n)
    return ops.matrix_power(asarray(a), n)


def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """The vector product; vectors of length 2 have 0 as their third element, two of them give that element only.

    Args:
        a (Tensor | list): vectors of length 2 or 3; numbers.
        b (Tensor | list): vectors of length 2 or 3; numbers.
        axisa (int): the axis of the vectors of ``a``. Default: -1.
        axisb (int): the axis of the vectors of ``b``. Default: -1.
        axisc (int): the axis of the vectors of the result. Default: -1.
        axis (int): one axis for all three. Default: None.

    Returns:
        Tensor of the common type.

    Raises:
        ValueError: the vectors have another length.

    >>> import minispore.numpy as mnp
    >>> print(mnp.cross([1, 0, 0], [0, 1, 0]))
    [0 0 1]
    """
    x, y = _pair(a, b)
    if axis is not None:
        axisa = axisb = axisc = axis
    x, y = ops.moveaxis(x, axisa, -1), ops.moveaxis(y, axisb, -1)
    if x.shape[-1] not in (2, 3) or y.shape[-1] not in (2, 3):
        raise fail(ValueError, f"For 'cross', vectors must have 2 or 3 elements, but got {x.shape} and {y.shape}.")
    if x.shape[-1] == y.shape[-1] == 2:
        return x[..., 0] * y[..., 1] - x[..., 1] * y[..., 0]
    x, y = (v if v.shape[-1] == 3 else ops.concat((v, ops.zeros_like(v[..., :1])), -1) for v in (x, y))
    return ops.moveaxis(ops.cross(x, y, -1), -1, axisc)


def norm(x, ord=None, axis=None, keepdims=False):
    """The norm of vectors or matrices.

    Args:
        x (Tensor | list | number): any shape; numbers.
        ord (number | str): the order; None for the root of the sum of squares. Default: None.
        axis (int | tuple[int]): the axis of the vectors or the two axes of the matrices; None for all. Default: None.
        keepdims (bool): whether these axes stay, with length 1. Default: False.

    Returns:
        Tensor without the axes; floats.

    >>> import minispore.numpy as mnp
    >>> print(mnp.norm([3.0, 4.0]))
    5.0
    """
    x = asarray(x)
    return ops.norm(x if x.dtype.is_inexact else to(x, float32), ord, axis, keepdims)


# ---------------------------------------------------------------- signals
def convolve(a, v, mode="full"):
    """The convolution of two vectors.

    Args:
        a (Tensor | list): shape (n,); numbers.
        v (Tensor | list): shape (m,); numbers.
        mode (str): "full" (n + m - 1 elements), "same" (as many as the longer one) or "valid" (where both overlap
            wholly). Default: "full".

    Returns:
        Tensor of one axis; floats.

    Raises:
        ValueError: an input is no vector or empty, or ``mode`` is unknown.

    >>> import minispore.numpy as mnp
    >>> print(mnp.convolve([1.0, 2.0], [1.0, 1.0]))
    [1. 3. 2.]
    """
    x, y = (arrays.atleast_1d(t) for t in _pair(a, v))
    x, y = (t if t.dtype.is_inexact else to(t, float32) for t in (x, y))
    if x.ndim != 1 or y.ndim != 1 or not x.size or not y.size:
        raise fail(
            ValueError, f"For 'convolve', two vectors that are not empty are needed, but got {x.shape} and {y.shape}."
        )
    if mode not in ("full", "same", "valid"):
        raise fail(ValueError, f"For 'convolve', 'mode' must be 'full', 'same' or 'valid', but got {mode!r}.")
    if x.shape[0] < y.shape[0]:
        x, y = y, x
    n, m = x.shape[0], y.shape[0]
    shifted = [ops.pad(x * y[k], [k, m - 1 - k]) for k in range(m)]
    full = ops.addn(shifted)
    begin, count = {"full": (0, n + m - 1), "same": ((m - 1) // 2, n), "valid": (m - 1, n - m + 1)}[mode]
    return ops.narrow(full, 0, begin, count)


def correlate(a, v, mode="valid"):
    """The correlation of two vectors: the convolution with ``v`` reversed.

    Args:
        a (Tensor | list): shape (n,); numbers.
        v (Tensor | list): shape (m,); numbers.
        mode (str): "full", "same" or "valid", as for ``convolve``. Default: "valid".

    Returns:
        Tensor of one axis; floats.

    Raises:
        ValueError: an input is no vector or empty, or ``mode`` is unknown.

    >>> import minispore.numpy as mnp
    >>> print(mnp.correlate([1.0, 2.0, 3.0], [0.0, 1.0]))
    [2. 3.]
    """
    out = convolve(a, rearranging.flip(asarray(v)), mode)
    return out if asarray(a).shape[0] >= asarray(v).shape[0] or mode == "full" else rearranging.flip(out)


def interp(x, xp, fp, left=None, right=None):
    """The broken line through points.

    Args:
        x (Tensor | list | number): any shape; numbers: where.
        xp (Tensor | list): shape (n,); the points' coordinates, increasing.
        fp (Tensor | list): shape (n,); their values.
        left (number): the value before the first point; by default that of the point. Default: None.
        right (number): the value behind the last point; by default that of the point. Default: None.

    Returns:
        Tensor of the shape of ``x``; float32.

    Raises:
        ValueError: ``xp`` and ``fp`` are no vectors of one length.

    >>> import minispore.numpy as mnp
    >>> print(mnp.interp([0.5, 9.0], [0.0, 1.0], [10.0, 20.0]))
    [15. 20.]
    """
    x, xp, fp = (to(asarray(t), float32) for t in (x, xp, fp))
    if xp.ndim != 1 or xp.shape != fp.shape:
        raise fail(
            ValueError, f"For 'interp', 'xp' and 'fp' must be vectors of one length, but got {xp.shape} and {fp.shape}."
        )
    n = xp.shape[0]
    at = ops.clamp(ops.searchsorted(xp, x, right=True) - 1, 0, builtins.max(n - 2, 0))
    after = ops.clamp(at + 1, 0, n - 1)
    x0, x1, y0, y1 = (ops.gather(t, k, 0) for t in (xp, fp) for k in (at, after))
    part = ops.clamp(ops.div(x - x0, ops.where(ops.equal(x1, x0), 1.0, x1 - x0)), 0.0, 1.0)
    out = y0 + (y1 - y0) * part
    if left is not None:
        out = ops.where(x < xp[0], left, out)
    return out if right is None else ops.where(x > xp[n - 1], right, out)


# ---------------------------------------------------------------- polynomials: coefficients, the highest power first
def _aligned(a1, a2):
    x, y = (arrays.atleast_1d(t) for t in _pair(a1, a2))
    n = builtins.max(x.shape[0], y.shape[0])
    return tuple(ops.concat((ops.zeros((n - t.shape[0],), t.dtype), t)) if t.shape[0] < n else t for t in (x, y))


def polyadd(a1, a2):
    """The sum of two polynomials.

    Args:
        a1 (Tensor | list): shape (n,); numbers: the coefficients, the highest power first.
        a2 (Tensor | list): shape (n,); numbers: the coefficients, the highest power first.

    Returns:
        Tensor of shape (max(n, m),); the common type.

    >>> import minispore.numpy as mnp
    >>> print(mnp.polyadd([1, 2], [1, 0, 0]))
    [1 1 2]
    """
    x, y = _aligned(a1, a2)
    return x + y


def polysub(a1, a2):
    """The difference of two polynomials.

    Args:
        a1 (Tensor | list): shape (n,); numbers: the coefficients, the highest power first.
        a2 (Tensor | list): shape (n,); numbers: the coefficients, the highest power first.

    Returns:
        Tensor of shape (max(n, m),); the common type.

    >>> import minispore.numpy as mnp
    >>> print(mnp.polysub([1, 2], [1, 0, 0]))
    [-1  1  2]
    """
    x, y = _aligned(a1, a2)
    return x - y


def polymul(a1, a2):
    """The product of two polynomials.

    Args:
        a1 (Tensor | list): shape (n,); numbers: the coefficients, the highest power first.
        a2 (Tensor | list): shape (n,); numbers: the coefficients, the highest power first.

    Returns:
        Tensor of shape (n + m - 1,); the common type.

    >>> import minispore.numpy as mnp
    >>> print(mnp.polymul([1, 2], [1, 0]))
    [1 2 0]
    """
    x, y = _pair(a1, a2)
    return to(convolve(arrays.atleast_1d(x), arrays.atleast_1d(y)), x.dtype)


def polyval(p, x):
    """A polynomial at ``x``, by Horner's rule.

    Args:
        p (Tensor | list): shape (n,); numbers: the coefficients, the highest power first.
        x (Tensor | list | number): any shape; numbers.

    Returns:
        Tensor of the shape of ``x``; floats.

    >>> import minispore.numpy as mnp
    >>> print(mnp.polyval([1, 0, 2], [2.0, 3.0]))
    [ 6. 11.]
    """
    p, x = arrays.atleast_1d(asarray(p)), asarray(x)
    p, x = (t if t.dtype.is_inexact else to(t, float32) for t in (p, x))
    out = ops.zeros_like(x)
    for k in range(p.shape[0]):
        out = out * x + p[k]
    return out


def polyder(p, m=1):
    """The derivative of a polynomial.

    Args:
        p (Tensor | list): shape (n,); numbers: the coefficients, the highest power first.
        m (int): how often. Default: 1.

    Returns:
        Tensor of shape (n - m,), of shape (0,) where nothing is left; the type of ``p``.

    Raises:
        TypeError: ``m`` is not an int.
        ValueError: ``m`` is negative.

    >>> import minispore.numpy as mnp
    >>> print(mnp.polyder([1, 0, 2]))
    [2 0]
    """
    checks.non_negative_int("polyder", m=m)
    p = arrays.atleast_1d(asarray(p))
    if m >= p.shape[0]:
        return ops.zeros((0,), p.dtype)
    for n in range(p.shape[0] - 1, p.shape[0] - 1 - m, -1):
        p = ops.narrow(p, 0, 0, n) * fixed(np.arange(n, 0, -1).astype(p.dtype.np))
    return p


def polyint(p, m=1, k=None):
    """The antiderivative of a polynomial.

    Args:
        p (Tensor | list): shape (n,); numbers: the coefficients, the highest power first.
        m (int): how often. Default: 1.
        k (number | list): the constants, ``m`` of them or one for all; None for 0. Default: None.

    Returns:
        Tensor of shape (n + m,); float32.

    Raises:
        TypeError: ``m`` is not an int.
        ValueError: ``m`` is negative, the result does not fit into memory, or the constants are not ``m``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.polyint([2, 1]))
    [1. 1. 0.]
    """
    checks.non_negative_int("polyint", m=m)
    checks.held_in_memory("polyint", 64, m=m)
    p = to(arrays.atleast_1d(asarray(p)), float32)
    constants = [0.0] * m if k is None else [k] * m if isinstance(k, (int, float)) else list(k)
    if len(constants) != m:
        raise fail(ValueError, f"For 'polyint', 'k' must hold {m} constants, but got {len(constants)}.")
    if not m:
        return p
    # c * x**d becomes c * d! / (d + m)! * x**(d + m); a constant is integrated as often as others follow it
    log_factorial = np.cumsum(np.log(np.maximum(np.arange(p.shape[0] + m), 1)))
    integrated = np.exp(log_factorial[: p.shape[0]] - log_factorial[m:])[::-1]
    added = np.array(constants, np.float64) * np.exp(-log_factorial[:m])[::-1]
    return ops.concat((p * fixed(integrated.astype(np.float32)), fixed(added.astype(np.float32))))


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
