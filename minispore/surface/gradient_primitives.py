"""MindSpore's module ``ops.operations._grad_ops``: the gradient of an op as a primitive of its own, which its tests and some layers call.

Most are the vector-Jacobian product of a function that is here anyway; ``TABLE`` has the form of ``ops/primitive_classes.py``.
"""

from inspect import signature
from typing import Any

import numpy as np

from .. import ops
from ..core.dtype import float32, int64
from ..core.op import as_tensor, to
from ..core.tensor import Tensor
from ..ops.linalg import triangular_solve
from ..ops.primitive_classes import _class, row
from ..transforms.forward import jvp
from ..transforms.reverse import vjp
from . import functions as f
from .boundaries import place_late
from .dense_primitives import _fractional_gradient, _instance_norm

o: Any = ops


def _static(x) -> Any:
    return x.asnumpy().tolist() if isinstance(x, Tensor) else x


def _sizes(x) -> tuple[int, ...]:
    return tuple(int(n) for n in np.atleast_1d(_static(x)).tolist())


def _named(name: str):
    """A function of ``ops`` by its name, or the primitive ``name`` with those arguments of ``p`` that it knows."""
    if name[0].islower():
        return lambda p, *inputs: getattr(o, name)(*inputs)

    def call(p, *inputs):
        arguments = signature(getattr(o.operations, name)).parameters
        made = getattr(o.operations, name)(**{k: v for k, v in p.attrs.items() if k in arguments})
        out = made(*inputs)
        return out[0] if isinstance(out, tuple) else out

    return call


def _pulled(function, order: str):
    """The gradient of ``function(p, *inputs)``.  ``order`` has a letter for each input of the primitive: x for one whose gradient is
    wanted, c for one that is constant, g for the gradient of the output, - for one that is not needed."""
    function = _named(function) if isinstance(function, str) else function

    def call(p, *inputs):
        given = list(zip(inputs, order))
        g = next(v for v, kind in given if kind == "g")

        def forward(*xs):
            left = iter(xs)
            return function(p, *[next(left) if kind == "x" else v for v, kind in given if kind in "xc"])

        found = vjp(forward, *[v for v, kind in given if kind == "x"])[1](g)
        return found[0] if len(found) == 1 else found

    return call


def _linear(function, order: str):
    """The same for a linear function of one Tensor, of which only the shape is given: s in ``order``, which may be a Tensor of the shape."""
    function = _named(function) if isinstance(function, str) else function

    def call(p, *inputs):
        given = dict(zip(order, inputs))
        g, shape = given["g"], given["s"]
        shape = shape.shape if isinstance(shape, Tensor) and shape.dtype.is_float else _sizes(shape)
        zero = o.zeros(shape, g.dtype)
        return vjp(lambda x: function(p, x, g, *[v for k, v in given.items() if k == "c"]), zero)[1](g)[0]

    return call


def _summed_to(x, shape):
    """The sum of ``x`` over the axes along which ``shape`` was broadcast to it."""
    lead = x.ndim - len(shape)
    axes = (*range(lead), *(lead + k for k, n in enumerate(shape) if n == 1 and x.shape[lead + k] != 1))
    return o.reshape(to(o.sum(x, axes), x.dtype) if axes else x, shape)


# ---------------------------------------------------------------- extrema of two
def _extremum(wins):
    """Of the greater or the lesser of two; equal ones share the gradient, an odd integer rounded down."""

    def call(p, x, y, g):
        half = (g * 0.5).astype(g.dtype) if g.dtype.is_float else g // 2
        zero = o.zeros_like(g)

        def share(a, b):
            return _summed_to(o.where(a == b, half, o.where(wins(a, b), g, zero)), a.shape)

        return share(x, y), share(y, x)

    return call


def _extremum_twice(wins):
    def call(p, x, y, dx, dy):
        return o.zeros_like(x), o.zeros_like(y), o.where(wins(x, y), dx, dy)

    return call


# ---------------------------------------------------------------- pools
def _planes(x, axes: int):
    return o.reshape(x, (-1, int(np.prod(x.shape[x.ndim - axes :]))))


