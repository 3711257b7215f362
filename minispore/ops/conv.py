# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Convolution: three ops that are each other's gradients, and the kernels that bring them to matrix products.

``conv2d`` (x, w) -> y, ``conv2d_input_grad`` (g, w) -> x and ``conv2d_weight_grad`` (x, g) -> w are one trilinear form seen
from its three sides; the gradient of each is written with the other two, so every order of derivative exists.

All kernels work on ``planes``: for each channel and column of the window, the image moved by that column, in rows
without gaps.  Then the window's row ``k`` is the same memory read ``k`` image rows further, and
``y = sum_k weight[k] @ planes[k rows further]`` is one matrix product per row of the window.
"""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..dtype import float32
from ..errors import fail
from ..kernel import device, kernel
from ..op import as_tensor, library, to
from ..samples import f
from ..tensor import Tensor
from .linalg import gemm
from .movement import expand_dims, reshape, squeeze

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
    count, _, out_height, out_width = g.shape
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
                for k in range(phases * kernel_width):
                    source = shift(frame, (k // kernel_width * dilation_y + 1) * wide + k % kernel_width * dilation_x)
                    target = shift(planes, (c * phases * kernel_width + k) * pitch)
                    for q in range(tall):
                        for i in range(out_width):
                            target[i] = source[i * stride_x]
                        target = shift(target, out_width)
                        source = shift(source, stride_y * wide)
            sums = shift(taps, worker * worker_taps + part % groups * group_taps)
            for r in range(0, rows, piece):
                for f in range(0, filters, block):
                    m, n = min(block, filters - f), min(piece, rows - r) * out_width
                    pixels = shift(y, (part * filters + f) * area + (y0 + r) * out_width)
                    for k in range(steps):
                        weights = shift(sums, (k * filters + f) * depth)
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
