# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Convolution of each channel by itself with small windows, step 1 or 2, and its gradients: the columns of a plane lie in the lanes of vectors.

Nothing is copied or turned: rows are read where they are, what a window sees beyond the edge is masked (graph/plane_tiles.py).
"""

import math

from ..core.kernel import kernel
from .conv_lanes_lowering import fills_lanes

MOST_TAPS = 49  # of a window: up to 25 weights stay in registers, with the sums of a window's rows
MOST_SUMS = 25  # taps of one whose sums are made: ``plane_correlation`` has a place for so many
KEPT = (
    3072  # elements of the result's rows that are made at a time: in the first cache, with those that they are made of
)
NEAR_SUMS, KEPT_SUM = 12, 1.5  # taps of one whose sums stay in registers; what a product takes if they do not
SUMS, RUN = 2048, 4096  # elements of sums that are kept at a time, and of planes that are read one after the other
LEAST_SPREAD = (
    9,
    12,
)  # columns from which the gradient by the input with step 2 fills vectors; for windows of more than 25 taps
REACH = 48  # columns between the first and the last that a window sees
# Measured: cycles to begin some columns of a plane with step 1 and 2, and, for the gradient by the weights, with each sum; where channels
# lie in the lanes, for each vector of the image and of the result, and for a tap of one.
BEGIN, SUM, TURNED, PER_TAP = {1: 50, 2: 100}, 2, 12.5, 1.1


@kernel
def plane_convolution(x: "T*", w: "T*", y: "T*", channels: int, height: int, width: int, top: int, left: int, step: int,
                      out_height: int, out_width: int, block: int, bunch: int, first: int, w_step: int, lo, hi):  # fmt: skip
    """``y`` = convolution of each plane of ``x`` with the weights of its channel, from ``first`` on; [lo, hi) are planes."""
    lanes = plane_lanes(x, MOST)
    zeros, spare = local_TYPE(64), local_TYPE(16)
    for i in range(64):
        zeros[i] = 0
    for begun in range(lo, hi, bunch):
        for r in range(0, out_height, block):
            for i in range(0, out_width, lanes):
                channel = begun % channels
                for plane in range(begun, min(begun + bunch, hi)):
                    image, weights = shift(x, plane * height * width), shift(w, channel * TALL * BROAD + first)
                    out = shift(y, plane * out_height * out_width + r * out_width + i)
                    plane_sums(image, height, width, STRIDE * r - top, STRIDE * i - left, step, out_width - i, zeros, weights, w_step,
                               out, min(block, out_height - r), out_width, spare, bunch * height * width,
                               TALL, BROAD, STRIDE, MOST)  # fmt: skip
                    channel = channel + 1 if channel + 1 < channels else 0


@kernel
def plane_transposed(g: "T*", w: "T*", x: "T*", channels: int, height: int, width: int, top: int, half: int, out_height: int,
                     out_width: int, row: int, rows: int, bunch: int, lo, hi):  # fmt: skip
    """The gradient by the input with step 2: rows of ``g`` from ``row`` on make all rows of ``x``; [lo, hi) are planes."""
    lanes = plane_lanes(x, MOST)
    zeros, spare = local_TYPE(64), local_TYPE(32)
    for i in range(64):
        zeros[i] = 0
    for begun in range(lo, hi, bunch):
        for i in range(0, width, 2 * lanes):
            channel = begun % channels
            for plane in range(begun, min(begun + bunch, hi)):
                plane_spread(shift(g, plane * out_height * out_width), out_height, out_width, row, half + i // 2, zeros,
                             shift(w, channel * TALL * BROAD), shift(x, plane * height * width + i), height, width - i, width, top,
                             spare, bunch * out_height * out_width, rows, TALL, BROAD, ODD, MOST)  # fmt: skip
                channel = channel + 1 if channel + 1 < channels else 0


@kernel(fastmath=("contract", "reassoc", "nsz"))
def plane_correlation(x: "T*", g: "T*", out: "T*", images: int, many: int, channels: int, height: int, width: int, top: int, left: int,
                      step: int, out_height: int, out_width: int, block: int, bunch: int, lo, hi):  # fmt: skip
    """The gradient by the weights: for each channel and tap the sum over all images; [lo, hi) are channels.

    ``many`` channels at a time, so that the planes of an image are read one after the other, however small they are.  RUNS 0: one
    channel, whose sums LLVM then keeps in registers from plane to plane.
    """
    lanes = plane_lanes(x, MOST)
    zeros, sums = local_TYPE(64), local_TYPE(2048)
    for i in range(64):
        zeros[i] = 0
    for c0 in range(lo, hi, many):
        c1 = min(c0 + many, hi)
        for i in range((c1 - c0) * TALL * BROAD * lanes):
            sums[i] = 0
        for n in range(images):
            for begun in range(c0, c1, bunch):
                # planes from this to the next one
                ahead = bunch
                if begun + bunch >= c1:
                    ahead = c0 + channels - begun if n + 1 < images else c1 - n * channels - begun
                for r in range(0, out_height, block):
                    for i in range(0, out_width, lanes):
                        for c in range(begun, min(begun + bunch, c1)):
                            image = shift(x, (n * channels + c) * height * width)
                            plane = shift(g, (n * channels + c) * out_height * out_width + r * out_width + i)
                            plane_products(image, height, width, STRIDE * r - top, STRIDE * i - left, step, out_width - i, zeros,
                                           plane, min(block, out_height - r), out_width, shift(sums, RUNS * (c - c0) * TALL * BROAD * lanes),
                                           height * width * ahead, out_height * out_width * ahead, TALL, BROAD, STRIDE, MOST)  # fmt: skip
        for t in range((c1 - c0) * TALL * BROAD):
            total = T(0)
            for i in range(lanes):
                total += sums[t * lanes + i]
            out[c0 * TALL * BROAD + t] = total


# ---------------------------------------------------------------- lowering
def fills_rows(s, sums: bool = False) -> bool:
    """Whether planes are so wide, and windows so small, that this is faster than having channels in the lanes; ``sums``: for the
    gradient by the weights."""
    taps = s.kernel_height * s.kernel_width
    reach = (s.kernel_width - 1) * s.dilation[1]
    stride, down = s.stride[0], 1 if s.kernel_height == 1 else s.dilation[0]
    if (s.channels, s.filters, *s.stride, down) != (1, 1, stride, stride, 1) or taps > (
        MOST_SUMS if sums else MOST_TAPS
    ):
        return False
    if reach > REACH or stride > 2 or (stride == 2 and s.dilation[1] > 1):
        return False
    reads = 2 * s.kernel_width if stride == 1 else 4 * (s.kernel_width + 1)  # cycles of a row of the result
    rows, columns = s.out_height + 1, -(-s.out_width // _lanes(s))
    begin = BEGIN[stride] + sums * SUM * taps
    products = taps * KEPT_SUM if sums and taps > NEAR_SUMS else taps
    along = columns * (rows * max(products, reads) * _lanes(s) // 16 + begin)
    vectors = -(-s.area // 16) + -(-s.height * s.width // 16)
    return along < vectors * TURNED + s.area // 16 * PER_TAP * taps or not fills_lanes(s)


def _lanes(s) -> int:
    """How many columns at a time: eight where sixteen would leave more of them empty."""
    return min((16, 8), key=lambda n: -(-s.out_width // n) * n)


def _bound(build, s, template, dtype, **more):
    window = {
        "TALL": str(s.kernel_height),
        "BROAD": str(s.kernel_width),
        "STRIDE": str(s.stride[0]),
        "MOST": str(_lanes(s)),
    }
    return template.bind(T=build.storage(dtype), **window, **more)


def _sizes(s) -> list[int]:
    """Those that both kernels take; the last: rows at a time, of which the first cache keeps all columns, and small planes."""
    blocks = max(1, s.area // KEPT)
    parts = max(1, -(-s.out_height // blocks)), max(1, KEPT // max(1, s.area, s.height * s.width))
    return [s.groups, s.height, s.width, s.top, s.left, s.dilation[1], s.out_height, s.out_width, *parts]


def planes_forward(build, node, s, x, w, y, flip=False) -> None:
    """y = w * x; ``flip``: w is that of the convolution whose input's gradient this is."""
    taps = s.kernel_height * s.kernel_width
    build.call(
        _bound(build, s, plane_convolution, x.dtype), node,
        [x, w, y, *_sizes(s), *((taps - 1, -1) if flip else (0, 1))],
        extent=s.images * s.groups, writes=[y], cost=math.prod(y.shape) * taps // 8,
    )  # fmt: skip


