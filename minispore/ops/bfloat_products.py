# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Products of bfloat16 matrices by the processor's instruction for them: sums in float32, rounded once.

Both matrices are rearranged into panels of pairs (graph/pair_tiles.py): the right one once, for all threads, or with each
matrix of a batch; the left one block by block.  The order of the sums depends on the shapes alone.
"""

from ..core.dtype import bfloat16, float32, uint32
from ..core.kernel import device, kernel
from ..core.processor import multiplies_bfloat16

HEIGHTS = 14, 8  # rows of a panel of the left matrix
BROAD = 32  # columns of one of the right
DEEP = 1024  # terms that are summed before the sums leave the registers
TALL = 280  # rows of a block: its panels stay in the second cache
WIDE = 512  # columns of a block: so do its sums
# Bytes of a left matrix's panels that remain beside those of the right one, which are made right before they are taken.
NEAR = 128 * 1024
LARGE_LEFT = 1 << 17  # elements from which on the product is turned where the right matrix has few columns
GROUP = 8  # panels that are made together: so many cache lines of a row are read one after the other
INSIDE = 512 * 1024  # bytes of a right matrix that is rearranged together with its product
LEAST_LENGTH = 8  # rows or columns: the other matrix is read once, and need not be rearranged for that
LEAST_WORK = 4096  # multiplications of one matrix: less is done before the panels are
LEAST_SIZE = 4096  # elements of an operand: from there on both modes run the kernel


@device
def pack_pairs(source, row, term, rows, terms, target, high, apart):
    """``source[i * row + k * term]`` as panels of ``high`` rows that begin ``apart`` pairs from each other.

    A panel has as many pairs of terms as 32 terms or a multiple make.  A vector of 16 pairs may reach over the end of a row of the
    panel: what it writes there is written again, or lies between two panels.
    """
    if term == 1:
        for r in range(0, rows, high):
            for h in range(0, min(high, rows - r), 16):
                panel, some = shift(target, r // high * apart + h), min(high - h, rows - r - h)
                for k in range(0, terms, 32):
                    pairs_across(
                        shift(source, (r + h) * row + k), row, some, terms - k, shift(panel, k // 2 * high), high
                    )
    else:  # all panels for each term, as its rows lie side by side
        for k in range(0, terms, 2):
            for r in range(0, rows, high):
                for h in range(0, min(high, rows - r), 16):
                    panel, some = shift(target, r // high * apart + h + k // 2 * high), min(high - h, rows - r - h)
                    pairs_down(shift(source, r + h + k * term), term, some, terms - k, panel)


@kernel
def bfloat_panels(y: "Y*", panels: "uint32*", n: int, k: int, y_row: int, y_col: int, inner: int, y_outer: int, y_inner: int,
                  deep: int, group: int, size: int, lo, hi):  # fmt: skip
    """The right matrices' panels, ``size`` pairs of each; [lo, hi) are groups of panels of 32 columns of all matrices."""
    broad = (n + 31) // 32
    groups = (broad + group - 1) // group
    for unit in range(lo, hi):
        b, c = unit // groups, unit % groups * group * 32
        matrix = shift(y, b // inner * y_outer + b % inner * y_inner + c * y_col)
        for k0 in range(0, k, deep):
            terms = min(deep, k - k0)
            pairs = (terms + 31) // 32 * 16
            target = shift(panels, b * size + k0 // 2 * broad * 32 + c * pairs)
            pack_pairs(shift(matrix, k0 * y_row), y_col, y_row, min(group * 32, n - c), terms, target, 32, 32 * pairs)


@kernel
def bfloat_product(x: "X*", y: "Y*", panels: "uint32*", out: "T*", scratch: "uint32*", kept: "float32*", m: int, n: int, k: int,
                   x_row: int, x_col: int, y_row: int, y_col: int, inner: int, x_outer: int, x_inner: int, y_outer: int,
                   y_inner: int, count: int, deep: int, tall: int, wide: int, size: int, together: int, remain: int, upper: int,
                   left_size: int, kept_size: int, workers: int, lo, hi):  # fmt: skip
    """``out[b] = x[b] @ y[b]`` for ``count`` matrices, b = outer * inner + i; [lo, hi) are workers, units blocks of the results.

    ``together``: each worker makes the panels of a block's columns right before it takes them, in its part of ``panels``; else they
    are there.  ``remain``: the left panels of all terms have room, and serve the blocks beside the first one, too.
    ``upper``: tiles that lie left of the diagonal as a whole are left out.
    """
    high, broad = HIGH, (n + 31) // 32
    tall_blocks, wide_blocks = (m + tall - 1) // tall, (n + wide - 1) // wide
    units = count * tall_blocks * wide_blocks
    for worker in range(lo, hi):
        scratch_of, sums = shift(scratch, worker * left_size), shift(kept, worker * kept_size)
        right = shift(panels, worker * size if together else 0)
        there = -1
        for step in range(units // workers + 1):
            # blocks beside each other one after the other where the left panels remain
            unit = worker * units // workers + step if remain else worker + step * workers
            if unit >= ((worker + 1) * units // workers if remain else units):
                continue
            b, r0 = unit // tall_blocks // wide_blocks, unit % tall_blocks * tall
            c0 = unit // tall_blocks % wide_blocks * wide
            r1, c1 = min(r0 + tall, m), min(c0 + wide, n)
            matrix = shift(x, b // inner * x_outer + b % inner * x_inner + r0 * x_row)
            other = shift(y, b // inner * y_outer + b % inner * y_inner + c0 * y_col)
            result = shift(out, b * m * n)
            for k0 in range(0, k, deep):
                terms = min(deep, k - k0)
                pairs = (terms + 31) // 32 * 16
                apart = pairs * high + 16
                left = shift(
                    scratch_of, k0 // deep * ((tall + high - 1) // high * (high * (deep // 2) + 16)) if remain else 0
                )
                if there != b or remain == 0:
                    pack_pairs(shift(matrix, k0 * x_col), x_row, x_col, r1 - r0, terms, left, high, apart)
                if together:
                    pack_pairs(shift(other, k0 * y_row), y_col, y_row, c1 - c0, terms, right, 32, 32 * pairs)
                complete = 1 if k0 + deep >= k else 0
                for c in range(c0, c1, 32):
                    panel = shift(right, (c - c0) * pairs if together else b * size + k0 // 2 * broad * 32 + c * pairs)
                    for r in range(r0, min(r1, c + 32) if upper else r1, high):
                        tile = shift(sums, ((r - r0) // high * ((wide + 31) // 32) + (c - c0) // 32) * (high * 32))
                        pair_tile(
                            shift(left, (r - r0) // high * apart), panel, (terms + 1) // 2, tile, k0, complete,
                            shift(result, r * n + c), n, min(high, r1 - r), min(32, n - c), HIGH,
                        )  # fmt: skip
            there = b


def lower_bfloat(build, node, x, y, out, sizes, x_strides, y_strides, batch, count: int, upper: bool = False) -> None:
    """``out[b] = x[b] @ y[b]``: strides of rows and columns, and ``batch``: the inner count, then x's and y's outer and inner strides.

    ``upper``: what is left of the diagonal is not needed.
    """
    m, n, k = sizes
    inner, x_outer, x_inner, y_outer, y_inner = batch
    # Tiles have more columns than rows: the transposed product fills them.
    if n <= HEIGHTS[0] < m and m * k >= LARGE_LEFT and not upper:
        turned = build.temp((*out.shape[:-2], n, m), out.dtype)
        lower_bfloat(build, node, y, x, turned, (n, m, k), y_strides[::-1], x_strides[::-1],
                     (inner, y_outer, y_inner, x_outer, x_inner), count)  # fmt: skip
        last = len(out.shape) - 1
        build.copy(turned.permuted((*range(last - 1), last, last - 1)), out)
        return
    high, cost = _height(m), count * m * n * k // 16
    workers = max(1, min(build.workers, count * -(-m // high) * -(-n // BROAD))) if cost >= 16384 else 1
    deep = min(DEEP, -(-k // 32) * 32)
    tall, wide = _block(m, TALL, high), _block(n, WIDE, BROAD)
    panel = -(-tall // high) * (high * (deep // 2) + 16)
    near = tall >= m and 4 * panel * -(-k // deep) <= NEAR
    if near:
        wide = _block(n, max(BROAD, min(WIDE, INSIDE // (2 * deep) // BROAD * BROAD)), BROAD)
    while count * -(-m // tall) * -(-n // wide) < 4 * workers > 4 and (tall > high or wide > BROAD):
        if tall // high * 2 > wide // BROAD and tall > high and not near:
            tall = _block(m, tall // 2, high)
        elif wide > BROAD:
            wide = _block(n, wide // 2, BROAD)
        else:
            break
    broad = -(-n // BROAD)
    size = broad * BROAD * (-(-k // 32) * 16)
    blocks = -(-m // tall) * -(-n // wide)
    together = int(near or (blocks == 1 and size * 4 <= INSIDE and (count > 1 or workers == 1)))
    if together:
        size = -(-wide // BROAD) * BROAD * (deep // 2)
    left_size = -(-tall // high) * (high * (deep // 2) + 16) * (-(-k // deep) if near else 1)
    kept_size = high * BROAD * (-(-tall // high) * -(-wide // BROAD))
    panels = build.temp((workers if together else count, size), uint32)
    scratch, kept = build.temp((workers, left_size), uint32), build.temp((workers, kept_size), float32)
    types = {"Y": stored(y)}
    if not together:
        group = GROUP if workers == 1 else max(1, min(GROUP, count * broad // (2 * workers)))
        build.call(bfloat_panels.bind(**types), node, [y, panels, n, k, *y_strides, inner, y_outer, y_inner, deep, group, size],
                   extent=count * -(-broad // group), writes=[panels], cost=count * n * k)  # fmt: skip
    types |= {"X": stored(x), "T": stored(out), "HIGH": str(high)}
    build.call(
        bfloat_product.bind(**types), node,
        [x, y, panels, out, scratch, kept, m, n, k, *x_strides, *y_strides, inner, x_outer, x_inner, y_outer, y_inner, count, deep,
         tall, wide, size, together, int(near), int(upper), left_size, kept_size, workers],
        extent=workers, writes=[out, panels, scratch, kept] if together else [out, scratch, kept], cost=cost,
    )  # fmt: skip


def stored(operand) -> str:
    """What kernels see: the bits of a bfloat16."""
    return "uint16" if operand.dtype is bfloat16 else operand.dtype.name


def _height(m: int) -> int:
    """The rows of a tile: the most that the registers hold, or fewer where that leaves fewer rows of tiles empty."""
    most, less = HEIGHTS
    return less if 14 * (-(-m // less) * less) < 13 * (-(-m // most) * most) else most


def _block(length: int, most: int, unit: int) -> int:
    """The length of equal blocks of at most ``most``, a multiple of ``unit``."""
    units = -(-length // unit)
    count = -(-units // max(1, most // unit))
    return -(-units // count) * unit


def in_bfloat16(dtype, m: int, n: int, k: int, count: int = 1) -> bool:
    """Whether a product of these matrices is faster by the processor's instruction than in float32."""
    if dtype is not bfloat16 or not multiplies_bfloat16():
        return False
    return min(m, n) >= LEAST_LENGTH and m * n * k >= LEAST_WORK and count * max(m * k, k * n) >= LEAST_SIZE


__all__ = ["in_bfloat16", "lower_bfloat", "stored"]
