# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""The kernels of convolution: im2col with matrix products, the input's gradient (see conv.py)."""

from ..core.kernel import device, kernel
from .row_copies import copy_every, copy_row


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


__all__ = ["convolution_input_gradient", "image_columns", "im2col_convolution", "permute_weights", "sum_of_columns"]
