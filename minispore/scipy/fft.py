"""``mindspore.scipy.fft``: cosine transforms of the second type, by Fourier transforms (Makhoul, 1980)."""

from typing import Any

import numpy as np

from .. import ops as _ops
from ..core.dtype import float32, float64
from ..core.errors import fail
from ..core.op import fixed, to
from ..ops.fourier import _of_size
from ..ops.movement import axis_of

ops: Any = _ops  # its functions are put together when it is imported


def _plan(name, x, type, norm):
    if type != 2 or norm not in (None, "ortho"):
        raise fail(ValueError, f"For '{name}', 'type' must be 2 and 'norm' 'ortho', but got {type!r} and {norm!r}.")
    return x if x.dtype.is_float and x.dtype.itemsize >= 4 else to(x, float32)


def _turned(n: int, sign: int, dtype):
    """``exp(sign i pi k / 2n)`` for each k, with the scale that makes the transform orthogonal."""
    k = np.arange(n)
    scale = np.sqrt(np.where(k == 0, 1, 2) / n) if sign < 0 else np.sqrt(np.where(k == 0, 1, 2) * n)
    return fixed(
        (scale * np.exp(sign * 0.5j * np.pi * k / n)).astype(np.complex128 if dtype is float64 else np.complex64)
    )


def _order(n: int):
    """The even positions, followed by the odd ones from the end."""
    return np.concatenate([np.arange(0, n, 2), np.arange(1, n, 2)[::-1]])


def _forward(x, axis):
    """Along one axis."""
    x = ops.swapaxes(x, axis, -1)
    n = x.shape[-1]
    out = ops.real(ops.fft(ops.gather(x, fixed(_order(n)), -1)) * _turned(n, -1, x.dtype))
    return ops.swapaxes(out, axis, -1)


def _backward(x, axis):
    """What ``_forward`` undoes."""
    x = ops.swapaxes(x, axis, -1)
    n = x.shape[-1]
    half = ops.ifft(x * _turned(n, 1, x.dtype))
    out = ops.gather(ops.real(half), fixed(np.argsort(_order(n))), -1)
    return ops.swapaxes(out, axis, -1)


def _along_one(name, along, x, type, n, axis, norm):
    x = _plan(name, x, type, norm)
    a = axis_of(name, x.ndim, axis) - x.ndim
    return along(x if n is None else _of_size(x, a, n), a)


def _along_all(name, along, x, type, s, axes, norm):
    x = _plan(name, x, type, norm)
    axes = range(-(x.ndim if s is None else len(s)), 0) if axes is None else axes
    for k, axis in enumerate(axes):
        a = axis_of(name, x.ndim, axis) - x.ndim
        x = along(x if s is None else _of_size(x, a, s[k]), a)
    return x


def dct(x, type=2, n=None, axis=-1, norm=None):
    """Cosine transform of the second type along an axis, orthogonal.

    Args:
        x (Tensor): at least one axis; numbers.
        type (int): 2. Default: 2.
        n (int): the size to which the axis is cut, or filled up with zeros; None as it is. Default: None.
        axis (int): the axis. Default: -1.
        norm (str): None or "ortho", which are the same. Default: None.

    Returns:
        Tensor of the new size; float64 for float64, else float32.

    Raises:
        ValueError: another ``type`` or ``norm``, or no such axis.

    >>> import minispore as ms
    >>> print(dct(ms.Tensor([1.0, 1.0, 1.0, 1.0])).asnumpy().round(4) + 0)
    [2. 0. 0. 0.]
    """
    return _along_one("dct", _forward, x, type, n, axis, norm)


def idct(x, type=2, n=None, axis=-1, norm=None):
    """Inverse of ``dct``.

    Args:
        x (Tensor): at least one axis; numbers.
        type (int): 2. Default: 2.
        n (int): the size to which the axis is cut, or filled up with zeros; None as it is. Default: None.
        axis (int): the axis. Default: -1.
        norm (str): None or "ortho", which are the same. Default: None.

    Returns:
        Tensor of the new size; float64 for float64, else float32.

    Raises:
        ValueError: another ``type`` or ``norm``, or no such axis.

    >>> import minispore as ms
    >>> print(idct(ms.Tensor([2.0, 0.0, 0.0, 0.0])).asnumpy().round(4))
    [1. 1. 1. 1.]
    """
    return _along_one("idct", _backward, x, type, n, axis, norm)


def dctn(x, type=2, s=None, axes=None, norm=None):
    """Cosine transform of the second type along several axes, orthogonal.

    Args:
        x (Tensor): at least one axis; numbers.
        type (int): 2. Default: 2.
        s (tuple[int]): the sizes to which the axes are cut, or filled up with zeros; None as they are. Default: None.
        axes (tuple[int]): the axes; None for the last ones, as many as ``s`` has, or all. Default: None.
        norm (str): None or "ortho", which are the same. Default: None.

    Returns:
        Tensor of the new sizes; float64 for float64, else float32.

    Raises:
        ValueError: another ``type`` or ``norm``, or no such axis.

    >>> import minispore as ms
    >>> print(dctn(ms.ops.ones((2, 2))).asnumpy().round(4) + 0)
    [[2. 0.]
     [0. 0.]]
    """
    return _along_all("dctn", _forward, x, type, s, axes, norm)


def idctn(x, type=2, s=None, axes=None, norm=None):
    """Inverse of ``dctn``.

    Args:
        x (Tensor): at least one axis; numbers.
        type (int): 2. Default: 2.
        s (tuple[int]): the sizes to which the axes are cut, or filled up with zeros; None as they are. Default: None.
        axes (tuple[int]): the axes; None for the last ones, as many as ``s`` has, or all. Default: None.
        norm (str): None or "ortho", which are the same. Default: None.

    Returns:
        Tensor of the new sizes; float64 for float64, else float32.

    Raises:
        ValueError: another ``type`` or ``norm``, or no such axis.

    >>> import minispore as ms
    >>> print(idctn(ms.Tensor([[2.0, 0.0], [0.0, 0.0]])).asnumpy().round(4))
    [[1. 1.]
     [1. 1.]]
    """
    return _along_all("idctn", _backward, x, type, s, axes, norm)


__all__ = ["dct", "dctn", "idct", "idctn"]
