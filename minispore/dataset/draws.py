"""Random numbers of the pipeline: pure functions of a key, independent of the number of workers and the order of execution.

The generator is splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014) with the position
as its counter. One formula serves Python ints (one row) and uint64 arrays (the rows of a block at once).
"""

import itertools
import threading
from typing import Any

import numpy as np

from ..distributed import WORLD
from . import config

_MASK = 2**64 - 1
_STEP = 0x9E3779B97F4A7C15


def mix(x):
    """The 64-bit finalizer of splitmix64.

    Args:
        x: int or array of uint64.

    Returns:
        the same kind.
    """
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB & _MASK
    return x ^ (x >> 31)


def derive(key, position):
    """The key of a child (an epoch, a row, an operation) of ``key``; either argument may be a uint64 array.

    Args:
        key: int or array of uint64.
        position: int or array of uint64.

    Returns:
        int or array of uint64.
    """
    return mix((((position + 1) * _STEP & _MASK) + key) & _MASK)


def generator(key: int) -> np.random.Generator:
    """A NumPy generator of a key.

    Args:
        key: int.

    Returns:
        numpy.random.Generator.
    """
    return np.random.Generator(np.random.Philox(key=key))


class Draws:
    """The numbers drawn for one key, or for an array of keys: one number each.

    Args:
        key: int or array of uint64.
    """

    __slots__ = ("count", "key")

    def __init__(self, key):
        self.key = key
        self.count = -1

    def bits(self):
        """The next 64 bits.

        Returns:
            int or array of uint64.
        """
        self.count += 1
        return derive(self.key, self.count)

    def uniform(self, low: float = 0.0, high: float = 1.0) -> Any:
        """The next number in [low, high).

        Args:
            low: float.  Default: 0.0.
            high: float.  Default: 1.0.

        Returns:
            float or array.
        """
        return low + (high - low) * ((self.bits() >> 11) * 2.0**-53)

    def below(self, stop: int) -> Any:
        """The next int in [0, stop).

        Args:
            stop: int above 0.

        Returns:
            int or array of uint64.
        """
        return self.bits() % stop

    def generator(self) -> np.random.Generator:
        """A NumPy generator with this key, for many numbers.

        Returns:
            numpy.random.Generator.
        """
        return generator(self.bits())


class _Current(threading.local):
    draws: Draws | None = None


current = _Current()
_calls: tuple[int | None, Any] = (None, itertools.count())


def draws() -> Draws:
    """The random numbers of the current row; outside a pipeline, of this call.

    Returns:
        Draws.
    """
    global _calls
    if current.draws is not None:
        return current.draws
    seed = config.given_seed()
    if _calls[0] != seed:
        _calls = seed, itertools.count()
    return Draws(derive(fresh_seed() if seed is None else seed, next(_calls[1])))


_fresh = itertools.count()


def fresh_seed() -> int:
    """A seed from the system; of several processes that have joined the same one, so that their shares fit together.

    Returns:
        int.
    """
    if WORLD.size > 1:
        return derive(WORLD.entropy, next(_fresh))
    return int.from_bytes(np.random.SeedSequence().generate_state(2).tobytes(), "little")
