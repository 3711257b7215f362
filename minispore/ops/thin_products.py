# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Products with two to twelve rows on the left, such as those of a Dense layer for a small batch: the right matrix is read once.

Their time is that of reading the right matrix. All sums of four of its columns, or of 64 where they lie side by side, stay in
registers; BLAS would rearrange it first, which takes two to ten times as long. Products of many tiny matrices are here, too.
"""

from ..core.kernel import kernel
from .product_operands import items_of_products

MOST = 12  # rows
FEW = 4  # rows for which twice as many columns stay in registers
LARGE = 1 << 18  # bytes of a right matrix that more rows need: BLAS has small ones in the first cache
STRIPS = (64, 32, 16)  # columns that are side by side
TINY, MANY = 64, 16  # multiplications of one product, and products, that are written out
LEAST_TERMS = 64  # a shorter sum takes less time than its end, where the lanes of a vector are added up


@kernel(fastmath=("contract", "reassoc", "nsz"))
def thin_columns(x: "T*", y: "T*", out: "T*", n: int, k: int, blocks: int, x_row: int, y_col: int, out_row: int, out_col: int,
                 inner: int, x_outer: int, x_inner: int, y_outer: int, y_inner: int, lo, hi):  # fmt: skip
    """``out[b] = x[b] @ y[b]`` for x of M rows and y that lies by columns; [lo, hi) are blocks of C columns of all matrices."""
    sums = local_TYPE(64)
    for unit in range(lo, hi):
        b, first = unit // blocks, min(unit % blocks * C, n - C)
        left = shift(x, b // inner * x_outer + b % inner * x_inner)
        right = shift(y, b // inner * y_outer + b % inner * y_inner + first * y_col)
        for i in written_out(M * C):
            sums[i] = T(0)
        for p in range(k):
            for i in written_out(M):
                for c in written_out(C):
                    sums[i * C + c] = sums[i * C + c] + left[i * x_row + p] * right[c * y_col + p]
        target = shift(out, b * M * n + first * out_col)
        for i in written_out(M):
            for c in written_out(C):
                target[i * out_row + c * out_col] = sums[i * C + c]


@kernel
def thin_rows(x: "T*", y: "T*", out: "T*", n: int, k: int, blocks: int, x_row: int, x_col: int, y_row: int,
              inner: int, x_outer: int, x_inner: int, y_outer: int, y_inner: int, lo, hi):  # fmt: skip
    """As above for y that lies by rows; [lo, hi) are strips of C columns of all matrices."""
    sums = local_TYPE(512)
    for unit in range(lo, hi):
        b, first = unit // blocks, min(unit % blocks * C, n - C)
        left = shift(x, b // inner * x_outer + b % inner * x_inner)
        right = shift(y, b // inner * y_outer + b % inner * y_inner + first)
        for i in written_out(M):
            for c in together(C):
                sums[i * C + c] = T(0)
        for p in range(k):
            line = shift(right, p * y_row)
            for i in written_out(M):
                factor = left[i * x_row + p * x_col]
                for c in together(C):
                    sums[i * C + c] = sums[i * C + c] + factor * line[c]
        target = shift(out, b * M * n + first)
        for i in written_out(M):
            for c in together(C):
                target[i * n + c] = sums[i * C + c]


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
    if x_strides[1] == y_strides[0] == 1 and n >= 4:
        columns, source = 4 if m <= FEW else 2, thin_columns
        steps = [x_strides[0], y_strides[1], *out_steps]
    elif y_strides[1] == 1 and n >= STRIPS[-1] and out_steps[1] == 1:
        columns, source = next(c for c in STRIPS[m > FEW :] if c <= n), thin_rows
        steps = [*x_strides, y_strides[0]]
    else:
        return False
    blocks = -(-n // columns)
    build.call(
        source.bind(T=build.storage(dtype), M=str(m), C=str(columns)), node, [x, y, out, n, k, blocks, *steps, *batch],
        extent=count * blocks, writes=[out], cost=count * m * n * k // 4, items=items_of_products(x, y, out, batch, count),
    )  # fmt: skip
    return True


__all__ = ["lower_thin", "lower_tiny"]
