# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""The order of the elements of rows: the op under sorting, and under gradients that need equal indices side by side."""

import numpy as np

from ..core.dtype import BY_NAME, int32
from ..core.kernel import device, kernel
from ..core.op import library
from ..core.samples import f, i
from .batch import into_first_axis


@device
def sorts_before(a, b, descending):
    """Strict comparison in which NaN is the largest number."""
    if descending != 0:
        return a > b or (a != a and b == b)
    return a < b or (b != b and a == a)


@kernel
def few_first_kernel(x: "T*", out: "int32*", n: int, k: int, descending: int, lo, hi):
    """The first ``k`` of each row's order, for a small k: kept sorted while the row is read once, in blocks.

    Most blocks have no element that goes before the last one kept; that is found out by vector instructions.
    """
    for row in range(lo, hi):
        keys = shift(x, row * n)
        best = shift(out, row * k)
        last = keys[0]
        for begin in range(0, n, 64):
            end = min(begin + 64, n)
            better = 0
            if descending != 0:
                for c in range(begin, end):
                    better += int64((keys[c] > last) | (keys[c] != keys[c]))
            else:
                for c in range(begin, end):
                    better += int64((keys[c] < last) | (last != last))
            if better == 0 and begin >= k:
                continue
            for c in range(begin, end):
                v = keys[c]
                if c < k or sorts_before(v, last, descending):
                    j = min(c, k - 1)
                    while j > 0 and sorts_before(v, keys[best[j - 1]], descending):
                        best[j] = best[j - 1]
                        j -= 1
                    best[j] = int32(c)
                    last = keys[best[min(c, k - 1)]]


@device
def digit_of(key, low, mask):
    """The bits of ``key`` from ``low`` on."""
    return int64((key >> U(low)) & U(mask))


@device
def ranks_of(keys, ranks, count):
    """``ranks[i]``: how many of the keys, in a whole number of vectors, come before key i in their stable order.

    As many comparisons as there are pairs, but by vectors and without branches.
    """
    for c in range(count):
        ranks[c] = U(0)
    for j in range(count):
        v = keys[j]
        for c in range(j + 1):
            ranks[c] += U(v < keys[c])
        for c in range(j + 1, count):
            ranks[c] += U(v <= keys[c])


