"""From a convolution with windows of one element to the calls of the kernels of conv_pointwise.py."""

import numpy as np

from .conv_framed import turned_sums
from .conv_pointwise import pointwise_convolution, pointwise_sums, straight_sums
from .panel_products import HIGH, product_panels
from .tiled_rows import table_of

BROAD = 48  # pixels of a panel
NEAR = 64 * 1024  # elements of the panels of a unit: they stay in the second cache, with what is fetched for the next
NEAR_IMAGE = 512 * 1024  # bytes of an image that stays there by itself
NEAR_WEIGHTS = 192 * 1024  # more do not stay there beside pixels that are read from several places
LINES, MOST_LINES = 3, 6  # that are fetched of a row of a panel, and with a step
MOST_PANELS = 16  # of a unit, of 48 pixels each: where vectors have two elements they are eight times as many
MOST_TERMS = 2304  # channels of a sum: one panel fills the second cache
LEAST_TERMS, LEAST_ROWS = 16, 16
LEAST_WORK = 1 << 18  # multiplications: less is not worth two kernels
LEAST_PIXELS = 64
MOST_SUMMED = 96 * 1024  # elements of pixels that are turned at a time
MOST_TURNED = 512 * 1024  # sums
MOST_SUMS = 96 * 1024  # weights up to which each thread keeps sums of its own
# Measured, in cycles: to turn a vector, to gather sixteen pieces of one with a step, to add to a vector of sums, to turn one.
TURNED, GATHERED, ADDED, WRITTEN = 6, 160, 6, 20


def fills_panels(s, dtype, terms: int, rows: int) -> bool:
    """Whether a product of a window of one element with ``terms`` channels is made here."""
    pixels = s.images * s.area
    fits = LEAST_TERMS <= terms <= MOST_TERMS and rows >= LEAST_ROWS and pixels >= LEAST_PIXELS
    return dtype.name in ("float32", "float64") and s.groups == 1 and fits and terms * rows * pixels >= LEAST_WORK


