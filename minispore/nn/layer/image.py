"""Layers that rearrange or crop images, and layers made of others."""

from ... import ops
from ...dtype import float32
from ...errors import fail
from ..cell import Cell
from . import check
from .activation import LeakyReLU, activation_of
from .basic import Dense
from .conv import Conv2d
from .normalization import BatchNorm1d, BatchNorm2d


class PixelShuffle(Cell):
    """(..., C r^2, H, W) -> (..., C, H r, W r)."""

    def __init__(self, upscale_factor):
        super().__init__()
        self.upscale_factor = upscale_factor

    def construct(self, input):
        return ops.pixel_shuffle(input, self.upscale_factor)


class PixelUnshuffle(Cell):
    """(..., C, H r, W r) -> (..., C r^2, H, W)."""

    def __init__(self, downscale_factor):
        super().__init__()
        self.downscale_factor = downscale_factor

    def construct(self, input):
        return ops.pixel_unshuffle(input, self.downscale_factor)


class ChannelShuffle(Cell):
    """The channels (axis 1) dealt out like cards: the first of each of ``groups`` groups, then the second of each, ..."""

    def __init__(self, groups):
        super().__init__()
        self.groups = check.positive_int("ChannelShuffle", "groups", groups)

    def construct(self, x):
        return ops.channel_shuffle(x, self.groups)


class CentralCrop(Cell):
    """The middle of images (C, H, W) or (N, C, H, W), with the share ``central_fraction`` of the height and width."""

    def __init__(self, central_fraction):
        super().__init__()
        if not 0 < check.instance("CentralCrop", "central_fraction", central_fraction, float) <= 1:
            raise fail(ValueError, f"For 'CentralCrop', the argument 'central_fraction' must be in (0, 1], but got {central_fraction}.")
        self.central_fraction = central_fraction

    def construct(self, image):
        check.rank("CentralCrop", image, 3, 4)
        for axis in (image.ndim - 2, image.ndim - 1):
            n = image.shape[axis]
            begin = int((n - n * self.central_fraction) / 2)
            image = ops.slice_along(image, axis, begin, n - 2 * begin)
        return image


# ---------------------------------------------------------------- layers made of others
class _WithNormAndActivation(Cell):
    """A layer, then batch normalisation and an activation where wanted."""

    def _add(self, has_bn, after_fake, norm, channels, eps, momentum, activation, alpha):
        name = type(self).__name__
        self.has_bn = check.boolean(name, "has_bn", has_bn)
        self.after_fake = check.boolean(name, "after_fake", after_fake)
        if has_bn:
            self.batchnorm = norm(channels, eps, momentum)
        self.has_act = activation is not None
        self.activation = LeakyReLU(alpha) if activation == "leakyrelu" else activation_of(name, activation)

    def _finish(self, x):
        if self.has_bn:
            x = self.batchnorm(x)
        return self.activation(x) if self.has_act else x


