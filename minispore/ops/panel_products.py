# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Products of large matrices by register tiles: both are rearranged into panels, in the order in which tiles read them.

The smaller matrix is rearranged by all threads before the product; of the other each thread rearranges blocks that stay in the
second cache, for the rows or columns of the result that it makes.  Each element of the result is summed in an order that
depends on the shapes alone, whatever the number of threads.
"""

from ..core.kernel import device, kernel
from ..core.sizes import decided
from .epilogue import rows_of_a_block
from .product_borders import WHOLE, Border

HIGH = 16  # rows of a panel of the left matrix
BROAD = 48  # columns of a unit of the right one, whose panels are a tile's width
DEEP = 320  # terms that are summed before the sums leave the registers
TALL = 6  # panels of a block of rows
WIDE = 8  # units of a block of columns: as all rows of the other matrix meet it, it has to stay in the second cache
LEAST_WORK = 1 << 21  # multiplications: less is not worth two more kernels
LEAST_ROWS, LEAST_COLUMNS, LEAST_TERMS = 32, 64, 32  # below them rearranging takes longer than what tiles gain
MOST_WASTE = 1.08  # of tiles, with what they have outside of the result
LARGEST = 8 << 20  # bytes of the smaller matrix: BLAS rearranges a part of it at a time


@device
def panel_width(columns, lanes):
    """The width of the next panel where so many columns are left: three vectors, or two where one would remain."""
    vectors = (columns + lanes - 1) // lanes
    return (3 if vectors == 3 or vectors > 4 else 2) * lanes


@device
def turned_panel(source, row, terms, rows, target, high):
    """``target[k * high + i] = source[i * row + k]`` for i < ``high``, 0 from ``rows`` on: squares are turned in registers."""
    lanes = tile_lanes(source)
    for i in range(0, high, lanes):
        some = min(lanes, rows - i)
        if some == lanes and terms >= lanes:
            for k in range(0, terms, lanes):
                first = min(k, terms - lanes)
                tile_transpose(shift(source, i * row + first), row, shift(target, first * high + i), high)
        else:
            for k in range(terms):
                for j in range(lanes):
                    target[k * high + i + j] = source[(i + j) * row + k] if j < some else 0


@device
def left_panels(source, row, term, rows, terms, target):
    """Panels of 16 rows of ``source[i * row + k * term]``; one of the distances is 1."""
    lanes = tile_lanes(source)
    if row == 1:
        for first in range(0, rows, 96):  # as many cache lines of a term are read one after the other
            for k in range(terms):
                for r in range(first, min(rows, first + 96), lanes):
                    to = shift(target, r // 16 * 16 * terms + k * 16 + r % 16)
                    tile_inside(shift(source, k * term + r), to, 0, 0, rows - r)
    else:
        for r in range(0, rows, 16):
            turned_panel(shift(source, r * row), row, terms, rows - r, shift(target, r * terms), 16)


@device
def right_panels(source, column, term, columns, terms, target, left):
    """Panels of ``panel_width`` columns of ``source[i * column + k * term]``; ``left`` columns are left in the matrix."""
    lanes = tile_lanes(source)
    c = 0
    while c < columns:
        wide = panel_width(left - c, lanes)
        to = shift(target, c * terms)
        if column == 1:
            for k in range(terms):
                for i in range(0, wide, lanes):
                    tile_inside(shift(source, k * term + c + i), shift(to, k * wide + i), 0, 0, left - c - i)
        else:
            turned_panel(shift(source, c * column), column, terms, left - c, to, wide)
        c += wide


@kernel
def product_panels(source: "T*", panels: "T*", length: int, k: int, along: int, term: int, deep: int, rounded: int, right: int,
                   units: int, lo, hi):  # fmt: skip
    """All panels of a matrix of ``length`` rows (or columns, ``right``), ``along`` apart; [lo, hi) are units of 16 (or 48)."""
    first = lo * (48 if right else 16)
    end = length if hi == units else hi * (48 if right else 16)
    for k0 in range(0, k, deep):
        terms = min(deep, k - k0)
        place, to = shift(source, first * along + k0 * term), shift(panels, k0 * rounded + first * terms)
        if right:
            right_panels(place, along, term, end - first, terms, to, length - first)
        else:
            left_panels(place, along, term, end - first, terms, to)


@device
def tiles_of_panels(left, right, terms, out, n, rows, columns, rest, spare, add, ends, next_ends, begin, end, first):
    """``out (+)= left @ right`` of panels, for ``rows`` and ``columns`` of a result whose rows are ``n`` long.

    ``rest``: columns up to the end of the result.  ``spare``: where a tile's rows go that the result does not have.
    ``ends``: for the rows of each panel, ``next_ends`` further on, the terms and the columns that count (product_borders.py), where
    these terms begin with ``add`` and these columns with ``first``.  ``left`` has the terms [begin, end) alone.
    """
    lanes, high = tile_lanes(out), tile_rows()
    for r in range(0, rows, high):
        e, t0, t1 = shift(ends, r // 16 * next_ends), 0, terms
        if LEAVES != 0:
            t0, t1 = max(e[0] - add, 0), min(e[1] - add, terms)
        if LEAVES != 0 and t1 <= t0:
            if add != 0:
                continue
            t0 = begin  # the sum of no terms: of one that is zero
            t1 = begin + 1
        a, tall, c = shift(left, r // 16 * 16 * (end - begin) + r % 16 + (t0 - begin) * 16), min(high, rows - r), 0
        while c < columns:
            wide = panel_width(rest - c, lanes)
            b, to, broad = shift(right, c * terms + t0 * wide), shift(out, r * n + c), min(wide, rest - c)
            if LEAVES == 0 or (first + c + wide > e[2] and first + c < e[3]):
                if wide == 3 * lanes:
                    panel_tile3(a, 16, b, wide, t1 - t0, to, n, tall, broad, spare, add)
                else:
                    panel_tile2(a, 16, b, wide, t1 - t0, to, n, tall, broad, spare, add)
            c += wide


@kernel
def panel_product(x: "T*", y: "T*", panels: "T*", out: "T*", scratch: "T*", m: int, n: int, k: int, x_row: int, x_col: int, y_row: int,
                  y_col: int, inner: int, x_outer: int, x_inner: int, y_outer: int, y_inner: int, count: int, deep: int,
                  rounded: int, by_column: int, per: int, block: int, own: int, size: int, workers: int, part: int,
                  leaves: int, shown: "int64*", s_row: int, s_outer: int, s_inner: int, at: int, given: int, lo, hi):  # fmt: skip
    """``out[b] = x[b] @ y[b]`` for ``count`` matrices, b = outer * inner + i; [lo, hi) are workers.

    Units are 16 rows of a result, or (``by_column``) 48 columns: ``per`` of each matrix, ``block`` at a time.  ``panels`` are those
    of the other matrix; where they differ between products (``own`` not 0), each worker makes its own, ``own`` elements of them.
    With an epilogue (``at``, ``given``: its arguments) units are rows, and a worker has ``part`` elements of ``out`` for a block.
    ``leaves``: 1, terms are left out at the ends of rows of zeros; 2, columns of the result outside of those that ``shown`` has for each
    16 rows.  Units are rows then.  The kernel that leaves out nothing has LEAVES 0, and is short.
    """
    spare = local_TYPE(48)
    ends = local_int64(24)  # four for each panel of a block
    ends[0], ends[1], ends[2], ends[3] = 0, k, 0, n
    next_ends = 4 if LEAVES else 0
    then = local_int64(128)
    take_epilogue(then, args, at, given)
    units = count * per
    for worker in range(lo, hi):
        mine, others, seen = shift(scratch, worker * size), shift(panels, worker * own), -1
        fine, looked_at = -1, -1
        u, last = worker * units // workers, (worker + 1) * units // workers
        while u < last:
            b, v = u // per, u % per
            some = min(block, per - v, last - u)
            left, right = (
                shift(x, b // inner * x_outer + b % inner * x_inner),
                shift(y, b // inner * y_outer + b % inner * y_inner),
            )
            r0, rows, c0, columns = 0, m, 0, n
            if by_column:
                c0 = v * 48
                columns = (n if v + some == per else c0 + some * 48) - c0
            else:
                r0 = v * 16
                rows = min(some * 16, m - r0)
            result = shift(out, worker * part if at else b * m * n + r0 * n + c0)
            if LEAVES != 0 and leaves == 1:
                if looked_at != b:
                    fine = -1
                fine = ends_of_terms(shift(left, r0 * x_row), x_row, x_col, rows, k, right, y_row, y_col, n, ends, fine)
                looked_at = b
            elif LEAVES != 0 and leaves == 2:
                ends_of_columns(
                    shift(shown, b // inner * s_outer + b % inner * s_inner + r0 // 16 * s_row), s_row, rows, k, ends
                )
            for k0 in range(0, k, deep):
                terms = min(deep, k - k0)
                ready = shift(others, k0 * rounded)
                begin, end = 0, terms
                if LEAVES != 0 and leaves == 1:
                    begin, end = terms, 0
                    for r in range(0, rows, 16):
                        begin = min(begin, max(ends[r // 4] - k0, 0))
                        end = max(end, ends[r // 4 + 1] - k0)
                    begin, end = min(begin, terms - 1), min(end, terms)
                    end = max(end, begin + (1 if k0 == 0 else 0))
                if own and seen != b:
                    if by_column:
                        left_panels(shift(left, k0 * x_col), x_row, x_col, m, terms, ready)
                    else:
                        right_panels(shift(right, k0 * y_row), y_col, y_row, n, terms, ready, n)
                if by_column:
                    right_panels(shift(right, k0 * y_row + c0 * y_col), y_col, y_row, columns, terms, mine, n - c0)
                elif end > begin:
                    left_panels(shift(left, r0 * x_row + (k0 + begin) * x_col), x_row, x_col, rows, end - begin, mine)
                c = columns if end <= begin else 0
                while c < columns:
                    some_columns = columns - c if columns - c <= 400 else 384  # panels that stay in the second cache
                    tiles_of_panels(
                        ready if by_column else mine, shift(mine if by_column else ready, c * terms), terms,
                        shift(result, c), n, rows, some_columns, n - c0 - c, spare, k0, ends, next_ends, begin, end, c,
                    )  # fmt: skip
                    c += some_columns
            if at:
                hand_over(then, result, b, r0, r0 + rows)
            u, seen = u + some, b


@decided
def has_panels(dtype, sizes, least_columns: int = LEAST_COLUMNS) -> bool:
    """Whether ``panel_product`` is faster than BLAS."""
    m, n, k = sizes
    if dtype.name not in ("float32", "float64") or m < LEAST_ROWS or n < least_columns or k < LEAST_TERMS:
        return False
    if m * n * k < LEAST_WORK or -(-m // 8) * 8 * -(-n // 16) * 16 > MOST_WASTE * m * n:
        return False
    return min(m, n) * k * dtype.itemsize <= LARGEST


@decided
def _may_go_by_rows(m: int, k: int, units: int, workers: int) -> bool:
    """Whether rows in place of columns may be shared out, for an epilogue: evenly, and with few panels beside what it saves."""
    return k <= min(m, DEEP) and (units % workers == 0 or units >= 4 * workers)


def lower_panels(build, node, x, y, out, sizes, x_strides, y_strides, batch, count: int, border: Border) -> None:
    """``out[b] = x[b] @ y[b]``: strides of rows and columns, and ``batch``: the inner count, then x's and y's outer and inner strides."""
    m, n, k = sizes
    dtype = node.outs[0].dtype
    types = {"T": build.storage(dtype)}
    column_units, row_units = max(1, -(-(n - 16) // BROAD)), -(-m // HIGH)
    deep = -(-k // -(-k // DEEP) // 16) * 16  # equal parts
    by_column = int(n > m and count * column_units >= 4 * build.workers and border.leaves == WHOLE)
    then = build.epilogue(node) if not by_column or _may_go_by_rows(m, k, count * row_units, build.workers) else None
    by_column = by_column if then is None else 0
    per = column_units if by_column else row_units
    workers = min(build.workers, count * per)
    block = max(1, WIDE * 4 // dtype.itemsize) if by_column else TALL
    part, at = 0, 0
    if then is not None:
        block = min(TALL, -(-rows_of_a_block(count * m, n * dtype.itemsize, workers) // HIGH))
        part, at = block * HIGH * n, len(panel_product.params)
        out = build.temp((workers, part), dtype)
    rounded = row_units * HIGH if by_column else -(-n // 16) * 16
    alike = count == 1 or (batch[1:3] if by_column else batch[3:5]) == (0, 0)
    own = 0 if alike else rounded * k
    panels = build.temp((workers if own else 1, rounded * k), dtype)
    size = deep * (block * BROAD + 16 if by_column else block * HIGH)
    scratch = build.temp((workers, size), dtype)
    if alike:
        source, length, along, term, units = (
            (x, m, *x_strides, row_units) if by_column else (y, n, *y_strides[::-1], column_units)
        )
        build.call(product_panels.bind(**types), node, [source, panels, length, k, along, term, deep, rounded, 1 - by_column, units],
                   extent=units, writes=[panels], cost=length * k)  # fmt: skip
    build.call(
        panel_product.bind(**types, LEAVES=str(int(border.leaves != WHOLE))), node,
        [x, y, panels, out, scratch, m, n, k, *x_strides, *y_strides, *batch, count, deep, rounded, by_column, per, block, own, size,
         workers, part, border.leaves, out if border.table is None else border.table,
         *border.steps, at, len(then.arguments) if then else 0],
        extent=workers, writes=[out, scratch, *([] if alike else [panels])], cost=count * m * n * k // 4, then=then,
    )  # fmt: skip


__all__ = ["has_panels", "lower_panels"]
