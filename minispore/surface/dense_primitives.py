"""Primitives that MindSpore's tests call and few scripts: compositions of ``ops``, which have gradients and compile.

``TABLE`` has the form of ``ops/primitive_classes.py``.
"""

from typing import Any

import numpy as np

from .. import nn, ops
from ..core.dtype import float32, int32, int64
from ..core.errors import fail
from ..core.tensor import Tensor
from ..ops import image as image_ops
from ..ops.eigen import eigh
from ..ops.patches import _unnormalised
from ..ops.primitive_classes import _class, row, updates
from ..transforms.reverse import vjp
from . import functions as f, sampled
from .primitives import _static

o: Any = ops


def _sizes(x) -> tuple[int, ...]:
    return tuple(int(n) for n in np.atleast_1d(_static(x)).tolist())


def fixed(values, like=None) -> Tensor:
    """A constant array, of the type of ``like``."""
    return Tensor(np.asarray(values, None if like is None else like.dtype.np))


# ---------------------------------------------------------------- patches
def _patches(x, window, strides, dilation, pads):
    """The elements of each window of (N, C, spatial...): (N, C, taps, places...)."""
    axes = len(window)
    lead, sizes = x.shape[:-axes], x.shape[-axes:]
    x = o.pad(x, [n for pair in pads[::-1] for n in pair]) if any(map(any, pads)) else x
    sizes = x.shape[-axes:]
    out = [(n - (k - 1) * d - 1) // s + 1 for n, k, d, s in zip(sizes, window, dilation, strides)]
    grids = [
        (np.arange(m) * s)[None, :] + (np.arange(k) * d)[:, None] for m, s, k, d in zip(out, strides, window, dilation)
    ]  # each (taps, places)
    shape = [*window, *out]
    flat = np.zeros(shape, np.int64)
    for axis, (grid, n) in enumerate(zip(grids, sizes)):
        at = [1] * (2 * axes)
        at[axis], at[axes + axis] = grid.shape
        flat = flat * n + grid.reshape(at)
    found = o.gather(o.reshape(x, (*lead, int(np.prod(sizes)))), fixed(flat.reshape(-1)), len(lead))
    return o.reshape(found, (*lead, int(np.prod(window)), *out))


def _same(sizes, window, strides, dilation):
    """Pads for an output of size / stride."""
    pads = []
    for n, k, s, d in zip(sizes, window, strides, dilation):
        total = max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0)
        pads.append((total // 2, total - total // 2))
    return pads


def _last(value, axes: int) -> tuple[int, ...]:
    given = tuple(value) if isinstance(value, (tuple, list)) else (value,) * axes
    return given[-axes:]


def _im2col(p, x):
    pads = _last(p.pads, 2)
    found = _patches(x, _last(p.ksizes, 2), _last(p.strides, 2), _last(p.dilations, 2), [(n, n) for n in pads])
    return o.reshape(found, (*found.shape[:3], -1))


def _volumes(p, x):
    window, strides = _last(p.kernel_size, 3), _last(p.strides, 3)
    pads = _same(x.shape[2:], window, strides, (1, 1, 1)) if p.padding.upper() == "SAME" else [(0, 0)] * 3
    found = _patches(x, window, strides, (1, 1, 1), pads)
    return o.reshape(o.swapaxes(found, 1, 2), (x.shape[0], -1, *found.shape[3:]))


def _images(p, x):
    window, strides, rates = (_last(v, 2) for v in (p.ksizes, p.strides, p.rates))
    pads = _same(x.shape[2:], window, strides, rates) if p.padding.upper() == "SAME" else [(0, 0)] * 2
    found = _patches(x, window, strides, rates, pads)
    return o.reshape(o.swapaxes(found, 1, 2), (x.shape[0], -1, *found.shape[3:]))


# ---------------------------------------------------------------- pools
def _fractional(axes: int):
    layer = nn.FractionalMaxPool2d if axes == 2 else nn.FractionalMaxPool3d

    def call(p, x, samples):
        x, lone = (o.expand_dims(x, 0), True) if x.ndim == axes + 1 else (x, False)
        found = layer(_last(p.ksize, axes), _last(p.output_shape, axes), None, True).pooled(x, samples)
        return tuple(o.squeeze(v, 0) if lone else v for v in found)

    return call


def _edges(size: int, ratio: float) -> np.ndarray:
    """Where the cells of a pool begin: near multiples of the ratio, evenly."""
    out = int(size / ratio)
    larger = size % out if out else 0
    small = size // out
    return np.concatenate([[0], np.cumsum([small] * (out - larger) + [small + 1] * larger)]).astype(np.int64)


def _fractional_pool(largest: bool):
    """(N, H, W, C) divided into cells whose sizes differ by one."""

    def call(p, x):
        rows, columns = (_edges(n, r) for n, r in zip(x.shape[1:3], p.pooling_ratio[1:3]))
        return _over_cells(p, x, rows, columns, largest), fixed(rows), fixed(columns)

    return call


def _over_cells(p, x, rows, columns, largest):
    extra = 1 if p.overlapping else 0

    def cell(edges, k, n):
        return slice(int(edges[k]), min(int(edges[k + 1]) + extra, n))

    def reduced(part):
        if largest:
            return o.amax(part, (1, 2))
        mean = o.mean(part.astype(float32) if not part.dtype.is_float else part, (1, 2))
        return mean.astype(part.dtype)

    return o.stack([
        o.stack([
            reduced(x[:, cell(rows, i, x.shape[1]), cell(columns, j, x.shape[2])]) for j in range(len(columns) - 1)
        ], 1) for i in range(len(rows) - 1)
    ], 1)  # fmt: skip


def _fractional_gradient(p, *inputs):
    """Of the average (shape, g, rows, columns) and of the maximum (x, y, g, rows, columns)."""
    *given, g, rows, columns = inputs
    largest = len(given) == 2
    x = given[0] if largest else o.zeros(_sizes(given[0]), g.dtype)
    below, right = _sizes(rows), _sizes(columns)
    return vjp(lambda x: _over_cells(p, x, below, right, largest), x)[1](g)[0]


def _max_with_index(p, x):
    pads, strides = _last(p.pads, 2), _last(p.strides or p.kernel_size, 2)
    y, index = o.max_pool2d(x, _last(p.kernel_size, 2), strides, pads, _last(p.dilation, 2), True, p.ceil_mode)
    return y, index.astype(p.argmax_type)


def _adaptive_max(p, x, output_size):
    wide = o.expand_dims(x, 0) if x.ndim == 4 else x
    y, index = f.adaptive_max_pool3d(wide, _sizes(output_size), True)
    return tuple(o.squeeze(v, 0) if x.ndim == 4 else v for v in (y, index.astype(int32)))


# ---------------------------------------------------------------- pictures
def _between(x, places, axis: int):
    """Linear interpolation along an axis; beyond the last element is the last one."""
    low = np.minimum(np.floor(places), x.shape[axis] - 1).astype(np.int64)
    high = np.minimum(low + 1, x.shape[axis] - 1)
    share = fixed((places - low).reshape(-1, *(1,) * (x.ndim - axis - 1)), x)
    return o.gather(x, fixed(low), axis) * (1 - share) + o.gather(x, fixed(high), axis) * share


def _upsample_3d(mode: str):
    def call(p, x, output_size=None, scales=None):
        if (output_size is None) == (scales is None):
            raise fail(ValueError, f"For '{p.name}', one of 'output_size' and 'scales' must be given.")
        size = _sizes(output_size) if output_size is not None else [int(n * s) for n, s in zip(x.shape[2:], scales)]
        if mode == "trilinear" and (scales is None or p.align_corners):
            return image_ops._resized(x, tuple(size), image_ops._linear_matrix, p.align_corners)
        for axis, n in enumerate(size):
            old = x.shape[2 + axis]
            scale = old / n if scales is None else 1 / scales[axis]
            if mode == "nearest":
                at = np.minimum(np.floor(np.arange(n) * scale), old - 1).astype(np.int64)
                x = o.gather(x, fixed(at), 2 + axis)
            else:
                x = _between(x, np.maximum((np.arange(n) + 0.5) * scale - 0.5, 0), 2 + axis)
        return x

    return call


def _hue(p, images, delta):
    hsv = o.operations.RGBToHSV()(images.astype(float32))
    hue = o.floor_mod(hsv[..., :1] + delta.astype(float32), 1.0)
    return o.operations.HSVToRGB()(o.concat((hue, hsv[..., 1:]), -1)).astype(images.dtype)


def _saturation(p, images, scale):
    hsv = o.operations.RGBToHSV()(images.astype(float32))
    part = o.clamp(hsv[..., 1:2] * scale.astype(float32), 0.0, 1.0)
    return o.operations.HSVToRGB()(o.concat((hsv[..., :1], part, hsv[..., 2:]), -1)).astype(images.dtype)


def _contrast(p, images, factor):
    x = images.astype(float32)
    mean = o.mean(x, (-3, -2), keep_dims=True)
    return ((x - mean) * factor.astype(float32) + mean).astype(images.dtype)


def _sampler_3d(p, x, grid):
    """``x`` (N, C, D, H, W) at the positions (x, y, z) of a grid."""
    (n, c, *sizes), flat = x.shape, o.reshape(grid, (grid.shape[0], -1, 3))
    at = [_unnormalised(flat[:, :, 2 - k], size, bool(p.align_corners), p.padding_mode) for k, size in enumerate(sizes)]
    values = o.reshape(x, (n, c, -1))

    def picked(places):
        inside = o.ones_like(places[0]).astype("bool")
        index = o.zeros_like(places[0])
        for place, size in zip(places, sizes):
            inside = o.logical_and(inside, o.logical_and(place >= 0.0, place <= size - 1.0))
            index = index * float(size) + o.clamp(place, 0.0, size - 1.0)
        index = o.broadcast_to(o.expand_dims(index.astype(int64), 1), (n, c, index.shape[1]))
        return o.where(o.expand_dims(inside, 1), o.gather_elements(values, 2, index), o.zeros((), x.dtype))

    if p.interpolation_mode == "nearest":
        out = picked([o.elementwise.rint(a) for a in at])
    else:
        low = [o.floor(a) for a in at]
        out = o.zeros((n, c, flat.shape[1]), x.dtype)
        for corner in np.ndindex(2, 2, 2):
            weight = o.ones_like(at[0])
            for a, b, k in zip(at, low, corner):
                weight = weight * ((a - b) if k else (1.0 - (a - b)))
            out = out + picked([b + float(k) for b, k in zip(low, corner)]) * o.expand_dims(weight, 1)
    return o.reshape(out, (n, c, *grid.shape[1:4]))


def _cropped(p, images, boxes, index, size):
    """(N, H, W, C), as the gradients have it."""
    return o.crop_and_resize(images, boxes, index, size, p.method)


def _crop_boxes(p, g, images, boxes, index):
    size = g.shape[1:3]
    return vjp(lambda b: _cropped(p, images.astype(b.dtype), b, index, size), boxes)[1](g.astype(boxes.dtype))[0]


def _crop_images(p, g, boxes, index, shape):
    zero = o.zeros(_sizes(shape), g.dtype)
    found = vjp(lambda x: _cropped(p, x, boxes, index, g.shape[1:3]), zero)[1](g)[0]
    return found.astype(p.T)


# ---------------------------------------------------------------- products, normalisations, places
def _tridiagonal_product(p, upper, main, lower, x):
    """Diagonals of the shape (..., 1, M); the last of ``upper`` and the first of ``lower`` are not used."""

    def turned(d):
        return o.swapaxes(d, -1, -2)

    rows = x.shape[-2]
    below = o.concat((x[..., 1:, :], o.zeros_like(x[..., :1, :])), -2)
    above = o.concat((o.zeros_like(x[..., :1, :]), x[..., : rows - 1, :]), -2)
    return turned(upper) * below + turned(main) * x + turned(lower) * above


def _tridiagonal_solution(p, diagonals, rhs):
    upper, main, lower = (diagonals[..., k, :] for k in range(3))
    m = main.shape[-1]
    band = o.diag_embed(main)
    if m > 1:
        band = band + o.diag_embed(upper[..., : m - 1], 1) + o.diag_embed(lower[..., 1:], -1)
    return o.matmul(o.inverse(band), rhs)


def _least_squares(p, a, b, l2=0.0):
    """By the normal equations of columns, or of rows where there are fewer of them."""
    t = o.conj(o.swapaxes(a, -1, -2)) if a.dtype.is_complex else o.swapaxes(a, -1, -2)
    square = o.matmul(t, a) if a.shape[-2] >= a.shape[-1] else o.matmul(a, t)
    square = square + o.eye(square.shape[-1], square.shape[-1], a.dtype) * l2
    inverse = o.inverse(square)
    return o.matmul(o.matmul(inverse, t), b) if a.shape[-2] >= a.shape[-1] else o.matmul(t, o.matmul(inverse, b))


def _padded(p, x, paddings, value=None):
    pads = [int(n) for n in np.reshape(_static(paddings), (-1,))]
    if not p.paddings_contiguous:
        half = len(pads) // 2
        pads = [n for pair in zip(pads[:half], pads[half:]) for n in pair]
    mode = {"edge": "replicate"}.get(p.mode, p.mode)
    if mode != "constant":
        return o.pad(x, pads, mode)
    fill = 0 if value is None else value.item() if isinstance(value, Tensor) else value
    if x.dtype.is_complex or x.dtype.name == "bool":
        return o.pad(x, pads) if not fill else o.where(o.pad(o.ones_like(x), pads) == 0, fill, o.pad(x, pads))
    return o.pad(x, pads, value=fill)


def _offsets(p, axis, sizes):
    at, out = int(axis), []
    total = o.zeros_like(sizes[0][:1])
    mark = fixed(np.arange(sizes[0].shape[0]) == at % sizes[0].shape[0])
    for size in sizes:
        out.append(o.where(mark, total, o.zeros_like(size)))
        total = total + size[at]
    return tuple(out)


def _index_added(p, var, indices, values):
    out = o.index_add(var, indices, values, p.axis)
    return o.assign(var, out) if hasattr(var, "requires_grad") else out


def _instance_norm(p, x, gamma, beta, mean, variance):
    """(N, C, ...): the result, and in training the mean and 1 over the deviation of each instance."""
    axes, m, v = tuple(range(2, 4)), mean, variance
    if p.is_training:
        m = o.mean(x, axes, keep_dims=True)
        v = o.mean(o.square(x - m), axes, keep_dims=True)
    inverse = o.rsqrt(v + p.epsilon)
    kept = (m, inverse) if p.is_training else (o.zeros_like(m), o.zeros_like(v))
    return (x - m) * inverse * gamma + beta, *kept


def _sparse_entropy(p, logits, labels):
    chosen = o.one_hot(labels, logits.shape[-1], Tensor(1.0, logits.dtype), Tensor(0.0, logits.dtype))
    return -o.sum(o.log_softmax(logits, -1) * chosen, -1), o.softmax(logits, -1) - chosen


def _eigen(p, x):
    values, vectors = eigh(x)
    return values, vectors if p.compute_v else o.zeros_like(x)


# ---------------------------------------------------------------- updates
def _amsgrad(p, var, m, v, vhat, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad):
    updates.adam_with_amsgrad(var, m, v, vhat, beta1_power, beta2_power, lr, grad, beta1, beta2, epsilon)
    return var, m, v, vhat


def _cast_adam(p, var, m, v, lr, beta1, beta2, epsilon, decay, grad, norm):
    g = grad.astype(float32) / norm
    new_m = beta1 * m + (1 - beta1) * g
    new_v = beta2 * v + (1 - beta2) * g * g
    wide = var.astype(float32)
    step = new_m / (o.sqrt(new_v) + epsilon) + decay * wide
    o.assign(m, new_m)
    o.assign(v, new_v)
    return o.assign(var, (wide - lr * step).astype(var.dtype))


def _adafactor(p, epsilon, clip, beta1, beta2, decay, lr, grad, param, mean, rows, columns, square, norm=None):
    """Shazeer and Stern 2018; the second moments of matrices are kept as means of rows and of columns."""
    grad = grad.astype(float32) / (1.0 if norm is None else norm)
    wide = param.astype(float32)
    seen = o.square(grad) + epsilon[0]
    if param.ndim >= 2:
        below = rows * beta2 + o.mean(seen, -1) * (1 - beta2)
        right = columns * beta2 + o.mean(seen, -2) * (1 - beta2)
        o.assign(rows, below)
        o.assign(columns, right)
        share = o.rsqrt(below / o.mean(below, -1, keep_dims=True))
        step = o.expand_dims(share, -1) * o.expand_dims(o.rsqrt(right), -2) * grad
    else:
        seen = square * beta2 + seen * (1 - beta2)
        o.assign(square, seen)
        step = o.rsqrt(seen) * grad
    rate = lr * o.maximum(epsilon[1], o.sqrt(o.mean(o.square(wide)))) if p.enable_scale_parameter else lr
    step = step / o.maximum(1.0, o.sqrt(o.mean(o.square(step))) / clip) * rate
    if p.enable_first_moment:
        step = mean * beta1 + step * (1 - beta1)
        o.assign(mean, step)
    if p.enable_weight_decay:
        wide = wide - wide * (decay * rate)
    return o.assign(param, (wide - step).astype(param.dtype))


def _copied(p, x, value, begin, end, strides):
    places = tuple(slice(b, e, s) for b, e, s in zip(begin, end, strides))
    out = x.copy()
    out[places] = value
    return out


def _masked_lengths(p, lengths, longest=None):
    longest = int(o.amax(lengths)) if longest is None else int(longest)
    return o.arange(longest) < o.expand_dims(lengths, -1)


_FRACTIONAL = {
    "pooling_ratio": ...,
    "pseudo_random": False,
    "overlapping": False,
    "deterministic": False,
    "seed": 0,
    "seed2": 0,
}
# fmt: off
TABLE: dict = {
    # ------------------------------------------------ patches, pools
    "Im2Col": row(_im2col, ksizes=..., strides=1, dilations=1, pads=0),
    "ExtractVolumePatches": row(_volumes, kernel_size=..., strides=..., padding=...),
    "ExtractImagePatches": row(_images, ksizes=..., strides=..., rates=..., padding="VALID"),
    "DeformableOffsets": row(
        lambda p, x, offsets: sampled._deformed(x, offsets, p.ksize, p.strides, p.pads, p.dilations, p.deformable_groups),
        strides=..., pads=..., ksize=..., dilations=(1, 1, 1, 1), data_format="NCHW", deformable_groups=1, modulated=True),
    "FractionalMaxPoolWithFixedKsize": row(_fractional(2), ksize=..., output_shape=..., data_format="NCHW"),
    "FractionalMaxPool3DWithFixedKsize": row(_fractional(3), ksize=..., output_shape=..., data_format="NCDHW"),
    "FractionalMaxPool": row(_fractional_pool(True), **_FRACTIONAL), "FractionalAvgPool": row(_fractional_pool(False), **_FRACTIONAL),
    "MaxPoolWithArgmaxV2": row(_max_with_index, kernel_size=..., strides=None, pads=0, dilation=(1, 1), ceil_mode=False, argmax_type=int64),
    "AdaptiveMaxPool3D": row(_adaptive_max),
    # ------------------------------------------------ pictures
    "UpsampleNearest3D": row(_upsample_3d("nearest")), "UpsampleTrilinear3D": row(_upsample_3d("trilinear"), align_corners=False),
    "AdjustHue": row(_hue), "AdjustSaturation": row(_saturation), "AdjustContrastv2": row(_contrast),
    "GridSampler3D": row(_sampler_3d, interpolation_mode="bilinear", padding_mode="zeros", align_corners=False),
    "CropAndResizeGradBoxes": row(_crop_boxes, method="bilinear"),
    "CropAndResizeGradImage": row(_crop_images, T=..., method="bilinear"),
    # ------------------------------------------------ products, normalisations, places
    "TridiagonalMatMul": row(_tridiagonal_product), "TridiagonalSolve": row(_tridiagonal_solution, partial_pivoting=True),
    "MatrixSolveLs": row(_least_squares, fast=True),
    "SelfAdjointEig": row(_eigen, compute_v=True),
    "InstanceNormV2": row(_instance_norm, is_training=True, momentum=0.1, epsilon=1e-5),
    "SparseSoftmaxCrossEntropyWithLogitsV2": row(_sparse_entropy),
    "PadV3": row(_padded, mode="constant", paddings_contiguous=True),
    "ParallelConcat": row(lambda p, values: o.concat(tuple(values), 0)), "ConcatOffsetV1": row(_offsets),
    "InplaceIndexAdd": row(_index_added, "mem", axis=...),
    "AddV2": "add", "ReLUV3": "relu", "TanhGrad": row(lambda p, y, g: g * (1 - y * y)),
    "RangeV2": row(lambda p, start, *more: o.range(start, *more, p.maxlen).astype(start.dtype), maxlen=1000000),
    # ------------------------------------------------ updates
    "ApplyAdamWithAmsgradV2": row(_amsgrad, "mem", use_locking=False),
    **{f"FusedAdaFactor{name}": row(_adafactor, "mem", enable_scale_parameter=False, enable_first_moment=False, enable_weight_decay=False)
       for name in ("", "WithGlobalNorm")},
    "FusedCastAdamWeightDecay": row(_cast_adam, "mem", use_locking=False),
    # ------------------------------------------------ inner ops
    "DynamicBroadcastTo": row(lambda p, x, shape: o.broadcast_to(x, _sizes(shape))),
    "DynamicAssign": row(lambda p, ref, value: o.assign(ref, value), "mem"),
    "TensorCopySlices": row(_copied), "SequenceMask": row(_masked_lengths),
    "MatrixDiag": row(lambda p, x, assist: o.expand_dims(x, -2 if assist.shape[-2] == x.shape[-1] else -1) * assist),
    "MatrixDiagPart": row(lambda p, x, assist: o.sum(x * assist, -1 if x.shape[-2] <= x.shape[-1] else -2).astype(x.dtype)),
    "MatrixSetDiag": row(lambda p, x, diagonal, assist: assist * o.expand_dims(diagonal, -1 if x.shape[-2] <= x.shape[-1] else -2) + (1 - assist) * x),
    "ConvertToDynamic": row(lambda p, x: x, is_dynamic_rank=False), "GpuConvertToDynamicShape": row(lambda p, x: x),
    "ErrorOnDynamicShapeInput": row(lambda p, x: x), "Reusing": row(lambda p, x: x), "Load": row(lambda p, x, *u: x),
    "MixedPrecisionCast": row(lambda p, dtype, x: o.cast(x, dtype)),
    "DynamicResizeNearestNeighbor": row(lambda p, x, size: image_ops.resize_nearest_neighbor(x, _sizes(size), p.align_corners),
                                        align_corners=False),
}
# fmt: on


globals().update({name: _class(name, entry) for name, entry in TABLE.items()})
__all__ = sorted(TABLE)
