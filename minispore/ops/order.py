# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""The order of the elements of rows: the op under sorting, and under gradients that need equal indices side by side."""

import numpy as np

from ..core.dtype import int32
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
def argsort_kernel(x: "T*", out: "int32*", scratch: "int32*", n: int, descending: int, lo, hi):
    """The stable order of each row: runs of 16 by insertion, then merged in passes between ``out`` and ``scratch``."""
    for row in range(lo, hi):
        keys = shift(x, row * n)
        a, b = shift(out, row * n), shift(scratch, row * n)
        width = 16
        while width < n:  # start where the last pass will end in out
            a, b = b, a
            width *= 2
        for start in range(0, n, 16):
            for k in range(start, min(start + 16, n)):
                j = k
                while j > start and sorts_before(keys[k], keys[a[j - 1]], descending):
                    a[j] = a[j - 1]
                    j -= 1
                a[j] = int32(k)
        width = 16
        while width < n:
            for start in range(0, n, 2 * width):
                middle, end = min(start + width, n), min(start + 2 * width, n)
                p, q = start, middle
                for k in range(start, end):
                    if p < middle and (q >= end or not sorts_before(keys[a[q]], keys[a[p]], descending)):
                        b[k] = a[p]
                        p += 1
                    else:
                        b[k] = a[q]
                        q += 1
            a, b = b, a
            width *= 2


@kernel
def top_k_kernel(x: "T*", out: "int32*", n: int, k: int, descending: int, lo, hi):
    """The first ``k`` of each row's order, kept sorted while the row is read once."""
    for row in range(lo, hi):
        keys = shift(x, row * n)
        best = shift(out, row * k)
        last = keys[0]
        for c in range(n):
            v = keys[c]
            if c < k or sorts_before(v, last, descending):
                j = min(c, k - 1)
                while j > 0 and sorts_before(v, keys[best[j - 1]], descending):
                    best[j] = best[j - 1]
                    j -= 1
                best[j] = int32(c)
                last = keys[best[min(c, k - 1)]]


def _argsort_numpy(x, k, descending):
    n = x.shape[1]
    order = n - 1 - np.argsort(x[:, ::-1], 1, kind="stable")[:, ::-1] if descending else np.argsort(x, 1, kind="stable")
    return (order[:, :k].astype(np.int32),)


def _argsort_lower(build, node):
    x = node.inputs[0]
    rows, n = x.shape
    k, descending = node.attrs["k"], int(node.attrs["descending"])
    out = build.output(node)
    element = build.storage(x.dtype)
    if k < n:
        build.call(top_k_kernel.bind(T=element), node, [build.dense(x), out, n, k, descending], extent=rows,
                   writes=[out], cost=2 * x.size)  # fmt: skip
    else:
        scratch = build.temp(x.shape, int32)
        build.call(argsort_kernel.bind(T=element), node, [build.dense(x), out, scratch, n, descending], extent=rows,
                   writes=[out, scratch], cost=8 * x.size)  # fmt: skip


row_order = library(
    "argsort", _argsort_numpy, lambda x, k, descending: [((x.shape[0], k), int32)], _argsort_lower, batch=into_first_axis,
    samples=[(f(3, 40), {"k": 40, "descending": False}), (i(3, 7), {"k": 7, "descending": True}),
             (f(3, 9), {"k": 2, "descending": True})],
)  # fmt: skip


__all__ = ["argsort_kernel", "row_order", "sorts_before", "top_k_kernel"]
