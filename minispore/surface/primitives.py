"""Primitive classes of MindSpore that few scripts use; ``TABLE`` has the form of ``ops/primitive_classes.py``.

``minispore.ops`` and ``minispore.ops.operations`` find them here when they are first asked for.
"""

from typing import Any

import numpy as np

from .. import nn, ops
from ..core import checks
from ..core.dtype import float32, int32, int64, to_dtype
from ..core.errors import fail
from ..core.op import as_tensor
from ..core.tensor import Tensor
from ..ops import image as image_ops
from ..ops.linalg import triangular_solve
from ..ops.primitive_calls import needs_npu
from ..ops.primitive_classes import _class, row
from . import bessel, functions as f, random_draws as draws, sampled

o: Any = ops


def _equal_count(p, x, y):
    checks.tensor("EqualCount", x=x, y=y)
    return ops.reshape(ops.sum(x == y), (1,)).astype(x.dtype)


def _list_diff(p, x, y):
    values = x.asnumpy()
    kept = np.flatnonzero(~np.isin(values, y.asnumpy()))
    return Tensor(values[kept]), Tensor(kept.astype(to_dtype(p.out_idx).np))


def _static(x) -> Any:
    return x.asnumpy().tolist() if isinstance(x, Tensor) else x


def _conv3d(p, x, weight):
    mode = p.pad_mode.lower()
    return o.conv3d(x, weight, None, p.stride, mode, p.pad if mode == "pad" else 0, p.dilation, p.group)


def _depthwise(p, x, weight):
    multiplier, channels, *window = weight.shape
    filters = o.reshape(o.swapaxes(weight, 0, 1), (channels * multiplier, 1, *window))
    mode = p.pad_mode.lower()
    return o.conv2d(x, filters, None, p.stride, mode, p.pad if mode == "pad" else 0, p.dilation, channels)


def _pool3d(layer):
    def call(p, x):
        mode = p.pad_mode.lower()
        pad = getattr(p, "pad", getattr(p, "pad_list", 0)) if mode == "pad" else 0
        if layer is nn.MaxPool3d:
            return layer(p.kernel_size, p.strides, mode, pad, 1, False, bool(p.ceil_mode))(x)
        return layer(p.kernel_size, p.strides, mode, pad, p.ceil_mode, p.count_include_pad, p.divisor_override or None)(
            x
        )

    return call


def _no_repeat(p, sequence, probabilities):
    n, length = p.ngram_size, sequence.shape[-1]
    if length < n:
        return probabilities
    starts = np.arange(length - n + 1)
    windows = o.stack([sequence[..., k : k + len(starts)] for k in range(n)], -1)  # (..., starts, n)
    same = o.full_like(windows[..., 0], 1).astype("bool")
    if n > 1:
        same = o.all(o.equal(windows[..., : n - 1], o.expand_dims(sequence[..., length - n + 1 :], -2)), -1)
    classes = probabilities.shape[-1]
    last = o.one_hot(windows[..., n - 1], classes, Tensor(1.0, float32), Tensor(0.0, float32))
    banned = o.sum(last * o.expand_dims(same.astype(float32), -1), -2) > 0
    least = Tensor(float(np.finfo(probabilities.dtype.np).min), probabilities.dtype)
    return o.where(banned, least, probabilities)


def _lstm(p, x, h, c, w):
    """The layers of ``nn.LSTM`` from one array of weights: for each layer those of the input for each direction, of the hidden state, biases."""
    directions, gates, at = 2 if p.bidirectional else 1, 4 * p.hidden_size, 0
    flat = o.reshape(w, (-1,))

    def take(*shape):
        nonlocal at
        size = int(np.prod(shape))
        at += size
        return o.reshape(flat[at - size : at], shape)

    ways = range(directions)
    weights: dict = {}
    for layer in range(p.num_layers):
        size = p.input_size if layer == 0 else p.hidden_size * directions
        parts = [(gates, size), (gates, p.hidden_size), *([(gates,)] if p.has_bias else [])]
        taken = [[take(*shape) for _ in ways] for shape in parts]
        weights.update({(layer, way): [part[way] for part in taken] for way in ways})
    out, ends = x, []
    for layer in range(p.num_layers):
        made = []
        for direction in range(directions):
            at_state = layer * directions + direction
            values, end = _one_direction(out, h[at_state], c[at_state], weights[layer, direction], direction == 1)
            made.append(values)
            ends.append(end)
        out = made[0] if directions == 1 else o.concat(made, -1)
    last_h, last_c = (o.stack([end[k] for end in ends]) for k in range(2))
    return out, last_h, last_c, o.zeros((1,), x.dtype), o.zeros((1,), x.dtype)