def spreads_rows(s) -> bool:
    """Whether the gradient by the input with step 2 is made row by row."""
    one = (s.channels, s.filters, *s.stride, *s.dilation) == (1, 1, 2, 2, 1, 1)
    taps = s.kernel_height * s.kernel_width
    return one and taps <= MOST_TAPS and s.width >= LEAST_SPREAD[taps > MOST_SUMS]


def planes_input_gradient(build, node, s, g, w, x) -> None:
    """The gradient by the input with step 2."""
    most = min((16, 8), key=lambda n: -(-s.width // (2 * n)) * n)
    window = {"TALL": str(s.kernel_height), "BROAD": str(s.kernel_width), "ODD": str(s.left % 2), "MOST": str(most)}
    row = (s.top - max(s.kernel_height, 2) + 1) // 2
    rows = (s.height - 1 + s.top) // 2 - row + 1
    bunch = max(1, KEPT // max(1, s.area, s.height * s.width))
    build.call(
        plane_transposed.bind(T=build.storage(x.dtype), **window), node,
        [g, w, x, s.groups, s.height, s.width, s.top, s.left // 2, s.out_height, s.out_width, row, rows, bunch],
        extent=s.images * s.groups, writes=[x], cost=s.cost,
    )  # fmt: skip


def planes_weight_gradient(build, node, s, x, g, out) -> None:
    """The gradient by the weights."""
    many = max(1, min(SUMS // (s.kernel_height * s.kernel_width * _lanes(s)), RUN // s.area))
    build.call(
        _bound(build, s, plane_correlation, x.dtype, RUNS=str(int(many > 1))), node,
        [x, g, out, s.images, many, *_sizes(s)],
        extent=s.groups, writes=[out], cost=s.cost,
    )  # fmt: skip


__all__ = [
    "fills_rows",
    "planes_forward",
    "planes_input_gradient",
    "planes_weight_gradient",
    "spreads_rows",
]
