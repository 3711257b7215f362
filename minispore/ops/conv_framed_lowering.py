"""From a convolution to the calls of the kernels of conv_framed.py: where pixels and taps are, and how the work is divided."""

import numpy as np

from ..core.sizes import remembered
from .conv_framed import framed_convolution, turned_sums, weight_panels
from .conv_inside import parted_pixels, parted_taps, rounded
from .conv_tiled_lowering import Phase, backward_phases, forward_phases, in_long_rows
from .tiled_rows import table_of

PIXELS = 320, 480, 640, 800, 1000, 1300, 1600, 3200  # of a unit, if there are so many: what takes the least time
# Measured, in cycles: a vector's products, copying an element and a row to a frame, adding to a vector of sums, fetching a weight (or a
# sum of the gradient by it) for a unit, if not all of them stay in the second cache; turning a vector of results, a weight of a panel.
PRODUCT, COPIED, LINE, ADDED, FETCHED, TURNED, PANEL = 1.09, 0.55, 4.5, 7.5, 0.42, 11, 0.9
NEAR = 128 * 1024  # weights that do
TERMS = 384  # summed at once
FRAMES, SUMS = 128 * 1024, 128 * 1024  # elements that stay in the second cache
VECTOR = 16  # elements; no vector is longer
USES = 2  # units up to which each makes panels of weights for itself
BROAD = 48  # filters of a panel: the row of a tile
OTHER = 1.25  # what all else takes, with the products


