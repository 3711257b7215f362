# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Convolution with windows of three rows by Winograd's algorithm, which takes half the products.

Winograd's F(4, 3) down the columns: four outputs of a window of three rows take 12 products; by evaluation at the six
points 0, A, -A, B, -B and infinity (A = 5/8, B = 3/2) they take 6. These points keep the rounding error near that of plain
sums. The products of all tiles at one point are a matrix product, computed by register tiles.

The weights at the six points lie as the tiles read them, chunk after chunk of the summed channels: what is read along
one after the other lies side by side, so that the processor fetches it ahead.
"""

from ..core.kernel import device, kernel
from .row_copies import copy8, copy16, copy_row
from .tiled_rows import tiled_rows


# ---------------------------------------------------------------- weights
@device
def winograd_weight_transform(rows, to, count):
    """The window's three rows, 256 elements apart, to the six points, with the factors that the input transform leaves out."""
    for i in range(count):
        even = T(-0.6884033613445378) * (rows[i] + T(0.390625) * rows[i + 512])
        odd = T(-0.43025210084033616) * rows[i + 256]
        far = T(0.11951447245564893) * (rows[i] + T(2.25) * rows[i + 512])
        wide = T(0.1792717086834734) * rows[i + 256]
        to[i] = T(1.1377777777777778) * rows[i]
        to[i + 256] = even + odd
        to[i + 512] = even - odd
        to[i + 768] = far + wide
        to[i + 1024] = far - wide
        to[i + 1280] = rows[i + 512]


@device
def winograd_weight_sums_transform(m, to, count):
    """Sums at the six points, 256 elements apart, to the gradient of the window's three rows (the transpose of the above)."""
    for i in range(count):
        even = T(-0.6884033613445378) * (m[i + 256] + m[i + 512])
        far = T(0.11951447245564893) * (m[i + 768] + m[i + 1024])
        to[i] = T(1.1377777777777778) * m[i] + even + far
        to[i + 256] = T(-0.43025210084033616) * (m[i + 256] - m[i + 512]) + T(0.1792717086834734) * (
            m[i + 768] - m[i + 1024]
        )
        to[i + 512] = T(0.390625) * even + T(2.25) * far + m[i + 1280]


