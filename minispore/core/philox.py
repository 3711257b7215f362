"""Counter-based random bits: Philox 2x32-10 in NumPy.

A draw is a pure function of (seed, counter, index): no state, any order, any number of threads.
`minispore.graph.vector_math.philox_uint32` gives the same bits inside a compiled loop.

How the words are put together
    stream = splitmix64(splitmix64(seed) + counter * GOLDEN)        64 bits, one per draw
    key    = low half of stream
    block  = (low half of index, high half of index XOR high half of stream)
    bits   = first word of philox2x32_10(block, key)

Both splitmix64 and the multiplication by the odd GOLDEN are bijections, so for one seed no two counters
share a stream: they differ in the key or in the second word of every block, and draws of up to 2**32
elements never use the same (key, block) twice.  Seeds start at unrelated points of the same 2**64 ring.
"""

import numpy as np

GOLDEN = 0x9E3779B97F4A7C15  # 2**64 / golden ratio, the step of splitmix64
MIX = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
MULTIPLIER = 0xD256D193  # the two constants of Philox 2x32 (Salmon et al., 2011)
KEY_STEP = 0x9E3779B9
ROUNDS = 10
BLOCK = 1 << 13
MASK32 = 0xFFFFFFFF
MASK64 = 0xFFFFFFFFFFFFFFFF


def splitmix64(value):
    """One output of splitmix64 whose state was `value`; a bijection of 64-bit integers."""
    value = (value + GOLDEN) & MASK64
    for shift, factor in MIX:
        value = ((value ^ (value >> shift)) * factor) & MASK64
    return value ^ (value >> 31)


def stream_of(seed, counter):
    """The 64 bits that tell draw number `counter` of `seed` from every other draw."""
    return splitmix64((splitmix64(int(seed) & MASK64) + int(counter) * GOLDEN) & MASK64)


def philox2x32(first, second, key, rounds=ROUNDS):
    """The Philox 2x32 block function on uint64 arrays that hold 32-bit words, in place; `key` is a Python int."""
    product = np.empty_like(first)
    for _ in range(rounds):
        np.multiply(first, np.uint64(MULTIPLIER), out=product)
        np.right_shift(product, np.uint64(32), out=first)
        np.bitwise_xor(first, second, out=first)
        np.bitwise_xor(first, np.uint64(key), out=first)
        np.bitwise_and(product, np.uint64(MASK32), out=second)
        key = (key + KEY_STEP) & MASK32
    return first, second


def philox_uint32_numpy(index, seed, counter):
    """Random uint32 for each element of `index` (integers >= 0); where there are several seeds or counters, they broadcast."""
    index = np.asarray(index)
    if np.size(seed) > 1 or np.size(counter) > 1:
        seeds, counters = np.broadcast_arrays(seed, counter)
        shape = np.broadcast_shapes(index.shape, seeds.shape)
        seeds, counters = (x.reshape((1,) * (len(shape) - x.ndim) + x.shape) for x in (seeds, counters))
        index, bits = np.broadcast_to(index, shape), np.empty(shape, np.uint32)
        sizes: tuple[int, ...] = seeds.shape
        for place in np.ndindex(sizes):
            part = tuple([slice(k, k + 1) if size > 1 else slice(None) for k, size in zip(place, sizes)])
            bits[part] = philox_uint32_numpy(index[part], seeds[place], counters[place])
        return bits
    stream = stream_of(np.asarray(seed).item(), np.asarray(counter).item())
    bits = np.empty(index.size, np.uint32)
    flat = index.reshape(-1)
    for start in range(0, flat.size, BLOCK):  # temporaries that stay in the cache
        part = flat[start : start + BLOCK].astype(np.uint64)
        first, second = part & np.uint64(MASK32), part >> np.uint64(32)
        second ^= np.uint64(stream >> 32)
        bits[start : start + BLOCK] = philox2x32(first, second, stream & MASK32)[0]
    return bits.reshape(index.shape)
