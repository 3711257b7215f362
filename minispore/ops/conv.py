# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Convolution: three ops that are each other's gradients, and the kernels that bring them to matrix products.

``conv2d`` (x, w) -> y, ``conv2d_input_grad`` (g, w) -> x and ``conv2d_weight_grad`` (x, g) -> w are one trilinear form
seen from its three sides; the gradient of each is written with the other two, so every order of derivative exists.

All kernels work on ``planes``: for each channel and column of the window, the image moved by that column, in rows
without gaps.  Then the window's row ``k`` is the same memory read ``k`` image rows further, and
``y = sum_k weight[k] @ planes[k rows further]`` is one matrix product per row of the window.
"""

import math
from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..dtype import DType, float32
from ..errors import fail
from ..kernel import device, kernel
from ..op import Library, library, to
from ..record import Value
from ..samples import f
from ..tensor import Tensor
from .linalg import gemm
from .movement import expand_dims, pad_constant, reshape, slice_along, squeeze, transpose

# ---------------------------------------------------------------- sizes


def _out_size(size: int, before: int, after: int, window: int, stride: int, dilation: int) -> int:
    return (size + before + after - dilation * (window - 1) - 1) // stride + 1


def _out_shape(x, w, stride, pad, dilation) -> tuple[int, ...]:
    top, bottom, left, right = pad
    height = _out_size(x[2], top, bottom, w[2], stride[0], dilation[0])
    return x[0], w[0], height, _out_size(x[3], left, right, w[3], stride[1], dilation[1])


# ---------------------------------------------------------------- by NumPy
CHUNK = 1 << 22  # elements of columns made at once


def _columns(x, window, stride, pad, dilation, out_hw):
    """(C * KH * KW, N * OH * OW): what each window of ``x`` sees, one column per window."""
    top, bottom, left, right = pad
    if any(pad):
        x = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))
    reach = [d * (k - 1) + 1 for d, k in zip(dilation, window)]
    views = sliding_window_view(x, reach, axis=(2, 3))[:, :, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]
    views = views[:, :, : out_hw[0], : out_hw[1]].transpose(1, 4, 5, 0, 2, 3)
    return views.reshape(math.prod(views.shape[:3]), -1)


def _chunks(x, w, out_hw):
    """Slices of the batch whose columns fit in memory that is used again."""
    step = max(1, CHUNK // max(1, math.prod(w[1:]) * math.prod(out_hw)))
    return [slice(n, min(n + step, x[0])) for n in range(0, x[0], step)]


def _conv_numpy(x, w, stride, pad, dilation, group):
    shape = _out_shape(x.shape, w.shape, stride, pad, dilation)
    out = np.empty(shape, x.dtype)
    depth, width = x.shape[1] // group, w.shape[0] // group
    for part in _chunks(x.shape, w.shape, shape[2:]):
        for g in range(group):
            filters = slice(g * width, (g + 1) * width)
            columns = _columns(x[part, g * depth : (g + 1) * depth], w.shape[2:], stride, pad, dilation, shape[2:])
            made = w[filters].reshape(width, -1) @ columns
            out[part, filters] = made.reshape(width, -1, *shape[2:]).swapaxes(0, 1)
    return (out,)


def _weight_grad_numpy(x, g, stride, pad, dilation, group, w_shape):
    out = np.zeros(w_shape, x.dtype)
    depth, width = w_shape[1], w_shape[0] // group
    for part in _chunks(x.shape, w_shape, g.shape[2:]):
        for k in range(group):
            filters = slice(k * width, (k + 1) * width)
            columns = _columns(x[part, k * depth : (k + 1) * depth], w_shape[2:], stride, pad, dilation, g.shape[2:])
            out[filters] += (g[part, filters].swapaxes(0, 1).reshape(width, -1) @ columns.T).reshape(out[filters].shape)
    return (out,)


def _input_grad_numpy(g, w, stride, pad, dilation, group, x_shape):
    (sh, sw), (dh, dw), (top, bottom, left, right) = stride, dilation, pad
    out_height, out_width = g.shape[2:]
    _, depth, kernel_height, kernel_width = w.shape
    width = w.shape[0] // group
    out = np.zeros((x_shape[0], x_shape[1], x_shape[2] + top + bottom, x_shape[3] + left + right), g.dtype)
    for part in _chunks(x_shape, w.shape, g.shape[2:]):
        for k in range(group):
            filters = slice(k * width, (k + 1) * width)
            rows = g[part, filters].swapaxes(0, 1).reshape(width, -1)
            taps = (w[filters].reshape(width, -1).T @ rows).reshape(
                depth, kernel_height, kernel_width, -1, out_height, out_width
            )
            target = out[part, k * depth : (k + 1) * depth].swapaxes(0, 1)
            for i in range(kernel_height):
                for j in range(kernel_width):
                    y, x = i * dh, j * dw
                    target[:, :, y : y + sh * out_height : sh, x : x + sw * out_width : sw] += taps[:, i, j]
    return (out[:, :, top : top + x_shape[2], left : left + x_shape[3]],)


# ---------------------------------------------------------------- kernels
@kernel(fastmath=("contract", "reassoc", "nsz"))
def arrange(source: "T*", out: "T*", terms: int, term: int, n1: int, n2: int, n3: int, n4: int, s0: int, s1: int,
            s2: int, s3: int, s4: int, o0: int, o1: int, o2: int, o3: int, o4: int, lo, hi):  # fmt: skip
    """``out[a, b, c, d, e] = sum over terms of source[a, b, c, d, e]`` with any strides; [lo, hi) are (a, b, c)."""
    for i in range(lo, hi):
        a, b, c = i // n2 // n1, i // n2 % n1, i % n2
        read = shift(source, a * s0 + b * s1 + c * s2)
        write = shift(out, a * o0 + b * o1 + c * o2)
        for d in range(n3):
            for e in range(n4):
                total = T(0)
                for t in range(terms):
                    total += read[d * s3 + e * s4 + t * term]
                write[d * o3 + e * o4] = total


@kernel
def sweep(x: "T*", taps: "T*", y: "T*", scratch: "T*", task: int, units: int, channels: int, height: int, width: int,
          filters: int, out_height: int, out_width: int, area: int, steps: int, phases: int, kernel_width: int,
          stride_y: int, stride_x: int, dilation_y: int, dilation_x: int, top: int, skip: int, begin: int, count: int,
          wide: int, groups: int, strips: int, strip: int, pitch: int, piece: int, block: int, columns: int,
          depth: int, group_taps: int, worker_taps: int, size: int, workers: int, lo, hi):  # fmt: skip
    """Task 0: ``y = taps * x``; task 1: each worker's share of ``taps = y * x``, the gradient by the weights.

    [lo, hi) are workers, each with its own scratch; units are strips of rows of one image and group.  The ``steps``
    rows of the window are walked; ``phases`` (1, or all rows of the window when steps is 1) lie in the planes.
    """
    for worker in range(lo, hi):
        planes = shift(scratch, worker * size)
        frame = shift(planes, depth * pitch)  # one channel with its border; its row 0 stays zero
        for i in range(size - depth * pitch):
            frame[i] = 0
        sums = shift(taps, worker * worker_taps)
        if task != 0:
            for g in range(groups):
                for i in range(steps * filters * depth):
                    sums[g * group_taps + i] = 0
        for unit in range(worker * units // workers, (worker + 1) * units // workers):
            part, y0 = unit // strips, unit % strips * strip
            rows = min(strip, out_height - y0)
            tall = rows + (steps - 1) * dilation_y
            first = y0 * stride_y - top
            for c in range(channels):
                image = shift(x, (part * channels + c) * height * width + skip)
                for q in range((tall - 1) * stride_y + (phases - 1) * dilation_y + 1):
                    source = frame
                    if 0 <= first + q < height:
                        source = shift(image, (first + q) * width)
                    target = shift(frame, (q + 1) * wide + begin)
                    for i in range(count):
                        target[i] = source[i]
                for p in range(phases):
                    for k in range(kernel_width):
                        source = shift(frame, (p * dilation_y + 1) * wide + k * dilation_x)
                        target = shift(planes, ((c * phases + p) * kernel_width + k) * pitch)
                        for q in range(tall):
                            for i in range(out_width):
                                target[q * out_width + i] = source[q * stride_y * wide + i * stride_x]
            sums = shift(taps, worker * worker_taps + part % groups * group_taps)
            for r in range(0, rows, piece):
                for o in range(0, filters, block):
                    m, n = min(block, filters - o), min(piece, rows - r) * out_width
                    pixels = shift(y, (part * filters + o) * area + (y0 + r) * out_width)
                    for k in range(steps):
                        weights = shift(sums, (k * filters + o) * depth)
                        window = shift(planes, (r + k * dilation_y) * out_width)
                        if task == 0:
                            cblas_TYPEgemm(
                                int32(101), int32(111), int32(111), int32(m), int32(n), int32(depth), T(1), weights,
                                int32(depth), window, int32(pitch), T(min(k, 1)), pixels, int32(area),
                            )  # fmt: skip
                        else:
                            for d in range(0, depth, columns):
                                cblas_TYPEgemm(
                                    int32(101), int32(111), int32(112), int32(m), int32(min(columns, depth - d)),
                                    int32(n), T(1), pixels, int32(area), shift(window, d * pitch), int32(pitch), T(1),
                                    shift(weights, d), int32(depth),
                                )  # fmt: skip


@kernel
def spread(g: "T*", taps: "T*", x: "T*", scratch: "T*", units: int, channels: int, height: int, width: int,
           filters: int, out_height: int, out_width: int, area: int, window: int, kernel_width: int, stride_y: int,
           stride_x: int, dilation_y: int, dilation_x: int, top: int, left: int, lines: int, wide: int, groups: int,
           spans: int, span: int, piece: int, size: int, workers: int, lo, hi):  # fmt: skip
    """The input's gradient for any stride: ``columns = taps^T g``, each added where it was taken from.

    [lo, hi) are workers; units are spans of channels of one image and group.
    """
    depth = channels * window
    for worker in range(lo, hi):
        columns = shift(scratch, worker * size)
        frame = shift(columns, span * window * area)
        for unit in range(worker * units // workers, (worker + 1) * units // workers):
            part, c0 = unit // spans, unit % spans * span
            count = min(span, channels - c0)
            for i in range(0, area, piece):
                cblas_TYPEgemm(
                    int32(101), int32(112), int32(111), int32(count * window), int32(min(piece, area - i)),
                    int32(filters), T(1), shift(taps, part % groups * filters * depth + c0 * window), int32(depth),
                    shift(g, part * filters * area + i), int32(area), T(0), shift(columns, i), int32(area),
                )  # fmt: skip
            for c in range(count):
                for i in range(lines * wide):
                    frame[i] = 0
                for p in range(window // kernel_width):
                    for k in range(kernel_width):
                        source = shift(columns, ((c * window) + p * kernel_width + k) * area)
                        target = shift(frame, p * dilation_y * wide + k * dilation_x)
                        for q in range(out_height):
                            for i in range(out_width):
                                target[q * stride_y * wide + i * stride_x] += source[q * out_width + i]
                source = shift(frame, top * wide + left)
                target = shift(x, (part * channels + c0 + c) * height * width)
                for q in range(height):
                    for i in range(width):
                        target[q * width + i] = source[q * wide + i]


# ---------------------------------------------------------------- windows of three rows: four rows of output at once
# Winograd's F(4, 3) down the columns: four outputs of a window of three rows need 12 products; as polynomials, read at
# the points 0, A, -A, B, -B and infinity, they need 6.  These points keep the rounding error near that of plain sums.
A, B = 5 / 8, 3 / 2


def _three_rows_to_six() -> np.ndarray:
    """(6, 3): a window's rows -> its polynomial at the six points, divided by what the other side leaves out."""
    a, b = A * A, B * B
    rows = [[1 / (a * b), 0, 0]]
    rows += [[v / (2 * p * p * (p * p - q)) for v in (1, p, p * p)] for p, q in ((A, b), (-A, b), (B, a), (-B, a))]
    return np.array([*rows, [0, 0, 1]])


