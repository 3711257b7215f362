"""From a convolution in groups of few channels to calls of the kernel of conv_lanes.py."""

from typing import NamedTuple

import numpy as np

from .conv_inside import Range
from .conv_kernels import sum_of_parts
from .conv_lanes import lane_convolution
from .conv_tiled_lowering import Phase, backward_phases, forward_phases
from .tiled_rows import table

VECTOR = 16  # elements; no vector is longer
FLAT = 1024  # pixels up to which an image is computed as one row
CELLS = 3072  # vectors of a frame, or of results, that stay in the second cache
UNITS = 8  # that keep some threads busy
HELD = 256  # vectors of weights, or of their sums, that are kept at a time
# Of large windows: taps from which an image is computed as one row although it is larger than that, and how large it may be then.
LARGE, LARGE_FLAT, LARGE_CELLS = 50, 3200, 4608
TILE, SHORT = 9, 7  # pixels
BEGIN = 6  # products for each pixel that take as long as its tile takes to begin and to end
TALL = 1, 2, 3, 7, 9  # rows of a part
NEAR = 2048  # vectors of planes that lie side by side: there is nothing to gain from more


def fills_lanes(s) -> bool:
    """Whether there are planes enough for the lanes of a vector."""
    return 2 * s.images * s.groups >= VECTOR


