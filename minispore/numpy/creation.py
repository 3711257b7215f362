"""Tensors from numbers: ``array``, filled arrays, ranges."""

import builtins
from typing import Any

import numpy as np

from .. import ops as _ops
from ..core.dtype import float32, int32, to_dtype, uint32
from ..core.errors import fail
from ..core.op import fixed, to
from ..core.tensor import Tensor
from ..ops.creation import _number

ops: Any = _ops  # its functions are put together when it is imported


_SHORT = {int: int32, "int": int32, float: float32, "float": float32, "uint": uint32}


def _dtype_of(given):
    """A DType from one of its names: here "int" and "float" have 32 bits, as in MindSpore's ``numpy``."""
    return _SHORT[given] if isinstance(given, (type, str)) and given in _SHORT else to_dtype(given)


def asarray(a, dtype=None):
    """A Tensor of a number, a (nested) list or tuple, a NumPy array, or a Tensor (which is returned as it is).

    Args:
        a (Tensor | number | list | tuple | ndarray): the data.
        dtype (dtype | str): the type; by default int32 for whole numbers, float32 for floats; Tensors keep theirs.
            Default: None.

    Returns:
        Tensor.

    Raises:
        TypeError: ``a`` is none of these.

    >>> import minispore.numpy as mnp
    >>> mnp.asarray([1, 2]).dtype, mnp.asarray([1, 2.5]).dtype
    (mindspore.int32, mindspore.float32)
    """
    wanted = None if dtype is None else _dtype_of(dtype)
    if isinstance(a, Tensor):
        return a if wanted is None else to(a, wanted)
    if not isinstance(a, (bool, int, float, list, tuple, np.ndarray, np.generic)):
        raise fail(
            TypeError,
            f"For 'array', the data must be a number, list, tuple, NumPy array or Tensor, but got {type(a).__name__}.",
        )
    if isinstance(a, (list, tuple)) and any(isinstance(x, Tensor) for x in a):
        made = ops.stack([asarray(x) for x in a])
        return made if wanted is None else to(made, wanted)
    if wanted is None:
        kind = np.asarray(a).dtype.kind
        wanted = int32 if kind in "iu" else float32 if kind == "f" else None
    if isinstance(a, (bool, int, float)) and wanted is not None:
        return fixed(np.asarray(a, wanted.np))
    return Tensor(a, wanted)


def array(obj, dtype=None, copy=True, ndmin=0):
    """A Tensor of a number, a (nested) list or tuple, a NumPy array, or a Tensor.

    Args:
        obj (Tensor | number | list | tuple | ndarray): the data.
        dtype (dtype | str): the type; by default int32 for whole numbers, float32 for floats; Tensors keep theirs.
            Default: None.
        copy (bool): whether the data of a Tensor are copied. Default: True.
        ndmin (int): how many axes at least; new ones come first. Default: 0.

    Returns:
        Tensor.

    Raises:
        TypeError: ``obj`` is none of these.

    >>> import minispore.numpy as mnp
    >>> print(mnp.array([1, 2], ndmin=2))
    [[1 2]]
    """
    made = asarray(obj, dtype)
    made = made.copy() if copy and made is obj else made
    return ops.reshape(made, (1,) * (ndmin - made.ndim) + made.shape) if ndmin > made.ndim else made


def copy(a):
    """A Tensor with its own memory.

    Args:
        a (Tensor | number | list | tuple | ndarray): the data.

    Returns:
        Tensor of the same values.

    Raises:
        TypeError: ``a`` is none of these.

    >>> import minispore.numpy as mnp
    >>> print(mnp.copy([1, 2]))
    [1 2]
    """
    return array(a)


def asfarray(a, dtype=float32):
    """A Tensor of floats.

    Args:
        a (Tensor | number | list | tuple | ndarray): the data.
        dtype (dtype | str): the type; float32 in place of one that is not of floats. Default: float32.

    Returns:
        Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.asfarray([1, 2]))
    [1. 2.]
    """
    return asarray(a, dtype if dtype is not None and _dtype_of(dtype).is_float else float32)


