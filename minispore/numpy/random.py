"""``numpy.random``: draws that follow ``set_seed``.

>>> import minispore as ms
>>> ms.set_seed(1)
>>> uniform(0.0, 1.0, (2, 3)).shape
(2, 3)
"""

from .. import ops
from ..core.dtype import float32, int64
from ..core.random import set_seed as seed


def _shape(size) -> tuple[int, ...]:
    return () if size is None else (size,) if isinstance(size, int) else tuple(size)


def uniform(low=0.0, high=1.0, size=None, dtype=float32):
    """Numbers in [low, high), of the shape ``size``."""
    return (ops.rand(*_shape(size)) * (high - low) + low).astype(dtype)


def normal(loc=0.0, scale=1.0, size=None, dtype=float32):
    """Normal numbers with the mean ``loc`` and the standard deviation ``scale``, of the shape ``size``."""
    return (ops.randn(*_shape(size)) * scale + loc).astype(dtype)


def rand(*shape, dtype=float32):
    """Numbers in [0, 1)."""
    return uniform(0.0, 1.0, shape, dtype)


def randn(*shape, dtype=float32):
    """Standard normal numbers."""
    return normal(0.0, 1.0, shape, dtype)


def randint(low, high=None, size=None, dtype=int64):
    """Integers in [low, high), or [0, low)."""
    low, high = (0, low) if high is None else (low, high)
    return ops.randint(low, high, _shape(size), dtype=dtype)


def permutation(x):
    """The integers below ``x``, or the rows of ``x``, in random order."""
    if isinstance(x, int):
        return ops.randperm(x)
    return ops.gather(x, ops.randperm(x.shape[0]), 0)


__all__ = ["normal", "permutation", "rand", "randint", "randn", "seed", "uniform"]
