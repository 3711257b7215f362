# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Products of few terms with an epilogue: the weight's gradient of a Dense layer for a small batch, of which the update takes rows.

The result is most of what is read and written. Without an epilogue BLAS makes it as a whole.
"""

from ..core.kernel import kernel
from ..core.sizes import decided
from .epilogue import rows_of_a_block
from .few_rows import places_of_terms
from .tiled_rows import table_of, tiled_rows

FEWEST, FEW = 12, 32  # terms for which BLAS, which rearranges the right matrix for each block, and tiles are faster
LANES = 16  # the most columns that a vector has


@kernel
def blas_of_few_terms(x: "T*", y: "T*", out: "T*", m: int, n: int, k: int, x_row: int, x_col: int, y_row: int, y_col: int, slots: int,
                      some: int, at: int, given: int, lo, hi):  # fmt: skip
    """``x @ y`` for an epilogue, which takes ``some`` rows at a time; [lo, hi) are rows.

    ``out`` has ``slots`` places for such rows, one for each range that all rows are cut into.
    """
    then = local_int64(128)
    take_epilogue(then, args, at, given)
    order_x = int32(111) if x_col == 1 else int32(112)
    order_y = int32(111) if y_col == 1 else int32(112)
    lead_x = int32(max(x_row if x_col == 1 else x_col, 1))
    lead_y = int32(max(y_row if y_col == 1 else y_col, 1))
    part = shift(out, (lo * slots + m - 1) // m * some * n)
    for r in range(lo, hi, some):
        rows = min(some, hi - r)
        cblas_TYPEgemm(
            int32(101), order_x, order_y, int32(rows), int32(n), int32(k), T(1), shift(x, r * x_row), lead_x, y, lead_y,
            T(0), part, int32(n),
        )  # fmt: skip
        hand_over(then, part, 0, r, r + rows)


@kernel
def tiles_of_few_terms(x: "T*", y: "T*", out: "T*", places: "int64*", m: int, n: int, k: int, slots: int, some: int, at: int,
                       given: int, lo, hi):  # fmt: skip
    """The same by register tiles, which read both matrices where they lie.  ``places``: of the rows and columns of x, the rows of y."""
    then = local_int64(128)
    take_epilogue(then, args, at, given)
    part = shift(out, (lo * slots + m - 1) // m * some * n)
    for r in range(lo, hi, some):
        rows = min(some, hi - r)
        tiled_rows(x, shift(places, r), shift(places, m), y, shift(places, m + k), k, part, n, rows, n, 0)
        hand_over(then, part, 0, r, r + rows)


@decided
def _way(m: int, n: int, k: int, y_col: int) -> int:
    """1: by BLAS, 2: by tiles, 0: not some rows at a time."""
    if k > min(m, FEW):
        return 0
    return 1 if k <= FEWEST else 2 if y_col == 1 and n % LANES == 0 else 0


def lower_few_terms(build, node, x, y, sizes, x_strides, y_strides) -> bool:
    """Emits ``x @ y`` with its epilogue, if it has one; False where it has none, or the sums are long."""
    m, n, k = sizes
    dtype = node.outs[0].dtype
    way = _way(m, n, k, y_strides[1])
    then = build.epilogue(node) if way and dtype.name in ("float32", "float64") else None
    if then is None:
        return False
    some, slots = rows_of_a_block(m, n * dtype.itemsize, build.parts), build.parts
    part = build.temp((slots, some * n), dtype)
    if way == 1:
        source, numbers = blas_of_few_terms.bind(T=build.storage(dtype)), [*x_strides, *y_strides]
        operands = [x, y, part]
    else:
        source, numbers = tiles_of_few_terms.bind(T=build.storage(dtype)), []
        operands = [x, y, part, build.operand(table_of(places_of_terms, m, k, *x_strides, y_strides[0]))]
    build.call(
        source, node, [*operands, m, n, k, *numbers, slots, some, len(source.params), len(then.arguments)],
        extent=m, writes=[part], cost=m * n * k // 4 + m * n, then=then,
    )  # fmt: skip
    return True


__all__ = ["FEW", "lower_few_terms"]