def _spread(axes: int, order: str):
    """Gradients go to the places that ``argmax`` names, which count through the last ``axes`` axes of x."""

    def call(p, *inputs):
        given = dict(zip(order, inputs))
        x, g, argmax = given["x"], given["g"], given["a"]
        planes = o.zeros(_planes(x, axes).shape, g.dtype)
        index = _planes(argmax, axes).astype(int64)
        return o.reshape(o.tensor_scatter_elements(planes, index, _planes(g, axes), 1, "add"), x.shape)

    return call


def _picked(axes: int, order: str):
    """The elements of the gradients at the places that ``argmax`` names."""

    def call(p, *inputs):
        given = dict(zip(order, inputs))
        g, argmax = given["g"], given["a"]
        return o.reshape(o.gather_elements(_planes(g, axes), 1, _planes(argmax, axes).astype(int64)), argmax.shape)

    return call


def _tangent(name: str):
    function = _window(name)
    return lambda p, x, out, g: jvp(lambda x: function(p, x), x, g)[1]


def _window(name: str):
    """A pool whose window may have been given for all axes."""
    axes = 3 if name.endswith("3D") else 2

    def call(p, x):
        def last(size):
            return tuple(size[-axes:]) if isinstance(size, (tuple, list)) and len(size) == axes + 2 else size

        return getattr(o.operations, name)(last(p.kernel_size), last(p.strides), p.pad_mode)(x)

    return call


def _average_3d(p, x, g):
    pad = p.pads if p.pad_mode.lower() == "pad" else 0
    pool = o.operations.AvgPool3D(
        p.kernel_size, p.strides, p.pad_mode, pad, p.ceil_mode, p.count_include_pad, p.divisor_override
    )
    return pool(x)


def _median(p, g, x, y, indices):
    if p.global_median:
        same = (x == y).astype(g.dtype)
        return same * (g / o.sum(same))
    if not p.keep_dims:
        g, indices = o.expand_dims(g, p.axis), o.expand_dims(indices, p.axis)
    return o.tensor_scatter_elements(o.zeros(x.shape, g.dtype), indices, g, p.axis)


# ---------------------------------------------------------------- normalisations
def _bias(p, g):
    channel = 1 if p.data_format.startswith("NC") else g.ndim - 1
    return o.sum(g, tuple(k for k in range(g.ndim) if k != channel))


def _layer_norm(p, x, dy, variance, mean, gamma):
    axes = tuple(range(p.begin_norm_axis % x.ndim, x.ndim))
    count = int(np.prod([x.shape[k] for k in axes]))
    lead = tuple(range(p.begin_params_axis % x.ndim))
    inverse = o.rsqrt(variance + 1e-12)
    centred = x - mean
    seen = dy * gamma
    d_variance = o.sum(seen * centred, axes, keepdim=True) * inverse**3 * -0.5
    d_mean = o.sum(seen, axes, keepdim=True) * -inverse + d_variance * o.sum(centred, axes, keepdim=True) * (-2 / count)
    dx = seen * inverse + d_variance * centred * (2 / count) + d_mean * (1 / count)
    return dx, o.reshape(o.sum(dy * centred * inverse, lead), gamma.shape), o.reshape(o.sum(dy, lead), gamma.shape)


def _layer_norm_twice(p, x, dy, variance, mean, gamma, *seeds):
    axes = tuple(range(p.begin_norm_axis % x.ndim, x.ndim))

    def first(x, dy, gamma):
        mean = o.mean(x, axes, keep_dims=True)
        return _layer_norm(p, x, dy, o.mean(o.square(x - mean), axes, keep_dims=True), mean, gamma)

    return vjp(first, x, dy, gamma)[1](*seeds)


def _batch_norm(p, dout, x, scale, mean, variance, reserve=None):
    channel = 1 if p.data_format == "NCHW" else x.ndim - 1
    axes = tuple(k for k in range(x.ndim) if k != channel)
    shape = tuple(-1 if k == channel else 1 for k in range(x.ndim))
    inverse = o.reshape(o.rsqrt(variance + p.epsilon), shape)
    normal = (x - o.reshape(mean, shape)) * inverse
    d_scale, d_bias = o.sum(dout * normal, axes), o.sum(dout, axes)
    dx = dout
    if p.is_training:
        count = x.size // x.shape[channel]
        dx = dout - (o.reshape(d_bias, shape) + normal * o.reshape(d_scale, shape)) * (1 / count)
    return dx * o.reshape(scale, shape) * inverse, d_scale, d_bias


