"""From a convolution node to kernel calls: how the work is divided into strips, workers and matrix products."""

import math

from ..core.dtype import float32
from .conv_direct import direct_forward, direct_input_gradient, direct_weight_gradient, is_direct
from .conv_kernels import (
    convolution_input_gradient,
    im2col_convolution,
    image_columns,
    permute_weights,
    sum_of_columns,
)
from .conv_winograd_lowering import LANES, winograd_forward, winograd_weight_gradient
from .products import gemm

# ---------------------------------------------------------------- lowering
PLANES = 96 * 1024  # elements of planes that stay in the second cache


class _Sizes:
    """Sizes of a convolution per group, and how much of it there is."""

    def __init__(self, x, w, y, stride, pad, dilation, group):
        self.images, channels, self.height, self.width = x
        self.channels, self.filters, self.groups = channels // group, w[0] // group, group
        self.out_height, self.out_width = y[2:]
        self.kernel_height, self.kernel_width = w[2:]
        self.stride, self.dilation, self.top, self.left = stride, dilation, pad[0], pad[2]
        self.area = self.out_height * self.out_width
        self.cost = math.prod(y) * math.prod(w[1:]) // 8
        self.in_one_step = stride[0] > 1  # the rows of the window are not rows further down: all of them are laid out

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
        """Whether ``winograd_convolution`` applies, and is faster."""
        tiles = -(-self.out_height // 4)
        return (
            dtype is float32
            and (self.kernel_height, *self.stride, self.dilation[0]) == (3, 1, 1, 1)
            and min(self.channels, self.filters) >= 16
            and 6 * tiles <= 2.2 * self.out_height
            and self.out_width + (self.kernel_width - 1) * self.dilation[1] <= LANES
        )

    def is_pointwise(self) -> bool:
        """A window of one element, and no padding: plain matrix products."""
        return (self.kernel_height, self.kernel_width, self.top, self.left) == (1, 1, 0, 0) and (
            -(-self.height // self.stride[0]), -(-self.width // self.stride[1])) == (self.out_height, self.out_width)  # fmt: skip

    def has_few_pixels(self, dtype) -> bool:
        """Whether there are more weights than pixels: it pays to read each weight but once, for all images."""
        most = PIXELS // 4 if self.uses_winograd(dtype) else PIXELS
        return self.images * self.area <= most and self.channels * self.filters >= WEIGHTS

    def columns(self) -> tuple[int, int, int]:
        """The shape of im2col: groups, elements of a window, pixels."""
        return self.groups, self.channels * self.kernel_height * self.kernel_width, self.images * self.area

    def row(self) -> tuple[int, int, int, int]:
        """How a row of the image goes into a row with border: elements skipped, begin, count; the row's length."""
        wide = (self.out_width - 1) * self.stride[1] + (self.kernel_width - 1) * self.dilation[1] + 1
        skip, begin = max(-self.left, 0), max(self.left, 0)
        return skip, begin, max(0, min(self.width - skip, wide - begin)), wide


def _permuted(build, node, view, parts=1, part=0, out=None):
    """A dense copy of a 5-d operand (or itself), the sum of ``parts`` of them ``part`` elements apart."""
    if parts == 1 and out is None and view.is_dense:
        return view
    made = out = build.temp(view.shape, view.dtype) if out is None else out
    order = [0, 2, 1, 3, 4] if view.shape[1] < view.shape[2] else [0, 1, 2, 3, 4]  # what shares cache lines: near
    if view.shape[3] * view.shape[4] == 1:  # long inner loops
        order = [0, 3, 1, 4, 2]
    elif view.shape[3] > view.shape[4]:
        order[3:] = 4, 3
    view, out = _picked(view, order), _picked(out, order)
    build.call(
        permute_weights.bind(T=build.storage(view.dtype)), node,
        [view, out, parts, part, *view.shape[1:], *view.strides, *out.strides],
        extent=math.prod(view.shape[:3]), writes=[out], cost=view.size * parts,
    )  # fmt: skip
    return made


def _picked(operand, axes):
    """``operand`` with its axes in another order."""
    return type(operand)(
        operand.buffer, operand.offset, tuple(operand.shape[a] for a in axes),
        tuple(operand.strides[a] for a in axes), operand.dtype,
    )  # fmt: skip


def _copied(build, view):
    """A dense copy of an operand."""
    made = build.temp(view.shape, view.dtype)
    build.copy(view, made)
    return made


def _by_group(w, groups):
    """(groups, filters, channels, rows, columns) of a weight operand."""
    o, *rest = w.shape
    return type(w)(
        w.buffer, w.offset, (groups, o // groups, *rest), (w.strides[0] * (o // groups), *w.strides), w.dtype
    )


def _taps(build, value, groups, flip):
    """The weights as (groups, outputs, inputs, rows, columns); ``flip``: as the input's gradient needs them."""
    w = build.operand(value)
    if w.is_index:
        w = build.dense(value)
    w = _by_group(w, groups)
    if flip:
        _, _, _, rows, columns = w.shape
        w = _picked(w.sliced((0, 0, 0, rows - 1, columns - 1), (1, 1, 1, -1, -1), w.shape), (0, 2, 1, 3, 4))
    return w


def _convolve(build, node, s: _Sizes, x, w, flip, y):
    """y = w * x; ``flip``: with the taps reversed and the channels exchanged, as the input's gradient needs them."""
    if s.uses_winograd(x.dtype):
        return winograd_forward(build, node, s, x, build.dense(w), flip, y)
    taps = _taps(build, w, s.groups, flip)
    taps = _permuted(build, node, taps if s.in_one_step else _picked(taps, (0, 3, 1, 2, 4)))
    _im2col_convolution(build, node, s, 0, x, taps, y)


def _correlate(build, node, s: _Sizes, x, g, out):
    """The gradient by the weights: each worker's sums over its images, then the sum of those."""
    if s.uses_winograd(x.dtype):
        return winograd_weight_gradient(build, node, s, x, g, out)
    kh, kw, groups = s.kernel_height, s.kernel_width, s.groups
    shape = (s.filters, s.channels, kh, kw) if s.in_one_step else (kh, s.filters, s.channels, kw)
    sums = build.temp((groups, s.workers(build), *shape), x.dtype)
    _im2col_convolution(build, node, s, 1, x, sums, g)
    first = sums.sliced((0,) * 6, (1,) * 6, (groups, 1, *shape))
    axes = (0, 2, 3, 4, 5) if s.in_one_step else (0, 3, 4, 2, 5)
    _permuted(build, node, _picked(first, axes), parts=sums.shape[1], part=sums.strides[1], out=_by_group(out, groups))


def _im2col_convolution(build, node, s: _Sizes, task, x, taps, y):
    steps, phases = (1, s.kernel_height) if s.in_one_step else (s.kernel_height, 1)
    depth = s.channels * s.kernel_width * phases
    reach = (steps - 1) * s.dilation[0]
    strip = min(s.out_height, max(1, PLANES // (depth * s.out_width) - reach))
    strips = max(-(-s.out_height // strip), min(s.out_height, s.parts_wanted()))
    strip = -(-s.out_height // strips)
    strips = -(-s.out_height // strip)
    tall = strip + reach
    pitch = -(-tall * s.out_width // 16) * 16
    pixels = strip * s.out_width
    if task == 0:
        pixels = min(pixels, 256)
    piece = min(strip, max(1, pixels // s.out_width))
    skip, begin, count, wide = s.row()
    lines = (tall - 1) * s.stride[0] + (phases - 1) * s.dilation[0] + 1
    size = depth * pitch + (lines + 1) * wide
    workers = s.workers(build)
    per_worker, per_group = _taps_strides(task, workers, steps * s.filters * depth)
    scratch = build.temp((workers, size), x.dtype)
    build.call(
        im2col_convolution.bind(T=build.storage(x.dtype)), node,
        [x, taps, y, scratch, task, s.images * s.groups * strips, s.channels, s.height, s.width, s.filters,
         s.out_height, s.out_width, s.area, steps, phases, s.kernel_width, *s.stride, *s.dilation, s.top, skip, begin,
         count, wide, s.groups, strips, strip, pitch, piece, depth, per_group, per_worker, size,
         workers],
        extent=workers, writes=[taps if task else y, scratch], cost=s.cost,
    )  # fmt: skip


def _taps_strides(task, workers, count) -> tuple[int, int]:
    """(a worker's, a group's) distance in the taps: read by all workers, or a share for each."""
    return (count, workers * count) if task else (0, count)


def _input_gradient(build, node, s: _Sizes, g, taps, x):
    """The input's gradient for strides above 1."""
    window = s.kernel_height * s.kernel_width
    span = max(1, min(s.channels, PLANES // (window * s.area)))
    spans = max(-(-s.channels // span), min(s.channels, s.parts_wanted()))
    span = -(-s.channels // spans)
    spans = -(-s.channels // span)
    lines = max((s.out_height - 1) * s.stride[0] + (s.kernel_height - 1) * s.dilation[0] + 1, s.top + s.height)
    wide = max((s.out_width - 1) * s.stride[1] + (s.kernel_width - 1) * s.dilation[1] + 1, s.left + s.width)
    size = span * window * s.area + lines * wide
    workers = s.workers(build)
    scratch = build.temp((workers, size), x.dtype)
    build.call(
        convolution_input_gradient.bind(T=build.storage(x.dtype)), node,
        [g, taps, x, scratch, s.images * s.groups * spans, s.channels, s.height, s.width, s.filters, s.out_height,
         s.out_width, s.area, window, s.kernel_width, *s.stride, *s.dilation, s.top, s.left, lines, wide, s.groups,
         spans, span, size, workers],
        extent=workers, writes=[x, scratch], cost=s.cost,
    )  # fmt: skip


# ---------------------------------------------------------------- windows of one element: plain matrix products
LONG = 256  # elements of a plane from which a product along it is long enough to be fast


def _sampled(s: _Sizes, image):
    """The elements of the images that windows of one element see."""
    return image.sliced((0,) * 4, (1, 1, *s.stride), (*image.shape[:2], s.out_height, s.out_width))


def _product(build, node, s: _Sizes, flip, x, taps, y):
    """y[image, group] = taps[group] @ x[image, group]."""
    m, k = (s.channels, s.filters) if flip else (s.filters, s.channels)
    count = s.images * s.groups
    strides = (1, m) if flip else (k, 1)
    build.call(
        gemm.bind(T=build.storage(x.dtype)), node,
        [taps, x, y, m, s.area, k, *strides, s.area, 1, s.groups, 0, m * k, s.groups * k * s.area, k * s.area, 1, 0, 0,
         1 if count == 1 else -1],
        extent=s.area if count == 1 else count, writes=[y], cost=s.cost,
    )  # fmt: skip


def _pointwise(build, node, s: _Sizes, x, taps, y):
    if s.stride != (1, 1):
        x = _copied(build, _sampled(s, x))
    _product(build, node, s, False, x, taps, y)


def _pointwise_input_gradient(build, node, s: _Sizes, g, taps, x):
    if s.stride == (1, 1):
        return _product(build, node, s, True, g, taps, x)
    made = build.temp((*x.shape[:2], s.out_height, s.out_width), x.dtype)
    _product(build, node, s, True, g, taps, made)
    build.fill(x, 0)
    build.copy(made, _sampled(s, x))


def _pointwise_weight_gradient(build, node, s: _Sizes, x, g, out):
    """out[group] = sum over the images of g[image, group] @ x[image, group]^T."""
    if s.stride != (1, 1):
        x = _copied(build, _sampled(s, x))
    m, n, groups = s.filters, s.channels, s.groups
    terms, k = s.images, s.area
    g_group, x_group, g_term, x_term = m * k, n * k, groups * m * k, groups * n * k
    if k < LONG and terms > 1:  # the images side by side
        x, g = (_copied(build, _picked(t.reshaped((*t.shape[:2], k)), (1, 0, 2))) for t in (x, g))
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
        first = sums.sliced((0, 0, 0), (1, 1, 1), (1, m, n)).reshaped((1, m, n, 1, 1))
        _permuted(build, node, first, parts, m * n, out=_by_group(out, 1))


# ---------------------------------------------------------------- few pixels: products of the columns of all images
PIXELS, WEIGHTS = 1024, 1024


def _with_columns(build, node, s: _Sizes, kernel, image, columns, written):
    build.call(
        kernel.bind(T=build.storage(image.dtype)), node,
        [image, columns, s.images, s.channels * s.groups, s.height, s.width, s.out_height, s.out_width, s.kernel_height,
         s.kernel_width, *s.stride, *s.dilation, s.top, s.left],
        extent=s.channels * s.groups, writes=[written], cost=columns.size,
    )  # fmt: skip


def _columns(build, node, s: _Sizes, x):
    """im2col: (groups, elements of a window, pixels)."""
    columns = build.temp(s.columns(), x.dtype)
    _with_columns(build, node, s, image_columns, x, columns, columns)
    return columns


def _side_by_side(build, s: _Sizes, y):
    """The images of ``y`` as (groups, channels, pixels of all images)."""
    if s.images > 1:
        y = _copied(build, _picked(y.reshaped((*y.shape[:2], s.area)), (1, 0, 2)))
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


def _convolve_columns(build, node, s: _Sizes, x, w, y):
    columns = _columns(build, node, s, x)
    depth, pixels = columns.shape[1:]
    single = s.images == 1
    made = (y if single else build.temp(y.shape, y.dtype)).reshaped((s.groups, s.filters, pixels))
    _grouped_product(build, node, w, columns, made, (depth, 1), (pixels, 1), depth)
    if not single:
        made = made.reshaped((s.groups * s.filters, s.images, s.area))
        build.copy(_picked(made, (1, 0, 2)), y.reshaped((s.images, s.groups * s.filters, s.area)))


def _weight_gradient_columns(build, node, s: _Sizes, x, g, out):
    columns = _columns(build, node, s, x)
    depth, pixels = columns.shape[1:]
    made = out.reshaped((s.groups, s.filters, depth))
    _grouped_product(build, node, _side_by_side(build, s, g), columns, made, (pixels, 1), (1, pixels), pixels)


def _input_gradient_columns(build, node, s: _Sizes, g, w, x):
    columns = build.temp(s.columns(), x.dtype)
    depth, pixels = columns.shape[1:]
    _grouped_product(build, node, w, _side_by_side(build, s, g), columns, (1, depth), (pixels, 1), s.filters)
    _with_columns(build, node, s, sum_of_columns, x, columns, x)


def _conv_lower(build, node):
    x, w = node.inputs
    a = node.attrs
    s = _Sizes(x.shape, w.shape, node.outs[0].shape, a["stride"], a["pad"], a["dilation"], a["group"])
    if s.is_pointwise():
        return _pointwise(build, node, s, build.dense(x), build.dense(w), build.output(node))
    if is_direct(s):
        return direct_forward(build, node, s, build.dense(x), build.dense(w), build.output(node))
    if s.has_few_pixels(node.outs[0].dtype):
        return _convolve_columns(build, node, s, build.dense(x), build.dense(w), build.output(node))
    _convolve(build, node, s, build.dense(x), w, False, build.output(node))


def _input_grad_lower(build, node):
    g, w = node.inputs
    a = node.attrs
    s = _Sizes(a["x_shape"], w.shape, g.shape, a["stride"], a["pad"], a["dilation"], a["group"])
    if s.is_pointwise():
        return _pointwise_input_gradient(build, node, s, build.dense(g), build.dense(w), build.output(node))
    if is_direct(s):
        return direct_input_gradient(build, node, s, build.dense(g), build.dense(w), build.output(node))
    if s.has_few_pixels(node.outs[0].dtype):
        return _input_gradient_columns(build, node, s, build.dense(g), build.dense(w), build.output(node))
    flipped = s.flipped()
    if s.stride == (1, 1) and s.height * s.width <= 1.4 * s.area:  # else it would mostly multiply by zeros
        return _convolve(build, node, flipped, build.dense(g), w, True, build.output(node))
    _input_gradient(build, node, s, build.dense(g), build.dense(w), build.output(node))


def _weight_grad_lower(build, node):
    x, g = node.inputs
    a = node.attrs
    s = _Sizes(x.shape, a["w_shape"], g.shape, a["stride"], a["pad"], a["dilation"], a["group"])
    if node.outs[0].size == 0 or g.size == 0:
        return build.fill(build.output(node), 0)
    if s.is_pointwise():
        return _pointwise_weight_gradient(build, node, s, build.dense(x), build.dense(g), build.output(node))
    if is_direct(s):
        return direct_weight_gradient(build, node, s, build.dense(x), build.dense(g), build.output(node))
    if s.has_few_pixels(node.outs[0].dtype):
        return _weight_gradient_columns(build, node, s, build.dense(x), build.dense(g), build.output(node))
    _correlate(build, node, s, build.dense(x), build.dense(g), build.output(node))


__all__ = ["LANES", "LONG", "PIXELS", "PLANES", "WEIGHTS"]