def _one_direction(x, h, c, weights, reverse: bool):
    into, hidden, *bias = weights
    given = o.matmul(x, o.transpose(into, (1, 0))) + (bias[0] if bias else 0.0)
    steps: list = [None] * x.shape[0]
    for t in range(x.shape[0])[:: -1 if reverse else 1]:
        i, forget, g, out = o.split(given[t] + o.matmul(h, o.transpose(hidden, (1, 0))), h.shape[-1], -1)
        c = o.sigmoid(forget) * c + o.sigmoid(i) * o.tanh(g)
        h = o.sigmoid(out) * o.tanh(c)
        steps[t] = h
    return o.stack(steps), (h, c)


def _dynamic_rnn(p, x, w, b, seq_length, init_h, init_c):
    """Each step's (y, h, c, i, j, f, o, tanh(c)), of the shape (steps, batch, hidden)."""
    h, c, steps = init_h[0], init_c[0], []
    for t in range(x.shape[0]):
        i, j, forget, out = o.split(o.matmul(o.concat((x[t], h), -1), w) + b, h.shape[-1], -1)
        i, j, forget, out = o.sigmoid(i), o.tanh(j), o.sigmoid(forget + p.forget_bias), o.sigmoid(out)
        c = forget * c + i * j
        if p.cell_clip > 0:
            c = o.clamp(c, -p.cell_clip, p.cell_clip)
        tanh_c = o.tanh(c)
        h = out * tanh_c
        steps.append((h, h, c, i, j, forget, out, tanh_c))
    return tuple(o.stack(list(values)) for values in zip(*steps))


def _segments(mode: str):
    """A reduction over sorted segments: as many as the last number says, which is read."""

    def call(p, x, segment_ids):
        count = int(segment_ids[-1]) + 1
        if mode != "mean":
            made = getattr(o, f"unsorted_segment_{mode}")(x, segment_ids, count)
            if mode in ("max", "min"):  # a segment without rows is 0
                held = o.unsorted_segment_sum(o.ones_like(segment_ids), segment_ids, count)
                made = o.where(o.reshape(held > 0, (-1, *(1,) * (x.ndim - 1))), made, o.zeros_like(made))
            return made
        total = o.unsorted_segment_sum(x, segment_ids, count)
        held = o.unsorted_segment_sum(o.ones_like(segment_ids), segment_ids, count)
        return total / o.reshape(o.clamp(held, 1), (-1, *(1,) * (x.ndim - 1))).astype(x.dtype)

    return call


def _split_sizes(p, x):
    sizes, axis = list(p.size_splits), p.split_dim
    if -1 in sizes:
        sizes[sizes.index(-1)] = x.shape[axis] - sum(s for s in sizes if s != -1)
    return tuple(o.split(x, sizes, axis))


def _scatter_nd(name: str):
    def call(p, target, indices, updates):
        return o.assign(target, getattr(o, f"tensor_scatter_{name}")(target, indices, updates))

    return call


def _rgb_to_hsv(p, x):
    r, g, b = (x[..., k] for k in range(3))
    high, low = o.amax(x, -1), o.amin(x, -1)
    spread = high - low
    safe = o.where(spread > 0, spread, o.ones_like(spread))
    hue = o.where(high == r, (g - b) / safe, o.where(high == g, 2 + (b - r) / safe, 4 + (r - g) / safe)) / 6
    hue = o.where(spread > 0, o.where(hue < 0, hue + 1, hue), o.zeros_like(hue))
    saturation = o.where(high > 0, spread / o.where(high > 0, high, o.ones_like(high)), o.zeros_like(high))
    return o.stack([hue, saturation, high], -1)


def _hsv_to_rgb(p, x):
    hue, saturation, value = (x[..., k] for k in range(3))
    chroma = saturation * value

    def channel(n):
        k = o.floor_mod(n + hue * 6, 6.0)
        return value - chroma * o.clamp(o.minimum(k, 4 - k), 0.0, 1.0)

    return o.stack([channel(n) for n in (5.0, 3.0, 1.0)], -1)