def _multiply(build, node, x, w, y, strides, sizes, plane, spread) -> None:
    """``strides``: of a row and a term of the weights; ``plane``: elements, distance of rows and of columns of a plane of ``x``;
    ``spread``: the steps of the results in planes of ``y``, the elements of these, and of their rows."""
    images, terms, rows, out_width, area = sizes
    types = {"T": build.storage(x.dtype)}
    units = -(-rows // HIGH)
    panels = build.temp((1, units * HIGH * terms), x.dtype)
    build.call(
        product_panels.bind(**types), node,
        [w, panels, rows, terms, *strides, terms, units * HIGH, 0, units],
        extent=units, writes=[panels], cost=rows * terms,
    )  # fmt: skip
    pixels = images * area
    whole = -(-pixels // BROAD)
    copied = plane[2] > 1 or rows * terms > NEAR_WEIGHTS
    lines = 0 if terms * plane[0] * x.dtype.itemsize <= NEAR_IMAGE else min(LINES * plane[2], MOST_LINES)
    block = min(MOST_PANELS, max(1, NEAR // (BROAD * terms))) * BROAD
    workers = max(1, min(build.workers, whole))
    block = min(block, -(-whole // workers) * BROAD)
    size = block * terms + 64 + 8 * BROAD + 64
    scratch = build.temp((workers, size), x.dtype)
    build.call(
        pointwise_convolution.bind(**types), node,
        [x, panels, y, scratch, images, terms, rows, *plane, out_width, area, *spread, block, int(copied), lines, size, workers],
        extent=workers, writes=[y, scratch], cost=terms * rows * pixels // 4,
    )  # fmt: skip


def pointwise_forward(build, node, s, x, taps, y) -> None:
    """y = w * x, with any step."""
    sizes = s.images, s.channels, s.filters, s.out_width, s.area
    plane = s.height * s.width, s.stride[0] * s.width, s.stride[1]
    _multiply(build, node, x, taps, y, (s.channels, 1), sizes, plane, (1, 1, s.area, s.out_width))


def pointwise_input_gradient(build, node, s, x, taps, y) -> None:
    """The gradient by the input: ``y``; ``x`` is that by the result."""
    sizes = s.images, s.filters, s.channels, s.out_width, s.area
    spread = *s.stride, s.height * s.width, s.width
    _multiply(build, node, x, taps, y, (1, s.channels), sizes, (s.area, s.out_width, 1), spread)


def _places(rows: int, plane: int, bunch: int, tall: int, broad: int, row: int, step: int, pitch: int) -> np.ndarray:
    """The table of ``pointwise_sums``."""
    pixels = np.arange(tall)[:, None] * row + np.arange(broad) * step
    seen = np.arange(bunch)[:, None] * rows * plane + pixels.ravel()
    return np.concatenate([np.arange(rows) * plane, seen.ravel(), np.arange(seen.size) * pitch])


def _unit_of_sums(s, columns: int) -> tuple[int, int, int]:
    """(images, rows of pixels, distance of pixels in the panel) of a unit if so many columns are turned."""
    pitch = (-(-columns // 16) | 1) * 16
    most = max(MOST_SUMMED // pitch, 16)
    strips = -(-s.out_height // max(1, min(s.out_height, most // s.out_width)))
    return max(1, min(s.images, most // s.area)), -(-s.out_height // strips), pitch


def _planes(s) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Of the images and of the results: elements, the distance of rows, and of columns."""
    return (s.height * s.width, s.stride[0] * s.width, s.stride[1]), (s.area, s.out_width, 1)


def _turns_results(s) -> bool:
    """Whether it is faster to turn the gradient by the result than the images."""
    seen, made = _planes(s)
    return _sum_cycles(s, s.filters, s.channels, made, True) < _sum_cycles(s, s.channels, s.filters, seen, False)


def fills_sums(s, dtype) -> bool:
    """Whether the gradient by the weights is made here; not where so many sums would have to be turned that they come from memory."""
    return fills_panels(s, dtype, s.channels, s.filters) and not (
        s.channels * s.filters > MOST_TURNED and _turns_results(s)
    )


def pointwise_weight_gradient(build, node, s, x, g, out) -> None:
    """The gradient by the weights: one of the two is turned, the other one read where it is."""
    seen, made = _planes(s)
    by_filters = _turns_results(s)
    given = (g, s.filters, made, x, s.channels, seen) if by_filters else (x, s.channels, seen, g, s.filters, made)
    turned, columns, (turned_plane, turned_row, turned_step), direct, rows, (plane, row, step) = given
    bunch, tall, pitch = _unit_of_sums(s, columns)
    strips = -(-s.out_height // tall)
    units = -(-s.images // bunch) * strips
    workers = max(1, min(build.workers, -(-rows // 8)))
    shares = workers if rows * columns <= MOST_SUMS and units >= workers else 1
    within = not by_filters and shares == 1 and columns % 16 == 0  # tiles write whole vectors
    across = columns if within else pitch
    positions = table_of(_places, rows, plane, bunch, tall, s.out_width, row, step, pitch)
    size = 512 + 16 * (tall * s.out_width + 1) + (bunch * tall * s.out_width + 16) * pitch + 64
    scratch = build.temp((workers, size), x.dtype)
    sums = out if within else build.temp((shares, rows, pitch), x.dtype)
    types = {"T": build.storage(x.dtype)}
    build.call(
        pointwise_sums.bind(**types), node,
        [turned, direct, sums, scratch, build.operand(positions), s.images, bunch, strips, tall, s.out_width, s.area, columns, rows,
         turned_plane, turned_row, turned_step, plane, tall * row, pitch, across, shares, rows * pitch, size, workers],
        extent=workers, writes=[sums, scratch], cost=s.cost,
    )  # fmt: skip
    if by_filters:
        sharing = max(1, min(build.workers, -(-rows // 16))) if rows * columns >= 16384 else 1
        length = 16 * (pitch + 16)
        scratch = build.temp((sharing, length), x.dtype)
        build.call(
            turned_sums.bind(**types), node,
            [sums, out, scratch, 1, rows, columns, pitch, shares, rows * pitch, length, sharing],
            extent=sharing, writes=[out, scratch], cost=sums.size,
        )  # fmt: skip
    elif not within:
        build.call(
            straight_sums.bind(**types), node, [sums, out, columns, pitch, shares, rows * pitch],
            extent=rows, writes=[out], cost=sums.size,
        )  # fmt: skip


def _sum_cycles(s, columns: int, rows: int, turned, by_filters: bool) -> float:
    """What it takes if so many columns are turned: products of whole vectors, turning them, adding to sums and, at the end, turning those."""
    vectors = -(-columns // 16)
    bunch, tall, _ = _unit_of_sums(s, columns)
    units = -(-s.images // bunch) * -(-s.out_height // tall)
    gathering = GATHERED * -(-s.out_width // 16) / s.out_width if turned[2] > 1 else 0
    products = (-(-rows // 8) * 8 + TURNED + gathering) * s.images * s.area
    return vectors * (products + rows * (ADDED * units + WRITTEN * by_filters))


__all__ = ["fills_panels", "fills_sums", "pointwise_forward", "pointwise_input_gradient", "pointwise_weight_gradient"]
