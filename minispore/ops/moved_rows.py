# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Rows of a table that are added elsewhere without being written down between: messages along the edges of a graph.

The compiler puts ``add_moved_rows`` in place of a ``scatter_rows`` whose updates are a ``gather_rows`` that nothing else reads.
"""

import numpy as np

from ..core.kernel import kernel
from ..core.op import library
from ..core.samples import f, i
from .batch import one_by_one
from .rows import add_rows, gather_rows


@kernel
def add_moved_rows_kernel(
    index: "I*", table: "T*", source: "J*", out: "T*", m: int, n: int, inner: int, by_column: int, lo, hi
):
    """out[index[k]] += table[source[k]], in the order of k; [lo, hi) are all, or (by_column) columns in blocks of 16."""
    c0, c1 = 0, inner
    if by_column != 0:
        c0, c1 = lo * 16, min(hi * 16, inner)
    for k in range(m):
        row = int64(index[k])
        if row >= 0 and row < n:
            target, read = shift(out, row * inner), shift(table, source[k] * inner)
            for c in range(c0, c1):
                target[c] += read[c]


def _numpy(x, index, table, source):
    out = np.array(x)
    np.add.at(out[0], index, table[0][source])
    return (out,)


def _lower(build, node):
    x, index, table, source = node.inputs
    out, before = build.output(node), build.operand(x)
    if before.buffer is not out.buffer:
        build.copy(before, out)
    (m,), (_, n, inner) = index.shape, x.shape
    by_column = build.workers > 1 and inner >= 16 * build.workers
    build.call(
        add_moved_rows_kernel.bind(T=build.storage(x.dtype), I=build.storage(index.dtype), J=build.storage(source.dtype)), node,
        [build.dense(index), build.dense(table), build.dense(source), out, m, n, inner, int(by_column)],
        extent=-(-inner // 16) if by_column else 1, writes=[out], cost=m * inner,
    )  # fmt: skip


add_moved_rows = library(  # of one block: x (1, n, inner), table (1, l, inner), index and source (m,)
    "add_moved_rows", _numpy, lambda x, index, table, source: [(x.shape, x.dtype)], _lower, in_place=True, batch=one_by_one,
    vjp=(lambda g, out, *inputs: g, None,
         lambda g, out, x, index, table, source: add_rows(gather_rows(g, index), source, table.shape[1]), None),
    samples=[(f(1, 4, 3), i(5, lo=0, hi=4), f(1, 6, 3), i(5, lo=0, hi=6))],
)  # fmt: skip

__all__ = ["add_moved_rows"]
