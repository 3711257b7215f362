"""From a convolution of bfloat16 to the calls of the kernels of conv_paired.py: frames, where pixels and taps are in them, the units."""

import math

import numpy as np

from ..core.dtype import float32, uint16, uint32
from ..core.processor import multiplies_bfloat16
from ..core.sizes import remembered
from .conv_paired import paired_convolution, paired_sums, paired_sums_turned, paired_weights
from .conv_tiled_lowering import Phase, backward_phases, forward_phases, in_long_rows
from .tiled_rows import table_of

HEIGHTS = 14, 8  # rows of a tile: filters
BROAD = 32  # columns of a tile: pixels, or channels of the weights' gradient
FRAME = 448 * 1024  # bytes of a frame, or of the panels of a unit, that stay in the second cache
MOST_PIXELS = 2048  # of a unit
# Measured, in cycles: a vector's products, a row and 16 elements of a frame, a pixel of the result
PRODUCT, LINE, COPIED, MOVED = 1.05, 14.0, 3.0, 0.3
PACKED, TILE = 3.0, 90.0  # two weights of a panel, the sums of a tile that go to memory and back
# The cycles of float32 for two such products: by tiles, and by Winograd's algorithm
PLAIN, WINOGRAD = 2.3, 1.6
LEAST_WORK = 1 << 16  # multiplications


