# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Products with few rows on the left: convolutions by one element, attention, the steps of a recurrent network.

BLAS would rearrange both matrices for each of them, which takes half of the time of a product of 32 rows. Register tiles read
them where they are; the right one is turned, a block of columns at a time, where its columns do not lie side by side.
"""

import numpy as np

from ..core.kernel import device, kernel
from ..core.sizes import counted, decided
from .epilogue import rows_of_a_block
from .product_borders import GROUP, WHOLE, Border
from .product_operands import items_of_products
from .thin_products import four_columns
from .tiled_rows import table_of, tiled_rows

MOST_ROWS, MOST_TERMS = 256, 512  # more rows make up for the rearrangement; those of long sums from TALL on
TALL = 160
MOST_OFTEN = 64  # rows of one product among several with the same matrix
LARGEST = 1 << 20  # bytes of a matrix: it has to stay in the second cache
LEAST_WORK = 1 << 18  # multiplications: less is not worth a kernel
TURNED_WORK = 1 << 17  # multiplications of all products
MOST_LEFT = 8  # rows, of 16, that are not worth a vector
LINE = 64  # bytes
MOST_EMPTY = 1.34  # of vectors that hold turned rows, with what they do twice
OFTEN = 4  # products with one matrix
MANY = 4  # matrices of a batch for each part of a call: it does not matter then that some parts have one more
NEAR = 512 * 1024  # bytes of a right matrix that stays in the second cache: it is not copied
PANEL = 256 * 1024  # bytes of a block of columns that is
BLOCK = 16  # columns: the most that a vector has
UNIT = 48  # columns of a block that is not copied
TILE = 8  # rows
MOST_WASTE = 1.1  # of vectors, with what they do outside of the result
SMALL = 2048  # multiplications of one matrix of a batch: less is done before a tile has begun


@device
def rows_inside(left, at, a_at, source, b_at, out, n, r0, rows, first, columns, ends):
    """``tiled_rows`` of ``rows`` rows from ``r0`` on, and of ``columns`` columns, which are the result's from ``first`` on.

    ``ends``: for each 16 rows four ends, of the terms and of the columns that count.
    """
    lanes = tile_lanes(out)
    for c in range(0, columns, 48):
        r = r0
        while r < r0 + rows:
            e, tall = shift(ends, r // 16 * 4), min(16 - r % 16, r0 + rows - r)
            c0, c1 = max(c, (e[2] - first) // lanes * lanes), min(c + 48, columns)
            c1 = min(c1, (e[3] - first + lanes - 1) // lanes * lanes)
            t0, t1 = e[0], max(e[1], e[0] + 1)  # the sum of no terms is one of a zero
            if c1 > c0:
                tiled_rows(
                    left, shift(at, r), shift(a_at, t0), shift(source, c0), shift(b_at, t0), t1 - t0,
                    shift(out, (r - r0) * n + c0), n, tall, c1 - c0, 0,
                )  # fmt: skip
            r += tall


@kernel
def few_rows(x: "T*", y: "T*", out: "T*", scratch: "T*", at: "int64*", m: int, n: int, k: int, y_row: int, y_col: int, inner: int,
             x_outer: int, x_inner: int, y_outer: int, y_inner: int, count: int, broad: int, pitch: int, size: int, workers: int,
             slots: int, some: int, leaves: int, shown: "int64*", s_row: int, s_outer: int, s_inner: int, after: int, given: int,
             lo, hi):  # fmt: skip
    """``out[b] = x[b] @ y[b]`` for ``count`` matrices, b = outer * inner + i; [lo, hi) are workers, units blocks of ``broad`` columns.

    ``at``: where the rows and columns of x begin, and the rows of y, or those of a block of it in the scratch memory, ``pitch``
    elements apart (``size`` not 0). The last vector of columns begins before the end of the one before it.  The scratch memory
    has ``slots`` places, one for each range that the workers are cut into.  With an epilogue (``after``, ``given``: its arguments)
    ``out`` has them, too, of ``some`` rows, and all columns are one block.  ``leaves``, ``shown``: as in ``panel_product``.
    """
    lanes = tile_lanes(out)
    then = local_int64(128)
    ends = local_int64(512)  # four for each group of 16 rows
    looked_at = -1
    take_epilogue(then, args, after, given)
    whole = n // lanes * lanes
    blocks = (whole + broad - 1) // broad
    a_at, b_at = shift(at, m), shift(at, m + k)
    units = count * blocks
    slot = (lo * slots + workers - 1) // workers
    panel, rows = shift(scratch, slot * size), shift(out, slot * some * n)
    for unit in range(lo * units // workers, hi * units // workers):
        b, block = unit // blocks, unit % blocks
        left = shift(x, b // inner * x_outer + b % inner * x_inner)
        right = shift(y, b // inner * y_outer + b % inner * y_inner)
        first, columns = block * broad, min(broad, whole - block * broad)
        if LEAVES != 0 and leaves == 1 and looked_at != b:
            ends_of_terms(left, at[1] - at[0], at[m + 1] - at[m], m, k, right, y_row, y_col, n, ends, -1)
        elif LEAVES != 0 and leaves == 2 and looked_at != b:
            ends_of_columns(shift(shown, b // inner * s_outer + b % inner * s_inner), s_row, m, k, ends)
        looked_at = b
        for _ in range(2 if block == blocks - 1 and whole < n else 1):
            source = shift(right, first * y_col)
            if y_col != 1:
                for i in range(0, columns, lanes):
                    for r in range(0, k, lanes):
                        row = min(r, k - lanes)
                        tile_transpose(shift(source, i * y_col + row), y_col, shift(panel, row * pitch + i), pitch)
            elif size != 0:
                for r in range(k):
                    for i in range(0, columns, lanes):
                        tile_inside(shift(source, r * y_row), shift(panel, r * pitch), i, 0, columns)
            if size != 0:
                source = panel
            for r in range(0, m, some if after else m):  # where no epilogue takes them, all rows
                tall, result = min(some, m - r) if after else m, rows if after else shift(out, b * m * n + first)
                if LEAVES == 0:
                    tiled_rows(left, shift(at, r), a_at, source, b_at, k, result, n, tall, columns, 0)
                else:
                    rows_inside(left, at, a_at, source, b_at, result, n, r, tall, first, columns, ends)
                if after:
                    hand_over(then, rows, b, r, r + tall)
            first, columns = n - lanes, lanes


@kernel(fastmath=("contract", "reassoc", "nsz"))
def few_rows_turned(x: "T*", y: "T*", out: "T*", scratch: "T*", at: "int64*", m: int, n: int, k: int, x_row: int, inner: int,
                    y_outer: int, y_inner: int, y_col: int, tail: int, count: int, pitch: int, size: int, workers: int, slots: int,
                    lo, hi):  # fmt: skip
    """``out[b] = x @ y[b]`` where y[b] lies by columns, as the weight of a Dense layer does: ``y[b].T @ x.T``, turned at the end.

    In place of y, x is turned, once for all products, and the result, which both are smaller.  [lo, hi) are workers, units 32
    columns of a product, 16 at its end where no more are left; m is at least the lanes: the last vector of rows overlaps the one before it.  The last ``tail`` rows are
    summed term by term, which takes less than a vector of them.  ``at``: where the columns of y begin, its rows, and the rows of
    x.T in the scratch memory, ``pitch`` elements apart.  ``slots``: as in ``few_rows``.
    """
    lanes = tile_lanes(out)
    blocks = (n + 31) // 32
    units, tall = count * blocks, m - tail
    turned = shift(scratch, (lo * slots + workers - 1) // workers * size)
    part = shift(turned, k * pitch)
    for first in range(0, tall, lanes):
        i = min(first, tall - lanes)
        for r in range(0, k, lanes):
            row = min(r, k - lanes)
            tile_transpose(shift(x, i * x_row + row), x_row, shift(turned, row * pitch + i), pitch)
    for unit in range(lo * units // workers, hi * units // workers):
        b, first = unit // blocks, unit % blocks * 32
        wide = 32 if n - first > 16 else 16
        first = min(first, n - wide)
        columns = shift(y, b // inner * y_outer + b % inner * y_inner)
        tiled_rows(columns, shift(at, first), shift(at, n), turned, shift(at, n + k), k, part, pitch, wide, tall, 0)
        to = shift(out, b * m * n + first)
        for j in range(0, wide, lanes):
            for above in range(0, tall, lanes):
                i = min(above, tall - lanes)
                tile_transpose(shift(part, j * pitch + i), pitch, shift(to, i * n + j), n)
        if tail:
            for j in range(0, wide, 4):
                some = shift(columns, (first + j) * y_col)
                four_columns(shift(x, tall * x_row), x_row, tail, some, y_col, k, shift(to, tall * n + j), n, 1)


@counted
def _tail(m: int, lanes: int) -> int:
    """How many of the last rows are left to ``four_columns``."""
    rest = m % lanes
    return rest if m > lanes and rest <= MOST_LEFT * lanes // BLOCK else 0


@decided
def is_turned(workers: int, dtype, sizes, x_strides, y_strides, batch, count: int) -> bool:
    """Whether ``few_rows_turned`` is the fastest for these products: two thirds of the time of BLAS.

    The right matrices, large ones, lie by columns, and the left one, the same for all, has few rows.
    """
    m, n, k = sizes
    if dtype.name not in ("float32", "float64") or count * m * n * k < TURNED_WORK:
        return False
    if x_strides[1] != 1 or y_strides[0] != 1 or y_strides[1] < k or batch[1] != 0 or batch[2] != 0:
        return False
    blocks = -(-n // 32)
    units = count * blocks
    even = units % workers == 0 or units >= 4 * workers
    rows = m - _tail(m, LINE // dtype.itemsize)
    whole = -(-rows // BLOCK) * BLOCK
    fits = BLOCK <= m <= MOST_OFTEN and whole <= MOST_EMPTY * rows and k * (whole + BLOCK) * dtype.itemsize <= NEAR
    return (
        even and fits and k >= 2 * m and n >= 32 and -(-n // BLOCK) * BLOCK <= 1.15 * n
    )  # the last block overlaps as well


def lower_turned(build, node, x, y, out, sizes, x_strides, y_strides, batch, count: int) -> None:
    """``out[b] = x @ y[b]``, where ``is_turned`` says so; arguments as those of ``lower_few_rows``."""
    m, n, k = sizes
    dtype = node.outs[0].dtype
    tail = _tail(m, LINE // dtype.itemsize)
    pitch = -(-(m - tail) // BLOCK) * BLOCK + BLOCK
    workers, slots = _workers(build.parts, build.workers, count, count * -(-n // 32))
    size = (k + 32) * pitch + 64
    places = table_of(places_of_terms, n, k, y_strides[1], 1, pitch)
    scratch = build.temp((slots, size), dtype)
    build.call(
        few_rows_turned.bind(T=build.storage(dtype)), node,
        [x, y, out, scratch, build.operand(places), m, n, k, x_strides[0], batch[0], batch[3], batch[4],
         y_strides[1], tail, count, pitch, size, workers, slots],
        extent=workers, writes=[out, scratch], cost=count * m * n * k // 4,
        items=items_of_products(x, y, out, batch, workers, [scratch]) if workers == count else None,
    )  # fmt: skip


@counted
def _workers(parts: int, most: int, count: int, units: int) -> tuple[int, int]:
    """(workers, places in the scratch memory): the matrices of a batch are workers, if each part of a call gets as many."""
    if count >= parts and (count % parts == 0 or count >= MANY * parts):
        return count, parts
    workers = max(1, min(most, units))
    return workers, workers


@decided
def has_few_rows(dtype, m: int, n: int, k: int) -> bool:
    """Whether tiles are faster than BLAS for a batch of products."""
    if dtype.name not in ("float32", "float64") or min(n, k) < BLOCK or m * n * k < SMALL:
        return False
    if not 1 < m <= (TALL if k > MOST_TERMS else MOST_ROWS) or m * k * dtype.itemsize > LARGEST:
        return False
    return m <= k or m * n * dtype.itemsize <= NEAR  # else it is the result's lines that take the time


@decided
def _may_be_read_often(dtype, m: int, n: int, k: int, size: int) -> bool:
    if not (has_few_rows(dtype, m, n, k) and m <= MOST_OFTEN and n % BLOCK == 0):
        return False
    return m * n * k >= LEAST_WORK and size <= LARGEST


def is_read_often(build, node, m: int, n: int, k: int) -> bool:
    """Whether the right matrix of a product of few rows stays in the cache for others."""
    y = node.inputs[1]
    if not _may_be_read_often(y.dtype, m, n, k, y.nbytes):
        return False
    turns = build.outer is not None and y.node is None  # of a loop
    return build.uses[id(y)] >= OFTEN or (turns and not build.operand(y).is_index and build.operand(y).strides[1] == 1)


@decided
def stays_near(dtype, sizes, y_strides) -> bool:
    """Whether tiles are faster than BLAS for one product, whose right matrix they read row by row from the second cache.

    Not asked is how many threads there are: BLAS sums in another order.  But there are columns or rows for several of them.
    """
    m, n, k = sizes
    if y_strides[1] != 1 or not has_few_rows(dtype, m, n, k) or m * n * k < LEAST_WORK:
        return False
    shared = n >= 2 * UNIT or m % (2 * TILE) == 0
    return shared and k * n * dtype.itemsize <= NEAR and -(-n // BLOCK) * BLOCK <= MOST_WASTE * n


@counted
def _parts_of_rows(m: int, units: int, workers: int, tall: int) -> int:
    """Into how many parts of its rows, multiples of ``tall``, one product is cut: where threads could not share its ``units`` columns evenly."""
    if units % workers == 0 or units >= 4 * workers:
        return 1
    return next((parts for parts in (workers, 2) if m % (parts * tall) == 0), 1)


@counted
def _plan(width: int, sizes, y_col: int, count: int, parts: int, most: int) -> tuple[int, int, int, int, int]:
    """(columns of a panel, distance of its rows, size of the copy of one, workers, places in the scratch memory)"""
    m, n, k = sizes
    copied = y_col != 1 or k * n * width > NEAR
    cost = count * m * n * k // 4
    broad = max(1, min(PANEL // (width * k), n) // UNIT) * UNIT if copied else UNIT
    units = count * -(-(n // 8 * 8) // broad)
    if cost >= 16384 and most > 1 and units < 4 * most:
        broad = UNIT
        units = count * -(-(n // 8 * 8) // broad)
    pitch = (broad // 16 | 1) * 16 if copied else 0  # an odd number of cache lines
    workers, slots = _workers(parts, most, count, units) if cost >= 16384 else (1, 1)
    return broad, pitch, pitch * k + 64 if copied else 0, workers, slots


@decided
def _has_whole_rows(n: int, column: int, count: int, parts: int, workers: int) -> bool:
    """Whether products are shared out as a whole, with rows that an epilogue can take; ``column``: bytes of one of y."""
    even = workers == 1 or count % parts == 0 or count >= MANY * parts
    return even and n % BLOCK == 0 and n * column <= NEAR


def places_of_terms(rows: int, terms: int, row: int, term: int, pitch: int) -> np.ndarray:
    """Where each row and each of its terms lies, and each row of the other matrix."""
    return np.concatenate([np.arange(rows) * row, np.arange(terms) * term, np.arange(terms) * pitch])


def lower_few_rows(build, node, x, y, out, sizes, x_strides, y_strides, batch, count: int, border: Border) -> None:
    """``out[b] = x[b] @ y[b]``: strides of rows and columns, and ``batch``: the inner count, then x's and y's outer and inner strides."""
    m, n, k = sizes
    y_row, y_col = y_strides
    dtype = node.outs[0].dtype
    cost = count * m * n * k // 4
    tall = TILE if border.table is None else GROUP
    parts = _parts_of_rows(m, -(-n // UNIT), build.workers, tall) if count == 1 and y_col == 1 else 1
    if parts > 1:
        row = border.steps[0]
        border = border._replace(steps=(row, 0, m // parts // GROUP * row))  # each part has its own groups of rows
        m, count, batch = m // parts, parts, (parts, 0, m // parts * x_strides[0], 0, 0)
    broad, pitch, size, workers, slots = _plan(dtype.itemsize, (m, n, k), y_col, count, build.parts, build.workers)
    then, some, after = None, 0, 0
    if not size and parts == 1 and _has_whole_rows(n, k * dtype.itemsize, count, build.parts, build.workers):
        then = build.epilogue(node)
    if then is not None:
        workers, slots = _workers(build.parts, build.workers, count, count)
        broad, some, after = n, rows_of_a_block(count * m, n * dtype.itemsize, slots), len(few_rows.params)
        out = build.temp((slots, some * n), dtype)
    places = table_of(places_of_terms, m, k, *x_strides, pitch or y_row)
    scratch = build.temp((slots, max(size, 1)), dtype)
    build.call(
        few_rows.bind(T=build.storage(dtype), LEAVES=str(int(border.leaves != WHOLE))), node,
        [x, y, out, scratch, build.operand(places), m, n, k, y_row, y_col, *batch, count, broad, pitch, size,
         workers, slots, some, border.leaves, out if border.table is None else border.table, *border.steps, after,
         len(then.arguments) if then else 0],
        extent=workers, writes=[out, scratch], cost=cost, then=then,
        items=items_of_products(x, y, out, batch, workers, [scratch, out] if then else [scratch])
        if workers == count and parts == 1 else None,
    )  # fmt: skip


__all__ = [
    "has_few_rows",
    "is_read_often",
    "is_turned",
    "lower_few_rows",
    "lower_turned",
    "places_of_terms",
    "stays_near",
]