def _batch_norm_twice(p, x, dy, scale, mean, variance, *seeds):
    channel = 1 if p.data_format == "NCHW" else x.ndim - 1
    axes = tuple(k for k in range(x.ndim) if k != channel)

    def first(x, dy, scale):
        m, v = mean, variance
        if p.is_training:
            m = o.mean(x, axes)
            shape = tuple(-1 if k == channel else 1 for k in range(x.ndim))
            v = o.mean(o.square(x - o.reshape(m, shape)), axes)
        return _batch_norm(p, dy, x, scale, m, v)

    return vjp(first, x, dy, scale)[1](*seeds)


# ---------------------------------------------------------------- places
def _masked(p, x, mask, g):
    shape = np.broadcast_shapes(x.shape, mask.shape)
    flat = o.reshape(o.broadcast_to(mask, shape), (-1,))
    place = o.clamp(o.cumsum(flat.astype("int32"), 0) - 1, 0)
    values = o.gather(o.concat((g, o.zeros((1,), g.dtype))), place, 0)
    values = o.reshape(o.where(flat, values, o.zeros_like(values)), shape)
    return _summed_to(values, x.shape).astype(x.dtype)


def _sliced(p, g, x, begin, size):
    begin = _sizes(begin)
    ends = [n - b - m for n, b, m in zip(x.shape, begin, g.shape)]
    return o.pad(g, [n for pair in list(zip(begin, ends))[::-1] for n in pair])


def _strided(p, x, g, begin, end, strides):
    masks = {k: v for k, v in p.attrs.items() if k.endswith("_mask")}
    return o.operations.StridedSlice(**masks)(x, _sizes(begin), _sizes(end), _sizes(strides))


def _strided_gradient(p, g, shape, begin, end, strides):
    zero = o.zeros(_sizes(shape), g.dtype)
    part, back = vjp(lambda x: _strided(p, x, g, begin, end, strides), zero)
    # axes that the slice has and the gradient has not may be of length 1, as in MindSpore
    return back(o.reshape(g, part.shape) if g.size == part.size else g)[0]


def _mirrored(p, g, paddings):
    pairs = np.reshape(_static(paddings), (-1, 2)).astype(int)
    zero = o.zeros(tuple(int(n - sum(pair)) for n, pair in zip(g.shape, pairs)), g.dtype)
    pad = o.operations.MirrorPad(p.mode)
    return vjp(lambda x: pad(x, Tensor(pairs)), zero)[1](g)[0]


def _padded(p, g, paddings):
    pads = [int(n) for n in np.reshape(_static(paddings), (-1,))]
    if not p.paddings_contiguous:
        half = len(pads) // 2
        pads = [n for pair in zip(pads[:half], pads[half:]) for n in pair]
    lead = g.ndim - len(pads) // 2
    pairs = list(zip(pads[::2], pads[1::2]))[::-1]  # the last axis comes first in paddings
    shape = (*g.shape[:lead], *(n - sum(pair) for n, pair in zip(g.shape[lead:], pairs)))
    mode = {"edge": "replicate"}.get(p.mode, p.mode)
    return vjp(lambda x: o.pad(x, pads, mode), o.zeros(shape, g.dtype))[1](g)[0]


def _unique(p, gradients, outputs):
    return o.gather(gradients[0], outputs[1], 0)


def _trace(p, g, shape):
    rows, columns = _sizes(shape)
    return o.eye(rows, columns, g.dtype) * g


def _deformed(p, g, x, offsets):
    names = ("strides", "pads", "kernel_size", "dilations", "data_format", "deformable_groups", "modulated")
    forward = o.operations.DeformableOffsets(*[p.attrs[k] for k in names])
    return vjp(forward, x, offsets)[1](g)


