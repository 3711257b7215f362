"""Random bits: the Philox generator of core/philox.py inside a compiled loop."""

from ...core import philox
from ..kernel_types import UINT32, UINT64
from .value import as_builtin


def _splitmix64(value):
    value = value + philox.GOLDEN
    for shift, factor in philox.MIX:
        value = (value ^ (value >> shift)) * factor
    return value ^ (value >> 31)


def _philox_uint32(index, seed, counter):
    """philox_uint32(index, seed, counter): the bits of `minispore.core.philox.philox_uint32_numpy`.

    Only the work that depends on `index` stays in the loop.  Words live in the low halves of 64-bit lanes,
    where the product of two is one instruction.
    """
    mask = philox.MASK32
    stream = _splitmix64(_splitmix64(seed) + counter * philox.GOLDEN)
    first, second, key = index & mask, (index >> 32) ^ (stream >> 32), stream & mask
    for _ in range(philox.ROUNDS):
        product = first * philox.MULTIPLIER
        first, second = ((product >> 32) ^ second ^ key) & mask, product & mask
        key = (key + philox.KEY_STEP) & mask
    return first.low_word()


philox_uint32 = as_builtin([UINT64] * 3, UINT32, _philox_uint32)