def _lines(elements: int) -> int:
    """An odd number of cache lines: rows lie at different places of the cache."""
    return (-(-elements // VECTOR) | 1) * VECTOR


def _unit(phases: list[Phase], images: int, most: int) -> tuple[int, int]:
    """(images, rows) of a unit of so many pixels at most."""
    rows, broad = max(p.rows for p in phases), max(p.columns for p in phases)
    bunch = max(1, min(images, most // (rows * broad)))
    wanted = -(-rows // max(1, min(rows, most // broad)))
    return bunch, -(-rows // (1 if bunch > 1 else wanted))


class _Frames:
    """Where the pixels of a phase are in the frame of some images, or of a strip of rows, and what taps see from them.

    ``parted``: how phases of whole images are parted by what is inside (conv_inside.py).
    """

    def __init__(self, phases: list[Phase], unit: tuple[int, int], channels: int, size, step, parted):
        self.given = phases, unit, channels, size, step, parted
        self.step, self.rows = step, max(p.rows for p in phases)
        self.bunch, self.strip = unit
        self.strips = -(-self.rows // self.strip)
        terms = max(len(p.taps) or 1 for p in phases)
        if self.strips == 1:
            phases = parted(phases, size, step, self.bunch, max(1, min(channels, TERMS // terms)))
        self.phases = phases
        self.low, self.left = (min((tap[k] for p in phases for tap in p.taps), default=0) for k in (1, 2))
        self.lines = max(self._reach(p.taps, 1, min(p.rows, self.strip)) for p in phases) - self.low + 1
        self.wide = max(self._reach(p.taps, 2, p.columns) for p in phases) - self.left + 1
        self.frame = _lines(self.bunch * self.lines * self.wide)
        skip, begin = max(self.left, 0), max(-self.left, 0)
        self.inside = skip, begin, max(0, min(size[1] - skip, self.wide - begin))
        most = max(1, min(channels, TERMS // terms, FRAMES // self.frame))
        self.span = -(-channels // -(-channels // most))

    def _reach(self, taps, axis: int, count: int) -> int:
        """The last row (1) or column (2) that the taps of so many pixels see."""
        return (count - 1) * self.step[axis - 1] + max((tap[axis] for tap in taps), default=0)

    @property
    def work(self) -> float:
        """Products of an image, in whole tiles, for each channel and filter."""
        tiles = [rounded(self.bunch * min(p.rows, self.strip) * p.columns) * len(p.taps) for p in self.phases]
        return sum(tiles) * self.strips / self.bunch

    def cycles(self, filters: int, window: int) -> float:
        """What an image takes: products, and what a unit copies, adds and fetches."""
        channels, vectors = self.given[2], -(-filters // VECTOR)
        pixels = self.bunch * sum(min(p.rows, self.strip) * p.columns for p in self.given[0])
        lines = -(-filters * pixels // SUMS) * channels * self.bunch * self.lines
        far = channels * filters * window if channels * filters * window > NEAR else 0
        unit = (COPIED * self.wide + LINE) * lines + ADDED * vectors * pixels * channels / self.span + FETCHED * far
        return PRODUCT * self.work * channels * vectors + unit * self.strips / self.bunch

    def _pixels(self, p: Phase):
        """The images, rows and columns of a unit, along axes of their own."""
        return (
            np.arange(self.bunch)[:, None, None],
            np.arange(min(p.rows, self.strip))[:, None],
            np.arange(p.columns),
        )

    def pixels_of(self, p: Phase):
        image, row, column = self._pixels(p)
        return ((image * self.lines + row * self.step[0]) * self.wide + column * self.step[1]).ravel()

    def taps_of(self, p: Phase):
        seen = [(row - self.low) * self.wide + column - self.left for _, row, column in p.taps]
        return (np.arange(self.span)[:, None] * self.frame + seen).ravel()

    def results_of(self, p: Phase, out_size, out_step):
        """Which pixels of the result they are."""
        image, row, column = self._pixels(p)
        row = image * out_size[0] + p.row + (p.first[0] + row) * out_step[0]
        return (row * out_size[1] + p.column + (p.first[1] + column) * out_step[1]).ravel()

    def table(self, lists):
        """``lists``: for each phase the places of factors and of results."""
        heads: list = []
        parts: list = []
        first = 7 * len(self.phases)
        for p, more in zip(self.phases, lists):
            of_phase = self.pixels_of(p), self.taps_of(p), *more
            at = np.cumsum([first, *(part.size for part in of_phase)])
            heads += [p.rows, p.columns, len(p.taps), *at[:4]]
            parts += of_phase
            first = at[4]
        return np.concatenate([heads, *parts])


@remembered
def _positions(frames, out_size, out_step, pitch: int, window: int, of_weights: bool) -> np.ndarray:
    """Where the pixels of frames (arguments of ``_Frames``) are, what taps see from them, and the places of the factors, a ``window``
    for each channel, and of the results; or, for the gradient ``of_weights``, those of the results, pixels, and of the weights."""
    f = _Frames(*frames)
    lists = []
    for p in f.phases:
        results = f.results_of(p, out_size, out_step) * pitch
        factors = (np.arange(f.span)[:, None] * window + [place for place, _, _ in p.taps]).ravel()
        lists.append((results, factors * pitch) if of_weights else (factors * BROAD, results))
    return f.table(lists)


@remembered
def _cheapest(
    phases: list[Phase], images: int, channels: int, filters: int, window: int, size, step, parted
) -> _Frames:
    """The frames that take the least time."""
    units: list[tuple[int, int]] = []
    for most in PIXELS:
        unit = _unit(phases, images, most)
        if unit not in units:  # (a set would ask for their hashes, which fixes sizes)
            units.append(unit)
    ways = [_Frames(phases, unit, channels, size, step, parted) for unit in units]
    return min(ways, key=lambda frames: frames.cycles(filters, window))


def _call(build, node, s, task, f, x, w, y, sizes, positions, split, pitch, loose, w_worker, workers) -> None:
    """``loose``: 1 and the distances of a channel's and a filter's weights, if they are not in panels."""
    channels, filters, size, out_size, out_step = sizes
    window = s.kernel_height * s.kernel_width
    pixels = f.bunch * out_size[0] if f.bunch > 1 else min(f.strip * out_step[0], out_size[0])
    length = (
        f.span * f.frame
        + 2 * VECTOR * VECTOR
        + loose[0] * f.span * window * BROAD
        + (pixels * out_size[1] + VECTOR) * pitch
        + 64
    )
    scratch = build.temp((workers, length), x.dtype)
    build.call(
        framed_convolution.bind(T=build.storage(x.dtype)), node,
        [x, w, y, scratch, build.operand(positions), task, s.images, f.bunch, s.groups, *split, f.strips, f.strip, channels, f.span,
         *size, f.step[0], f.low, f.lines, f.wide, f.frame, *f.inside, len(f.phases), f.rows, filters, *out_size, out_step[0], pitch,
         window, BROAD, *loose, w_worker, length, workers],
        extent=workers, writes=[w if task else y, scratch], cost=s.cost,
    )  # fmt: skip


def _panels(build, node, s, w, channels: int, filters: int, outer: int):
    """The weights, those of some filters side by side; ``outer``: how many blocks of weights a filter has."""
    window = s.kernel_height * s.kernel_width
    terms = channels * window // outer
    panels = -(-filters // BROAD)
    made = build.temp((s.groups, panels, channels * window, BROAD), w.dtype)
    sharing = max(1, min(build.workers, s.groups * panels * outer)) if made.size >= 16384 else 1
    scratch = build.temp((sharing, 2 * VECTOR * VECTOR), w.dtype)
    build.call(
        weight_panels.bind(T=build.storage(w.dtype)), node,
        [w, made, scratch, s.groups, outer, filters * terms, filters, terms, terms, BROAD, channels * filters * window, sharing],
        extent=sharing, writes=[made, scratch], cost=made.size,
    )  # fmt: skip
    return made


def _convolve(build, node, s, phases, x, w, y, sizes, step, outer: int) -> None:
    channels, filters, size, out_size, out_step = sizes
    window, panels = s.kernel_height * s.kernel_width, -(-filters // BROAD)
    workers = max(1, build.workers) if s.cost >= 16384 else 1
    f = _cheapest(phases, s.images, channels, filters, window, size, step, parted_pixels)
    units = -(-s.images // f.bunch) * f.strips * s.groups
    pixels = f.bunch * f.strip * out_step[0] * out_size[1]
    parts = max(1, -(-filters * pixels // SUMS), min(-(-workers // units), panels))
    part = -(-panels // parts) * BROAD
    parts = -(-filters // part)
    pitch = _lines(min(part, filters))
    positions = table_of(_positions, f.given, out_size, out_step, pitch, window, False)
    if units <= USES:
        loose = (1, filters * window, window) if outer > 1 else (1, 0, channels * window)
    else:
        w, loose = _panels(build, node, s, w, channels, filters, outer), (0, 0, 0)
    _call(
        build,
        node,
        s,
        0,
        f,
        x,
        w,
        y,
        sizes,
        positions,
        (parts, part),
        pitch,
        loose,
        0,
        min(workers, units * parts),
    )


def framed_work(s) -> float:
    """How long the forward pass takes, in multiply-adds of a full tile for each channel and filter."""
    window = s.kernel_height * s.kernel_width
    size = s.height, s.width
    f = _cheapest(forward_phases(s), s.images, s.channels, s.filters, window, size, s.stride, parted_pixels)
    return OTHER * s.images * f.work


def framed_cycles(s, backward: bool) -> float:
    """Cycles for an image, of the gradient by the input if ``backward``."""
    s = in_long_rows(s)
    window, sizes = s.kernel_height * s.kernel_width, ((s.height, s.width), (s.out_height, s.out_width))
    phases, channels, filters, (size, out), step = (
        (backward_phases(s), s.filters, s.channels, sizes[::-1], (1, 1)) if backward
        else (forward_phases(s), s.channels, s.filters, sizes, s.stride)
    )  # fmt: skip
    f = _cheapest(phases, s.images, channels, filters, window, size, step, parted_pixels)
    results, panels = out[0] * out[1] * -(-filters // VECTOR), channels * filters * window / s.images
    return f.cycles(filters, window) + TURNED * results + PANEL * panels


def framed_forward(build, node, s, x, w, y) -> None:
    """y = w * x."""
    s = in_long_rows(s)
    sizes = s.channels, s.filters, (s.height, s.width), (s.out_height, s.out_width), (1, 1)
    _convolve(build, node, s, forward_phases(s), x, w, y, sizes, s.stride, 1)


def framed_input_gradient(build, node, s, g, w, x) -> None:
    """The gradient by the input."""
    s = in_long_rows(s)
    sizes = s.filters, s.channels, (s.out_height, s.out_width), (s.height, s.width), s.stride
    _convolve(build, node, s, backward_phases(s), g, w, x, sizes, (1, 1), s.filters)


def framed_weight_gradient(build, node, s, x, g, out) -> None:
    """The gradient by the weights: each worker's sums, then the sum of those."""
    size, out_size = (s.height, s.width), (s.out_height, s.out_width)
    window = s.kernel_height * s.kernel_width
    f = _cheapest(forward_phases(s), s.images, s.channels, s.filters, window, size, s.stride, parted_taps)
    units = -(-s.images // f.bunch) * f.strips * s.groups
    workers = min(s.workers(build), units)
    rows, pitch = s.channels * window, _lines(s.filters)
    sums = build.temp((workers, s.groups, rows, pitch), x.dtype)
    positions = table_of(_positions, f.given, out_size, (1, 1), pitch, window, True)
    whole = -(-s.filters // BROAD) * BROAD
    sizes = s.channels, s.filters, size, out_size, (1, 1)
    _call(
        build,
        node,
        s,
        1,
        f,
        x,
        sums,
        g,
        sizes,
        positions,
        (1, whole),
        pitch,
        (0, 0, 0),
        s.groups * rows * pitch,
        workers,
    )
    sharing = max(1, min(build.workers, s.groups * -(-rows // VECTOR))) if rows * s.filters >= 16384 else 1
    length = VECTOR * (pitch + VECTOR)
    scratch = build.temp((sharing, length), x.dtype)
    build.call(
        turned_sums.bind(T=build.storage(x.dtype)), node,
        [sums, out, scratch, s.groups, rows, s.filters, pitch, workers, s.groups * rows * pitch, length, sharing],
        extent=sharing, writes=[out, scratch], cost=sums.size,
    )  # fmt: skip


__all__ = [
    "FRAMES",
    "PIXELS",
    "SUMS",
    "TERMS",
    "framed_cycles",
    "framed_forward",
    "framed_input_gradient",
    "framed_weight_gradient",
    "framed_work",
]
