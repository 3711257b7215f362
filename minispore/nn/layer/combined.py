"""Layers that combine other layers."""

from ... import ops
from ...core import checks
from ...core.errors import fail
from ...ops.movement import axis_of
from ..cell import Cell
from .activation import LeakyReLU, activation_of
from .basic import Dense
from .conv import Conv2d
from .normalization import BatchNorm1d, BatchNorm2d


class _WithNormAndActivation(Cell):
    """A layer, then batch normalisation and an activation where wanted."""

    def _add(self, has_bn, after_fake, norm, channels, eps, momentum, activation, alpha):
        name = type(self).__name__
        self.has_bn = checks.boolean(name, has_bn=has_bn)
        self.after_fake = checks.boolean(name, after_fake=after_fake)
        if has_bn:
            self.batchnorm = norm(channels, eps, momentum)
        self.activation = LeakyReLU(alpha) if activation == "leakyrelu" else activation_of(name, activation)

    def _finish(self, x):
        if self.has_bn:
            x = self.batchnorm(x)
        return x if self.activation is None else self.activation(x)


class Conv2dBnAct(_WithNormAndActivation):
    """``Conv2d``, then ``BatchNorm2d`` if ``has_bn``, then ``activation`` if there is one (``alpha`` for
    "leakyrelu")."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, pad_mode="same", padding=0, dilation=1,
                 group=1, has_bias=False, weight_init="normal", bias_init="zeros", has_bn=False, momentum=0.997,
                 eps=1e-5, activation=None, alpha=0.2, after_fake=True):  # fmt: skip
        super().__init__()
        self.conv = Conv2d(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            pad_mode,
            padding,
            dilation,
            group,
            has_bias,
            weight_init,
            bias_init,
        )
        self._add(has_bn, after_fake, BatchNorm2d, out_channels, eps, momentum, activation, alpha)

    def construct(self, x):
        return self._finish(self.conv(x))


class DenseBnAct(_WithNormAndActivation):
    """``Dense``, then ``BatchNorm1d`` if ``has_bn``, then ``activation`` if there is one (``alpha`` for
    "leakyrelu")."""

    def __init__(self, in_channels, out_channels, weight_init="normal", bias_init="zeros", has_bias=True, has_bn=False,
                 momentum=0.9, eps=1e-5, activation=None, alpha=0.2, after_fake=True):  # fmt: skip
        super().__init__()
        self.dense = Dense(in_channels, out_channels, weight_init, bias_init, has_bias)
        self._add(has_bn, after_fake, BatchNorm1d, out_channels, eps, momentum, activation, alpha)

    def construct(self, x):
        return self._finish(self.dense(x))


class TimeDistributed(Cell):
    """``layer`` applied to every step of the axis ``time_axis`` of its input, whose results are stacked again.

    ``reshape_with_axis`` names an axis to join with the time axis, so that the layer is called once; the result is the
    same.
    """

    def __init__(self, layer, time_axis, reshape_with_axis=None):
        super().__init__()
        if not callable(layer) or isinstance(layer, type):
            raise fail(
                TypeError,
                f"For 'TimeDistributed', the argument 'layer' must be a Cell, but got {type(layer).__name__}.",
            )
        self.time_axis = checks.integer("TimeDistributed", time_axis=time_axis)
        if reshape_with_axis is not None:
            checks.integer("TimeDistributed", reshape_with_axis=reshape_with_axis)
        self.layer, self.reshape_with_axis = layer, reshape_with_axis

    def construct(self, inputs):
        if checks.tensor("TimeDistributed", input=inputs).ndim < 3:
            raise fail(
                ValueError,
                f"For 'TimeDistributed', the input must have at least 3 axes, but its shape is {inputs.shape}.",
            )
        axis = axis_of("TimeDistributed", inputs.ndim, self.time_axis)
        return ops.stack([self.layer(x) for x in ops.unbind(inputs, axis)], axis)


__all__ = ["Conv2dBnAct", "DenseBnAct", "TimeDistributed"]