def _shape(name, shape):
    if isinstance(shape, (int, list, tuple, Tensor)) and not isinstance(shape, bool):
        return (shape,) if isinstance(shape, int) else shape
    raise fail(
        TypeError, f"For '{name}', 'shape' must be an int, tuple, list or Tensor, but got {type(shape).__name__}."
    )


def zeros(shape, dtype=float32):
    """Zeros.

    Args:
        shape (int | tuple[int] | list[int]): the shape.
        dtype (dtype | str): the type. Default: float32.

    Returns:
        Tensor of that shape and type.

    >>> import minispore.numpy as mnp
    >>> print(mnp.zeros((2,)))
    [0. 0.]
    """
    return ops.zeros(_shape("zeros", shape), _dtype_of(dtype))


def ones(shape, dtype=float32):
    """Ones.

    Args:
        shape (int | tuple[int] | list[int]): the shape.
        dtype (dtype | str): the type. Default: float32.

    Returns:
        Tensor of that shape and type.

    >>> import minispore.numpy as mnp
    >>> print(mnp.ones((2,)))
    [1. 1.]
    """
    return ops.ones(_shape("ones", shape), _dtype_of(dtype))


def empty(shape, dtype=float32):
    """A Tensor whose values are not to be relied on (zeros).

    Args:
        shape (int | tuple[int] | list[int]): the shape.
        dtype (dtype | str): the type. Default: float32.

    Returns:
        Tensor of that shape and type.

    >>> import minispore.numpy as mnp
    >>> mnp.empty((2, 3)).shape
    (2, 3)
    """
    return zeros(shape, dtype)


def full(shape, fill_value, dtype=None):
    """One value everywhere.

    Args:
        shape (int | tuple[int] | list[int]): the shape.
        fill_value (number | Tensor | list): the value; a shape that broadcasts.
        dtype (dtype | str): the type; by default that of the value. Default: None.

    Returns:
        Tensor of that shape.

    >>> import minispore.numpy as mnp
    >>> print(mnp.full((2,), 7))
    [7 7]
    """
    return ops.broadcast_to(asarray(fill_value, dtype), _shape("full", shape))


def full_like(a, fill_value, dtype=None, shape=None):
    """One value in the shape and type of ``a``.

    Args:
        a (Tensor | list | number): any shape; any type.
        fill_value (number | Tensor | list): the value; a shape that broadcasts.
        dtype (dtype | str): the type; by default that of ``a``. Default: None.
        shape (int | tuple[int]): another shape. Default: None.

    Returns:
        Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.full_like([1.0, 2.0], 7))
    [7. 7.]
    """
    a = asarray(a)
    return full(a.shape if shape is None else shape, fill_value, dtype or a.dtype)


def zeros_like(a, dtype=None, shape=None):
    """Zeros in the shape and type of ``a``.

    Args:
        a (Tensor | list | number): any shape; any type.
        dtype (dtype | str): the type; by default that of ``a``. Default: None.
        shape (int | tuple[int]): another shape. Default: None.

    Returns:
        Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.zeros_like([1.0, 2.0]))
    [0. 0.]
    """
    return full_like(a, 0, dtype, shape)


def ones_like(a, dtype=None, shape=None):
    """Ones in the shape and type of ``a``.

    Args:
        a (Tensor | list | number): any shape; any type.
        dtype (dtype | str): the type; by default that of ``a``. Default: None.
        shape (int | tuple[int]): another shape. Default: None.

    Returns:
        Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.ones_like([1.0, 2.0]))
    [1. 1.]
    """
    return full_like(a, 1, dtype, shape)


def empty_like(prototype, dtype=None, shape=None):
    """A Tensor in the shape and type of ``prototype``, whose values are not to be relied on (zeros).

    Args:
        prototype (Tensor | list | number): any shape; any type.
        dtype (dtype | str): the type; by default that of ``prototype``. Default: None.
        shape (int | tuple[int]): another shape. Default: None.

    Returns:
        Tensor.

    >>> import minispore.numpy as mnp
    >>> mnp.empty_like([1.0, 2.0]).shape
    (2,)
    """
    return zeros_like(prototype, dtype, shape)


