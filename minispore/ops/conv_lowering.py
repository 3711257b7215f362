"""From a convolution node to kernel calls: which of the ways its sizes are computed, and plain products of windows of one element.

- Groups of so few channels that a product would be a row by a column (depthwise): ``conv_planes``, row by row, of small windows with
  step 1 or 2; else ``conv_lanes``, with a channel in each lane of a vector, or ``conv_direct`` where there are too few of them.
- Windows of one element: products of panels of pixels of all images (``conv_pointwise``) where images come from memory, or are small
  (``has_panels``); else of each image. Of few pixels tiles, which read each weight once, unless an image stays near the processor
  (``is_near_product``). Their gradient by the weights: the smaller matrix is turned, the other one is read where it is.
  A window as large as the image: one product of matrices.
- Windows of three rows, step 1, 16 channels or more: Winograd's algorithm, unless the transform of the weights and fetching those
  at its points, twice as many, for each strip cost more than it saves (``winograd_work``), beside tiles that leave out what lies
  outside of the image (``framed_work``). The gradient by the weights has no such limit: its sums are written once for each strip.
- The gradient by the weights where there are many more of these than pixels: one product with the columns of all images.
- Very few channels and filters, step 1: im2col and BLAS (``conv_im2col``), as tiles would be half empty; not for the gradient by
  the input, whose border costs more than it.
- Of bfloat16 any of them, where the processor multiplies pairs of these and few lanes stay empty: ``conv_paired``. Else in float32.
- All else, any window, step and dilation: register tiles with filters in the lanes of their vectors (``conv_framed``), or
  pixels (``conv_tiled``), where the number of filters would leave lanes empty: what an estimate in cycles finds faster.
"""

import math
from functools import partial

from ..core.dtype import bfloat16, float32
from ..core.processor import multiplies_bfloat16
from ..core.sizes import settled
from .conv_direct import direct_forward, direct_input_gradient, direct_weight_gradient, is_direct
from .conv_framed_lowering import (
    framed_cycles,
    framed_forward,
    framed_input_gradient,
    framed_weight_gradient,
    framed_work,
)
from .conv_im2col_lowering import im2col_forward, im2col_weight_gradient
from .conv_kernels import image_columns, sum_of_parts
from .conv_lanes_lowering import fills_lanes, lanes_forward, lanes_input_gradient, lanes_weight_gradient
from .conv_paired_lowering import (
    paired_forward,
    paired_input_gradient,
    paired_weight_gradient,
    pairs_forward,
    pairs_input_gradient,
    pairs_weight_gradient,
)
from .conv_planes import (
    fills_rows,
    planes_forward,
    planes_input_gradient,
    planes_weight_gradient,
    spreads_rows,
)
from .conv_pointwise_lowering import (
    fills_panels,
    fills_sums,
    pointwise_forward,
    pointwise_input_gradient,
    pointwise_weight_gradient,
)
from .conv_tiled_lowering import tiled_cycles, tiled_forward, tiled_input_gradient
from .conv_winograd_lowering import LANES, winograd_forward, winograd_weight_gradient, winograd_work
from .few_rows import has_few_rows
from .products import emit_product, gemm

# ---------------------------------------------------------------- lowering
PLANES = 96 * 1024  # weights up to which each thread keeps sums of its own
PIXELS = 1024  # of all images up to which windows of one element with step 1 are computed by tiles
FEW_PIXELS, WEIGHTS, MANY_WEIGHTS = 256, 1024, 1024 * 1024  # see ``has_few_pixels``
NARROW, FEW_PAIRS, LARGE_WINDOW = 16, 128, 25  # see ``is_narrow``
FEWER_PAIRS = 64  # see ``forward_is_narrow``


