# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Products of a few rows with a matrix that many products read, as in the steps of a recurrent network.

BLAS would rearrange the matrix for each of them, which takes a third of the time of a product of 32 rows.
"""

import numpy as np

from ..core.kernel import kernel
from .tiled_rows import table, tiled_rows

MOST_ROWS = 64  # more rows make up for the rearrangement
LARGEST = 1 << 20  # bytes of the matrix: it has to stay in the second cache
LEAST_WORK = 1 << 18  # multiplications: less is not worth a kernel
OFTEN = 4  # products with one matrix
BLOCK = 16  # columns: a whole number of vectors on every processor


@kernel
def few_rows(x: "T*", y: "T*", out: "T*", at: "int64*", m: int, n: int, k: int, lo, hi):
    """``out = x @ y`` for the blocks [lo, hi) of columns.  ``at``: where the rows and columns of x begin, and the rows of y."""
    first = lo * 16
    tiled_rows(x, at, shift(at, m), shift(y, first), shift(at, m + k), k, shift(out, first), n, m, (hi - lo) * 16, 0)


def lower_few_rows(build, node) -> bool:
    """Emits the product, where it is of this kind."""
    x, y = node.inputs
    if len(x.shape) != 2 or x.dtype.name not in ("float32", "float64"):
        return False
    (m, k), n = x.shape, y.shape[1]
    if not (1 < m <= MOST_ROWS and n % BLOCK == 0 and m * n * k >= LEAST_WORK and y.size * y.dtype.itemsize <= LARGEST):
        return False
    left, right = build.operand(x), build.operand(y)
    turns = build.outer is not None and y.node is None and not right.is_index and right.strides[1] == 1  # of a loop
    if build.uses[id(y)] < OFTEN and not turns:
        return False
    if left.is_index or left.strides[1] != 1:
        left = build.dense(x)
    if right.is_index or right.strides[1] != 1:
        right = build.dense(y)
    out = build.output(node)
    places = [np.arange(m) * left.strides[0], np.arange(k), np.arange(k) * right.strides[0]]
    build.call(few_rows.bind(T=build.storage(x.dtype)), node,
               [left, right, out, build.operand(table(np.concatenate(places))), m, n, k],
               extent=n // BLOCK, writes=[out], cost=m * n * k // 4)  # fmt: skip
    return True


__all__ = ["lower_few_rows"]