@kernel
def winograd_weights(w: "T*", out: "T*", scratch: "T*", groups: int, filters: int, channels: int, kernel_width: int, first: int,
                     step_y: int, step_x: int, group_out: int, point_out: int, chunk: int, chunk_out: int, filter_out: int,
                     column_out: int, block: int, block_out: int, workers: int, lo, hi):  # fmt: skip
    """The weights (group, filter, channel, row, column) at the six points, read from tap ``first`` on by the given steps.

    [lo, hi) are workers, each with some filters. In ``out``, ``chunk`` filters make a chunk and ``block`` channels a block.
    """
    window = 3 * kernel_width
    for worker in range(lo, hi):
        rows = shift(scratch, worker * 2304)
        at_points = shift(rows, 768)
        for n in range(worker * groups * filters // workers, (worker + 1) * groups * filters // workers):
            group, f = n // filters, n % filters
            target = shift(out, group * group_out + f // chunk * chunk_out + f % chunk * filter_out)
            for v in range(kernel_width):
                for c0 in range(0, channels, 256):
                    count = min(256, channels - c0)
                    source = shift(w, (n * channels + c0) * window + first + v * step_x)
                    for c in range(count):
                        rows[c] = source[c * window]
                        rows[c + 256] = source[c * window + step_y]
                        rows[c + 512] = source[c * window + 2 * step_y]
                    winograd_weight_transform(rows, at_points, count)
                    for p in range(6):
                        source = shift(at_points, p * 256)
                        to = shift(target, p * point_out + v * column_out)
                        if block == 8 and count % 8 == 0:
                            for c in range(0, count, 8):
                                copy8(shift(source, c), shift(to, (c0 + c) // 8 * block_out))
                        else:
                            c = 0
                            while c < count:
                                at = (c0 + c) % block
                                many = min(block - at, count - c)
                                copy_row(shift(source, c), shift(to, (c0 + c) // block * block_out + at), many)
                                c += many


@kernel
def winograd_weight_sums(sums: "T*", out: "T*", scratch: "T*", groups: int, filters: int, channels: int, kernel_width: int, pitch: int,
                         parts: int, part: int, group_sums: int, point: int, size: int, workers: int, lo, hi):  # fmt: skip
    """The gradient by the weights from ``parts`` sums (point, channel and column, filter), ``part`` elements apart.

    [lo, hi) are workers; units are blocks of as many channels as a vector has elements.
    """
    lanes = tile_lanes(out)
    window = 3 * kernel_width
    blocks = (channels + lanes - 1) // lanes
    for worker in range(lo, hi):
        at_points = shift(scratch, worker * size)
        rows = shift(at_points, 1536)
        stage = shift(rows, 768)  # (channel, row, column; filter), for as many filters as a vector has elements
        turned = shift(stage, lanes * lanes * window)
        for unit in range(worker * groups * blocks // workers, (worker + 1) * groups * blocks // workers):
            group, c0 = unit // blocks, unit % blocks * lanes
            deep = min(lanes, channels - c0) * kernel_width
            first = shift(sums, group * group_sums + c0 * kernel_width * pitch)
            for k in range(1, parts):
                for p in range(6):
                    total, more = shift(first, p * point), shift(first, p * point + k * part)
                    for i in range(deep * pitch):
                        total[i] += more[i]
            for f0 in range(0, filters, lanes):
                for d in range(deep):
                    for p in range(6):
                        tile_inside(shift(first, p * point + d * pitch + f0), shift(at_points, p * 256), 0, 0, lanes)
                    winograd_weight_sums_transform(at_points, rows, lanes)
                    for u in range(3):
                        r = (d // kernel_width * 3 + u) * kernel_width + d % kernel_width
                        tile_inside(shift(rows, u * 256), shift(stage, r * lanes), 0, 0, lanes)
                for b in range(window):
                    tile_transpose(shift(stage, b * lanes * lanes), lanes, shift(turned, b * lanes), lanes * window)
                for f in range(min(lanes, filters - f0)):
                    to = shift(out, ((group * filters + f0 + f) * channels + c0) * window)
                    copy_row(shift(turned, f * lanes * window), to, 3 * deep)


# ---------------------------------------------------------------- transforms of images, and the products
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
def winograd_convolution(x: "T*", taps: "T*", y: "T*", scratch: "T*", table: "int64*", task: int, points: int, units: int, images: int,
                   bunch: int, channels: int, height: int, width: int, filters: int, out_height: int,
                   out_width: int, tiles: int, kernel_width: int, dilation_x: int, top: int, skip: int, begin: int,
                   count: int, groups: int, strips: int, strip: int, pitch: int, span: int,
                   group_taps: int, worker_taps: int, chunk_taps: int, point_taps: int, wide_filters: int, size: int, workers: int, lo, hi):  # fmt: skip
    """Task 0: ``y = taps * x``; task 1: each worker's share of the sums of ``y * x`` that make the gradient by the weights.

    [lo, hi) are workers.  A unit is a strip of tiles (four output rows each) of a bunch of images; its lanes (bunch * tiles * out_width, at
    most 256) lie side by side in ``planes`` (point, channel, column of the window) and ``products`` (filter, point).
    """
    plane = span * kernel_width * pitch
    for worker in range(lo, hi):
        zeros = shift(scratch, worker * size)
        rows = shift(zeros, 256)
        stage = shift(rows, 1792)
        products = shift(stage, 1024)
        planes = shift(products, wide_filters * 1536)
        gradients = shift(planes, 6 * plane)
        for i in range(2048):
            zeros[i] = 0
        if task != 0:
            for g in range(groups):
                weights = shift(taps, worker * worker_taps + g * group_taps)
                for i in range(points * point_taps):
                    weights[i] = 0
        for unit in range(worker * units // workers, (worker + 1) * units // workers):
            t0 = unit % strips * strip
            tall = min(strip, tiles - t0)
            group, n0 = unit // strips % groups, unit // strips // groups * bunch
            n1 = min(n0 + bunch, images)
            weights = shift(taps, worker * worker_taps + group * group_taps)
            if task != 0:
                vector = tile_lanes(x)
                for o in range(0, filters, vector):
                    for f in range(o, min(o + vector, filters)):
                        for n in range(n0, n1):
                            image = shift(y, ((n * groups + group) * filters + f) * out_height * out_width)
                            for t in range(tall):
                                to = shift(gradients, (f - o) * 1536 + ((n - n0) * tall + t) * out_width)
                                winograd_gradient_transform(image, (t0 + t) * 4, out_height, out_width, zeros, to)
                    for p in range(points):
                        for i in range(0, (n1 - n0) * tall * out_width, vector):
                            to = shift(products, (p * 256 + i) * wide_filters + o)
                            tile_transpose(shift(gradients, p * 256 + i), 1536, to, wide_filters)
            for f0 in range(0, filters, wide_filters):  # a part of the filters, whose products stay in the second cache
                some = min(wide_filters, filters - f0)
                for c0 in range(0, channels, span):
                    deep = min(span, channels - c0) * kernel_width
                    for n in range(n0, n1):
                        for c in range(deep // kernel_width):
                            image = shift(x, ((n * groups + group) * channels + c0 + c) * height * width + skip)
                            for t in range(tall):
                                winograd_input_transform(
                                    image, (t0 + t) * 4 - top, height, width, zeros, shift(rows, begin), count
                                )
                                target = shift(planes, c * kernel_width * pitch + ((n - n0) * tall + t) * out_width)
                                for k in range(kernel_width):
                                    for p in range(points):
                                        source = shift(rows, p * 256 + k * dilation_x)
                                        for i in range(0, out_width, 16):
                                            copy16(shift(source, i), shift(target, p * plane + k * pitch + i))
                    lanes = (n1 - n0) * tall * out_width
                    most = span * kernel_width
                    if task == 0:
                        a_at, b_at = shift(table, filters), shift(table, filters + most)
                        rows_at, terms, out_row, rows_of, columns, add = shift(table, f0), deep, 1536, some, lanes, c0
                    else:
                        a_at, b_at = shift(table, most), shift(table, most + 256)
                        rows_at, terms, out_row, rows_of, columns, add = table, lanes, wide_filters, deep, filters, 1
                    for k in range(points):
                        part, window = (
                            shift(weights, k * point_taps + c0 // span * chunk_taps),
                            shift(planes, k * plane),
                        )
                        if task == 0:
                            left, right, to = part, window, shift(products, k * 256)
                        else:
                            left, right, to = window, shift(products, k * 256 * wide_filters), part
                        tiled_rows(
                            left, rows_at, a_at, right, b_at, terms, to, out_row, rows_of, columns, add
                        )  # once: it is long
                if task == 0:
                    for o in range(some):
                        winograd_output_transform(shift(products, o * 1536), stage, (n1 - n0) * tall * out_width)
                        for n in range(n0, n1):
                            image = shift(y, ((n * groups + group) * filters + f0 + o) * out_height * out_width)
                            for r in range(min(tall * 4, out_height - t0 * 4)):
                                source = shift(stage, (r & 3) * 256 + ((n - n0) * tall + (r >> 2)) * out_width)
                                target = shift(image, (t0 * 4 + r) * out_width)
                                copy_row(source, target, out_width)


__all__ = [
    "padded_row", "winograd_convolution", "winograd_gradient_transform", "winograd_input_transform", "winograd_output_transform",
    "winograd_weight_sums", "winograd_weight_sums_transform", "winograd_weight_transform", "winograd_weights",
]  # fmt: skip