@device
def line(image, v, height, width, zeros):
    """Row ``v``, or zeros outside."""
    if 0 <= v < height:
        return shift(image, v * width)
    return zeros


@device
def six_from_six(image, v, height, width, zeros, to, count):
    """Rows v .. v + 5 of the image at the six points, 256 elements apart."""
    r0, r1 = line(image, v, height, width, zeros), line(image, v + 1, height, width, zeros)
    r2, r3 = line(image, v + 2, height, width, zeros), line(image, v + 3, height, width, zeros)
    r4, r5 = line(image, v + 4, height, width, zeros), line(image, v + 5, height, width, zeros)
    for i in range(count):
        even, odd = r4[i] - T(2.25) * r2[i], T(0.625) * (r3[i] - T(2.25) * r1[i])
        far, wide = r4[i] - T(0.390625) * r2[i], T(1.5) * (r3[i] - T(0.390625) * r1[i])
        to[i] = r4[i] - T(2.640625) * r2[i] + T(0.87890625) * r0[i]
        to[i + 256] = even + odd
        to[i + 512] = even - odd
        to[i + 768] = far + wide
        to[i + 1024] = far - wide
        to[i + 1280] = r5[i] - T(2.640625) * r3[i] + T(0.87890625) * r1[i]


@device
def six_from_four(image, v, height, width, zeros, to):
    """Rows v .. v + 3 as the coefficients of a polynomial, at the six points."""
    r0, r1 = line(image, v, height, width, zeros), line(image, v + 1, height, width, zeros)
    r2, r3 = line(image, v + 2, height, width, zeros), line(image, v + 3, height, width, zeros)
    for i in range(width):
        even, odd = r0[i] + T(0.390625) * r2[i], T(0.625) * r1[i] + T(0.244140625) * r3[i]
        far, wide = r0[i] + T(2.25) * r2[i], T(1.5) * r1[i] + T(3.375) * r3[i]
        to[i] = r0[i]
        to[i + 256] = even + odd
        to[i + 512] = even - odd
        to[i + 768] = far + wide
        to[i + 1024] = far - wide
        to[i + 1280] = r3[i]