class _Sizes:
    """Sizes of a convolution per group, and how much of it there is."""

    def __init__(self, x, w, y, stride, pad, dilation, group):
        x, w, y, pad = settled((x, w, y, pad))
        self.images, channels, self.height, self.width = x
        self.channels, self.filters, self.groups = channels // group, w[0] // group, group
        self.out_height, self.out_width = y[2:]
        self.kernel_height, self.kernel_width = w[2:]
        self.stride, self.dilation, self.top, self.left = stride, dilation, pad[0], pad[2]
        self.area = self.out_height * self.out_width
        self.cost = math.prod(y) * math.prod(w[1:]) // 8

    def parts_wanted(self) -> int:
        """Into how many units to divide an image, so that a few images keep some threads busy."""
        return -(-8 // (self.images * self.groups)) if self.cost >= 16384 else 1

    def workers(self, build) -> int:
        return max(1, min(build.workers, self.images * self.groups * self.out_height)) if self.cost >= 16384 else 1

    def flipped(self) -> "_Sizes":
        """The convolution of the output's gradient, with the taps reversed, that makes the input's (stride 1)."""
        (dh, dw), kh, kw = self.dilation, self.kernel_height, self.kernel_width
        x = (self.images, self.filters * self.groups, self.out_height, self.out_width)
        w = (self.channels * self.groups, self.filters, kh, kw)
        y = (self.images, w[0], self.height, self.width)
        pad = (dh * (kh - 1) - self.top, 0, dw * (kw - 1) - self.left, 0)
        return _Sizes(x, w, y, (1, 1), pad, self.dilation, self.groups)

    def uses_winograd(self, dtype) -> bool:
        """Whether ``winograd_convolution`` applies, and takes fewer products."""
        tiles = -(-self.out_height // 4)
        return (
            dtype is float32
            and (self.kernel_height, *self.stride, self.dilation[0]) == (3, 1, 1, 1)
            and min(self.channels, self.filters) >= 16
            and 6 * tiles <= 2.2 * self.out_height
            and self.out_width + (self.kernel_width - 1) * self.dilation[1] <= LANES
        )

    def forward_by_winograd(self, dtype) -> bool:
        """Whether the forward pass uses it."""
        return self.uses_winograd(dtype) and winograd_work(self) < framed_work(self)

    def is_narrow(self) -> bool:
        """Few channels and filters: register tiles would be half empty."""
        whole = self.filters % NARROW == 0 and self.kernel_height * self.kernel_width >= LARGE_WINDOW
        return (
            self.stride == (1, 1)
            and min(self.channels, self.filters) < NARROW
            and self.channels * self.filters < FEW_PAIRS
            and not whole
        )

    def forward_is_narrow(self) -> bool:
        """So few that the forward pass, which tiles of pixels make well, is faster by im2col and BLAS all the same."""
        few = min(self.channels, self.filters) > 1 and self.channels * self.filters < FEWER_PAIRS
        return few and self.is_narrow() and not self.is_pointwise()

    def is_pointwise(self) -> bool:
        """A window of one element, and no padding: plain matrix products."""
        return (self.kernel_height, self.kernel_width, self.top, self.left) == (1, 1, 0, 0) and (
            -(-self.height // self.stride[0]), -(-self.width // self.stride[1])) == (self.out_height, self.out_width)  # fmt: skip

    def is_product(self) -> bool:
        """A window of one element on so many pixels that products, one for each image, are faster than tiles."""
        return self.is_pointwise() and self.images * self.area > (PIXELS if self.stride == (1, 1) else FEW_PIXELS)

    def is_near_product(self, dtype, terms: int) -> bool:
        """A window of one element, step 1, whose products read images where they are, fast although there are few of them."""
        fits = self.is_pointwise() and self.stride == (1, 1) and self.area >= WIDE
        return fits and terms * self.area * dtype.itemsize <= NEAR

    def becomes_product(self, dtype, terms: int, rows: int) -> bool:
        """Whether it is computed as a product, of each image or of panels of pixels."""
        return self.is_product() or self.is_near_product(dtype, terms) or self.has_panels(dtype, terms, rows)

    def has_panels(self, dtype, terms: int, rows: int) -> bool:
        """A window of one element whose pixels are panels: where images come from memory, or are small; with a step, if they are
        large.

        Else products of each image read it where it is (``few_rows``), or lose little at its end.
        """
        if (
            not self.is_pointwise()
            or self.images * self.area <= FEW_PIXELS
            or not fills_panels(self, dtype, terms, rows)
        ):
            return False
        if self.stride != (1, 1):
            return self.images * self.channels * self.height * self.width * dtype.itemsize > LARGE
        if has_few_rows(dtype, rows, self.area, terms):
            return self.area < WIDE or terms * self.area * dtype.itemsize > NEAR
        return self.area < BROAD

    def has_few_pixels(self, weights=WEIGHTS) -> bool:
        """Whether there are so many more weights than pixels that it pays to read or write each weight but once."""
        many = self.channels * self.filters * self.kernel_height * self.kernel_width >= weights
        return self.images * self.area <= FEW_PIXELS and many

    def sees_all(self) -> bool:
        """The window is the whole image: a product of matrices with a row for each image."""
        window = (self.kernel_height, self.kernel_width)
        reach = tuple(d * (k - 1) + 1 for d, k in zip(self.dilation, window))
        return (
            self.groups == 1 and self.area == 1 and window == reach == (self.height, self.width)
            and self.top == self.left == 0
        )  # fmt: skip

    def fills_vectors(self, backward: bool) -> bool:
        """Whether it is cheaper to have filters in the lanes of tiles than to have pixels there."""
        return framed_cycles(self, backward) <= tiled_cycles(self, backward)

    def columns(self) -> tuple[int, int, int]:
        """The shape of im2col: groups, elements of a window, pixels."""
        return self.groups, self.channels * self.kernel_height * self.kernel_width, self.images * self.area

    def row(self) -> tuple[int, int, int, int]:
        """How a row of the image goes into a row with border: elements skipped, begin, count; the row's length."""
        wide = (self.out_width - 1) * self.stride[1] + (self.kernel_width - 1) * self.dilation[1] + 1
        skip, begin = max(-self.left, 0), max(self.left, 0)
        return skip, begin, max(0, min(self.width - skip, wide - begin)), wide


def _copied(build, view, dtype=None):
    """A dense copy of an operand, in its type or another."""
    made = build.temp(view.shape, dtype or view.dtype)
    build.copy(view, made)
    return made


# ---------------------------------------------------------------- windows of one element: plain matrix products
TERM_SUMS = 512 * 1024  # elements of sums that are made for each image, so that tiles can make them
WIDE = 128  # elements of a plane from which products waste little of their last vector
NEAR = 420 * 1024  # bytes of an image that products find in the second cache, and its pages in their table
LARGE = 1024 * 1024  # bytes of images from which their pixels are taken one by one, and not copied first
BROAD = 400  # elements of a plane whose end matters little
LONG = 256  # elements of a plane from which a product along it is long enough to be fast


def _sampled(s: _Sizes, image):
    """The elements of the images that windows of one element see."""
    return image.sliced((0,) * 4, (1, 1, *s.stride), (*image.shape[:2], s.out_height, s.out_width))


def _product(build, node, s: _Sizes, x, taps, y, flip=False):
    """y[image, group] = taps[group] @ x[image, group]."""
    m, k = (s.channels, s.filters) if flip else (s.filters, s.channels)
    batch = s.groups, 0, m * k, s.groups * k * s.area, k * s.area
    sizes, count = (m, s.area, k), s.images * s.groups
    tiles = has_few_rows(x.dtype, *sizes)
    emit_product(build, node, taps, x, y, sizes, (1, m) if flip else (k, 1), (s.area, 1), batch, count, tiles)


def _pointwise(build, node, s: _Sizes, x, taps, y):
    if s.has_panels(x.dtype, s.channels, s.filters):
        return pointwise_forward(build, node, s, x, taps, y)
    if s.stride != (1, 1):
        x = _copied(build, _sampled(s, x))
    _product(build, node, s, x, taps, y)


def _pointwise_input_gradient(build, node, s: _Sizes, g, taps, x):
    if s.has_panels(g.dtype, s.filters, s.channels):
        return pointwise_input_gradient(build, node, s, g, taps, x)
    if s.stride == (1, 1):
        return _product(build, node, s, g, taps, x, flip=True)
    made = build.temp((*x.shape[:2], s.out_height, s.out_width), x.dtype)
    _product(build, node, s, g, taps, made, flip=True)
    build.fill(x, 0)
    build.copy(made, _sampled(s, x))


def _pointwise_weight_gradient(build, node, s: _Sizes, x, g, out):
    """out[group] = sum over the images of g[image, group] @ x[image, group]^T."""
    if fills_sums(s, x.dtype):
        return pointwise_weight_gradient(build, node, s, x, g, out)
    if s.stride != (1, 1):
        x = _copied(build, _sampled(s, x))
    m, n, groups = s.filters, s.channels, s.groups
    terms, k = s.images, s.area
    if has_few_rows(x.dtype, m, n, k) and terms * m * n <= TERM_SUMS:  # a sum for each image
        sums = build.temp((terms, groups, m, n), x.dtype) if terms > 1 else out
        batch = groups, groups * m * k, m * k, groups * n * k, n * k
        emit_product(build, node, g, x, sums, (m, n, k), (k, 1), (1, k), batch, terms * groups, True)
        if terms > 1:
            _sum_parts(build, node, sums, out, terms, groups * m * n)
        return
    g_group, x_group, g_term, x_term = m * k, n * k, groups * m * k, groups * n * k
    if k < LONG and terms > 1:  # the images side by side
        x, g = (_copied(build, t.reshaped((*t.shape[:2], k)).permuted((1, 0, 2))) for t in (x, g))
        g_group, x_group, g_term, x_term = m * terms * k, n * terms * k, 0, 0
        terms, k = 1, terms * k
    parts = s.workers(build)
    if groups > 1 or terms % parts or m * n > PLANES:
        parts = 1
    sums = build.temp((parts, m, n), x.dtype) if parts > 1 else out
    by_column = -1 if groups * parts > 1 else int(n > m)
    extent = groups * parts if by_column < 0 else n if by_column else m
    terms //= parts
    build.call(
        gemm.bind(T=build.storage(x.dtype)), node,
        [g, x, sums, m, n, k, k, 1, 1 if k > 1 else n, k, groups, terms * g_term, g_group, terms * x_term, x_group, terms,
         g_term, x_term, by_column],
        extent=extent, writes=[sums], cost=s.cost,
    )  # fmt: skip
    if parts > 1:
        _sum_parts(build, node, sums, out, parts, m * n)


def _one_product(build, node, x, y, out, sizes, x_strides, y_strides) -> None:
    emit_product(build, node, x, y, out, sizes, x_strides, y_strides, (1, 0, 0, 0, 0), 1, False)


def _all_forward(build, node, s: _Sizes, x, w, y) -> None:
    """Of windows that see the whole image: y[image] = w @ x[image]."""
    k = w.size // s.filters
    _one_product(build, node, x, w, y, (s.images, s.filters, k), (k, 1), (1, k))


def _all_input_gradient(build, node, s: _Sizes, g, w, x) -> None:
    k = w.size // s.filters
    _one_product(build, node, g, w, x, (s.images, k, s.filters), (s.filters, 1), (k, 1))


def _all_weight_gradient(build, node, s: _Sizes, x, g, out) -> None:
    k = out.size // s.filters
    _one_product(build, node, g, x, out, (s.filters, k, s.images), (1, s.filters), (k, 1))


def _sum_parts(build, node, sums, out, parts: int, size: int) -> None:
    source = sum_of_parts.bind(T=build.storage(out.dtype))
    build.call(source, node, [sums, out, parts, size], extent=size, writes=[out], cost=sums.size)


# ---------------------------------------------------------------- few pixels: a product of the columns of all images
def _columns(build, node, s: _Sizes, x):
    """im2col: (groups, elements of a window, pixels)."""
    columns = build.temp(s.columns(), x.dtype)
    build.call(
        image_columns.bind(T=build.storage(x.dtype)), node,
        [x, columns, s.images, s.channels * s.groups, s.height, s.width, s.out_height, s.out_width, s.kernel_height,
         s.kernel_width, *s.stride, *s.dilation, s.top, s.left],
        extent=s.channels * s.groups, writes=[columns], cost=columns.size,
    )  # fmt: skip
    return columns


def _side_by_side(build, s: _Sizes, y):
    """The images of ``y`` as (groups, channels, pixels of all images)."""
    if s.images > 1:
        y = _copied(build, y.reshaped((*y.shape[:2], s.area)).permuted((1, 0, 2)))
    return y.reshaped((s.groups, s.filters, s.images * s.area))


def _grouped_product(build, node, x, y, out, x_strides, y_strides, depth):
    """out[group] = x[group] @ y[group] with the strides of a row and a column of each."""
    groups, m, n = out.shape
    by_column = -1 if groups > 1 else int(n > 2 * m)
    build.call(
        gemm.bind(T=build.storage(x.dtype)), node,
        [x, y, out, m, n, depth, *x_strides, *y_strides, groups, 0, m * depth, 0, n * depth, 1, 0, 0, by_column],
        extent=(m, n, groups)[by_column], writes=[out], cost=out.size * depth // 4,
    )  # fmt: skip


def _weight_gradient_columns(build, node, s: _Sizes, x, g, out):
    columns = _columns(build, node, s, x)
    depth, pixels = columns.shape[1:]
    made = out.reshaped((s.groups, s.filters, depth))
    _grouped_product(build, node, _side_by_side(build, s, g), columns, made, (pixels, 1), (1, pixels), pixels)


# ---------------------------------------------------------------- which way
def _forward_way(s: _Sizes, dtype):
    if is_direct(s) and not s.is_pointwise():
        return (planes_forward if fills_rows(s) else lanes_forward if fills_lanes(s) else direct_forward), s
    if s.sees_all() and s.channels * s.filters:
        return _all_forward, s
    if s.forward_by_winograd(dtype):
        return winograd_forward, s
    if s.forward_is_narrow():
        return im2col_forward, s
    if s.becomes_product(dtype, s.channels, s.filters):
        return _pointwise, s
    return (framed_forward if s.fills_vectors(False) else tiled_forward), s


def _input_gradient_way(s: _Sizes, dtype):
    flipped = s.flipped()
    if is_direct(s) and not s.is_pointwise():
        if s.stride == (1, 1) and fills_rows(flipped):
            return partial(planes_forward, flip=True), flipped
        if spreads_rows(s):
            return planes_input_gradient, s
        return (lanes_input_gradient if fills_lanes(s) else direct_input_gradient), s
    if s.sees_all() and s.channels * s.filters:
        return _all_input_gradient, s
    if s.stride == (1, 1) and flipped.forward_by_winograd(dtype):
        return partial(winograd_forward, flip=True), flipped
    if s.becomes_product(dtype, s.filters, s.channels):
        return _pointwise_input_gradient, s
    return (framed_input_gradient if s.fills_vectors(True) else tiled_input_gradient), s


def _weight_gradient_way(s: _Sizes, dtype):
    if s.sees_all():
        return _all_weight_gradient, s
    if s.is_pointwise():
        return _pointwise_weight_gradient, s
    if is_direct(s):
        if fills_rows(s, True):
            return planes_weight_gradient, s
        return (lanes_weight_gradient if fills_lanes(s) else direct_weight_gradient), s
    if s.has_few_pixels(MANY_WEIGHTS):
        return _weight_gradient_columns, s
    if s.uses_winograd(dtype) and not s.has_few_pixels():
        return winograd_weight_gradient, s
    return (im2col_weight_gradient if s.is_narrow() else framed_weight_gradient), s


def _emit(build, node, s: _Sizes, pays, paired, chosen) -> None:
    """The calls of a way; of bfloat16, where pairs do not pay, in float32, in which the sums are made."""
    first, second = map(build.dense, node.inputs)
    out = made = build.output(node)
    if out.dtype is bfloat16:
        if pays(s):
            return paired(build, node, s, first, second, out)
        first, second = _copied(build, first, float32), _copied(build, second, float32)
        made = build.temp(out.shape, float32)
    way, s = chosen(s, made.dtype)
    way(build, node, s, first, second, made)
    if made is not out:
        build.copy(made, out)


def _conv_lower(build, node):
    x, w = node.inputs
    a = node.attrs
    s = _Sizes(x.shape, w.shape, node.outs[0].shape, a["stride"], a["pad"], a["dilation"], a["group"])
    _emit(build, node, s, pairs_forward, paired_forward, _forward_way)


def _input_grad_lower(build, node):
    g, w = node.inputs
    a = node.attrs
    s = _Sizes(a["x_shape"], w.shape, g.shape, a["stride"], a["pad"], a["dilation"], a["group"])
    _emit(build, node, s, pairs_input_gradient, paired_input_gradient, _input_gradient_way)


def _weight_grad_lower(build, node):
    x, g = node.inputs
    a = node.attrs
    s = _Sizes(x.shape, a["w_shape"], g.shape, a["stride"], a["pad"], a["dilation"], a["group"])
    if node.outs[0].size == 0 or g.size == 0:
        return build.fill(build.output(node), 0)
    _emit(build, node, s, pairs_weight_gradient, paired_weight_gradient, _weight_gradient_way)


PAYS = {"conv2d": pairs_forward, "conv2d_input_grad": pairs_input_gradient, "conv2d_weight_grad": pairs_weight_gradient}


def in_pairs(op: str, x, w, y, stride, pad, dilation, group: int) -> bool:
    """Whether an op on bfloat16 of these shapes is faster by the processor's products of pairs than in float32."""
    if not multiplies_bfloat16():
        return False
    return PAYS[op](_Sizes(x, w, y, stride, pad, dilation, group))


__all__ = ["LONG", "PIXELS", "PLANES", "WEIGHTS", "in_pairs"]