class Conv2dBnAct(_WithNormAndActivation):
    """``Conv2d``, then ``BatchNorm2d`` if ``has_bn``, then ``activation`` if there is one (``alpha`` for "leakyrelu")."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, pad_mode="same", padding=0, dilation=1, group=1,
                 has_bias=False, weight_init="normal", bias_init="zeros", has_bn=False, momentum=0.997, eps=1e-5,
                 activation=None, alpha=0.2, after_fake=True):  # fmt: skip
        super().__init__()
        self.conv = Conv2d(
            in_channels, out_channels, kernel_size, stride, pad_mode, padding, dilation, group, has_bias, weight_init, bias_init
        )
        self._add(has_bn, after_fake, BatchNorm2d, out_channels, eps, momentum, activation, alpha)

    def construct(self, x):
        return self._finish(self.conv(x))


class DenseBnAct(_WithNormAndActivation):
    """``Dense``, then ``BatchNorm1d`` if ``has_bn``, then ``activation`` if there is one (``alpha`` for "leakyrelu")."""

    def __init__(self, in_channels, out_channels, weight_init="normal", bias_init="zeros", has_bias=True, has_bn=False,
                 momentum=0.9, eps=1e-5, activation=None, alpha=0.2, after_fake=True):  # fmt: skip
        super().__init__()
        self.dense = Dense(in_channels, out_channels, weight_init, bias_init, has_bias)
        self._add(has_bn, after_fake, BatchNorm1d, out_channels, eps, momentum, activation, alpha)

    def construct(self, x):
        return self._finish(self.dense(x))


class TimeDistributed(Cell):
    """``layer`` applied to every step of the axis ``time_axis`` of its input, whose results are stacked again.

    ``reshape_with_axis`` names an axis to join with the time axis, so that the layer is called once; the result is the same.
    """

    def __init__(self, layer, time_axis, reshape_with_axis=None):
        super().__init__()
        if not callable(layer) or isinstance(layer, type):
            raise fail(TypeError, f"For 'TimeDistributed', the argument 'layer' must be a Cell, but got {type(layer).__name__}.")
        self.time_axis = check.instance("TimeDistributed", "time_axis", time_axis, int)
        if reshape_with_axis is not None:
            check.instance("TimeDistributed", "reshape_with_axis", reshape_with_axis, int)
        self.layer, self.reshape_with_axis = layer, reshape_with_axis

    def construct(self, inputs):
        if check.tensor("TimeDistributed", "input", inputs).ndim < 3:
            raise fail(ValueError, f"For 'TimeDistributed', the input must have at least 3 axes, but its shape is {inputs.shape}.")
        axis = ops.axis_of("TimeDistributed", inputs.ndim, self.time_axis)
        return ops.stack([self.layer(x) for x in ops.unbind(inputs, axis)], axis)


# ---------------------------------------------------------------- small calculations
class Range(Cell):
    """The numbers from ``start`` to ``limit`` (from 0 to ``start`` without it) in steps of ``delta``: int32 or float32."""

    def __init__(self, start, limit=None, delta=1):
        super().__init__()
        if delta == 0:
            raise fail(ValueError, "For 'Range', the argument 'delta' must not be 0.")
        first, last = (0, start) if limit is None else (start, limit)
        whole = all(isinstance(v, int) for v in (first, last, delta))
        self.arguments = (first, last, delta)
        self.dtype = int32 if whole else float32

    def construct(self):
        return ops.arange(*self.arguments, dtype=self.dtype)


class MatMul(Cell):
    """The matrix product, of operands that may be transposed (their last two axes) first."""

    def __init__(self, transpose_x1=False, transpose_x2=False):
        super().__init__()
        self.transpose_x1 = check.boolean("MatMul", "transpose_x1", transpose_x1)
        self.transpose_x2 = check.boolean("MatMul", "transpose_x2", transpose_x2)

    def construct(self, x1, x2):
        x1 = ops.swapaxes(x1, -1, -2) if self.transpose_x1 and x1.ndim > 1 else x1
        x2 = ops.swapaxes(x2, -1, -2) if self.transpose_x2 and x2.ndim > 1 else x2
        return ops.matmul(x1, x2)


class Moments(Cell):
    """(mean, biased variance) over ``axis`` (all axes by default)."""

    def __init__(self, axis=None, keep_dims=None):
        super().__init__()
        self.axis, self.keep_dims = axis, bool(keep_dims)

    def construct(self, x):
        axes = ops.axes_of("Moments", x.ndim, self.axis)
        mean, variance = ops.moments(ops.wide(x), axes)
        if not self.keep_dims:
            mean, variance = ops.squeeze(mean, axes), ops.squeeze(variance, axes)
        return mean.astype(x.dtype), variance.astype(x.dtype)


class ReduceLogSumExp(Cell):
    """``log(sum(exp(x)))`` over ``axis``, safe from overflow."""

    def __init__(self, axis, keep_dims=False):
        super().__init__()
        check.instance("ReduceLogSumExp", "axis", axis, int, list, tuple)
        self.axis, self.keep_dims = axis, check.boolean("ReduceLogSumExp", "keep_dims", keep_dims)

    def construct(self, x):
        return ops.logsumexp(x, self.axis, self.keep_dims)


class CosineSimilarity(Cell):
    """``sum(x1 * x2) / max(norm(x1) * norm(x2), eps)`` over ``dim``."""

    def __init__(self, dim=1, eps=1e-08):
        super().__init__()
        self.dim, self.eps = dim, eps

    def construct(self, x1, x2):
        return ops.cosine_similarity(x1, x2, self.dim, self.eps)


__all__ = [
    "CentralCrop", "ChannelShuffle", "Conv2dBnAct", "CosineSimilarity", "DenseBnAct", "MatMul", "Moments", "PixelShuffle",
    "PixelUnshuffle", "Range", "ReduceLogSumExp", "TimeDistributed",
]  # fmt: skip