@device
def four_from_six(m, to, count):
    """The transpose of six_from_four: products at the six points -> four rows."""
    for i in range(count):
        even, odd = m[i + 256] + m[i + 512], m[i + 256] - m[i + 512]
        far, wide = m[i + 768] + m[i + 1024], m[i + 768] - m[i + 1024]
        to[i] = m[i] + even + far
        to[i + 256] = T(0.625) * odd + T(1.5) * wide
        to[i + 512] = T(0.390625) * even + T(2.25) * far
        to[i + 768] = T(0.244140625) * odd + T(3.375) * wide + m[i + 1280]


@device
def copy16(source, target):
    """16 elements by one load and one store; a row's surplus is overwritten by the next row."""
    a, b, c, d = source[0], source[1], source[2], source[3]
    e, f, g, h = source[4], source[5], source[6], source[7]
    i, j, k, l = source[8], source[9], source[10], source[11]
    m, n, o, p = source[12], source[13], source[14], source[15]
    target[0], target[1], target[2], target[3] = a, b, c, d
    target[4], target[5], target[6], target[7] = e, f, g, h
    target[8], target[9], target[10], target[11] = i, j, k, l
    target[12], target[13], target[14], target[15] = m, n, o, p


@kernel
def sweep_by_fours(x: "T*", taps: "T*", y: "T*", scratch: "T*", task: int, points: int, units: int, images: int,
                   bunch: int, channels: int, height: int, width: int, filters: int, out_height: int,
                   out_width: int, tiles: int, kernel_width: int, dilation_x: int, top: int, skip: int, begin: int,
                   count: int, groups: int, strips: int, strip: int, pitch: int, block: int, columns: int, span: int,
                   group_taps: int, worker_taps: int, size: int, workers: int, lo, hi):  # fmt: skip
    """As ``sweep`` for a window of three rows, stride and dilation 1 down: half the products.

    A unit is a strip of tiles (four output rows each) of a bunch of images; its lanes (bunch * tiles * out_width, at
    most 256) lie side by side in ``planes`` (channel, column of the window, point) and ``products`` (filter, point).
    """
    depth = channels * kernel_width
    for worker in range(lo, hi):
        zeros = shift(scratch, worker * size)
        rows = shift(zeros, 256)
        stage = shift(rows, 1792)
        products = shift(stage, 1024)
        planes = shift(products, filters * 1536)
        for i in range(2048):
            zeros[i] = 0
        if task != 0:
            for g in range(groups):
                weights = shift(taps, worker * worker_taps + g * group_taps)
                for i in range(6 * filters * depth):
                    weights[i] = 0
        for unit in range(worker * units // workers, (worker + 1) * units // workers):
            t0 = unit % strips * strip
            tall = min(strip, tiles - t0)
            group, n0 = unit // strips % groups, unit // strips // groups * bunch
            n1 = min(n0 + bunch, images)
            weights = shift(taps, worker * worker_taps + group * group_taps)
            if task != 0:
                for n in range(n0, n1):
                    for o in range(filters):
                        image = shift(y, ((n * groups + group) * filters + o) * out_height * out_width)
                        for t in range(tall):
                            to = shift(products, o * 1536 + ((n - n0) * tall + t) * out_width)
                            six_from_four(image, (t0 + t) * 4, out_height, out_width, zeros, to)
            for c0 in range(0, channels, span):
                deep = min(span, channels - c0) * kernel_width
                for n in range(n0, n1):
                    for c in range(deep // kernel_width):
                        image = shift(x, ((n * groups + group) * channels + c0 + c) * height * width + skip)
                        for t in range(tall):
                            six_from_six(image, (t0 + t) * 4 - top, height, width, zeros, shift(rows, begin), count)
                            target = shift(planes, c * kernel_width * 6 * pitch + ((n - n0) * tall + t) * out_width)
                            for k in range(kernel_width):
                                for p in range(points):
                                    source = shift(rows, p * 256 + k * dilation_x)
                                    for i in range(0, out_width, 16):
                                        copy16(shift(source, i), shift(target, (k * 6 + p) * pitch + i))
                lanes = (n1 - n0) * tall * out_width
                for o in range(0, filters, block):
                    m = min(block, filters - o)
                    for k in range(points):
                        part = shift(weights, (k * filters + o) * depth + c0 * kernel_width)
                        pixels = shift(products, (o * 6 + k) * 256)
                        window = shift(planes, k * pitch)
                        if task == 0:
                            cblas_TYPEgemm(
                                int32(101), int32(111), int32(111), int32(m), int32(lanes), int32(deep), T(1), part,
                                int32(depth), window, int32(6 * pitch), T(min(c0, 1)), pixels, int32(1536),
                            )  # fmt: skip
                        else:
                            for d in range(0, deep, columns):
                                cblas_TYPEgemm(
                                    int32(101), int32(111), int32(112), int32(m), int32(min(columns, deep - d)),
                                    int32(lanes), T(1), pixels, int32(1536), shift(window, d * 6 * pitch),
                                    int32(6 * pitch), T(1), shift(part, d), int32(depth),
                                )  # fmt: skip
            if task == 0:
                for o in range(filters):
                    four_from_six(shift(products, o * 1536), stage, (n1 - n0) * tall * out_width)
                    for n in range(n0, n1):
                        image = shift(y, ((n * groups + group) * filters + o) * out_height * out_width)
                        for r in range(min(tall * 4, out_height - t0 * 4)):
                            source = shift(stage, (r & 3) * 256 + ((n - n0) * tall + (r >> 2)) * out_width)
                            target = shift(image, (t0 * 4 + r) * out_width)
                            for i in range(out_width):
                                target[i] = source[i]


# ---------------------------------------------------------------- lowering
SMALL = 1_000_000  # m * n * k up to which OpenBLAS multiplies without packing first: the fastest way here
PLANES = 96 * 1024  # elements of planes that stay in the second cache
LANES = 256  # see sweep_by_fours; the distance of its rows


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
        return max(1, min(build.threads, self.images * self.groups * self.out_height)) if self.cost >= 16384 else 1

    def flipped(self) -> "_Sizes":
        """The convolution of the output's gradient, with the taps reversed, that makes the input's (stride 1)."""
        (dh, dw), kh, kw = self.dilation, self.kernel_height, self.kernel_width
        x = (self.images, self.filters * self.groups, self.out_height, self.out_width)
        w = (self.channels * self.groups, self.filters, kh, kw)
        y = (self.images, w[0], self.height, self.width)
        pad = (dh * (kh - 1) - self.top, 0, dw * (kw - 1) - self.left, 0)
        return _Sizes(x, w, y, (1, 1), pad, self.dilation, self.groups)

    def by_fours(self, dtype) -> bool:
        """Whether ``sweep_by_fours`` computes it, and faster."""
        tiles = -(-self.out_height // 4)
        return (
            dtype is float32
            and (self.kernel_height, *self.stride, self.dilation[0]) == (3, 1, 1, 1)
            and min(self.channels, self.filters) >= 16
            and 6 * tiles <= 2.2 * self.out_height
            and self.out_width + (self.kernel_width - 1) * self.dilation[1] <= LANES
        )

    def is_pointwise(self) -> bool:
        """A window of one element: plain matrix products."""
        return (self.kernel_height, self.kernel_width, *self.stride, self.top, self.left) == (1, 1, 1, 1, 0, 0) and (
            self.out_height, self.out_width) == (self.height, self.width)  # fmt: skip

    def row(self) -> tuple[int, int, int, int]:
        """How a row of the image goes into a row with border: elements skipped, begin, count; the row's length."""
        wide = (self.out_width - 1) * self.stride[1] + (self.kernel_width - 1) * self.dilation[1] + 1
        skip, begin = max(-self.left, 0), max(self.left, 0)
        return skip, begin, max(0, min(self.width - skip, wide - begin)), wide


def _arranged(build, node, view, parts=1, part=0, out=None):
    """A dense copy of a 5-d operand (or itself), the sum of ``parts`` of them ``part`` elements apart."""
    if parts == 1 and out is None and view.is_dense:
        return view
    made = out = build.temp(view.shape, view.dtype) if out is None else out
    order = [0, 2, 1, 3, 4] if view.shape[1] < view.shape[2] else [0, 1, 2, 3, 4]  # what shares cache lines: near
    if view.shape[3] > view.shape[4]:  # a long inner loop
        order[3:] = 4, 3
    view, out = _picked(view, order), _picked(out, order)
    build.call(
        arrange.bind(T=build.storage(view.dtype)), node,
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


def _by_group(w, groups):
    """(groups, filters, channels, rows, columns) of a weight operand."""
    o, *rest = w.shape
    return type(w)(
        w.buffer, w.offset, (groups, o // groups, *rest), (w.strides[0] * (o // groups), *w.strides), w.dtype
    )


def _taps(build, node, value, groups, flip):
    """The weights as (groups, outputs, inputs, rows, columns); ``flip``: as the input's gradient needs them."""
    w = build.operand(value)
    if w.is_index:
        w = build.dense(value)
    w = _by_group(w, groups)
    if flip:
        _, _, _, rows, columns = w.shape
        w = _picked(w.sliced((0, 0, 0, rows - 1, columns - 1), (1, 1, 1, -1, -1), w.shape), (0, 2, 1, 3, 4))
    return w


@cache  # the Builder knows a Value by its identity: it must live as long as the process
def _mixing(workers: int, dtype: DType) -> Value:
    """Rows to points (workers 0), or the points of all workers' sums to rows."""
    matrix = _three_rows_to_six()
    matrix = np.ascontiguousarray((np.tile(matrix, (workers, 1)).T if workers else matrix).astype(dtype.np))
    return Value(matrix.shape, dtype, data=matrix, kind="constant")


def _mix(build, node, matrix, rows, out):
    """out[group] = matrix @ rows[group]."""
    m, k = matrix.shape
    groups = out.shape[0]
    n = rows.size // (groups * k)
    build.call(
        gemm.bind(T=build.storage(rows.dtype)), node,
        [build.operand(matrix), rows, out, m, n, k, k, 1, n, 1, groups, 0, 0, 0, k * n, 1 if groups == 1 else -1],
        extent=n if groups == 1 else groups, writes=[out], cost=out.size,
    )  # fmt: skip


def _convolve(build, node, s: _Sizes, x, taps, y):
    """y = taps * x."""
    if s.by_fours(x.dtype):
        rows = _arranged(build, node, _picked(taps, (0, 3, 1, 2, 4)))
        points = build.temp((s.groups, 6, *rows.shape[2:]), rows.dtype)
        _mix(build, node, _mixing(0, rows.dtype), rows, points)
        _sweep_by_fours(build, node, s, 0, x, points, y)
    else:
        taps = _arranged(build, node, taps if s.in_one_step else _picked(taps, (0, 3, 1, 2, 4)))
        _sweep(build, node, s, 0, x, taps, y)


def _correlate(build, node, s: _Sizes, x, g, out):
    """The gradient by the weights: each worker's sums over its images, then the sum of those."""
    kh, kw, groups = s.kernel_height, s.kernel_width, s.groups
    w_out = _by_group(out, groups)
    if s.by_fours(x.dtype):
        sums = build.temp((groups, s.workers(build), 6, s.filters, s.channels, kw), x.dtype)
        _sweep_by_fours(build, node, s, 1, x, sums, g)
        rows = build.temp((groups, 3, s.filters, s.channels, kw), x.dtype)
        _mix(build, node, _mixing(sums.shape[1], x.dtype), sums, rows)
        _arranged(build, node, _picked(rows, (0, 2, 3, 1, 4)), out=w_out)
    else:
        shape = (s.filters, s.channels, kh, kw) if s.in_one_step else (kh, s.filters, s.channels, kw)
        sums = build.temp((groups, s.workers(build), *shape), x.dtype)
        _sweep(build, node, s, 1, x, sums, g)
        first = sums.sliced((0,) * 6, (1,) * 6, (groups, 1, *shape))
        axes = (0, 2, 3, 4, 5) if s.in_one_step else (0, 3, 4, 2, 5)
        _arranged(build, node, _picked(first, axes), parts=sums.shape[1], part=sums.strides[1], out=w_out)


def _sweep(build, node, s: _Sizes, task, x, taps, y):
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
        pixels = min(pixels, 256, max(64, SMALL // (16 * depth)))
        block, columns = max(8, SMALL // (depth * pixels)), depth
    elif pixels >= 128 or s.filters <= 32:  # few rows and columns: OpenBLAS adds up along the pixels without packing
        pixels, block, columns = min(pixels, 512), 32, 32
    else:
        block, columns = s.filters, depth
    piece = min(strip, max(1, pixels // s.out_width))
    block = -(-s.filters // -(-s.filters // block))
    skip, begin, count, wide = s.row()
    lines = (tall - 1) * s.stride[0] + (phases - 1) * s.dilation[0] + 1
    size = depth * pitch + (lines + 1) * wide
    workers = s.workers(build)
    per_worker, per_group = _taps_strides(task, workers, steps * s.filters * depth)
    scratch = build.temp((workers, size), x.dtype)
    build.call(
        sweep.bind(T=build.storage(x.dtype)), node,
        [x, taps, y, scratch, task, s.images * s.groups * strips, s.channels, s.height, s.width, s.filters,
         s.out_height, s.out_width, s.area, steps, phases, s.kernel_width, *s.stride, *s.dilation, s.top, skip, begin,
         count, wide, s.groups, strips, strip, pitch, piece, block, columns, depth, per_group, per_worker, size,
         workers],
        extent=workers, writes=[taps if task else y, scratch], cost=s.cost,
    )  # fmt: skip


def _sweep_by_fours(build, node, s: _Sizes, task, x, taps, y):
    tiles = -(-s.out_height // 4)
    span = min(s.channels, 32)
    span = -(-s.channels // -(-s.channels // span))
    lanes = min(LANES, max(16, PLANES // (span * s.kernel_width * 6)) if task == 0 else LANES)
    strip = min(tiles, max(1, lanes // s.out_width))
    strips = max(-(-tiles // strip), min(tiles, s.parts_wanted()))
    strip = -(-tiles // strips)
    strips = -(-tiles // strip)
    bunch = max(1, min(lanes // (tiles * s.out_width), s.images)) if strips == 1 else 1
    pitch = -(-bunch * strip * s.out_width // 16) * 16 + 16
    depth = s.channels * s.kernel_width
    if task == 0:
        block, columns = max(8, SMALL // (span * s.kernel_width * lanes)), depth
    else:
        block, columns = (32, 32) if s.filters <= 32 else (s.filters, depth)
    block = -(-s.filters // -(-s.filters // block))
    skip, begin, count, _ = s.row()
    size = (12 + 6 * s.filters) * LANES + span * s.kernel_width * 6 * pitch
    workers = s.workers(build)
    per_worker, per_group = _taps_strides(task, workers, 6 * s.filters * depth)
    scratch = build.temp((workers, size), x.dtype)
    units = -(-s.images // bunch) * s.groups * strips
    build.call(
        sweep_by_fours.bind(T=build.storage(x.dtype)), node,
        [x, taps, y, scratch, task, 6, units, s.images, bunch, s.channels, s.height, s.width, s.filters, s.out_height,
         s.out_width, tiles, s.kernel_width, s.dilation[1], s.top, skip, begin, count, s.groups, strips, strip, pitch,
         block, columns, span, per_group, per_worker, size, workers],
        extent=workers, writes=[taps if task else y, scratch], cost=s.cost,
    )  # fmt: skip


def _taps_strides(task, workers, count) -> tuple[int, int]:
    """(a worker's, a group's) distance in the taps: read by all workers, or a share for each."""
    return (count, workers * count) if task else (0, count)


def _spread(build, node, s: _Sizes, g, taps, x):
    """The input's gradient for strides above 1."""
    window = s.kernel_height * s.kernel_width
    span = max(1, min(s.channels, PLANES // (window * s.area)))
    spans = max(-(-s.channels // span), min(s.channels, s.parts_wanted()))
    span = -(-s.channels // spans)
    spans = -(-s.channels // span)
    lines = max((s.out_height - 1) * s.stride[0] + (s.kernel_height - 1) * s.dilation[0] + 1, s.top + s.height)
    wide = max((s.out_width - 1) * s.stride[1] + (s.kernel_width - 1) * s.dilation[1] + 1, s.left + s.width)
    piece = max(16, SMALL // (span * window * s.filters))
    size = span * window * s.area + lines * wide
    workers = s.workers(build)
    scratch = build.temp((workers, size), x.dtype)
    build.call(
        spread.bind(T=build.storage(x.dtype)), node,
        [g, taps, x, scratch, s.images * s.groups * spans, s.channels, s.height, s.width, s.filters, s.out_height,
         s.out_width, s.area, window, s.kernel_width, *s.stride, *s.dilation, s.top, s.left, lines, wide, s.groups,
         spans, span, piece, size, workers],
        extent=workers, writes=[x, scratch], cost=s.cost,
    )  # fmt: skip


def _products(build, node, s: _Sizes, flip, x, taps, y):
    """A window of one element: y[image, group] = taps[group] @ x[image, group]."""
    m, k = (s.channels, s.filters) if flip else (s.filters, s.channels)
    count = s.images * s.groups
    strides = (1, m) if flip else (k, 1)
    build.call(
        gemm.bind(T=build.storage(x.dtype)), node,
        [taps, x, y, m, s.area, k, *strides, s.area, 1, s.groups, 0, m * k, s.groups * k * s.area, k * s.area,
         1 if count == 1 else -1],
        extent=s.area if count == 1 else count, writes=[y], cost=s.cost,
    )  # fmt: skip


def _conv_lower(build, node):
    x, w = node.inputs
    a = node.attrs
    s = _Sizes(x.shape, w.shape, node.outs[0].shape, a["stride"], a["pad"], a["dilation"], a["group"])
    if s.is_pointwise():
        return _products(build, node, s, False, build.dense(x), build.dense(w), build.output(node))
    _convolve(build, node, s, build.dense(x), _taps(build, node, w, s.groups, False), build.output(node))


def _input_grad_lower(build, node):
    g, w = node.inputs
    a = node.attrs
    s = _Sizes(a["x_shape"], w.shape, g.shape, a["stride"], a["pad"], a["dilation"], a["group"])
    if s.is_pointwise():
        return _products(build, node, s, True, build.dense(g), build.dense(w), build.output(node))
    flipped = s.flipped()
    if s.stride == (1, 1) and s.height * s.width <= 1.4 * s.area:  # else it would mostly multiply by zeros
        taps = _taps(build, node, w, s.groups, True)
        return _convolve(build, node, flipped, build.dense(g), taps, build.output(node))
    _spread(build, node, s, build.dense(g), build.dense(w), build.output(node))


def _weight_grad_lower(build, node):
    x, g = node.inputs
    a = node.attrs
    s = _Sizes(x.shape, a["w_shape"], g.shape, a["stride"], a["pad"], a["dilation"], a["group"])
    if s.cost == 0:
        return build.fill(build.output(node), 0)
    _correlate(build, node, s, build.dense(x), build.dense(g), build.output(node))


# ---------------------------------------------------------------- the three ops
_conv: Library = library(
    "conv2d", _conv_numpy,
    lambda x, w, group, **a: [(_out_shape(x.shape, w.shape, **a), x.dtype)], _conv_lower,
    vjp=(lambda g, out, x, w, **a: _input_grad(g, w, x_shape=x.shape, **a),
         lambda g, out, x, w, **a: _weight_grad(x, g, w_shape=w.shape, **a)),
    samples=[(f(2, 3, 5, 6), f(4, 3, 3, 2), {"stride": (1, 1), "pad": (1, 1, 0, 1), "dilation": (1, 1), "group": 1}),
             (f(2, 4, 7, 6), f(6, 2, 2, 3), {"stride": (2, 3), "pad": (0, 1, 2, 1), "dilation": (2, 1), "group": 2}),
             (f(1, 2, 3, 3), f(3, 2, 1, 1), {"stride": (1, 1), "pad": (0, 0, 0, 0), "dilation": (1, 1), "group": 1}),
             (f(1, 16, 6, 5), f(16, 16, 3, 3),
              {"stride": (1, 1), "pad": (1, 1, 1, 1), "dilation": (1, 1), "group": 1})],
)  # fmt: skip
_input_grad: Library = library(
    "conv2d_input_grad", _input_grad_numpy, lambda g, w, x_shape, **a: [(x_shape, g.dtype)], _input_grad_lower,
    vjp=(lambda h, out, g, w, x_shape, **a: _conv(h, w, **a),
         lambda h, out, g, w, x_shape, **a: _weight_grad(h, g, w_shape=w.shape, **a)),
    samples=[(f(2, 4, 5, 6), f(4, 3, 3, 2),
              {"x_shape": (2, 3, 5, 6), "stride": (1, 1), "pad": (1, 1, 0, 1), "dilation": (1, 1), "group": 1}),
             (f(2, 6, 3, 3), f(6, 2, 2, 3),
              {"x_shape": (2, 4, 7, 6), "stride": (2, 3), "pad": (0, 1, 2, 1), "dilation": (2, 1), "group": 2})],
)  # fmt: skip
_weight_grad: Library = library(
    "conv2d_weight_grad", _weight_grad_numpy, lambda x, g, w_shape, **a: [(w_shape, x.dtype)], _weight_grad_lower,
    vjp=(lambda h, out, x, g, w_shape, **a: _input_grad(g, h, x_shape=x.shape, **a),
         lambda h, out, x, g, w_shape, **a: _conv(x, h, **a)),
    samples=[(f(2, 3, 5, 6), f(2, 4, 5, 6),
              {"w_shape": (4, 3, 3, 2), "stride": (1, 1), "pad": (1, 1, 0, 1), "dilation": (1, 1), "group": 1}),
             (f(2, 4, 7, 6), f(2, 6, 3, 3),
              {"w_shape": (6, 2, 2, 3), "stride": (2, 3), "pad": (0, 1, 2, 1), "dilation": (2, 1), "group": 2})],
)  # fmt: skip


# ---------------------------------------------------------------- functions
def _two(name: str, argument: str, value, least: int) -> tuple[int, int]:
    """(vertical, horizontal) from an int or a pair of ints."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer, tuple, list)):
        raise fail(
            TypeError,
            f"For '{name}', '{argument}' must be an int or two ints, but got {type(value).__name__} {value!r:.40}.",
        )
    pair = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    if any(isinstance(v, bool) or not isinstance(v, (int, np.integer)) for v in pair):
        raise fail(TypeError, f"For '{name}', '{argument}' must hold ints, but got {value!r:.40}.")
    if len(pair) != 2 or min(pair) < least:
        raise fail(
            ValueError,
            f"For '{name}', '{argument}' must be an int or two ints, at least {least}, but got {value!r:.40}.",
        )
    return int(pair[0]), int(pair[1])


def _four(name: str, padding) -> tuple[int, ...]:
    """(top, bottom, left, right) from an int, (vertical, horizontal) or all four."""
    if isinstance(padding, (tuple, list)) and len(padding) == 4:
        return (*_two(name, "padding", padding[:2], 0), *_two(name, "padding", padding[2:], 0))
    vertical, horizontal = _two(name, "padding", padding, 0)
    return vertical, vertical, horizontal, horizontal


def same_pads(sizes, window, stride, dilation) -> tuple[int, ...]:
    """(top, bottom, left, right) for an output of ``ceil(size / stride)``; an odd element goes to the end."""
    pads: list[int] = []
    for n, k, s, d in zip(sizes, window, stride, dilation):
        missing = max((-(-n // s) - 1) * s + d * (k - 1) + 1 - n, 0)
        pads += [missing // 2, missing - missing // 2]
    return tuple(pads)


def pads_of(name: str, pad_mode, padding, sizes, window, stride, dilation) -> tuple[int, ...]:
    """(top, bottom, left, right) by MindSpore's pad modes "same", "valid" and "pad"."""
    mode = pad_mode.lower() if isinstance(pad_mode, str) else pad_mode
    if mode not in ("same", "valid", "pad"):
        raise fail(ValueError, f"For '{name}', 'pad_mode' must be 'same', 'valid' or 'pad', but got {pad_mode!r:.40}.")
    pads = _four(name, padding)
    if mode == "pad":
        return pads
    if any(pads):
        raise fail(
            ValueError,
            f"For '{name}', 'padding' must be 0 when 'pad_mode' is not 'pad', but got {padding} and {pad_mode!r}.",
        )
    return same_pads(sizes, window, stride, dilation) if mode == "same" else (0, 0, 0, 0)


def _checked(name: str, input, weight, groups, ndim: int):
    """The two Tensors of a convolution, in a type it is computed in."""
    for argument, t in (("input", input), ("weight", weight)):
        if not isinstance(t, Tensor):
            raise fail(TypeError, f"For '{name}', '{argument}' must be a Tensor, but got {type(t).__name__}.")
        if not t.dtype.is_float:
            raise fail(TypeError, f"For '{name}', '{argument}' must be a Tensor of floats, but got {t.dtype}.")
        if t.ndim != ndim:
            raise fail(ValueError, f"For '{name}', '{argument}' must have {ndim} axes, but its shape is {t.shape}.")
    if input.dtype is not weight.dtype:
        raise fail(
            TypeError,
            f"For '{name}', 'input' and 'weight' must be of one type, but got {input.dtype} and {weight.dtype}.",
        )
    if isinstance(groups, bool) or not isinstance(groups, (int, np.integer)):
        raise fail(TypeError, f"For '{name}', 'groups' must be an int, but got {type(groups).__name__}.")
    if groups <= 0 or input.shape[1] % groups or weight.shape[0] % groups:
        raise fail(
            ValueError,
            f"For '{name}', the channels of the input ({input.shape[1]}) and the filters ({weight.shape[0]}) must be "
            f"multiples of 'groups', a positive int, but got {groups}.",
        )
    return _wide(input), _wide(weight)


def _wide(x):
    return to(x, float32) if x.dtype.itemsize == 2 else x


def _with_bias(name: str, out, bias, filters: int):
    if bias is None:
        return out
    if not isinstance(bias, Tensor):
        raise fail(TypeError, f"For '{name}', 'bias' must be a Tensor, but got {type(bias).__name__}.")
    if bias.shape != (filters,):
        raise fail(
            ValueError,
            f"For '{name}', 'bias' must have the shape ({filters},), one element per filter, but got {bias.shape}.",
        )
    return out + reshape(bias, (1, filters) + (1,) * (out.ndim - 2))


def conv2d(input, weight, bias=None, stride=1, pad_mode="valid", padding=0, dilation=1, groups=1):
    """Two-dimensional convolution (cross-correlation):
    ``out[n, o, y, x] = bias[o] + sum over c, u, v of weight[o, c, u, v] * input[n, c, y * s + u * d, x * s + v * d]``
    with stride s and dilation d.

    Args:
        input: Tensor of floats (N, C, H, W).
        weight: Tensor of the same type (O, C / groups, KH, KW).
        bias: Tensor (O,) or None.
        stride, dilation: an int, or a tuple of two: vertical, horizontal.
        pad_mode: "valid" (no padding), "same" (the output is ``ceil(input / stride)`` long; an odd element of padding
            goes to the end), or "pad" (zeros as ``padding`` says).
        padding: an int, (vertical, horizontal), or (top, bottom, left, right).
        groups: how many groups of channels are convolved apart; C for a depthwise convolution.

    Returns:
        Tensor (N, O, H', W').

    Raises:
        TypeError: an input is not a Tensor of floats, the types differ, or an argument is not an int.
        ValueError: an argument out of range, a wrong number of axes or groups, or a window larger than the input.
        RuntimeError: the channels of the weight do not fit those of the input.

    >>> import minispore as ms
    >>> x = ms.Tensor([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
    >>> print(conv2d(x, ms.ops.ones((1, 1, 2, 2))))
    [[[[12. 16.]]]]
    """
    x, w = _checked("conv2d", input, weight, groups, 4)
    stride, dilation = _two("conv2d", "stride", stride, 1), _two("conv2d", "dilation", dilation, 1)
    if x.shape[1] != w.shape[1] * groups:
        raise fail(
            RuntimeError,
            f"For 'conv2d', the weight must have {x.shape[1] // groups} channels (the input's over 'groups'), but the "
            f"shapes are {x.shape} and {w.shape}, groups {groups}.",
        )
    pad = pads_of("conv2d", pad_mode, padding, x.shape[2:], w.shape[2:], stride, dilation)
    if min(w.shape[2:]) < 1 or min(_out_shape(x.shape, w.shape, stride, pad, dilation)[2:]) < 1:
        raise fail(
            ValueError,
            f"For 'conv2d', the window must not be larger than the input with its padding, but the shapes are "
            f"{x.shape} and {w.shape}, padding {pad}, dilation {dilation}.",
        )
    out = _conv(x, w, stride=stride, pad=pad, dilation=dilation, group=int(groups))
    return _with_bias("conv2d", to(out, input.dtype), bias, w.shape[0])


def conv1d(input, weight, bias=None, stride=1, pad_mode="valid", padding=0, dilation=1, groups=1):
    """One-dimensional convolution of (N, C, L) with (O, C / groups, K); arguments as for ``conv2d``, as single ints.

    >>> import minispore as ms
    >>> print(conv1d(ms.Tensor([[[1.0, 2.0, 3.0]]]), ms.ops.ones((1, 1, 2))))
    [[[3. 5.]]]
    """
    _checked("conv1d", input, weight, groups, 3)
    one = [v[0] if isinstance(v, (tuple, list)) and len(v) == 1 else v for v in (stride, padding, dilation)]
    for argument, v in zip(("stride", "padding", "dilation"), one):
        if isinstance(v, (tuple, list)):
            raise fail(ValueError, f"For 'conv1d', '{argument}' must be an int or a tuple of one int, but got {v}.")
        _two("conv1d", argument, v, 0 if argument == "padding" else 1)
    step, pad, gap = (1, one[0]), (0, 0, one[1], one[1]), (1, one[2])
    out = conv2d(
        expand_dims(input, 2), expand_dims(weight, 2), bias, step, pad_mode, pad, gap, groups
    )  # fmt: skip
    return squeeze(out, 2)


def conv3d(input, weight, bias=None, stride=1, pad_mode="valid", padding=0, dilation=1, groups=1):
    """Three-dimensional convolution of (N, C, D, H, W) with (O, C / groups, KD, KH, KW): a sum of ``conv2d`` over the
    depth of the window.  ``stride``, ``dilation``: an int or three; ``padding``: an int, three, or six (before and
    after each axis).
    """
    x, w = _checked("conv3d", input, weight, groups, 5)
    stride, dilation = _three("conv3d", "stride", stride, 1), _three("conv3d", "dilation", dilation, 1)
    if x.shape[1] != w.shape[1] * groups:
        raise fail(
            RuntimeError,
            f"For 'conv3d', the channels of the weight do not fit: shapes {x.shape} and {w.shape}, groups {groups}.",
        )
    six = isinstance(padding, (tuple, list)) and len(padding) == 6
    front, back = (
        _two("conv3d", "padding", padding[:2], 0) if six else (_three("conv3d", "padding", padding, 0)[0],) * 2
    )
    flat = padding[2:] if six else _three("conv3d", "padding", padding, 0)[1:]
    pads = pads_of("conv3d", pad_mode, flat, x.shape[3:], w.shape[3:], stride[1:], dilation[1:])
    deep = (front, back)
    if not (isinstance(pad_mode, str) and pad_mode.lower() == "pad"):
        if any(deep):
            raise fail(
                ValueError,
                f"For 'conv3d', 'padding' must be 0 when 'pad_mode' is not 'pad', but got {padding} and {pad_mode!r}.",
            )
        if pad_mode.lower() == "same":
            front, back = same_pads(x.shape[2:3], w.shape[2:3], stride[:1], dilation[:1])
            deep = (front, back)
    depth = _out_size(x.shape[2], *deep, w.shape[2], stride[0], dilation[0])
    flat_shape = (x.shape[0] * depth, x.shape[1], *x.shape[3:])
    if (
        min(w.shape[2:]) < 1
        or min(depth, *_out_shape(flat_shape, (w.shape[0], 0, *w.shape[3:]), stride[1:], pads, dilation[1:])[2:]) < 1
    ):
        raise fail(
            ValueError,
            f"For 'conv3d', the window must not exceed the padded input, but the shapes are {x.shape} and {w.shape}.",
        )
    before, after = (0, 0, deep[0], 0, 0), (0, 0, deep[1], 0, 0)
    x = transpose(pad_constant(x, before, after), (0, 2, 1, 3, 4))
    parts = []
    for k in range(w.shape[2]):
        layer = slice_along(x, 1, k * dilation[0], depth, stride[0])
        taps = reshape(slice_along(w, 2, k, 1), (*w.shape[:2], *w.shape[3:]))
        layer = reshape(layer, flat_shape)
        parts.append(_conv(layer, taps, stride=stride[1:], pad=pads, dilation=dilation[1:], group=int(groups)))
    out = sum(parts[1:], parts[0])
    out = reshape(out, (input.shape[0], depth, *out.shape[1:]))
    return _with_bias("conv3d", to(transpose(out, (0, 2, 1, 3, 4)), input.dtype), bias, w.shape[0])


def _three(name: str, argument: str, value, least: int) -> tuple[int, ...]:
    if not isinstance(value, (tuple, list)):
        return (*_two(name, argument, value, least), int(value))
    if len(value) != 3:
        raise fail(ValueError, f"For '{name}', '{argument}' must be an int or a tuple of three ints, but got {value}.")
    return (*_two(name, argument, value[:2], least), _two(name, argument, value[2], least)[0])


def conv2d_input_grad(g, weight, x_shape, stride=1, padding=0, dilation=1, groups=1):
    """The gradient of ``conv2d`` by its input, for the gradient ``g`` of its output: the transposed convolution.

    ``x_shape`` is the shape of the result; the other arguments are those of the convolution, ``padding`` as for "pad".
    """
    name = "conv2d_input_grad"
    g, weight, a = _gradient_arguments(name, g, weight, x_shape, weight.shape, stride, padding, dilation, groups)
    return _input_grad(g, weight, x_shape=tuple(x_shape), **a)


def conv2d_weight_grad(x, g, w_shape, stride=1, padding=0, dilation=1, groups=1):
    """The gradient of ``conv2d`` by its weight, of the shape ``w_shape``, for the gradient ``g`` of its output."""
    name = "conv2d_weight_grad"
    x, g, a = _gradient_arguments(name, x, g, x.shape, w_shape, stride, padding, dilation, groups, g.shape)
    return _weight_grad(x, g, w_shape=tuple(w_shape), **a)


def _gradient_arguments(name, first, second, x, w, stride, padding, dilation, groups, g=None):
    a = {
        "stride": _two(name, "stride", stride, 1),
        "pad": _four(name, padding),
        "dilation": _two(name, "dilation", dilation, 1),
    }
    g = first.shape if g is None else g
    fits = len(x) == len(w) == len(g) == 4 and groups > 0 and x[1] == w[1] * groups and w[0] % groups == 0
    if not fits or _out_shape(x, w, **a) != tuple(g):
        raise fail(
            ValueError,
            f"For '{name}', no convolution takes {tuple(x)} and {tuple(w)} to {tuple(g)} with {a}, {groups} groups.",
        )
    if first.dtype is not second.dtype or not first.dtype.is_float:
        raise fail(
            TypeError,
            f"For '{name}', the inputs must be of one type of floats, but got {first.dtype} and {second.dtype}.",
        )
    return _wide(first), _wide(second), {**a, "group": int(groups)}


def conv_transpose2d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """The transpose of ``conv2d``; ``(H - 1) * stride - 2 * padding + dilation * (K - 1) + 1 + output_padding`` rows.

    Args:
        input: Tensor of floats (N, C, H, W).
        weight: Tensor of the same type (C, O / groups, KH, KW).
        bias: Tensor (O,) or None.
        stride, padding, output_padding, dilation: an int or a tuple of two.

    >>> import minispore as ms
    >>> print(conv_transpose2d(ms.Tensor([[[[1.0, 2.0]]]]), ms.ops.ones((1, 1, 1, 2)), stride=2))
    [[[[1. 1. 2. 2.]]]]
    """
    name = "conv_transpose2d"
    x, w = _checked(name, input, weight, groups, 4)
    stride, dilation = _two(name, "stride", stride, 1), _two(name, "dilation", dilation, 1)
    pads, extra = _two(name, "padding", padding, 0), _two(name, "output_padding", output_padding, 0)
    if x.shape[1] != w.shape[0]:
        raise fail(
            ValueError,
            f"For '{name}', the weight must have {x.shape[1]} filters, but the shapes are {x.shape} and {w.shape}.",
        )
    if any(e >= max(s, d) for e, s, d in zip(extra, stride, dilation)):
        raise fail(
            ValueError,
            f"For '{name}', 'output_padding' must be below the stride or the dilation, but got {output_padding}.",
        )
    sizes = [
        (n - 1) * s - 2 * p + d * (k - 1) + 1 + e
        for n, s, p, d, k, e in zip(x.shape[2:], stride, pads, dilation, w.shape[2:], extra)
    ]
    if min(sizes) < 1:
        raise fail(
            ValueError, f"For '{name}', the padding {pads} leaves nothing of the output ({sizes[0]} x {sizes[1]})."
        )
    filters = w.shape[1] * groups
    # what 'output_padding' adds is padding at the end that the convolution back would not see
    pad = (pads[0], pads[0], pads[1], pads[1])
    out = _input_grad(
        x, w, x_shape=(x.shape[0], filters, *sizes), stride=stride, pad=pad, dilation=dilation, group=int(groups)
    )
    return _with_bias(name, to(out, input.dtype), bias, filters)


__all__ = ["conv1d", "conv2d", "conv2d_input_grad", "conv2d_weight_grad", "conv3d", "conv_transpose2d"]
