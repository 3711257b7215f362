# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Convolution by im2col and BLAS, strip by strip: for few channels and filters, which leave register tiles half empty."""

from ..core.kernel import kernel
from .row_copies import copy_row


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
          filters: int, out_height: int, out_width: int, area: int, steps: int, kernel_width: int, dilation_y: int,
          dilation_x: int, top: int, skip: int, begin: int, count: int, wide: int, groups: int, strips: int, strip: int, pitch: int, piece: int, depth: int, group_taps: int, worker_taps: int, size: int, workers: int, lo, hi):  # fmt: skip
    """Task 0: ``y = taps * x``; task 1: each worker's share of ``taps = y * x``, the gradient by the weights.

    [lo, hi) are workers, each with its own scratch; units are strips of rows of one image and group.  The ``steps``
    rows of the window are walked: each reads the planes further down.
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
            first = y0 - top
            for c in range(channels):
                image = shift(x, (part * channels + c) * height * width + skip)
                for q in range(tall):
                    source = frame
                    if 0 <= first + q < height:
                        source = shift(image, (first + q) * width)
                    target = shift(frame, (q + 1) * wide + begin)
                    copy_row(source, target, count)
                for k in range(kernel_width):
                    source = shift(frame, wide + k * dilation_x)
                    target = shift(planes, (c * kernel_width + k) * pitch)
                    for q in range(tall):
                        copy_row(shift(source, q * wide), shift(target, q * out_width), out_width)
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


__all__ = ["im2col_convolution", "permute_weights"]