def _height(rows: int) -> int:
    """The rows of a tile: the most that the registers hold, or fewer where that leaves fewer rows of tiles empty."""
    most, less = HEIGHTS
    return less if 14 * (-(-rows // less) * less) < 13 * (-(-rows // most) * most) else most


class _Frame:
    """The frame of ``bunch`` images, or of a strip of rows of one."""

    def __init__(self, phases: list[Phase], size, step, bunch: int, strip: int):
        (sy, sx), taps = step, [tap for p in phases for tap in p.taps]
        self.phases, self.step, self.bunch, self.strip = phases, step, bunch, strip
        self.low = min(row // sy for _, row, _ in taps)
        self.left = min(column // sx for _, _, column in taps)
        self.kinds = sorted({(row % sy, column % sx) for _, row, column in taps})
        self.rows = max(p.rows for p in phases)
        self.columns = max(p.columns for p in phases)
        self.strips = -(-self.rows // strip)
        self.lines = strip + max(row // sy for _, row, _ in taps) - self.low
        self.span = max(column // sx for _, _, column in taps) - self.left
        self.size, self.broad = size, self.columns + self.span
        borders = [self._columns(b) for _, b in self.kinds]
        # what is right of a row is left of the next one: zeros of both are there once
        self.shared = min(self.span, *(min(begin, self.broad - begin - count) for _, begin, count in borders))
        self.broad -= self.shared
        self.wide = bunch * self.broad

    def _columns(self, remainder: int) -> tuple[int, int, int]:
        """The first column in the image of a frame's row, where it is in the row, and how many there are."""
        step, width, long = self.step[1], self.size[1], self.columns + self.span
        at = self.left * step + remainder
        begin = min(long, max(0, -(at // step)))
        first = at + begin * step
        return first, begin, max(0, min(long - begin, -(-(width - first) // step)))

    def place(self, tap) -> tuple[int, int]:
        """(frame, distance in it) of what a tap sees from the first pixel."""
        (sy, sx), (_, row, column) = self.step, tap
        kind = self.kinds.index((row % sy, column % sx))
        return kind, (row // sy - self.low) * self.wide + column // sx - self.left

    def heads(self) -> list[int]:
        """Of each frame: its first row, first column in the image, and which of its columns are in the image."""
        heads: list[int] = []
        for a, b in self.kinds:
            heads += [self.low * self.step[0] + a, *self._columns(b)]
        return heads

    def positions(self, p: Phase) -> int:
        """Pixels of a unit that are computed, in whole tiles."""
        count = (min(self.strip, p.rows) - 1) * self.wide + self.wide - self.broad + p.columns
        return -(-count // BROAD) * BROAD


def _inside(phases, size, step) -> int:
    """Pixels that taps see in the image, of all pixels of a result: products that float32 makes, too."""
    found = 0
    for p in phases:
        for _, row, column in p.taps:
            seen = [
                max(0, min(count, -(-(n - at) // by)) - max(0, -(at // by)))
                for count, n, at, by in zip((p.rows, p.columns), size, (row, column), step)
            ]
            found += seen[0] * seen[1]
    return found


def _units(images: int, rows: int, columns: int):
    """(images, rows) of units."""
    whole = [b for b in range(1, min(images, 16) + 1) if b == 1 or b * rows * columns <= MOST_PIXELS]
    return [(b, rows) for b in whole] + [(1, -(-rows // k)) for k in range(2, rows + 1)]


@remembered
def _cheapest(phases, images: int, channels: int, filters: int, size, step) -> tuple[int, int, float, float]:
    """(images, rows) of the units that take the least time; the cycles, and how many products of vectors the result needs."""
    high, pairs = _height(filters), -(-channels // 2)
    best: tuple[int, int, float, float] = 1, 1, math.inf, 0.0
    rows, columns = max(p.rows for p in phases), max(p.columns for p in phases)
    blocks = -(-filters // high)
    needed = images * _inside(phases, size, step) * channels * filters / 32
    packed = PACKED * channels * filters * sum(len(p.taps) for p in phases) / 2
    for bunch, strip in _units(images, rows, columns):
        f = _Frame(phases, size, step, bunch, strip)
        held = 4 * pairs * len(f.kinds) * f.lines * f.wide
        units = -(-images // bunch) * f.strips
        products = units * blocks * sum(f.positions(p) * len(p.taps) for p in phases) * pairs * high / 16
        filled = units * pairs * len(f.kinds) * f.lines * bunch * (LINE + COPIED * -(-f.broad // 16))
        moved = MOVED * filters * images * rows * columns * len(phases)
        far = max(0, held - FRAME) * units * blocks / 32
        cycles = PRODUCT * products + filled + moved + far + packed
        if cycles < best[2]:
            best = bunch, strip, cycles, needed
    return best


def _table(phases, size, step, bunch: int, strip: int, pairs: int, apart: int) -> np.ndarray:
    """As ``paired_convolution`` and ``paired_weights`` read it."""
    f = _Frame(phases, size, step, bunch, strip)
    frames, parts, at = len(f.kinds), [], 0
    heads: list[int] = []
    weights: list[int] = []
    first = 4 * frames + 7 * len(phases) + pairs * sum(len(p.taps) for p in phases)
    for p in phases:
        heads += [p.row, p.column, p.rows, p.columns, len(p.taps), first + len(weights), at]
        seen = np.asarray([kind * apart + distance for kind, distance in map(f.place, p.taps)], np.int64)
        parts.append((np.arange(pairs, dtype=np.int64)[:, None] * (frames * apart) + seen).ravel())
        weights += [place for place, _, _ in p.taps]
        at += pairs * len(p.taps)
    return np.concatenate([f.heads(), heads, *parts, weights])


def _convolve(build, node, s, phases, x, w, y, channels, filters, size, out_size, step, out_step, strides) -> None:
    bunch, strip, _, _ = _cheapest(phases, s.images, channels, filters, size, step)
    f = _Frame(phases, size, step, bunch, strip)
    high, pairs, frames = _height(filters), -(-channels // 2), len(f.kinds)
    apart = f.lines * f.wide + f.shared
    table = build.operand(table_of(_table, phases, size, step, bunch, strip, pairs, apart))
    blocks, depth = -(-filters // high), pairs * sum(len(p.taps) for p in phases)
    panels = build.temp((s.groups, blocks, depth * high), uint32)
    row, term = strides
    build.call(
        paired_weights.bind(HIGH=str(high)), node,
        [w, panels, table, len(phases), filters, channels, w.size // s.groups, row, term, blocks, depth, 4 * frames,
         s.kernel_height * s.kernel_width],
        extent=s.groups * blocks, writes=[panels], cost=panels.size,
    )  # fmt: skip
    units = -(-s.images // bunch) * f.strips * s.groups
    most = max(1, build.workers) if s.cost >= 16384 else 1
    parts = max(1, min(-(-most // units), blocks))
    workers = min(most, units * parts)
    length = pairs * frames * apart + 2 * BROAD + 16
    stage_row = -(-f.strip * f.wide // BROAD) * BROAD + BROAD
    scratch, staged = build.temp((workers, length), uint32), build.temp((workers, high * stage_row), uint16)
    straight = int(len(phases) == 1 and bunch == 1 and f.span == 0 and out_size[1] == f.columns and out_step == (1, 1))
    build.call(
        paired_convolution.bind(HIGH=str(high)), node,
        [x, panels, y, scratch, staged, table, s.images, channels, s.groups, *size, *step, f.low, bunch, strip, f.strips, f.lines,
         f.broad, f.shared, frames, apart, len(phases), filters, *out_size, *out_step, straight, blocks, depth, parts, length, stage_row, workers],
        extent=workers, writes=[y, scratch, staged], cost=s.cost,
    )  # fmt: skip


def _of_forward(s):
    s = in_long_rows(s)
    return s, (forward_phases(s), s.images, s.channels, s.filters, (s.height, s.width), s.stride)


def _of_input(s):
    s = in_long_rows(s)
    return s, (backward_phases(s), s.images, s.filters, s.channels, (s.out_height, s.out_width), (1, 1))


def paired_forward(build, node, s, x, w, y) -> None:
    """y = w * x."""
    s, (phases, _, channels, filters, size, step) = _of_forward(s)
    window = s.kernel_height * s.kernel_width
    out = s.out_height, s.out_width
    _convolve(build, node, s, phases, x, w, y, channels, filters, size, out, step, (1, 1), (channels * window, window))


def paired_input_gradient(build, node, s, g, w, x) -> None:
    """The gradient by the input."""
    s, (phases, _, channels, filters, size, step) = _of_input(s)
    window = s.kernel_height * s.kernel_width
    out = s.height, s.width
    _convolve(build, node, s, phases, g, w, x, channels, filters, size, out, step, s.stride, (window, filters * window))


# ---------------------------------------------------------------- the gradient by the weights
@remembered
def _cheapest_sums(phases, images: int, channels: int, filters: int, size, step) -> tuple[int, int, float, float]:
    """As ``_cheapest``."""
    high = _height(filters)
    best: tuple[int, int, float, float] = 1, 1, math.inf, 0.0
    (p,) = phases
    blocks, left_blocks = -(-channels // BROAD), -(-filters // high)
    needed = images * _inside(phases, size, step) * channels * filters / 32
    for bunch, strip in _units(images, p.rows, p.columns):
        f = _Frame(phases, size, step, bunch, strip)
        reach = -(-strip * f.wide // BROAD) * BROAD
        units = -(-images // bunch) * f.strips
        tiles = units * blocks * left_blocks * len(p.taps)
        products = tiles * (reach / 2) * high * 2
        held = 2 * reach * (blocks * BROAD * (1 if f.span == 0 else 2) * len(f.kinds) + left_blocks * high)
        far = max(0, held - FRAME) * units / 16
        turned = units * f.lines * bunch * (LINE + f.broad / 2) * (channels * len(f.kinds) + filters)
        cycles = PRODUCT * products + TILE * tiles + far + turned
        if cycles < best[2]:
            best = bunch, strip, cycles, needed
    return best


def _apart(f: _Frame) -> int:
    return -(-(f.lines * f.wide + f.span + 2) // BROAD) * BROAD


def _odd(f: _Frame) -> int:
    """Whether a tap sees pixels an odd distance away."""
    return int(any(f.place(tap)[1] % 2 for p in f.phases for tap in p.taps))


def _sums_table(phases, size, step, bunch: int, strip: int) -> np.ndarray:
    f = _Frame(phases, size, step, bunch, strip)
    odd, half = _odd(f), _apart(f) // 2
    seen = [(k * (1 + odd) + d % 2) * half + d // 2 for k, d in map(f.place, phases[0].taps)]
    return np.asarray(f.heads() + seen, np.int64)


def paired_weight_gradient(build, node, s, x, g, out) -> None:
    """The gradient by the weights: each worker's sums, then the sum of those."""
    s, (phases, images, channels, filters, size, step) = _of_forward(s)
    bunch, strip, _, _ = _cheapest_sums(phases, images, channels, filters, size, step)
    f = _Frame(phases, size, step, bunch, strip)
    high, frames, apart, odd, window = _height(filters), len(f.kinds), _apart(f), _odd(f), len(phases[0].taps)
    blocks, left_blocks, reach = -(-channels // BROAD), -(-filters // high), strip * f.wide
    units = -(-images // bunch) * f.strips
    workers = min(s.workers(build), units)
    direct = int(bunch == 1 and s.is_pointwise() and step == (1, 1))
    length = (
        left_blocks * (-(-reach // BROAD) * 16 * high + 16) + blocks * frames * (1 + odd) * (apart // 2) * BROAD + 64
    )
    plain_length = 64 if direct else max(filters * reach, frames * 32 * (apart + 32)) + 64
    total = s.groups * blocks * window * left_blocks * high * BROAD
    sums = build.temp((workers, total), float32)
    scratch, plain = build.temp((workers, length), uint32), build.temp((workers, plain_length), uint16)
    table = build.operand(table_of(_sums_table, phases, size, step, bunch, strip))
    build.call(
        paired_sums.bind(HIGH=str(high)), node,
        [x, g, sums, scratch, plain, table, images, channels, filters, s.groups, *size, *step, bunch, strip, f.strips, f.lines, f.broad,
         frames, apart, window, s.out_height, s.out_width, odd, direct, reach, total, length, plain_length, workers],
        extent=workers, writes=[sums, scratch, plain], cost=s.cost,
    )  # fmt: skip
    build.call(
        paired_sums_turned.bind(), node, [sums, out, channels, filters, window, high, workers, total],
        extent=s.groups * filters, writes=[out], cost=workers * total,
    )  # fmt: skip


# ---------------------------------------------------------------- whether
def _pays(s, least: int, cheapest, given, winograd: bool) -> bool:
    work = s.images * s.groups * s.area * s.channels * s.filters * s.kernel_height * s.kernel_width
    if not multiplies_bfloat16() or work < LEAST_WORK or least < HEIGHTS[1]:
        return False
    _, _, cycles, needed = cheapest(*given)
    return cycles <= (WINOGRAD if winograd else PLAIN) * needed


def pairs_forward(s) -> bool:
    """Whether the forward pass is faster by pairs than in float32."""
    return _pays(s, s.filters, _cheapest, _of_forward(s)[1], s.forward_by_winograd(float32))


def pairs_input_gradient(s) -> bool:
    """Whether the gradient by the input is."""
    winograd = s.stride == (1, 1) and s.flipped().forward_by_winograd(float32)
    return _pays(s, s.channels, _cheapest, _of_input(s)[1], winograd)


def pairs_weight_gradient(s) -> bool:
    """Whether the gradient by the weights is."""
    return _pays(s, min(s.channels, s.filters), _cheapest_sums, _of_forward(s)[1], s.uses_winograd(float32))


__all__ = [
    "paired_forward", "paired_input_gradient", "paired_weight_gradient", "pairs_forward", "pairs_input_gradient",
    "pairs_weight_gradient",
]  # fmt: skip