@kernel
def argsort_kernel(x: "U*", out: "int32*", keys: "U*", places: "int32*", counts: "int32*", n: int, k: int, rows: int,
                   bits: int, is_float: int, top: int, infinity: int, flip: int, workers: int, lo, hi):  # fmt: skip
    """The first ``k`` positions of each row's stable order, by radix: elements are read as unsigned numbers of ``bits``.

    Numbers become keys that sort in the same way as unsigned ones: the sign bit ``top`` is inverted, of a negative float
    all bits; all NaN become the largest key and -0.0 becomes 0.0; ``flip`` inverts the order.  If k < n, the elements that
    can be among the first are found by counting the highest digits.  These are then sorted digit by digit, the lowest first.

    [lo, hi) are workers, which have memory for two rows of keys and of positions each, and for 2048 counts.
    """
    own, ranks = local_TYPE(64), local_TYPE(64)
    for row in range(lo * rows // workers, hi * rows // workers):
        source = shift(x, row * n)
        key_a, place_a, count = shift(keys, lo * 2 * n), shift(places, lo * 2 * n), shift(counts, lo * 2048)
        key_b, place_b = shift(key_a, n), shift(place_a, n)
        if is_float != 0:
            for i in range(n):
                v = source[i]
                key = where(v > U(top), U(~v), U(v | U(top)))
                key_a[i] = U(where(U(v & U(~U(top))) > U(infinity), U(-1), key) ^ U(flip))
        else:
            for i in range(n):
                key_a[i] = U(U(source[i] ^ U(top)) ^ U(flip))
        m = n
        if k < n:
            low, prefix, before, level = bits, 0, 0, 0
            while low > 0 and level < 3 and (level == 0 or m > 2 * k):
                width = min(low, 11)
                low -= width
                mask = (1 << width) - 1
                for d in range(mask + 1):
                    count[d] = 0
                if level == 0:
                    for i in range(n):
                        count[digit_of(key_a[i], low, mask)] += 1
                else:
                    for i in range(n):
                        if int64(key_a[i] >> U(low + width)) == prefix:
                            count[digit_of(key_a[i], low, mask)] += 1
                d = 0
                while before + count[d] < k:
                    before += count[d]
                    d += 1
                m = before + count[d]
                prefix = (prefix << width) | d
                level += 1
            m = 0
            for i in range(n):
                key_b[m], place_b[m] = key_a[i], int32(i)
                m += int64(int64(key_a[i] >> U(low)) <= prefix)
            key_a, key_b, place_a, place_b = key_b, key_a, place_b, place_a
        else:
            for i in range(n):
                place_a[i] = int32(i)
        if m <= 32:
            for i in range(1, m):
                key, place, j = key_a[i], place_a[i], i
                while j > 0 and key_a[j - 1] > key:
                    key_a[j], place_a[j] = key_a[j - 1], place_a[j - 1]
                    j -= 1
                key_a[j], place_a[j] = key, place
        elif m <= 64 and bits >= 32:
            rounded = (m + 15) // 16 * 16
            for i in range(m):
                own[i] = key_a[i]
            for i in range(m, rounded):
                own[i] = U(-1)
            ranks_of(own, ranks, rounded)
            for i in range(m):
                place_b[int64(ranks[i])] = place_a[i]
            place_a = place_b
        else:
            width = 8 if m < 2048 else 11
            mask = (1 << width) - 1
            for low in range(0, bits, width):
                for d in range(mask + 1):
                    count[d] = 0
                for i in range(m):
                    count[digit_of(key_a[i], low, mask)] += 1
                if count[digit_of(key_a[0], low, mask)] == m:
                    continue  # all have the same digit
                total = 0
                for d in range(mask + 1):
                    here = count[d]
                    count[d] = total
                    total += here
                for i in range(m):
                    d = digit_of(key_a[i], low, mask)
                    at = count[d]
                    count[d] = at + 1
                    key_b[at], place_b[at] = key_a[i], place_a[i]
                key_a, key_b, place_a, place_b = key_b, key_a, place_b, place_a
        target = shift(out, row * k)
        for i in range(k):
            target[i] = place_a[i]


def _argsort_numpy(x, k, descending):
    n = x.shape[1]
    order = n - 1 - x[:, ::-1].argsort(1, "stable")[:, ::-1] if descending else x.argsort(1, "stable")
    return (order[:, :k].astype(np.int32),)


FEW = 16  # up to so many of a row are found by insertion


def _argsort_lower(build, node):
    x = node.inputs[0]
    rows, n = x.shape
    k, descending = node.attrs["k"], int(node.attrs["descending"])
    out = build.output(node)
    if k <= FEW and k < n:
        build.call(few_first_kernel.bind(T=build.storage(x.dtype)), node, [build.dense(x), out, n, k, descending],
                   extent=rows, writes=[out], cost=2 * x.size)  # fmt: skip
        return
    unsigned = BY_NAME[f"uint{8 * x.dtype.itemsize}"]
    bits = 8 * x.dtype.itemsize
    signed = x.dtype.is_float or np.dtype(x.dtype.np).kind == "i"
    top = -(1 << 63) if bits == 64 else 1 << bits - 1
    infinity = 0x7FF << 52 if bits == 64 else 0xFF << 23
    workers = min(2 * build.threads, rows)
    keys, places = build.temp((workers, 2, n), unsigned), build.temp((workers, 2, n), int32)
    counts = build.temp((workers, 2048), int32)
    build.call(
        argsort_kernel.bind(U=unsigned.name, T=unsigned.name), node,
        [build.dense(x), out, keys, places, counts, n, k, rows, bits, int(x.dtype.is_float), top if signed else 0,
         infinity, -descending, workers],
        extent=workers, writes=[out, keys, places, counts], cost=8 * x.size,
    )  # fmt: skip


row_order = library(
    "argsort", _argsort_numpy, lambda x, k, descending: [((x.shape[0], k), int32)], _argsort_lower, batch=into_first_axis,
    samples=[(f(3, 40), {"k": 40, "descending": False}), (i(3, 7), {"k": 7, "descending": True}),
             (f(3, 9), {"k": 2, "descending": True}),
             (i(3, 90), {"k": 40, "descending": False})],
)  # fmt: skip


__all__ = ["argsort_kernel", "few_first_kernel", "row_order", "sorts_before"]
