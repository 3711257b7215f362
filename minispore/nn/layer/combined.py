"""Layers that combine other layers."""

from ... import ops
from ...core import checks
from ...core.errors import fail
from ...ops.movement import axis_of
from ..cell import Cell
from .activation import LeakyReLU, activation_of
from .conv import Conv2d
from .dense import Dense
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
    """``Conv2d``, then ``BatchNorm2d`` and an activation where wanted.

    Args:
        in_channels: int, the channels of the input.
        out_channels: int, the channels of the output.
        kernel_size: int, or (height, width).
        stride: int, or (height, width).  Default: 1.
        pad_mode: "same" (the default), "valid" or "pad".
        padding: int, or (top, bottom, left, right).  Default: 0.
        dilation: int, or (height, width).  Default: 1.
        group: int.  Default: 1.  These eight are those of ``Conv2d``.
        has_bias: bool, whether to add a bias.  Default: False.
        weight_init: as in ``Conv2d``.  Default: "normal".
        bias_init: as in ``Conv2d``.  Default: "zeros".
        has_bn: bool, whether to normalise.  Default: False.
        momentum: float, of the normalisation.  Default: 0.997.
        eps: float, of the normalisation.  Default: 1e-5.
        activation: a name such as "relu", a Cell or a function.  Default: None.
        alpha: float, the slope of "leakyrelu".  Default: 0.2.
        after_fake: bool, accepted as MindSpore accepts it.

    Inputs:
        x: Tensor of floats, shape (N, in_channels, H, W).

    Returns:
        Tensor of shape (N, out_channels, H', W') and the dtype of x.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range, or an input of the wrong shape.

    >>> from minispore import nn, ops
    >>> net = nn.Conv2dBnAct(1, 1, 1, weight_init=-1.0, activation="relu")
    >>> print(net(ops.ones((1, 1, 1, 2))))
    [[[[0. 0.]]]]
    """

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
    """``Dense``, then ``BatchNorm1d`` and an activation where wanted.

    Args:
        in_channels: int, the length of the last axis of the input.
        out_channels: int, that of the output.
        weight_init: as in ``Dense``.  Default: "normal".
        bias_init: as in ``Dense``.  Default: "zeros".
        has_bias: bool, whether to add a bias.  Default: True.
        has_bn: bool, whether to normalise.  Default: False.
        momentum: float, of the normalisation.  Default: 0.9.
        eps: float, of the normalisation.  Default: 1e-5.
        activation: a name such as "relu", a Cell or a function.  Default: None.
        alpha: float, the slope of "leakyrelu".  Default: 0.2.
        after_fake: bool, accepted as MindSpore accepts it.

    Inputs:
        x: Tensor of floats, shape (N, in_channels).

    Returns:
        Tensor of shape (N, out_channels) and the dtype of x.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range, or an input of the wrong shape.

    >>> from minispore import Tensor, nn
    >>> net = nn.DenseBnAct(2, 1, weight_init="ones", activation="relu")
    >>> print(net(Tensor([[1.0, 2.0], [-1.0, -2.0]])))
    [[3.]
     [0.]]
    """

    def __init__(self, in_channels, out_channels, weight_init="normal", bias_init="zeros", has_bias=True, has_bn=False,
                 momentum=0.9, eps=1e-5, activation=None, alpha=0.2, after_fake=True):  # fmt: skip
        super().__init__()
        self.dense = Dense(in_channels, out_channels, weight_init, bias_init, has_bias)
        self._add(has_bn, after_fake, BatchNorm1d, out_channels, eps, momentum, activation, alpha)

    def construct(self, x):
        return self._finish(self.dense(x))


class TimeDistributed(Cell):
    """A layer applied to every step along a time axis; the results are stacked along it again.

    Args:
        layer: Cell or function of one Tensor.
        time_axis: int, the axis of the steps.
        reshape_with_axis: int, an axis that MindSpore joins with the time axis to call the layer once; accepted, the
            result is the same.  Default: None.

    Inputs:
        inputs: Tensor with at least 3 axes.

    Returns:
        Tensor of the layer's results, stacked along ``time_axis``.

    Raises:
        TypeError: ``layer`` cannot be called, or an axis is not an int.
        ValueError: the input has fewer than 3 axes, or no such axis.

    >>> from minispore import nn, ops
    >>> nn.TimeDistributed(nn.Dense(3, 4), time_axis=1)(ops.ones((2, 5, 3))).shape
    (2, 5, 4)
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
