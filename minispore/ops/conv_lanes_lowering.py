"""From a convolution in groups of few channels to calls of the kernel of conv_lanes.py."""

import numpy as np

from .conv_kernels import sum_of_parts
from .conv_lanes import lane_convolution
from .conv_tiled_lowering import Phase, backward_phases, forward_phases
from .tiled_rows import table

VECTOR = 16  # elements; no vector is longer
FLAT = 1024  # pixels up to which an image is computed as one row
CELLS = 3072  # vectors of a frame, or of results, that stay in the second cache
UNITS = 8  # that keep some threads busy
HELD = 256  # vectors of weights, or of their sums, that are kept at a time
NEAR = 2048  # vectors of planes that lie side by side: there is nothing to gain from more


def fills_lanes(s) -> bool:
    """Whether there are planes enough for the lanes of a vector."""
    return 2 * s.images * s.groups >= VECTOR


def _blocks(s, bunch: int) -> int:
    """How many vectors the groups of all images fill, if those of ``bunch`` images lie side by side."""
    return -(-s.images // bunch) * -(-bunch * s.groups // VECTOR)


class _Frames:
    """Where the pixels of an image (height, width) go and are read, and the strips of rows of the result."""

    def __init__(self, phases: list[Phase], channels: int, size, out_size, step, out_step, images: int):
        taps = [(row, column) for p in phases for _, row, column in p.taps] or [(0, 0)]
        rows, columns = zip(*taps)
        self.low, self.left, self.step_y = min(rows), min(columns), step[0]
        self.reach = max(rows) - self.low + 1
        self.rows, broad = max(p.rows for p in phases), max(p.columns for p in phases)
        self.wide = (broad - 1) * step[1] + max(columns) - self.left + 2  # the last one is for pixels that no tap reads
        height, width = size
        most = min(CELLS // (channels * self.wide), CELLS // (out_step[0] * out_size[1]) * step[0])
        self.strip = max(1, min(self.rows, (most - self.reach) // step[0] + 1))
        self.flat = self.strip == self.rows and self.rows * broad <= FLAT
        if not self.flat:
            self.strip = -(-self.rows // -(-UNITS // images)) if self.strip * UNITS > self.rows * images else self.strip
        self.strips = -(-self.rows // self.strip)
        self.cells = ((self.strip - 1) * self.step_y + self.reach) * self.wide
        self.results = self.strip * out_step[0] * out_size[1]
        row, column = np.arange(height if self.flat else 1)[:, None], np.arange(width) - self.left
        down = row - (self.low if self.flat else 0)
        inside = (column >= 0) & (column < self.wide - 1) & (down >= 0) & (down * self.wide < self.cells)
        self.inputs = np.where(inside, down * self.wide + column, self.wide - 1).ravel()

    def pixels(self, p: Phase, step_x: int, out_step, out_width: int):
        """Where the pixels of a row of a phase (of all of it) are read, and where they go."""
        row, column = np.arange(p.rows if self.flat else 1)[:, None], np.arange(p.columns)
        read = row * self.step_y * self.wide + column * step_x
        return read.ravel(), ((p.row + row * out_step[0]) * out_width + p.column + column * out_step[1]).ravel()


def _convolve(
    build, node, s, task, phases, x, w, y, channels, filters, size, out_size, step, out_step, strides
) -> None:
    if y.size == 0:
        return
    window = s.kernel_height * s.kernel_width
    bunch = min(range(1, min(s.images, VECTOR) + 1), key=lambda n: _blocks(s, n))
    bunches, blocks = -(-s.images // bunch), -(-bunch * s.groups // VECTOR)
    f = _Frames(phases, channels, size, out_size, step, out_step, bunches * blocks)
    padding = np.full(VECTOR, f.wide - 1)
    parts = [np.arange(VECTOR), f.inputs, padding]
    begin = VECTOR + f.inputs.size + VECTOR
    heads, lists, first = [], [], begin + 8 * len(phases)
    for p in phases:
        channel = np.arange(channels)[:, None]
        read, written = f.pixels(p, step[1], out_step, out_size[1])
        of_frame = channel * f.cells + [(row - f.low) * f.wide + column - f.left for _, row, column in p.taps]
        of_weights = channel * window + [place for place, _, _ in p.taps]
        heads += [p.rows, read.size, first, first + read.size, of_frame.size, first + 2 * read.size,
                  first + 2 * read.size + of_frame.size, 0]  # fmt: skip
        lists += [read, written, of_frame.ravel(), of_weights.ravel()]
        first += 2 * (read.size + of_frame.size)
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
         f.reach, f.wide, f.cells, int(f.flat), f.inputs.size, filters, *out_size, out_step[0], f.results, len(phases), f.rows, f.strip,
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
