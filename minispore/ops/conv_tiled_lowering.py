"""From a convolution to the calls of the kernels of conv_tiled.py: which taps read where, and how the work is divided."""

from copy import copy
from typing import NamedTuple

import numpy as np

from .conv_tiled import tiled_convolution
from .tiled_rows import table

# Pixels of a unit, if there are so many, and whether its rows are spread (see ``_Planes``): what takes the least time.
UNITS = (240, False), (480, True), (1000, True), (2000, True)
VECTOR, WIDEST = 16, 48  # elements; of the row of a tile
PIXELS = 240  # of a long row
TERMS = 384  # summed at once
# Measured, in cycles: a vector's products, a row and a vector of a copy with a step of 1, 2 and more, a vector of the result, and
# one whose elements are apart, fetching a weight for a unit.
PRODUCT, ROW, COPIED, FAR, WRITTEN, APART, FETCHED = 1.12, 5, {1: 12, 2: 23}, 30, 9.5, 14, 0.45
AT_ONCE = 4.5  # a vector of the result that a tile writes where it belongs
PLANES, SUMS = 128 * 1024, 128 * 1024  # elements that stay in the second cache


class Phase(NamedTuple):
    """Every so many rows and columns of a result, from the first on, that the same taps make."""

    row: int
    column: int
    rows: int
    columns: int
    taps: list[tuple[int, int, int]]  # (place in the window, row, column) that it reads
    first: tuple[int, int] = (0, 0)  # of the rows and columns of a phase of which it is a part


def forward_phases(s) -> list[Phase]:
    """The one phase of a convolution's result."""
    (dy, dx), columns = s.dilation, s.kernel_width
    taps = [(u * columns + v, u * dy - s.top, v * dx - s.left) for u in range(s.kernel_height) for v in range(columns)]
    return [Phase(0, 0, s.out_height, s.out_width, taps)]