# ---------------------------------------------------------------- ranges
def _made(values, dtype):
    """An array that NumPy made, in ``dtype`` or as int32 or float32."""
    return fixed(values.astype(_dtype_of(dtype or (float32 if values.dtype.kind == "f" else int32)).np))


def arange(start, stop=None, step=None, dtype=None):
    """``start, start + step, ...`` below ``stop``.

    Args:
        start (number): the first number; the bound if ``stop`` is not given.
        stop (number): the bound, which is not reached. Default: None.
        step (number): the distance; None for 1. Default: None.
        dtype (dtype | str): the type; by default int32 for ints, float32 for floats. Default: None.

    Returns:
        Tensor of shape (n,).

    Raises:
        ValueError: ``step`` is 0, or there is no such number.

    >>> import minispore.numpy as mnp
    >>> print(mnp.arange(0, 1, 0.25), mnp.arange(3).dtype)
    [0.   0.25 0.5  0.75] Int32
    """
    first, last = (0, _number(start)) if stop is None else (_number(start), _number(stop))
    step = 1 if step is None else _number(step)
    if step == 0:
        raise fail(ValueError, "For 'arange', 'step' must not be 0.")
    values = np.arange(first, last, step)
    if values.size == 0:
        raise fail(ValueError, f"For 'arange', there is no number from {first} to {last} in steps of {step}.")
    return _made(values, dtype)


def _spaced(numpy_function, start, stop, num, dtype, **more):
    start, stop = (np.asarray(x._array() if isinstance(x, Tensor) else x, np.float64) for x in (start, stop))
    return _made(numpy_function(start, stop, int(num), **more), dtype or float32)


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    """Equally spaced numbers.

    Args:
        start (number | Tensor | list): the first number.
        stop (number | Tensor | list): the last number.
        num (int): how many. Default: 50.
        endpoint (bool): whether ``stop`` is one of them. Default: True.
        retstep (bool): whether their distance is given too. Default: False.
        dtype (dtype | str): the type; None for float32. Default: None.
        axis (int): the axis of the numbers, if ``start`` and ``stop`` have some. Default: 0.

    Returns:
        Tensor of shape (num,); with ``retstep`` a tuple (Tensor, distance).

    >>> import minispore.numpy as mnp
    >>> print(mnp.linspace(0, 1, 5))
    [0.   0.25 0.5  0.75 1.  ]
    """
    made = _spaced(np.linspace, start, stop, num, dtype, endpoint=endpoint, axis=axis)
    if not retstep:
        return made
    return made, (asarray(stop, float32) - start) / builtins.max(num - 1 if endpoint else num, 1)


def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    """``base`` to the power of equally spaced numbers.

    Args:
        start (number | Tensor | list): the first power.
        stop (number | Tensor | list): the last power.
        num (int): how many. Default: 50.
        endpoint (bool): whether ``stop`` is one of them. Default: True.
        base (number): the base. Default: 10.0.
        dtype (dtype | str): the type; None for float32. Default: None.
        axis (int): the axis of the numbers, if ``start`` and ``stop`` have some. Default: 0.

    Returns:
        Tensor of shape (num,).

    >>> import minispore.numpy as mnp
    >>> print(mnp.logspace(0, 2, 3))
    [  1.  10. 100.]
    """
    return _spaced(np.logspace, start, stop, num, dtype, endpoint=endpoint, base=base, axis=axis)


def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """Numbers with equal ratios.

    Args:
        start (number | Tensor | list): the first number.
        stop (number | Tensor | list): the last number.
        num (int): how many. Default: 50.
        endpoint (bool): whether ``stop`` is one of them. Default: True.
        dtype (dtype | str): the type; None for float32. Default: None.
        axis (int): the axis of the numbers, if ``start`` and ``stop`` have some. Default: 0.

    Returns:
        Tensor of shape (num,).

    >>> import minispore.numpy as mnp
    >>> print(mnp.geomspace(1, 4, 3))
    [1. 2. 4.]
    """
    return _spaced(np.geomspace, start, stop, num, dtype, endpoint=endpoint, axis=axis)


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
