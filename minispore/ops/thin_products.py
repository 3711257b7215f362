# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Products with two to twelve rows on the left, such as those of a Dense layer for a small batch: the right matrix is read once.

Their time is that of reading the right matrix. All sums of four of its columns and up to four rows, or of 64 that lie side by side and
up to six rows, stay in registers; more rows are two or three groups of nearly as many, which find the columns in a cache. The number of
rows is an argument: one kernel serves all small batches. BLAS would rearrange the matrix first, which takes two to ten times as long.
Products of many tiny matrices are here, too.
"""

from ..core.kernel import device, kernel
from .product_operands import items_of_products

MOST = 12  # rows
FEW = 4  # rows for which a small right matrix is not left to BLAS
LARGE = 1 << 18  # bytes of a right matrix that more rows need: BLAS has small ones in the first cache
STRIPS = {"float32": (64, 32, 16), "float64": (32, 16)}  # columns that are side by side
TINY, MANY = 64, 16  # multiplications of one product, and products, that are written out
LEAST_TERMS = 64  # a shorter sum takes less time than its end, where the lanes of a vector are added up


@device
def four_columns(a, x_row, m, right, y_col, k, to, out_row, out_col):
    """Four columns of ``out = x @ y`` for x of m rows and y that lies by columns; the kernel has to allow that sums are reordered."""
    sums = local_like(to, 16)
    groups = (m + 3) // 4
    for g in range(groups):
        row = m * g // groups
        left, target = shift(a, row * x_row), shift(to, row * out_row)
        for rows in written_out(1, 5):
            if rows == m * (g + 1) // groups - row:
                for i in written_out(rows * 4):
                    sums[i] = 0
                for p in range(k):
                    for i in written_out(rows):
                        for c in written_out(4):
                            sums[i * 4 + c] = sums[i * 4 + c] + left[i * x_row + p] * right[c * y_col + p]
                for i in written_out(rows):
                    for c in written_out(4):
                        target[i * out_row + c * out_col] = sums[i * 4 + c]


@kernel(fastmath=("contract", "reassoc", "nsz"))
def thin_columns(x: "T*", y: "T*", out: "T*", m: int, n: int, k: int, blocks: int, x_row: int, y_col: int, out_row: int, out_col: int,
                 inner: int, x_outer: int, x_inner: int, y_outer: int, y_inner: int, lo, hi):  # fmt: skip
    """``out[b] = x[b] @ y[b]`` for x of m rows and y that lies by columns; [lo, hi) are blocks of four columns of all matrices."""
    for unit in range(lo, hi):
        b, first = unit // blocks, min(unit % blocks * 4, n - 4)
        left = shift(x, b // inner * x_outer + b % inner * x_inner)
        right = shift(y, b // inner * y_outer + b % inner * y_inner + first * y_col)
        four_columns(left, x_row, m, right, y_col, k, shift(out, b * m * n + first * out_col), out_row, out_col)


@kernel
def thin_rows(x: "T*", y: "T*", out: "T*", m: int, n: int, k: int, blocks: int, x_row: int, x_col: int, y_row: int,
              inner: int, x_outer: int, x_inner: int, y_outer: int, y_inner: int, lo, hi):  # fmt: skip
    """As above for y that lies by rows; [lo, hi) are strips of C columns of all matrices.

    The last block is there for each number of rows of a group.
    """
    groups = (m + 5) // 6
    for unit in range(lo, hi):
        b, first = unit // blocks, min(unit % blocks * C, n - C)
        left = shift(x, b // inner * x_outer + b % inner * x_inner)
        right = shift(y, b // inner * y_outer + b % inner * y_inner + first)
        target = shift(out, b * m * n + first)
        for g in range(groups):
            row = m * g // groups
            rows = m * (g + 1) // groups - row
            a, to = shift(left, row * x_row), shift(target, row * n)
            if rows == ROWS:
                sums_ROWS = local_TYPE(384)
                for i in written_out(ROWS):
                    for c in together(C):
                        sums_ROWS[i * C + c] = T(0)
                for p in range(k):
                    line = shift(right, p * y_row)
                    for i in written_out(ROWS):
                        factor = a[i * x_row + p * x_col]
                        for c in together(C):
                            sums_ROWS[i * C + c] = sums_ROWS[i * C + c] + factor * line[c]
                for i in written_out(ROWS):
                    for c in together(C):
                        to[i * n + c] = sums_ROWS[i * C + c]


thin_rows.repeat_last_block("ROWS", range(2, 7))


@kernel
def tiny_products(x: "T*", y: "T*", out: "T*", x_row: int, x_col: int, y_row: int, y_col: int, inner: int, x_outer: int, x_inner: int,
                  y_outer: int, y_inner: int, lo, hi):  # fmt: skip
    """``out[b] = x[b] @ y[b]`` for matrices of M x K and K x N, written out; [lo, hi) are matrices."""
    for b in range(lo, hi):
        left = shift(x, b // inner * x_outer + b % inner * x_inner)
        right = shift(y, b // inner * y_outer + b % inner * y_inner)
        for i in written_out(M):
            for j in written_out(N):
                total = left[i * x_row] * right[j * y_col]
                for p in written_out(1, K):
                    total += left[i * x_row + p * x_col] * right[p * y_row + j * y_col]
                out[b * M * N + i * N + j] = total


def lower_tiny(build, node, x, y, out, sizes, x_strides, y_strides, batch, count: int) -> bool:
    """Emits many products of tiny matrices; False where these are few or larger."""
    m, n, k = sizes
    dtype = node.outs[0].dtype
    if m * n * k > TINY or count < MANY or dtype.name not in ("float32", "float64"):
        return False
    source = tiny_products.bind(T=build.storage(dtype), M=str(m), N=str(n), K=str(k))
    build.call(
        source, node, [x, y, out, *x_strides, *y_strides, *batch], extent=count, writes=[out], cost=count * m * n * k // 4,
        items=items_of_products(x, y, out, batch, count),
    )  # fmt: skip
    return True


def lower_thin(build, node, x, y, out, sizes, x_strides, y_strides, batch, count: int) -> bool:
    """Emits ``out[b] = x[b] @ y[b]``, arguments as those of ``lower_few_rows``; False where it is not for these products."""
    m, n, k = sizes
    dtype = node.outs[0].dtype
    if dtype.name not in ("float32", "float64") or k < LEAST_TERMS:
        return False
    out_steps = n, 1
    if n <= MOST < m:  # the product's transpose
        x, y, m, n, out_steps = y, x, n, m, (1, n)
        x_strides, y_strides = y_strides[::-1], x_strides[::-1]
        batch = [batch[0], *batch[3:], *batch[1:3]]
    if not 1 < m <= MOST or (m > FEW and n * k * dtype.itemsize < LARGE):
        return False
    strips = STRIPS[dtype.name]
    if x_strides[1] == y_strides[0] == 1 and n >= 4:
        columns, source = 4, thin_columns.bind(T=build.storage(dtype))
        steps = [x_strides[0], y_strides[1], *out_steps]
    elif y_strides[1] == 1 and n >= strips[-1] and out_steps[1] == 1:
        columns = next(c for c in strips if c <= n)
        source = thin_rows.bind(T=build.storage(dtype), C=str(columns))
        steps = [*x_strides, y_strides[0]]
    else:
        return False
    blocks = -(-n // columns)
    build.call(
        source, node, [x, y, out, m, n, k, blocks, *steps, *batch],
        extent=count * blocks, writes=[out], cost=count * m * n * k // 4, items=items_of_products(x, y, out, batch, count),
    )  # fmt: skip
    return True


__all__ = ["lower_thin", "lower_tiny"]