def backward_phases(s) -> list[Phase]:
    """The phases of the input's gradient: what its rows and columns, ``stride`` apart, read of the output's."""
    (sy, sx), (dy, dx) = s.stride, s.dilation
    phases = []
    for py in range(min(sy, s.height)):
        for px in range(min(sx, s.width)):
            phase = Phase(py, px, -(-(s.height - py) // sy), -(-(s.width - px) // sx), [])
            for u in range(s.kernel_height):
                for v in range(s.kernel_width):
                    row, column = py + s.top - u * dy, px + s.left - v * dx
                    if row % sy == 0 and column % sx == 0:
                        phase.taps.append((u * s.kernel_width + v, row // sy, column // sx))
            phases.append(phase)
    return phases


class _Planes:
    """Which copies of an image (height, width) its taps need, for units of ``bunch`` images or strips of rows.

    ``spread``: rows have what is left and right of them, too, and all columns of a window read the same copy (with a step one for
    each remainder): pixels that are not in the result are computed with the others. Else a column has a copy of its own.
    """

    def __init__(
        self,
        phases: list[Phase],
        images: int,
        size: tuple[int, int],
        step: tuple[int, int],
        terms_of: int,
        spread=False,
    ):
        self.height, self.width = size
        self.step_y, self.step_x = step
        self.spread = spread
        self.tall, self.wide = max(p.rows for p in phases), max(p.columns for p in phases)
        taps = [(row, column) for p in phases for _, row, column in p.taps]
        reach = 0
        if spread:
            at = [column // self.step_x for _, column in taps] or [0]
            left, reach = min(at), max(at) - min(at)
            self.wide += reach
        self.area = self.tall * self.wide
        self.bunch = 1 if spread else max(1, min(images, terms_of // self.area))
        wanted = -(-self.tall // max(1, min(self.tall, terms_of // self.wide)))
        self.strip = -(-self.tall // (1 if self.bunch > 1 else wanted))
        self.strips = -(-self.tall // self.strip)
        if spread:  # a row with what is left and right of it, for all columns of the window
            below = [row // self.step_y for row, _ in taps] or [0]
            self.low, self.more = min(below), max(below) - min(below)
            keys = {
                (r, c): ((r % self.step_y, left * self.step_x + c % self.step_x),
                         (r // self.step_y - self.low) * self.wide + c // self.step_x - left)
                for r, c in taps
            }  # fmt: skip
        elif self.bunch > 1:  # images side by side: a copy for each tap
            self.low = self.more = 0
            keys = {tap: (tap, 0) for tap in taps}
        else:  # a tap of another row reads the same copy further down
            below = [row // self.step_y for row, _ in taps] or [0]
            self.low, self.more = min(below), max(below) - min(below)
            keys = {(r, c): ((r % self.step_y, c), (r // self.step_y - self.low) * self.wide) for r, c in taps}
        copies = list(dict.fromkeys(key for key, _ in keys.values()))
        self.copies = len(copies)
        elements = self.bunch * (self.strip + self.more) * self.wide + reach
        self.plane = (
            -(-elements // 16) + 1 | 1
        ) * 16  # an odd number of cache lines: planes lie at different places of the cache
        self.at = {tap: copies.index(key) * self.plane + place for tap, (key, place) in keys.items()}
        self.table = [n for row, column in copies for n in self._copy(row, column)]

    def _copy(self, row: int, column: int) -> tuple[int, int, int, int]:
        first = min(self.wide, max(0, -(column // self.step_x)))
        end = min(self.wide, (self.width - column + self.step_x - 1) // self.step_x)
        return self.low * self.step_y + row, column, first, max(first, end)

    @property
    def pixels(self) -> int:
        """Of a unit."""
        return self.bunch * self.strip * self.wide

    def run(self, phases: list[Phase], channels: int, out_step: tuple[int, int]) -> int:
        """How many rows of the result tiles write where they belong, 0 if they do not: what they write is not added to, and whole."""
        (p, *others), taps = phases, len(phases[0].taps)
        if others or out_step != (1, 1) or self.bunch > 1 or not taps or self.span(channels, taps) < channels:
            return 0
        last = self.tall - (self.strips - 1) * self.strip
        counts = [p.columns] if self.spread else [p.columns * self.strip, p.columns * last]
        return (1 if self.spread else self.strip) * all(n % VECTOR == 0 or n >= WIDEST for n in counts)

    def cycles(self, phases: list[Phase], channels: int, filters: int, out_step: tuple[int, int]) -> float:
        """What an image takes."""
        run = self.run(phases, channels, out_step)
        high, vectors = -(-filters // 4) * 4, -(-self.pixels // 16)  # half a tile
        if run:
            vectors = self.strip // run * -(-run * phases[0].columns // VECTOR)
        taps = sum(len(p.taps) for p in phases)
        parts = -(-filters * len(phases) * self.pixels // SUMS)
        lines = parts * channels * self.copies * self.bunch * (self.strip + self.more)
        copied = lines * (ROW + -(-self.wide // 16) * COPIED.get(self.step_x, FAR))
        results = len(phases) * filters * self.bunch * self.strip * -(-self.wide // 16)
        fetched = FETCHED * channels * filters * taps
        written = results * (AT_ONCE if run else WRITTEN if out_step[1] == 1 else APART)
        return (PRODUCT * high * vectors * channels * taps + copied + written + fetched) * self.strips / self.bunch

    def span(self, channels: int, taps: int) -> int:
        """How many channels are summed at once."""
        most = max(1, min(channels, TERMS // max(taps, 1), PLANES // (max(self.copies, 1) * self.plane)))
        return -(-channels // -(-channels // most))


def _cheapest(phases: list[Phase], images: int, channels: int, filters: int, size, step, out_step) -> _Planes:
    """The copies that take the least time."""
    ways = [_Planes(phases, images, size, step, *unit) for unit in UNITS]
    return min(ways, key=lambda planes: planes.cycles(phases, channels, filters, out_step))


def tiled_cycles(s, backward: bool) -> float:
    """Cycles for an image, of the gradient by the input if ``backward``."""
    s = in_long_rows(s)
    sizes = (s.height, s.width), (s.out_height, s.out_width)
    phases, channels, filters, (size, _), step, out_step = (
        (backward_phases(s), s.filters, s.channels, sizes[::-1], (1, 1), s.stride) if backward
        else (forward_phases(s), s.channels, s.filters, sizes, s.stride, (1, 1))
    )  # fmt: skip
    return _cheapest(phases, s.images, channels, filters, size, step, out_step).cycles(
        phases, channels, filters, out_step
    )


def in_long_rows(s):
    """A convolution whose taps read each element once, without a border, in images of rows as long as a unit."""
    if not (s.is_pointwise() and s.stride == (1, 1)):
        return s
    made = copy(s)
    long = max(n for n in range(1, min(s.area, PIXELS) + 1) if s.area % n == 0)
    if long > s.width:
        made.height, made.width = made.out_height, made.out_width = s.area // long, long
    return made


def tiled_forward(build, node, s, x, w, y) -> None:
    """y = w * x."""
    s = in_long_rows(s)
    window = s.kernel_height * s.kernel_width
    strides = s.filters * s.channels * window, s.channels * window, window
    shapes = (s.height, s.width), (s.out_height, s.out_width)
    _convolve(build, node, s, forward_phases(s), x, w, y, s.channels, s.filters, *shapes, s.stride, (1, 1), strides)


def tiled_input_gradient(build, node, s, g, w, x) -> None:
    """The gradient by the input."""
    s = in_long_rows(s)
    window = s.kernel_height * s.kernel_width
    strides = s.filters * s.channels * window, window, s.channels * window
    shapes = (s.out_height, s.out_width), (s.height, s.width)
    _convolve(build, node, s, backward_phases(s), g, w, x, s.filters, s.channels, *shapes, (1, 1), s.stride, strides)


def _convolve(build, node, s, phases, x, w, y, channels, filters, size, out_size, step, out_step, strides) -> None:
    p = _cheapest(phases, s.images, channels, filters, size, step, out_step)
    taps = sum(len(phase.taps) for phase in phases)
    span = p.span(channels, max(1, max(len(phase.taps) for phase in phases)))
    pitch = (-(-p.pixels // 16) | 1) * 16
    units = -(-s.images // p.bunch) * p.strips * s.groups
    workers = max(1, build.workers) if s.cost >= 16384 else 1
    parts = max(1, -(-filters * len(phases) * pitch // SUMS), min(-(-workers // units), filters // 8))
    part = -(-filters // parts)
    part = min(filters, -(-part // 8) * 8)
    parts = -(-filters // part)
    workers = min(workers, units * parts)
    run = p.run(phases, channels, out_step)
    channel = np.arange(span)[:, None]
    a_at, b_at, numbers, first = [], [], [], 0
    for phase in phases:
        numbers += [phase.row, phase.column, phase.rows, phase.columns, first, len(phase.taps)]
        first += len(phase.taps)
        a_at.append((channel * strides[2] + [place for place, _, _ in phase.taps]).ravel())
        b_at.append((channel * p.copies * p.plane + [p.at[tap[1:]] for tap in phase.taps]).ravel())
    positions = np.concatenate([p.table, numbers, np.arange(filters) * strides[1], *a_at, *b_at])
    size_of = span * p.copies * p.plane + 64 + len(phases) * part * pitch + 64
    scratch = build.temp((workers, size_of), x.dtype)
    build.call(
        tiled_convolution.bind(T=build.storage(x.dtype)), node,
        [x, w, y, scratch, build.operand(table(positions)), s.images, p.bunch, s.groups, parts, part, p.strips, p.strip, channels,
         span, p.height, p.width, *step, p.copies, p.plane, p.more, p.wide, run, len(phases), taps, filters, *out_size,
         *out_step, *strides, pitch, size_of, workers],
        extent=workers, writes=[y, scratch], cost=s.cost,
    )  # fmt: skip


__all__ = [
    "PIXELS", "PLANES", "SUMS", "TERMS", "Phase", "backward_phases", "forward_phases", "in_long_rows", "tiled_forward",
    "tiled_input_gradient", "tiled_cycles",
]  # fmt: skip