def _finite(p, x):
    if not bool(o.all(o.isfinite(x))):
        raise fail(RuntimeError, "For 'CheckNumerics', the input must be finite, but holds NaN or infinity.")
    return x


def _asserted(p, condition, data):
    if not bool(as_tensor(condition)):
        raise fail(RuntimeError, f"For 'Assert', the condition is False: {[_static(d) for d in data][: p.summarize]}.")


def _format(p, x, permute: bool):
    places = [p.src_format.index(letter) for letter in p.dst_format]
    if permute:
        return o.gather(x, Tensor(places), 0)
    return o.gather(Tensor(places, x.dtype), o.floor_mod(x, 4), 0)


def _bounds(side: str):
    def call(p, x, values):
        found = o.searchsorted(x, values, right=side == "right")
        return found.astype(to_dtype(p.out_type))

    return call


def _resize_linear(p, x, size):
    corners = p.coordinate_transformation_mode == "align_corners"
    return o.interpolate(x, tuple(size), mode="linear", align_corners=corners)


def _histogram(p, x):
    return o.histc(x, p.bins, p.min, p.max)


def _histogram_fixed(p, x, bounds):
    low, high = bounds[0], bounds[1]
    place = o.clamp(o.floor((x - low) / (high - low) * p.nbins), 0, p.nbins - 1).astype("int32")
    return o.unsorted_segment_sum(o.ones_like(o.reshape(place, (-1,))), o.reshape(place, (-1,)), p.nbins)


def _confusion(p, labels, predictions, weights=None):
    n, dtype = p.num_classes, to_dtype(p.dtype)
    given = o.ones_like(labels) if weights is None else weights
    flat = o.unsorted_segment_sum(given, labels * n + predictions, n * n)
    return o.reshape(flat, (n, n)).astype(dtype)


def _norm(p, x, axes):
    return o.sqrt(o.sum(o.square(x), tuple(np.atleast_1d(_static(axes)).tolist()), p.keep_dims))


def _nth(p, x, n):
    ordered = o.sort(x, -1, p.reverse)[0]
    return ordered[..., int(n)]


def _conv3d_transpose(p, x, weight):
    mode = p.pad_mode.lower()
    pad = p.pad if mode == "pad" else 0
    return f.conv3d_transpose(x, weight, mode, pad, p.stride, p.dilation, p.group, p.output_padding)


def _to_dense(p, indices, values, shape):
    shape = tuple(int(n) for n in _static(shape))
    return o.tensor_scatter_update(o.zeros(shape, values.dtype), indices, values)


def _resize_bicubic(p, image, size):
    if p.align_corners and p.half_pixel_centers:
        raise fail(ValueError, "For 'ResizeBicubic', 'align_corners' and 'half_pixel_centers' cannot both be True.")
    return image_ops._resized(
        image, tuple(_static(size)), image_ops._cubic_matrix, p.align_corners, p.half_pixel_centers
    )


def _cover(old, new, corners, half):
    """Shares of the old pixels in the new ones: how far each lies in the interval that the new one covers."""
    scale = (old - 1) / (new - 1) if corners and new > 1 else old / new
    low = np.arange(new)[:, None] * scale
    high = low + scale
    pixel = np.arange(max(old, int(np.ceil(high.max()))))  # those beyond the edge are the last one again
    share = np.clip(np.minimum(high, pixel + 1) - np.maximum(low, pixel), 0, None) / scale
    matrix = share[:, :old].copy()
    matrix[:, -1] += share[:, old:].sum(1)
    return matrix


def _resize_area(p, images, size):
    x = o.transpose(images.astype(float32), (0, 3, 1, 2))
    return o.transpose(image_ops._resized(x, tuple(_static(size)), _cover, p.align_corners), (0, 2, 3, 1))


def _rows(indices, values) -> dict:
    """The sequences that a sparse array holds: {where: [values in the order of their last index]}."""
    rows: dict = {}
    for place, value in sorted(zip(map(tuple, _static(indices)), _static(values))):
        rows.setdefault(place[:-1], []).append(value)
    return rows


