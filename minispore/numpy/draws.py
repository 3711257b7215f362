"""Random numbers of given shapes; ``numpy.random`` has the others."""

from typing import Any

from .. import ops as _ops
from ..core import checks
from ..core.dtype import float32, int32, to_dtype
from ..core.errors import fail
from .creation import _shape

ops: Any = _ops  # its functions are put together when it is imported


def rand(*shape, dtype=float32):
    """Uniform random numbers in [0, 1).

    Args:
        *shape (int): the lengths.
        dtype (dtype | str): the type. Default: float32.

    Returns:
        Tensor of that shape and type; of shape (1,) without lengths.

    Raises:
        TypeError: a length is not an int.
        ValueError: the type is none of floats, or a length is negative.

    >>> import minispore.numpy as mnp
    >>> mnp.rand(2, 3).shape
    (2, 3)
    """
    return ops.rand(*_random_shape("rand", shape, dtype), dtype=dtype)


def _random_shape(name, shape, dtype):
    """The lengths for random floats: ints, or one tuple or list of them."""
    checks.instance(name, (int, tuple, list), **{f"shape[{k}]": n for k, n in enumerate(shape)})
    if not to_dtype(dtype).is_float:
        raise fail(ValueError, f"For '{name}', 'dtype' must be a type of floats, but got {to_dtype(dtype)}.")
    lengths = shape[0] if shape and isinstance(shape[0], (tuple, list)) else shape or (1,)
    checks.non_negative_int(name, **{f"shape[{k}]": n for k, n in enumerate(lengths)})
    return tuple(lengths)


def randn(*shape, dtype=float32):
    """Standard normal random numbers.

    Args:
        *shape (int): the lengths.
        dtype (dtype | str): the type. Default: float32.

    Returns:
        Tensor of that shape and type; of shape (1,) without lengths.

    Raises:
        TypeError: a length is not an int.
        ValueError: the type is none of floats, or a length is negative.

    >>> import minispore.numpy as mnp
    >>> mnp.randn(2, 3).shape
    (2, 3)
    """
    return ops.randn(*_random_shape("randn", shape, dtype), dtype=dtype)


def randint(minval, maxval=None, shape=None, dtype=int32):
    """Uniform random integers in [minval, maxval), or in [0, minval).

    Args:
        minval (int): the smallest number; the bound if ``maxval`` is not given.
        maxval (int): the bound, which is never drawn. Default: None.
        shape (int | tuple[int]): the shape; None for (1,). Default: None.
        dtype (dtype | str): the type. Default: int32.

    Returns:
        Tensor of that shape and type.

    Raises:
        TypeError: a bound is not an int.
        ValueError: the bounds are in the wrong order, or the type is none of integers.

    >>> import minispore.numpy as mnp
    >>> print(mnp.randint(3, 4, (2,)))
    [3 3]
    """
    checks.integer("randint", minval=minval)
    checks.instance("randint", (int, type(None)), maxval=maxval)
    if to_dtype(dtype).np.kind not in "iu":
        raise fail(ValueError, f"For 'randint', 'dtype' must be a type of integers, but got {to_dtype(dtype)}.")
    low, high = (0, minval) if maxval is None else (minval, maxval)
    return ops.randint(low, high, (1,) if shape is None else _shape("randint", shape), dtype=dtype)


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