def _blocks(s, bunch: int) -> int:
    """How many vectors the groups of all images fill, if those of ``bunch`` images lie side by side."""
    return -(-s.images // bunch) * -(-bunch * s.groups // VECTOR)


class _Frames:
    """Where the pixels of an image (height, width) go and are read, and the strips of rows of the result."""

    def __init__(self, phases: list[Phase], channels: int, size, out_size, step, out_step, images: int, sums: bool):
        large = channels == 1 and not sums and max(len(p.taps) for p in phases) >= LARGE
        cells, flat = (LARGE_CELLS, LARGE_FLAT) if large else (CELLS, FLAT)
        taps = [(row, column) for p in phases for _, row, column in p.taps] or [(0, 0)]
        rows, columns = zip(*taps)
        self.low, self.left, self.step_y = min(rows), min(columns), step[0]
        self.reach = max(rows) - self.low + 1
        self.rows, broad = max(p.rows for p in phases), max(p.columns for p in phases)
        self.wide = (broad - 1) * step[1] + max(columns) - self.left + 2  # the last one is for pixels that no tap reads
        height, width = size
        most = min(cells // (channels * self.wide), cells // (out_step[0] * out_size[1]) * step[0])
        self.strip = max(1, min(self.rows, (most - self.reach) // step[0] + 1))
        self.flat = self.strip == self.rows and self.rows * broad <= flat
        if not self.flat:
            self.strip = -(-self.rows // -(-UNITS // images)) if self.strip * UNITS > self.rows * images else self.strip
        self.strips = -(-self.rows // self.strip)
        self.cells = ((self.strip - 1) * self.step_y + self.reach) * self.wide
        self.results = self.strip * out_step[0] * out_size[1]
        row, column = np.arange(height if self.flat else 1)[:, None], np.arange(width) - self.left
        down = row - (self.low if self.flat else 0)
        inside = (column >= 0) & (column < self.wide - 1) & (down >= 0) & (down * self.wide < self.cells)
        self.inputs = np.where(inside, down * self.wide + column, self.wide - 1).ravel()

    def pixels(self, p: Phase, part: "_Part", step_x: int, out_step, out_width: int):
        """Where the pixels of a row of a phase (of a part of it) are read, and where they go."""
        row, column = np.arange(*part.rows if self.flat else (1,))[:, None], np.arange(*part.columns)
        read = row * self.step_y * self.wide + column * step_x
        return read.ravel(), ((p.row + row * out_step[0]) * out_width + p.column + column * out_step[1]).ravel()


def _row(tap) -> int:
    return tap[1]


class _Part(NamedTuple):
    """Rows and columns of a phase, and between which rows and columns the taps are that see the image from some of them."""

    rows: Range
    columns: Range
    tap_rows: Range
    tap_columns: Range


def _all_of(p: Phase) -> _Part:
    down, across = ([tap[k] for tap in p.taps] or [0] for k in (1, 2))
    return _Part((0, p.rows), (0, p.columns), (min(down), max(down) + 1), (min(across), max(across) + 1))


def _axis(count: int, length: int, at: list[int], size: int, step: int) -> list[tuple[Range, Range, int]]:
    """An axis in parts of so many pixels: (pixels, where the taps are that see the image, how many there are)."""
    parts = []
    for first in range(0, count, length):
        end = min(first + length, count)
        seen = [tap for tap in at if -(end - 1) * step <= tap < size - first * step]
        parts.append(((first, end), (min(seen, default=0), max(seen, default=-1) + 1), len(seen)))
    return parts


def _rounded(pixels: int) -> int:
    """Rows of tiles."""
    rest = pixels % TILE
    return pixels if pixels % SHORT == 0 else pixels - rest + (TILE if rest > SHORT else SHORT if rest else 0)


def _parts(f: _Frames, p: Phase, size, step) -> list[_Part]:
    """A phase in parts from which much of a large window sees nothing of the image: what takes the fewest products."""
    down, across = (sorted({tap[k] for tap in p.taps}) for k in (1, 2))
    widths = [p.columns, *(-(-p.columns // n) for n in range(2, -(-p.columns // SHORT) + 1))]
    heights = p.rows, *TALL
    best: tuple = ()
    for high in dict.fromkeys(heights):
        rows = _axis(p.rows, high, down, size[0], step[0])
        for wide in dict.fromkeys(widths):
            columns = _axis(p.columns, wide, across, size[1], step[1])
            parts = [((r[1] - r[0]) * (c[1] - c[0]), n * m) for r, _, n in rows for c, _, m in columns]
            cost = sum(_rounded(pixels) * terms + BEGIN * pixels for pixels, terms in parts)
            if not best or cost < best[0]:
                best = cost, rows, columns
    return [_Part(r, c, tap_rows, tap_columns) for r, tap_rows, _ in best[1] for c, tap_columns, _ in best[2]]


def _convolve(
    build, node, s, task, phases, x, w, y, channels, filters, size, out_size, step, out_step, strides
) -> None:
    if y.size == 0:
        return
    window = s.kernel_height * s.kernel_width
    bunch = min(range(1, min(s.images, VECTOR) + 1), key=lambda n: _blocks(s, n))
    bunches, blocks = -(-s.images // bunch), -(-bunch * s.groups // VECTOR)
    f = _Frames(phases, channels, size, out_size, step, out_step, bunches * blocks, task == 1)
    padding = np.full(VECTOR, f.wide - 1)
    parts = [np.arange(VECTOR), f.inputs, padding]
    begin = VECTOR + f.inputs.size + VECTOR
    parted = task == 0 and channels == 1 and f.flat
    whole = [(p, part) for p in phases for part in (_parts(f, p, size, step) if parted else [_all_of(p)])]
    heads, lists, first = [], [], begin + 8 * len(whole)
    channel = np.arange(channels)[:, None]
    known: dict = {}  # the taps of some columns, row by row
    for p, part in whole:
        read, written = f.pixels(p, part, step[1], out_step, out_size[1])
        key = id(p), part.tap_columns
        if key not in known:
            taps = sorted((tap for tap in p.taps if part.tap_columns[0] <= tap[2] < part.tap_columns[1]), key=_row)
            of_frame = channel * f.cells + [(row - f.low) * f.wide + column - f.left for _, row, column in taps]
            of_weights = channel * window + [place for place, _, _ in taps]
            known[key] = [row for _, row, _ in taps], first, of_frame.size
            lists += [of_frame.ravel(), of_weights.ravel()]
            first += 2 * of_frame.size
        rows, at, many = known[key]
        skipped = sum(row < part.tap_rows[0] for row in rows)
        terms = channels * sum(part.tap_rows[0] <= row < part.tap_rows[1] for row in rows)
        heads += [p.rows, read.size, first, first + read.size, terms, at + skipped, at + many + skipped, 0]
        lists += [read, written]
        first += 2 * read.size
    positions = np.concatenate([*parts, heads, *lists])
    workers = max(1, build.workers) if s.cost >= 16384 else 1
    shares = min(bunches, -(-workers // blocks)) if task else bunches * f.strips
    workers = min(workers, shares * -(-bunch * s.groups // (VECTOR // 2)))
    kept, pixels = filters * channels * window, channels * size[0] * size[1]
    many = max(1, min(HELD // kept, NEAR // max(pixels, 1), blocks * shares // (UNITS * workers)))
    weights = s.groups * channels * filters * window
    sums = shares * bunch if task else 1
    made = build.temp((sums, weights), w.dtype) if sums > 1 else w
    length = (channels * f.cells + filters * f.results + VECTOR + many * kept + VECTOR) * VECTOR
    scratch = build.temp((workers, length), x.dtype)
    build.call(
        lane_convolution.bind(T=build.storage(x.dtype)), node,
        [x, made, y, scratch, build.operand(table(positions)), task, s.images, bunch, shares, many, s.groups, channels, *size, step[0], f.low,
         f.reach, f.wide, f.cells, int(f.flat), f.inputs.size, filters, *out_size, out_step[0], f.results, len(whole), f.rows, f.strip,
         f.strips, window, *strides, bunch * weights, length, workers],
        extent=workers, writes=[made if task else y, scratch], cost=s.cost,
    )  # fmt: skip
    if made is not w:
        source = sum_of_parts.bind(T=build.storage(w.dtype))
        build.call(source, node, [made, w, sums, weights], extent=weights, writes=[w], cost=made.size)


def _forward(build, node, s, task, x, w, y) -> None:
    window = s.kernel_height * s.kernel_width
    sizes = s.channels, s.filters, (s.height, s.width), (s.out_height, s.out_width), s.stride, (1, 1)
    strides = s.filters * s.channels * window, s.channels * window, window
    _convolve(build, node, s, task, forward_phases(s), x, w, y, *sizes, strides)


def lanes_forward(build, node, s, x, w, y) -> None:
    """y = w * x."""
    _forward(build, node, s, 0, x, w, y)


def lanes_weight_gradient(build, node, s, x, g, out) -> None:
    """The gradient by the weights: the sums of some images each, if threads are more than blocks of groups, then their sum."""
    _forward(build, node, s, 1, x, out, g)


def lanes_input_gradient(build, node, s, g, w, x) -> None:
    """The gradient by the input: a convolution of g for each phase."""
    window = s.kernel_height * s.kernel_width
    sizes = s.filters, s.channels, (s.out_height, s.out_width), (s.height, s.width), (1, 1), s.stride
    strides = s.filters * s.channels * window, window, s.channels * window
    _convolve(build, node, s, 0, backward_phases(s), g, w, x, *sizes, strides)


__all__ = ["CELLS", "FLAT", "fills_lanes", "lanes_forward", "lanes_input_gradient", "lanes_weight_gradient"]