def _edits(one: list, other: list) -> int:
    """Levenshtein's distance."""
    before = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        now = [i]
        for j, b in enumerate(other, 1):
            now.append(min(before[j] + 1, now[-1] + 1, before[j - 1] + (a != b)))
        before = now
    return before[-1]


def _edit_distance(
    p, hypothesis_indices, hypothesis_values, hypothesis_shape, truth_indices, truth_values, truth_shape
):
    given = _rows(hypothesis_indices, hypothesis_values)
    truth = _rows(truth_indices, truth_values)
    shape = np.maximum(_static(hypothesis_shape), _static(truth_shape))[:-1]
    out = np.zeros(shape, np.float32)
    for place in np.ndindex(*shape):
        wanted, found = truth.get(place, []), given.get(place, [])
        distance = _edits(found, wanted)
        share = distance / len(wanted) if wanted else (np.inf if distance else 0.0)
        out[place] = share if p.normalize else distance
    return Tensor(out)


_PERIODIC = {"periodic": True}
# fmt: off
TABLE: dict = {
    "Padding": row(lambda p, x: o.padding(x, p.pad_dim_size), pad_dim_size=8),
    "Conv3D": row(_conv3d, out_channel=..., kernel_size=..., mode=1, pad_mode="valid", pad=0, stride=1, dilation=1, group=1,
                  data_format="NCDHW"),
    "DepthwiseConv2dNative": row(_depthwise, channel_multiplier=..., kernel_size=..., mode=3, pad_mode="valid", pad=0, stride=1,
                                 dilation=1, group=1),
    "AvgPool3D": row(_pool3d(nn.AvgPool3d), kernel_size=1, strides=1, pad_mode="valid", pad=0, ceil_mode=False,
                     count_include_pad=True, divisor_override=0, data_format="NCDHW"),
    "MaxPool3D": row(_pool3d(nn.MaxPool3d), kernel_size=1, strides=1, pad_mode="VALID", pad_list=0, ceil_mode=None,
                     data_format="NCDHW"),
    "MaxPool3DWithArgmax": row(lambda p, x: nn.MaxPool3d(p.ksize, p.strides, "pad", p.pads, p.dilation, True, p.ceil_mode)(x),
                               ksize=..., strides=..., pads=..., dilation=(1, 1, 1), ceil_mode=False, data_format="NCDHW",
                               argmax_type=int64),
    "AdaptiveAvgPool3D": row(lambda p, x: nn.AdaptiveAvgPool3d(p.output_size)(x), output_size=...),
    "MaxUnpool2D": row(lambda p, x, index: o.max_unpool2d(x, index, p.ksize, p.strides or None, p.pads, tuple(p.output_shape) or None),
                       ksize=..., strides=0, pads=0, output_shape=(), data_format="NCHW"),
    "MaxUnpool3D": row(lambda p, x, index: f.max_unpool3d(x, index, p.ksize, p.strides or None, p.pads, tuple(p.output_shape) or None),
                       ksize=..., strides=0, pads=0, output_shape=(), data_format="NCDHW"),
    "LSTM": row(_lstm, input_size=..., hidden_size=..., num_layers=..., has_bias=..., bidirectional=..., dropout=..., proj_size=0),
    "DynamicRNN": row(_dynamic_rnn, cell_type="LSTM", direction="UNIDIRECTIONAL", cell_depth=1, use_peephole=False, keep_prob=1.0,
                      cell_clip=-1.0, num_proj=0, time_major=True, activation="tanh", forget_bias=0.0, is_training=True),
    "NoRepeatNGram": row(_no_repeat, ngram_size=1),
    "BatchToSpace": row(lambda p, x: f.batch_to_space_nd(x, p.block_size, p.crops), block_size=..., crops=...),
    "SpaceToBatch": row(lambda p, x: f.space_to_batch_nd(x, p.block_size, p.paddings), block_size=..., paddings=...),
    "BatchToSpaceND": row(lambda p, x: f.batch_to_space_nd(x, p.block_shape, p.crops), block_shape=..., crops=...),
    "SpaceToBatchND": row(lambda p, x: f.space_to_batch_nd(x, p.block_shape, p.paddings), block_shape=..., paddings=...),
    "BartlettWindow": row(lambda p, n: f.bartlett_window(n, p.periodic, dtype=p.dtype), **_PERIODIC, dtype=float32),
    "BlackmanWindow": row(lambda p, n: f.blackman_window(n, p.periodic, dtype=p.dtype), **_PERIODIC, dtype=float32),
    "HammingWindow": row(lambda p, n: f.hamming_window(n, p.periodic, p.alpha, p.beta, dtype=p.dtype), **_PERIODIC, alpha=0.54,
                         beta=0.46, dtype=float32),
    "LogSpace": row(lambda p, start, end: f.logspace(start, end, p.steps, p.base, dtype=p.dtype), steps=10, base=10, dtype=float32),
    "MatrixDiagV3": row(lambda p, x, k, rows, columns, padding: f.matrix_diag(x, k, rows, columns, padding, p.align),
                        align="RIGHT_LEFT"),
    "MatrixDiagPartV3": row(lambda p, x, k, padding: f.matrix_diag_part(x, k, padding, p.align), align="RIGHT_LEFT"),
    "MatrixSetDiagV3": row(lambda p, x, diagonal, k: f.matrix_set_diag(x, diagonal, k, p.align), align="RIGHT_LEFT"),
    "PopulationCount": row(lambda p, x: f.population_count(x)),
    "StandardLaplace": row(lambda p, shape: f.standard_laplace(shape), "hidden", seed=0, seed2=0),
    "RandomCategorical": row(lambda p, logits, n, seed: f.random_categorical(logits, n, seed, p.dtype), "hidden", dtype=int64),
    "RGBToHSV": row(_rgb_to_hsv), "HSVToRGB": row(_hsv_to_rgb),
    "ScatterNdMax": row(_scatter_nd("max"), "mem", use_locking=False), "ScatterNdMin": row(_scatter_nd("min"), "mem", use_locking=False),
    "ScatterNdMul": row(_scatter_nd("mul"), "mem", use_locking=False), "ScatterNdDiv": row(_scatter_nd("div"), "mem", use_locking=False),
    **{f"Segment{mode.title()}": row(_segments(mode)) for mode in ("sum", "mean", "max", "min", "prod")},
    "SplitV": row(_split_sizes, size_splits=..., split_dim=..., num_split=...),
    "TensorToTuple": row(lambda p, x: tuple(x.tolist())),
    "EuclideanNorm": row(_norm, keep_dims=False), "NthElement": row(_nth, reverse=False),
    "HistogramFixedWidth": row(_histogram_fixed, nbins=..., dtype="int32"),
    "Histogram": row(_histogram, bins=100, min=0.0, max=0.0),
    "LowerBound": row(_bounds("left"), out_type=int32), "UpperBound": row(_bounds("right"), out_type=int32),
    "Pdist": row(lambda p, x: f.pdist(x, p.p), p=2.0),
    "CheckNumerics": row(_finite), "Assert": row(_asserted, summarize=3),
    "DataFormatDimMap": row(lambda p, x: _format(p, x, False), src_format="NHWC", dst_format="NCHW"),
    "DataFormatVecPermute": row(lambda p, x: _format(p, x, True), src_format="NHWC", dst_format="NCHW"),
    "ConfusionMatrix": row(_confusion, num_classes=..., dtype="int32"),
    "InplaceUpdateV2": row(lambda p, x, indices, v: o.inplace_update(x, v, indices)),
    "MaskedScatter": row(lambda p, x, mask, source: x.masked_scatter(mask, source)),
    "Quantile": row(lambda p, x, q: (o.nanquantile if p.ignore_nan else o.quantile)(x, q, p.dim, p.keep_dims),
                    dim=None, keep_dims=False, ignore_nan=False),
    "Median": row(lambda p, x: o.median(o.reshape(x, (-1,)), 0) if p.global_median else o.median(x, p.axis, p.keep_dims),
                  global_median=False, axis=0, keep_dims=False, ignore_nan=False),
    "Renorm": row(lambda p, x: o.renorm(x, p.p, p.dim, p.maxnorm), p=..., dim=..., maxnorm=...),
    "ScalarCast": "scalar_cast", "LerpScalar": "lerp", "TransposeExtView": row(lambda p, x, dim0, dim1: o.swapaxes(x, dim0, dim1)),
    "UniqueWithPad": row(lambda p, x, value: x.unique_with_pad(value)),
    "MultilabelMarginLoss": row(lambda p, x, y: f._multilabel_margin(x, y, p.reduction), reduction="mean"),
    "Col2Im": row(lambda p, x, size: f.col2im(x, size, p.kernel_size, p.dilation, p.padding, p.stride),
                  kernel_size=..., dilation=1, padding=0, stride=1),
    "ResizeLinear1D": row(_resize_linear, coordinate_transformation_mode="align_corners"),
    "AffineGrid": row(lambda p, theta, size: o.affine_grid(theta, tuple(_static(size)), p.align_corners), align_corners=False),
    "FillV2": row(lambda p, shape, value: o.full(tuple(_static(shape)), value)),
    "Expand": row(lambda p, x, shape: o.broadcast_to(x, tuple(_static(shape)))),
    "EqualCount": row(_equal_count),
    "Lstsq": row(lambda p, x, a: x.lstsq(a), fast=True, l2_regularizer=0.0),
    "Eig": row(lambda p, x: o.eig(x) if p.compute_v else (o.eigvals(x), o.zeros((), x.dtype)), compute_v=False),
    "ConjugateTranspose": row(lambda p, x, perm: o.conj(o.transpose(x, tuple(_static(perm))))),
    "IndexPut": row(lambda p, x, values, indices: x.index_put(tuple(indices), values, bool(p.accumulate)), accumulate=0),
    "Cauchy": row(lambda p: o.zeros(tuple(p.size)).cauchy(p.median, p.sigma), size=..., median=0.0, sigma=1.0),
    "FFTWithSize": row(lambda p, x: sampled.fft_with_size(x, p.signal_ndim, p.inverse, p.real, p.norm, p.onesided, p.signal_sizes),
                       signal_ndim=..., inverse=..., real=..., norm="backward", onesided=True, signal_sizes=()),
    "STFT": row(lambda p, x, window: sampled.stft(x, p.n_fft, p.hop_length, p.win_length, window, False, "REFLECT", p.normalized,
                                                  p.onesided, p.return_complex),
                n_fft=..., hop_length=..., win_length=..., normalized=..., onesided=..., return_complex=...),
    "MatrixTriangularSolve": row(lambda p, a, b: triangular_solve(b, a, not p.lower, p.adjoint)[0], lower=True, adjoint=False),
    "RandpermV2": row(lambda p, n: o.randperm(int(n), p.seed, p.offset, p.dtype), seed=0, offset=0, dtype=int64),
    "ListDiff": row(_list_diff, out_idx=int32),
    "TensorDump": row(lambda p, file, x: f.tensordump(file, x, p.input_output), input_output="out"),
    "NPUGetFloatStatusV2": row(needs_npu), "NPUClearFloatStatusV2": row(needs_npu),
    **{f"Bessel{name[7:].capitalize()}": row(lambda p, x, call=getattr(bessel, name): call(x)) for name in bessel.__all__},
    "Gamma": row(lambda p, shape, alpha, beta: draws.gamma(shape, alpha, beta), seed=0, seed2=0),
    "RandomGamma": row(lambda p, shape, alpha: draws.random_gamma(shape, alpha), seed=0, seed2=0),
    "Poisson": row(lambda p, shape, mean: draws.poisson(shape, mean), seed=0, seed2=0),
    "RandomPoisson": row(lambda p, shape, rate: draws.random_poisson(shape, rate, None, p.dtype), seed=0, seed2=0, dtype=int64),
    "Conv3DTranspose": row(_conv3d_transpose, in_channel=..., out_channel=..., kernel_size=..., mode=1, pad_mode="valid", pad=0,
                           stride=1, dilation=1, group=1, output_padding=0, data_format="NCDHW"),
    "SparseToDense": row(_to_dense), "EditDistance": row(_edit_distance, normalize=True),
    "ResizeBicubic": row(_resize_bicubic, align_corners=False, half_pixel_centers=False),
    "ResizeArea": row(_resize_area, align_corners=False),
    "NuclearNorm": row(lambda p, x: o.norm(x, "nuc", p.dim, p.keepdim), dim=None, keepdim=False),
}
# fmt: on
globals().update({name: _class(name, entry) for name, entry in TABLE.items()})
__all__ = sorted(TABLE)