# ---------------------------------------------------------------- matrices
def _cholesky(p, x, g):
    """Of L, where x is L L^T; the gradient is symmetric."""

    def halved(m):
        return o.tril(m) - o.diag_embed(o.diagonal(m, 0, -2, -1)) * 0.5

    inner = halved(o.matmul(o.swapaxes(x, -1, -2), o.tril(g)))
    once = triangular_solve(x, inner, False, True)[0] if x.ndim == 2 else None
    middle = once if once is not None else o.matmul(o.swapaxes(o.inverse(x), -1, -2), inner)
    both = o.matmul(middle, o.inverse(x))
    return (both + o.swapaxes(both, -1, -2)) * 0.5


def _unpacked(p, g_lower, g_upper, packed):
    rows, columns = packed.shape[-2:]
    lower, upper = o.zeros_like(packed), o.zeros_like(packed)
    if p.L_grad_flag:
        lower = o.tril(_widened(g_lower, rows, columns), -1)
    if p.U_grad_flag:
        upper = o.triu(_widened(g_upper, rows, columns))
    return lower, upper


def _widened(x, rows: int, columns: int):
    return o.pad(x, (0, columns - x.shape[-1], 0, rows - x.shape[-2]))


# ---------------------------------------------------------------- pictures
def _sampler(p, x, grid):
    return o.grid_sample(x, grid, p.interpolation_mode, p.padding_mode, p.align_corners)


def _upsampled(mode: str):
    def call(p, g, input_size, output_size=None, scales=None):
        zero = o.zeros(_sizes(input_size), g.dtype)
        corners = getattr(p, "align_corners", False)
        forward = getattr(o.operations, f"Upsample{mode}3D")(*([corners] if mode == "Trilinear" else []))
        return vjp(lambda x: forward(x, output_size, scales), zero)[1](g)[0]

    return call


def _affine(p, g, size):
    size = _sizes(size)
    axes = len(size) - 2
    theta = o.zeros((size[0], axes, axes + 1), g.dtype)
    return vjp(lambda t: o.affine_grid(t, size, p.align_corners), theta)[1](g)[0]


def _resized(name: str, square: bool = False):
    """``square``: the second input is the size of the picture, not the picture."""

    def call(p, g, image):
        shape = (*g.shape[:2], *_sizes(image)) if square else image.shape
        zero = o.zeros(shape, g.dtype)
        resize = getattr(o.operations, name)
        size = g.shape[2:]
        if name == "ResizeNearestNeighbor":
            return vjp(resize(size, p.align_corners, p.half_pixel_centers), zero)[1](g)[0]
        return vjp(lambda x: resize(**p.attrs)(x, size), zero)[1](g)[0]

    return call


def _convolved(name: str, order: str):
    """The gradient of a convolution's weight, whose shape is given."""

    def call(p, *inputs):
        given = dict(zip(order, inputs))
        arguments = {
            k: p.attrs[k] for k in ("out_channel", "kernel_size", "mode", "pad_mode", "pad", "dilation", "group")
        }
        strides, dilation = p.stride, p.dilation
        axes = 3 if name == "Conv3D" else 2
        arguments["dilation"] = tuple(dilation)[-axes:] if isinstance(dilation, (tuple, list)) else dilation
        stride = tuple(strides)[-axes:] if isinstance(strides, (tuple, list)) else strides
        forward = getattr(o.operations, name)(stride=stride, **arguments)
        other = given["x" if "x" in given else "w"]
        zero = o.zeros(_sizes(given["s"]), other.dtype)
        made = (lambda w: forward(other, w)) if "x" in given else (lambda x: forward(x, other))
        return vjp(made, zero)[1](given["g"])[0]

    return call


_POOL = {"kernel_size": 1, "strides": 1, "pad_mode": "VALID"}
_POOL_NCHW = {**_POOL, "data_format": "NCHW"}
_POOL_3D = {"kernel_size": (1,) * 5, "strides": (1,) * 5, "pad_mode": "VALID", "pad_list": 0, "data_format": "NCDHW"}
_RESIZE = {"align_corners": False, "half_pixel_centers": False}
_SAMPLER = {"interpolation_mode": "bilinear", "padding_mode": "zeros", "align_corners": False, "output_mask": (1, 1)}
_NORM_AXES = {"begin_norm_axis": 1, "begin_params_axis": 1}
_BATCH_NORM = {"is_training": False, "epsilon": 1e-05, "data_format": "NCHW"}
_CONV = {"pad_mode": "valid", "pad": 0}


