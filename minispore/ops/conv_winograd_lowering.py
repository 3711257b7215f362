"""From a convolution to the calls of Winograd's algorithm (kernels: conv_winograd.py)."""

import numpy as np

from .conv_winograd import winograd_convolution, winograd_weight_sums, winograd_weights
from .tiled_rows import table

BUDGET = 192 * 1024  # elements of planes and products that stay in the second cache
LANES = 256  # see winograd_convolution; the distance of its rows
VECTOR = 16  # elements; no vector is longer
BLOCK = 8  # rows of a tile
PART = 128  # filters at least for which the transform of an image is made
OTHER = 1.1  # what all else takes, with the products
# Multiply-adds that take as long as the transforms of an element of an image, that of a weight, and fetching a weight for a
# unit, if not all of them stay in the second cache, or there are more than FAR.
TRANSFORMS, WEIGHTS, FETCHED, FETCHED_FAR = 5, 1100, 350, 1000
FAR = 2 * 1024 * 1024


def _span(s) -> int:
    """How many channels are summed at once: a chunk."""
    return -(-s.channels // -(-s.channels // 32))


def winograd_forward(build, node, s, x, w, y, flip=False) -> None:
    """y = w * x; ``flip``: w is that of the convolution whose input's gradient this is."""
    span, columns = _span(s), s.kernel_width
    chunks, deep = -(-s.channels // span), span * columns
    channel, column = np.arange(span)[:, None], np.arange(columns)  # of the sums: a chunk's, the window's
    if flip:  # (chunk, block of rows, column, channel, row)
        outer, inner, window = s.channels, s.filters, 3 * columns
        layout = span, -(-s.filters // BLOCK) * BLOCK * deep, BLOCK, span * BLOCK, BLOCK, deep * BLOCK
        reading = window - 1, -columns, -1
        row = np.arange(s.filters)
        rows_at, sums_at = row // BLOCK * BLOCK * deep + row % BLOCK, (column * span + channel) * BLOCK
        chunk_taps = layout[1]
    else:  # (chunk, row, column, channel)
        outer, inner = s.filters, s.channels
        layout = s.filters, 0, deep, span, span, s.filters * deep
        reading = 0, columns, 1
        rows_at, sums_at = np.arange(s.filters) * deep, column * span + channel
        chunk_taps = s.filters * deep
    point = chunks * chunk_taps
    taps = build.temp((s.groups, 6, point), x.dtype)
    workers = max(1, min(build.workers, s.groups * outer)) if outer * inner >= 4096 else 1
    scratch = build.temp((workers, 9 * LANES), x.dtype)
    build.call(
        winograd_weights.bind(T=build.storage(x.dtype)), node,
        [w, taps, scratch, s.groups, outer, inner, columns, *reading, 6 * point, point, *layout, workers],
        extent=workers, writes=[taps, scratch], cost=taps.size,
    )  # fmt: skip
    _convolution(build, node, s, 0, x, taps, y, (0, 6 * point, chunk_taps, point), [rows_at, sums_at])


def winograd_weight_gradient(build, node, s, x, g, out) -> None:
    """The gradient by the weights: each worker's sums over its images, then the sum of those."""
    wide = -(-s.filters // VECTOR) * VECTOR
    point = s.channels * s.kernel_width * wide
    workers, deep = s.workers(build), _span(s) * s.kernel_width
    sums = build.temp((workers, s.groups, 6, point), x.dtype)
    strides = 6 * s.groups * point, 6 * point, deep * wide, point
    lane = np.arange(LANES)
    _convolution(build, node, s, 1, x, sums, g, strides, [None, lane, lane * wide])
    size = 2304 + 2 * VECTOR * VECTOR * 3 * s.kernel_width
    units = s.groups * -(-s.channels // VECTOR)
    sharing = max(1, min(build.workers, units)) if s.channels * s.filters >= 4096 else 1
    scratch = build.temp((sharing, size), x.dtype)
    build.call(
        winograd_weight_sums.bind(T=build.storage(x.dtype)), node,
        [sums, out, scratch, s.groups, s.filters, s.channels, s.kernel_width, wide, workers, 6 * s.groups * point, 6 * point, point,
         size, sharing],
        extent=sharing, writes=[out, sums, scratch], cost=sums.size,
    )  # fmt: skip


def _part(s) -> int:
    """Filters of the result that are made at a time: so few that many lanes read each weight once."""
    lanes = min(LANES, s.images * -(-s.out_height // 4) * s.out_width)
    most = max(PART, BUDGET // (6 * lanes) - _span(s) * s.kernel_width)
    return min(s.filters, -(-s.filters // -(-s.filters // most) // BLOCK) * BLOCK)


def _units(s, task: int, workers: int) -> tuple[int, int, int]:
    """(tiles of a strip, strips of an image, images of a unit)."""
    tiles = -(-s.out_height // 4)
    lanes = min(LANES, max(16, BUDGET // (6 * (_span(s) * s.kernel_width + _part(s)))) if task == 0 else LANES)
    strip, planes = min(tiles, max(1, lanes // s.out_width)), s.images * s.groups
    strips = -(-tiles // strip)
    if planes < workers:  # each worker gets as many
        strips = min(tiles, -(-planes * strips // workers) * workers // planes)
    strip = -(-tiles // strips)
    strips = -(-tiles // strip)
    if strips > 1:
        return strip, strips, 1
    bunch = max(1, min(lanes // (tiles * s.out_width), s.images, -(-planes // workers)))
    units = -(-s.images // bunch) * s.groups
    return strip, strips, -(-s.images * s.groups // (-(-units // workers) * workers)) if units > 1 else bunch


def winograd_work(s) -> float:
    """How long the forward pass takes, in multiply-adds of a full tile for each channel and filter."""
    _, strips, bunch = _units(s, 0, 1)
    rows = s.images * -(-s.out_height // 4) * 6 * s.kernel_width
    moved = rows * -(-s.out_width // VECTOR) * VECTOR * (1 / s.channels + -(-s.filters // _part(s)) / s.filters)
    weights = s.channels * s.filters * 6 * s.kernel_width
    fetched = 0 if weights <= BUDGET else FETCHED if weights <= FAR else FETCHED_FAR
    units = -(-s.images // bunch) * strips
    return OTHER * rows * s.out_width + TRANSFORMS * moved + WEIGHTS + fetched * units


def _convolution(build, node, s, task, x, taps, y, strides, positions) -> None:
    """``strides``: distances of a worker's, a group's, a chunk's and a point's share of the taps."""
    tiles, span = -(-s.out_height // 4), _span(s)
    strip, strips, bunch = _units(s, task, build.workers)
    lines = -(-bunch * strip * s.out_width // 16) + 1
    pitch = (lines | 1) * 16  # an odd number of cache lines: rows lie at different places of the cache
    skip, begin, count, _ = s.row()
    wide = _part(s) if task == 0 else -(-s.filters // VECTOR) * VECTOR
    planes = span * s.kernel_width * 6 * pitch
    size = (12 + 6 * wide) * LANES + planes + (0 if task == 0 else VECTOR * 6 * LANES)
    workers = s.workers(build)
    scratch = build.temp((workers, size), x.dtype)
    units = -(-s.images // bunch) * s.groups * strips
    at = np.arange(span * s.kernel_width) * pitch
    positions = [*positions, at] if task == 0 else [at, *positions[1:]]
    worker_taps, group_taps, chunk_taps, point_taps = strides
    build.call(
        winograd_convolution.bind(T=build.storage(x.dtype)), node,
        [x, taps, y, scratch, build.operand(table(np.concatenate([p.ravel() for p in positions]))), task, 6, units, s.images,
         bunch, s.channels, s.height, s.width, s.filters, s.out_height, s.out_width, tiles, s.kernel_width, s.dilation[1],
         s.top, skip, begin, count, s.groups, strips, strip, pitch, span, group_taps, worker_taps, chunk_taps,
         point_taps, wide, size, workers],
        extent=workers, writes=[taps if task else y, scratch], cost=s.cost,
    )  # fmt: skip


__all__ = ["LANES", "winograd_forward", "winograd_weight_gradient", "winograd_work"]
