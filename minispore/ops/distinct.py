# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""The different elements of an array in the order in which they first come, found by a hash table."""

import numpy as np

from ..core.dtype import int32, int64
from ..core.kernel import device, kernel
from ..core.op import library
from ..core.samples import f, i
from .batch import one_by_one

# Floats are compared by their bits: all zeros are alike, and all NaNs.  The greatest bits of a number, sign aside; 0: integers.
_INFINITE = {"float64": 0x7FF0 << 48, "float32": 0x7F80 << 16, "float16": 0x7C00, "bfloat16": 0x7F80}


@device
def key_of(bits):
    """One integer for all elements that are equal."""
    key = int64(bits)
    if INFINITE > 0:
        size = key & SIZE
        if size == 0:
            key = int64(0)
        if size > INFINITE:
            key = int64(SIZE)
    return key


@kernel
def first_seen_kernel(x: "T*", values: "T*", number: "I*", count: "int64*", slots: "int32*", size: int, lo, hi):
    """The different elements, for each element the number of its own, and how many there are; as bits. A slot is 0 or a number + 1."""
    digits = 1
    while (1 << digits) < 2 * size:
        digits += 1
    last = (1 << digits) - 1
    for _ in range(lo, hi):
        for at in range(last + 1):
            slots[at] = int32(0)
        found = 0
        for k in range(size):
            key = key_of(x[k])
            at = ((key * -7046029254386353131) >> (64 - digits)) & last
            slot = int64(slots[at])
            while slot != 0:
                if key_of(values[slot - 1]) == key:
                    break
                at = (at + 1) & last
                slot = int64(slots[at])
            if slot == 0:
                values[found] = x[k]
                found += 1
                slot = found
                slots[at] = int32(slot)
            number[k] = I(slot - 1)
        for k in range(found, size):
            values[k] = T(0)
        count[0] = found


def first_seen_by_sorting(x):
    plain = x if x.dtype.kind in "biufc" else x.astype(np.float32)  # NumPy does not know NaNs of bfloat16
    _, first, inverse = np.unique(plain, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    out = np.zeros_like(x)
    out[: order.size] = x[first[order]]
    return out, rank[inverse].astype(np.int64 if x.dtype == np.int64 else np.int32), np.array([order.size])


def _infer(x):
    return [(x.shape, x.dtype), (x.shape, int64 if x.dtype is int64 else int32), ((1,), int64)]


def _lower(build, node):
    x = node.inputs[0]
    outs = [build.output(node, k) for k in range(3)]
    slots = build.temp((4 * x.size + 2,), int32)
    infinite = _INFINITE.get(x.dtype.name, 0)
    signed = f"int{8 * x.dtype.itemsize}" if x.dtype.itemsize == 8 else f"uint{8 * x.dtype.itemsize}"
    build.call(
        first_seen_kernel.bind(T=signed, I=node.outs[1].dtype.name, INFINITE=str(infinite), SIZE=str((1 << 8 * x.dtype.itemsize - 1) - 1)),
        node, [build.dense(x), *outs, slots, x.size], extent=1, writes=[*outs, slots], split=False, cost=8 * x.size,
    )  # fmt: skip


# Of a vector: its different elements and zeros up to its length, the number of the one that each element equals, and how many there are.
first_seen = library(
    "first_seen", first_seen_by_sorting, _infer, _lower, batch=one_by_one, smooth=False, compiled_from=16,
    samples=[(f(7),), (i(9, hi=4),), (f(1),)],
)  # fmt: skip


__all__: list[str] = []  # for the package