def _instance_norm_gradient(p, g, x, gamma, mean, variance, *kept):
    normalised = lambda x, gamma, beta: _instance_norm(p, x, gamma, beta, mean, variance)[0]
    return vjp(normalised, x, gamma, o.zeros_like(gamma))[1](g)


# fmt: off
TABLE: dict = {
    # ------------------------------------------------ elementwise: of the input
    "AbsGrad": row(lambda p, x, g: g * o.sign(x)),
    **{f"{name}Grad": row(_pulled(function, "xg")) for name, function in {"ACos": "acos", "Asin": "asin", "Atan": "atan", "SoftMargin": ""}.items() if function},
    **{f"{name}Grad": row(_pulled(function, "gx")) for name, function in {
        "FastGeLU": "fast_gelu", "HSigmoid": "hardsigmoid", "HSwish": "hardswish", "ReLU6": "relu6", "Softplus": "softplus"}.items()},
    "ReluGrad": row(lambda p, g, x: o.where(x > 0, g, o.zeros_like(g))),
    "SiLUGrad": row(_pulled("silu", "gx")),
    "GeLUGrad": row(_pulled(lambda p, x: o.gelu(x, "tanh"), "gx-")),
    "HShrinkGrad": row(_pulled(lambda p, x: o.hardshrink(x, p.lambd), "gx"), lambd=0.5),
    "SoftShrinkGrad": row(_pulled(lambda p, x: o.softshrink(x, p.lambd), "gx"), lambd=0.5),
    "LogitGrad": row(_pulled(lambda p, x: o.logit(x, p.eps), "gx"), eps=-1.0),
    "MvlgammaGrad": row(_pulled(lambda p, x: o.mvlgamma(x, p.p), "gx"), p=...),
    "IgammaGradA": row(lambda p, a, x: _igamma(a, x)),
    # ------------------------------------------------ elementwise: of the output
    "AcoshGrad": row(lambda p, y, g: g / o.sinh(y)), "AsinhGrad": row(lambda p, y, g: g / o.cosh(y)),
    "EluGrad": row(lambda p, g, y: o.where(y > 0, g, g * (y + 1))),
    "InvGrad": row(lambda p, y, g: -g * y * y), "ReciprocalGrad": row(lambda p, y, g: -g * y * y),
    "RsqrtGrad": row(lambda p, y, g: g * y * y * y * to(as_tensor(-0.5), g.dtype)), "SqrtGrad": row(lambda p, y, g: g / (y + y)),
    "SeluGrad": row(lambda p, g, y: o.where(y > 0, g * 1.0507009873554805, g * (y + 1.7580993408473766))),
    "SigmoidGrad": row(lambda p, y, g: g * y * (1 - y)), "TanhGrad": row(lambda p, y, g: g * (1 - y * y)),
    "SoftmaxGrad": row(lambda p, y, g: y * (g - o.sum(y * g, -1, keepdim=True))),
    "LogSoftmaxGrad": row(lambda p, y, g: g - o.exp(y) * o.sum(g, p.axis, keepdim=True), axis=-1),
    "MaximumGrad": row(_extremum(lambda x, y: x >= y), grad_x=True, grad_y=True),
    "MinimumGrad": row(_extremum(lambda x, y: x <= y), grad_x=True, grad_y=True),
    "MaximumGradGrad": row(_extremum_twice(lambda x, y: x >= y), grad_x=True, grad_y=True),
    "MinimumGradGrad": row(_extremum_twice(lambda x, y: x <= y)),
    "PReLUGrad": row(_pulled("prelu", "gxx")),
    "DropoutGrad": row(lambda p, g, mask: g * mask * (1 / p.keep_prob), keep_prob=0.5),
    # ------------------------------------------------ losses
    "BinaryCrossEntropyGrad": row(
        lambda p, x, y, g, w=None: _pulled(lambda p, x: o.binary_cross_entropy(x, y, w, p.reduction), "xg")(p, x, g), reduction="mean"),
    "KLDivLossGrad": row(_pulled(lambda p, x, y: o.kl_div(x, y, p.reduction), "gxc"), reduction="mean"),
    "SmoothL1LossGrad": row(_pulled("SmoothL1Loss", "xcg"), beta=1.0, reduction="none"),
    "SoftMarginLossGrad": row(_pulled("SoftMarginLoss", "xcg"), reduction="mean"),
    "SigmoidCrossEntropyWithLogitsGrad": row(_pulled("SigmoidCrossEntropyWithLogits", "xcg")),
    "NLLLossGrad": row(_pulled("NLLLoss", "xgcc-"), reduction="mean", ignore_index=-100),
    "MultilabelMarginLossGrad": row(_pulled(lambda p, x, y: f._multilabel_margin(x, y, p.reduction)[0], "gxc-"), reduction="mean"),
    "MultiMarginLossGrad": row(
        lambda p, g, x, y, w=None: _pulled(lambda p, x: o.multi_margin_loss(x, y, p.p, p.margin, w, p.reduction), "xg")(p, x, g),
        p=1, margin=1.0, reduction="mean"),
    "PdistGrad": row(_pulled(lambda p, x: f.pdist(x, p.p), "gx-"), p=2.0),
    # ------------------------------------------------ pools
    "AdaptiveAvgPool2DGrad": row(_linear(lambda p, x, g: o.adaptive_avg_pool2d(x, g.shape[-2:]), "gs")),
    "AdaptiveAvgPool3DGrad": row(_linear(lambda p, x, g: f.adaptive_avg_pool3d(x, g.shape[-3:]), "gs")),
    "AvgPoolGrad": row(_pulled("AvgPool", "x-g"), **_POOL_NCHW), "AvgPoolGradV1": row(_linear("AvgPool", "sg"), **_POOL_NCHW),
    "AvgPool3DGrad": row(_linear(_average_3d, "sg"), kernel_size=1, strides=1, pads=0, ceil_mode=False, count_include_pad=True,
                         divisor_override=0, data_format="NCDHW", pad_mode="pad"),
    "AdaptiveMaxPool2DGrad": row(_spread(2, "gxa")), "AdaptiveMaxPool3DGrad": row(_spread(3, "gxa")),
    "FractionalMaxPoolGradWithFixedKsize": row(_spread(2, "xga"), data_format="NCHW"),
    "FractionalMaxPool3DGradWithFixedKsize": row(_spread(3, "xga"), data_format="NCDHW"),
    "MaxPoolGrad": row(_pulled(_window("MaxPool"), "x-g"), **_POOL_NCHW), "MaxPoolGradV1": row(_pulled(_window("MaxPool"), "x-g"), **_POOL_NCHW),
    "MaxPool3DGrad": row(_pulled(_window("MaxPool3D"), "x-g"), **_POOL_3D),
    "MaxPoolGradGrad": row(_tangent("MaxPool"), **_POOL),
    "MaxPool3DGradGrad": row(_tangent("MaxPool3D"), kernel_size=(1,) * 5, strides=(1,) * 5, pad_mode="VALID", data_format="NCDHW"),
    "MaxPoolGradGradWithArgmax": row(_picked(2, "xga"), **_POOL),
    "MaxPoolGradWithArgmax": row(_spread(2, "xga"), **_POOL_NCHW),
    "MaxPoolGradWithArgmaxV2": row(_spread(2, "xga"), kernel_size=..., strides=None, pads=0, dilation=(1, 1), ceil_mode=False, argmax_type=int64),
    "MaxPool3DGradWithArgmax": row(_spread(3, "xga"), ksize=..., strides=..., pads=..., dilation=(1, 1, 1), ceil_mode=False, data_format="NCDHW"),
    "MaxUnpool2DGrad": row(_picked(2, "xga"), ksize=..., strides=0, pads=0, output_shape=(), data_format="NCHW"),
    "MaxUnpool3DGrad": row(_picked(3, "xga"), ksize=..., strides=0, pads=0, output_shape=(), data_format="NCDHW"),
    "MedianGrad": row(_median, global_median=False, axis=0, keep_dims=False),
    # ------------------------------------------------ normalisations
    "BiasAddGrad": row(_bias, data_format="NCHW"),
    "InstanceNormV2Grad": row(_instance_norm_gradient, is_training=True, epsilon=1e-5),
    "LayerNormGrad": row(_layer_norm, **_NORM_AXES), "LayerNormGradGrad": row(_layer_norm_twice, **_NORM_AXES),
    "BatchNormGrad": row(_batch_norm, **_BATCH_NORM), "BatchNormGradGrad": row(_batch_norm_twice, **_BATCH_NORM),
    "L2NormalizeGrad": row(_pulled("L2Normalize", "x-g"), axis=0, epsilon=1e-4),
    "LRNGrad": row(_pulled("LRN", "gx-"), depth_radius=5, bias=1.0, alpha=1.0, beta=0.5),
    # ------------------------------------------------ places
    "FlattenGrad": row(lambda p, g, shape: o.reshape(g, _sizes(shape))),
    "GatherDGradV2": row(lambda p, x, dim, index, g: vjp(lambda x: o.gather_elements(x, int(dim), index), x)[1](g)[0]),
    "GluGrad": row(_pulled(lambda p, x: o.glu(x, p.axis), "gx"), axis=...),
    "MaskedSelectGrad": row(_masked), "SliceGrad": row(_sliced), "MirrorPadGrad": row(_mirrored, mode="REFLECT"),
    "StridedSliceGrad": row(_strided_gradient, begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0),
    "PadV3Grad": row(_padded, mode="reflect", paddings_contiguous=True),
    "UniqueGrad": row(_unique), "TraceGrad": row(_trace),
    # ------------------------------------------------ products, matrices
    "CholeskyGrad": row(_cholesky),
    "EinsumGrad": row(lambda p, xs, g: vjp(lambda *xs: o.einsum(p.equation, *xs), *xs)[1](g), equation=...),
    "LuUnpackGrad": row(_unpacked, L_grad_flag=..., U_grad_flag=...),
    "Conv2DBackpropFilter": row(_convolved("Conv2D", "gxs"), out_channel=..., kernel_size=..., **_CONV, pad_list=(0, 0, 0, 0), mode=1,
                                stride=(1, 1), dilation=(1, 1, 1, 1), group=1, data_format="NCHW"),
    "Conv3DBackpropFilter": row(_convolved("Conv3D", "xgs"), out_channel=..., kernel_size=..., mode=1, **_CONV, stride=(1,) * 5,
                                dilation=(1,) * 5, group=1, data_format="NCDHW"),
    "DeformableOffsetsGrad": row(_deformed, strides=..., pads=..., kernel_size=..., dilations=(1, 1, 1, 1), data_format="NCHW",
                                 deformable_groups=1, modulated=True),
    "FractionalAvgPoolGrad": row(_fractional_gradient, overlapping=False), "FractionalMaxPoolGrad": row(_fractional_gradient, overlapping=False),
    # ------------------------------------------------ pictures
    "AffineGridGrad": row(_affine, align_corners=False),
    "GridSampler2DGrad": row(_pulled(_sampler, "gxx"), **_SAMPLER), "GridSampler3DGrad": row(_pulled("GridSampler3D", "gxx"), **_SAMPLER),
    "ResizeBicubicGrad": row(_resized("ResizeBicubic"), **_RESIZE), "ResizeBilinearGrad": row(_resized("ResizeBilinearV2"), **_RESIZE),
    "ResizeNearestNeighborGrad": row(_resized("ResizeNearestNeighbor", True), **_RESIZE),
    "ResizeLinear1DGrad": row(_resized("ResizeLinear1D"), coordinate_transformation_mode="align_corners"),
    "UpsampleNearest3DGrad": row(_upsampled("Nearest")), "UpsampleTrilinear3DGrad": row(_upsampled("Trilinear"), align_corners=False),
    "ROIAlignGrad": row(
        lambda p, g, rois, shape: vjp(lambda x: o.operations.ROIAlign(**p.attrs)(x, rois), o.zeros(_sizes(shape), float32))[1](g)[0],
        pooled_height=..., pooled_width=..., spatial_scale=..., sample_num=2),
}
# fmt: on


def _igamma(a, x):
    return vjp(lambda a: o.igamma(a, x), a)[1](o.ones_like(x + a))[0]


globals().update({name: _class(name, entry) for name, entry in TABLE.items()})
__all__ = sorted(TABLE)
__getattr__ = o.operations.__getattr__  # those that stand in the tables of their families

place_late(globals())  # they are imported by their path, which nothing else sees
