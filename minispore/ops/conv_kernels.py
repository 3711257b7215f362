# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""The kernels of convolution: im2col with matrix products, Winograd's algorithm, the input's gradient (see conv.py)."""

import numpy as np

from ..core.kernel import device, kernel
from .row_copies import copy16, copy_every, copy_row


# ---------------------------------------------------------------- kernels
@kernel(fastmath=("contract", "reassoc", "nsz"))
def permute_weights(source: "T*", out: "T*", terms: int, term: int, n1: int, n2: int, n3: int, n4: int, s0: int, s1: int,
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
def im2col_convolution(x: "T*", taps: "T*", y: "T*", scratch: "T*", task: int, units: int, channels: int, height: int, width: int,
          filters: int, out_height: int, out_width: int, area: int, steps: int, phases: int, kernel_width: int,
          stride_y: int, stride_x: int, dilation_y: int, dilation_x: int, top: int, skip: int, begin: int, count: int,
          wide: int, groups: int, strips: int, strip: int, pitch: int, piece: int, depth: int, group_taps: int, worker_taps: int, size: int, workers: int, lo, hi):  # fmt: skip
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
                    copy_row(source, target, count)
                for p in range(phases):
                    for k in range(kernel_width):
                        source = shift(frame, (p * dilation_y + 1) * wide + k * dilation_x)
                        target = shift(planes, ((c * phases + p) * kernel_width + k) * pitch)
                        for q in range(tall):
                            read = shift(source, q * stride_y * wide)
                            copy_every(read, shift(target, q * out_width), out_width, stride_x)
            sums = shift(taps, worker * worker_taps + part % groups * group_taps)
            for r in range(0, rows, piece):
                n = min(piece, rows - r) * out_width
                pixels = shift(y, part * filters * area + (y0 + r) * out_width)
                for k in range(steps):
                    weights = shift(sums, k * filters * depth)
                    window = shift(planes, (r + k * dilation_y) * out_width)
                    if task == 0:
                        cblas_TYPEgemm(
                            int32(101), int32(111), int32(111), int32(filters), int32(n), int32(depth), T(1), weights,
                            int32(depth), window, int32(pitch), T(min(k, 1)), pixels, int32(area),
                        )  # fmt: skip
                    else:
                        cblas_TYPEgemm(
                            int32(101), int32(111), int32(112), int32(filters), int32(depth), int32(n), T(1), pixels,
                            int32(area), window, int32(pitch), T(1), weights, int32(depth),
                        )  # fmt: skip


@device
def inside(k, dilation, pad, stride, size, count):
    """Of the ``count`` windows along an axis, those whose element ``k`` lies inside the image: first, end."""
    at = k * dilation - pad  # the element that window 0 sees
    first = max(0, (stride - 1 - at) // stride)
    return min(first, count), max(min(first, count), min(count, (size - at + stride - 1) // stride))


@kernel
def image_columns(x: "T*", columns: "T*", images: int, channels: int, height: int, width: int, out_height: int,
                  out_width: int, kernel_height: int, kernel_width: int, stride_y: int, stride_x: int, dilation_y: int,
                  dilation_x: int, top: int, left: int, lo, hi):  # fmt: skip
    """im2col of all images: ``columns[c, u, v, n, p]`` is what window p of image n has at (u, v); [lo, hi) are channels."""
    area = out_height * out_width
    for c in range(lo, hi):
        for u in range(kernel_height):
            first_row, rows_end = inside(u, dilation_y, top, stride_y, height, out_height)
            for v in range(kernel_width):
                first, end = inside(v, dilation_x, left, stride_x, width, out_width)
                for n in range(images):
                    target = shift(columns, (((c * kernel_height + u) * kernel_width + v) * images + n) * area)
                    image = shift(
                        x, ((n * channels + c) * height + u * dilation_y - top) * width + v * dilation_x - left
                    )
                    for q in range(out_height):
                        row, source = shift(target, q * out_width), shift(image, q * stride_y * width)
                        if q < first_row or q >= rows_end:
                            for i in range(out_width):
                                row[i] = 0
                            continue
                        for i in range(first):
                            row[i] = 0
                        copy_every(shift(source, first * stride_x), shift(row, first), end - first, stride_x)
                        for i in range(end, out_width):
                            row[i] = 0


@kernel
def sum_of_columns(x: "T*", columns: "T*", images: int, channels: int, height: int, width: int, out_height: int,
                   out_width: int, kernel_height: int, kernel_width: int, stride_y: int, stride_x: int, dilation_y: int,
                   dilation_x: int, top: int, left: int, lo, hi):  # fmt: skip
    """col2im, the reverse of ``image_columns``: each element of x is the sum of what the windows have of it."""
    area = out_height * out_width
    for c in range(lo, hi):
        for n in range(images):
            image = shift(x, (n * channels + c) * height * width)
            for i in range(height * width):
                image[i] = 0
            for u in range(kernel_height):
                first_row, rows_end = inside(u, dilation_y, top, stride_y, height, out_height)
                for v in range(kernel_width):
                    first, end = inside(v, dilation_x, left, stride_x, width, out_width)
                    source = shift(columns, (((c * kernel_height + u) * kernel_width + v) * images + n) * area)
                    target = shift(image, (u * dilation_y - top) * width + v * dilation_x - left)
                    for q in range(first_row, rows_end):
                        row, to = shift(source, q * out_width), shift(target, q * stride_y * width)
                        for i in range(first, end):
                            to[i * stride_x] += row[i]


@kernel
def convolution_input_gradient(g: "T*", taps: "T*", x: "T*", scratch: "T*", units: int, channels: int, height: int, width: int,
           filters: int, out_height: int, out_width: int, area: int, window: int, kernel_width: int, stride_y: int,
           stride_x: int, dilation_y: int, dilation_x: int, top: int, left: int, lines: int, wide: int, groups: int,
           spans: int, span: int, size: int, workers: int, lo, hi):  # fmt: skip
    """The input's gradient for any stride: ``columns = taps^T g``, then col2im: each column is added to its window.

    [lo, hi) are workers; units are spans of channels of one image and group.
    """
    depth = channels * window
    for worker in range(lo, hi):
        columns = shift(scratch, worker * size)
        frame = shift(columns, span * window * area)
        for unit in range(worker * units // workers, (worker + 1) * units // workers):
            part, c0 = unit // spans, unit % spans * span
            count = min(span, channels - c0)
            cblas_TYPEgemm(
                int32(101), int32(112), int32(111), int32(count * window), int32(area), int32(filters), T(1),
                shift(taps, part % groups * filters * depth + c0 * window), int32(depth),
                shift(g, part * filters * area), int32(area), T(0), columns, int32(area),
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
                    copy_row(shift(source, q * wide), shift(target, q * width), width)


# ---------------------------------------------------------------- Winograd's algorithm for windows of three rows
# Winograd's F(4, 3) down the columns: four outputs of a window of three rows take 12 products; by evaluation at the six
# points 0, A, -A, B, -B and infinity they take 6.  These points keep the rounding error near that of plain sums.
A, B = 5 / 8, 3 / 2


def winograd_weight_matrix() -> np.ndarray:
    """(6, 3): the transform of a window's three rows to six points, with the factors that the input transform leaves out."""
    a, b = A * A, B * B
    rows = [[1 / (a * b), 0, 0]]
    rows += [[v / (2 * p * p * (p * p - q)) for v in (1, p, p * p)] for p, q in ((A, b), (-A, b), (B, a), (-B, a))]
    return np.array([*rows, [0, 0, 1]])


@device
def padded_row(image, v, height, width, zeros):
    """Row ``v`` of the image; zeros outside it."""
    if 0 <= v < height:
        return shift(image, v * width)
    return zeros


@device
def winograd_input_transform(image, v, height, width, zeros, to, count):
    """The input transform: rows v .. v + 5 of the image at the six points, 256 elements apart."""
    r0, r1 = padded_row(image, v, height, width, zeros), padded_row(image, v + 1, height, width, zeros)
    r2, r3 = padded_row(image, v + 2, height, width, zeros), padded_row(image, v + 3, height, width, zeros)
    r4, r5 = padded_row(image, v + 4, height, width, zeros), padded_row(image, v + 5, height, width, zeros)
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
def winograd_gradient_transform(image, v, height, width, zeros, to):
    """The transform of the output's gradient: its rows v .. v + 3 at the six points."""
    r0, r1 = padded_row(image, v, height, width, zeros), padded_row(image, v + 1, height, width, zeros)
    r2, r3 = padded_row(image, v + 2, height, width, zeros), padded_row(image, v + 3, height, width, zeros)
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
def winograd_output_transform(m, to, count):
    """The output transform: products at the six points to four rows (the transpose of ``winograd_gradient_transform``)."""
    for i in range(count):
        even, odd = m[i + 256] + m[i + 512], m[i + 256] - m[i + 512]
        far, wide = m[i + 768] + m[i + 1024], m[i + 768] - m[i + 1024]
        to[i] = m[i] + even + far
        to[i + 256] = T(0.625) * odd + T(1.5) * wide
        to[i + 512] = T(0.390625) * even + T(2.25) * far
        to[i + 768] = T(0.244140625) * odd + T(3.375) * wide + m[i + 1280]


@kernel
def winograd_convolution(x: "T*", taps: "T*", y: "T*", scratch: "T*", task: int, points: int, units: int, images: int,
                   bunch: int, channels: int, height: int, width: int, filters: int, out_height: int,
                   out_width: int, tiles: int, kernel_width: int, dilation_x: int, top: int, skip: int, begin: int,
                   count: int, groups: int, strips: int, strip: int, pitch: int, span: int,
                   group_taps: int, worker_taps: int, size: int, workers: int, lo, hi):  # fmt: skip
    """As ``im2col_convolution``, for windows of three rows with vertical stride and dilation 1, by half the products.

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
                            winograd_gradient_transform(image, (t0 + t) * 4, out_height, out_width, zeros, to)
            for c0 in range(0, channels, span):
                deep = min(span, channels - c0) * kernel_width
                for n in range(n0, n1):
                    for c in range(deep // kernel_width):
                        image = shift(x, ((n * groups + group) * channels + c0 + c) * height * width + skip)
                        for t in range(tall):
                            winograd_input_transform(
                                image, (t0 + t) * 4 - top, height, width, zeros, shift(rows, begin), count
                            )
                            target = shift(planes, c * kernel_width * 6 * pitch + ((n - n0) * tall + t) * out_width)
                            for k in range(kernel_width):
                                for p in range(points):
                                    source = shift(rows, p * 256 + k * dilation_x)
                                    for i in range(0, out_width, 16):
                                        copy16(shift(source, i), shift(target, (k * 6 + p) * pitch + i))
                lanes = (n1 - n0) * tall * out_width
                for k in range(points):
                    part = shift(weights, k * filters * depth + c0 * kernel_width)
                    pixels, window = shift(products, k * 256), shift(planes, k * pitch)
                    if task == 0:
                        cblas_TYPEgemm(
                            int32(101), int32(111), int32(111), int32(filters), int32(lanes), int32(deep), T(1), part,
                            int32(depth), window, int32(6 * pitch), T(min(c0, 1)), pixels, int32(1536),
                        )  # fmt: skip
                    else:
                        cblas_TYPEgemm(
                            int32(101), int32(111), int32(112), int32(filters), int32(deep), int32(lanes), T(1), pixels,
                            int32(1536), window, int32(6 * pitch), T(1), part, int32(depth),
                        )  # fmt: skip
            if task == 0:
                for o in range(filters):
                    winograd_output_transform(shift(products, o * 1536), stage, (n1 - n0) * tall * out_width)
                    for n in range(n0, n1):
                        image = shift(y, ((n * groups + group) * filters + o) * out_height * out_width)
                        for r in range(min(tall * 4, out_height - t0 * 4)):
                            source = shift(stage, (r & 3) * 256 + ((n - n0) * tall + (r >> 2)) * out_width)
                            target = shift(image, (t0 * 4 + r) * out_width)
                            copy_row(source, target, out_width)


__all__ = [
    "A", "B", "convolution_input_gradient", "image_columns", "im2col_convolution", "padded_row", "permute_weights", "sum_of_columns",
    "winograd_convolution", "winograd_gradient_transform", "winograd_input_transform", "winograd_output_transform",
]  # fmt: skip
