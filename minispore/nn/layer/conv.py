"""Convolutions.  Weights are (out, in / group, *kernel), those of transposed convolutions (in, out / group,
*kernel)."""

import math

from ... import ops
from ...core import checks
from ...core.docstrings import documented
from ...core.dtype import float32
from ...core.errors import fail
from ...core.initializer import HeUniform, Uniform
from ...core.op import to
from ...core.tensor import Tensor
from ...ops.conv import conv2d_input_grad
from ...ops.inputs import accumulation_type
from ...ops.padding import pad_constant
from ...ops.slicing import slice_along
from ..cell import Cell
from .weights import cast_like, description, parameter


class _Conv(Cell):
    """The base of the convolutions: arguments, Parameters, printing."""

    spatial = 2
    transposed = False
    format = "NCHW"

    def __init__(self, in_channels, out_channels, kernel_size, stride, pad_mode, padding, dilation, group, has_bias,
                 weight_init, bias_init, data_format, dtype):  # fmt: skip
        super().__init__()
        name, n = type(self).__name__, self.spatial
        self.in_channels = checks.positive_int(name, in_channels=in_channels)
        self.out_channels = checks.positive_int(name, out_channels=out_channels)
        self.kernel_size = checks.int_tuple(name, n, kernel_size=kernel_size)
        self.stride = checks.int_tuple(name, n, stride=stride)
        self.dilation = checks.int_tuple(name, n, dilation=dilation)
        self.group = checks.positive_int(name, group=group)
        if in_channels % group or out_channels % group:
            raise fail(
                ValueError,
                f"For '{name}', 'in_channels' and 'out_channels' must be multiples of 'group', but got "
                f"{in_channels}, {out_channels} "
                f"and {group}.",
            )
        self.pad_mode = checks.one_of(name, ["same", "valid", "pad"], pad_mode=pad_mode)
        self.padding = padding
        self.pads = self._pads(name, padding)
        self.data_format = checks.one_of(name, [self.format], data_format=data_format)
        self.has_bias = checks.boolean(name, has_bias=has_bias)
        first, second = (in_channels, out_channels) if self.transposed else (out_channels, in_channels)
        shape = (first, second // group, *self.kernel_size)
        weight_init = HeUniform(math.sqrt(5)) if weight_init is None else weight_init
        self.weight, self.weight_init = parameter(name, "weight", weight_init, shape, dtype), description(weight_init)
        if has_bias and bias_init is None:
            bias_init = Uniform(1 / math.sqrt(math.prod(shape[1:])))
        self.bias_init = description(bias_init)
        self.bias = parameter(name, "bias", bias_init, (out_channels,), dtype) if has_bias else None

    def _pads(self, name, padding) -> tuple[int, ...]:
        """(before, after) of each axis from an int or such a tuple."""
        if not isinstance(padding, tuple) and type(padding) is not int:
            raise fail(
                TypeError,
                f"For '{name}', the argument 'padding' must be an int or a tuple of ints, but got "
                f"{type(padding).__name__}.",
            )
        pads = padding if isinstance(padding, tuple) else (padding,) * (2 * self.spatial)
        if len(pads) != 2 * self.spatial:
            raise fail(
                ValueError,
                f"For '{name}', the argument 'padding' must hold {2 * self.spatial} ints, but got {padding}.",
            )
        for p in pads:
            checks.non_negative_int(name, padding=p)
        if self.pad_mode != "pad" and any(pads):
            raise fail(
                ValueError,
                f"For '{name}', the argument 'padding' must be 0 when 'pad_mode' is not 'pad', but got {padding} "
                f"and {self.pad_mode!r}: write pad_mode='pad'.",
            )
        return pads

    def _check_input(self, x) -> None:
        name = type(self).__name__
        checks.rank(name, self.spatial + 2, input=x)
        if x.shape[1] != self.in_channels:
            raise fail(
                ValueError,
                f"For '{name}', the input must have 'in_channels' = {self.in_channels} channels (axis 1), but its "
                f"shape is {x.shape}.",
            )

    def _conv(self, function, x):
        weight, bias = cast_like(self.weight, x), cast_like(self.bias, x)
        return function(x, weight, bias, self.stride, self.pad_mode, self.pads, self.dilation, self.group)

    def extend_repr(self):
        return (
            f"input_channels={self.in_channels}, output_channels={self.out_channels}, kernel_size={self.kernel_size}, "
            f"stride={self.stride}, pad_mode={self.pad_mode}, padding={self.padding}, dilation={self.dilation}, "
            f"group={self.group}, "
            f"has_bias={self.has_bias}, weight_init={self.weight_init}, bias_init={self.bias_init}, "
            f"format={self.data_format}"
        )


_ARGS = """in_channels: int, the channels (axis 1) of the input.
out_channels: int, the channels of the output.
kernel_size: {sizes}: the lengths of the window.
stride: {sizes}: {stride}.  Default: 1.
pad_mode: "same" (the default), "valid" or "pad": {modes}.
padding: {pads}: zeros around the input, with "pad" only.  Default: 0.
dilation: {sizes}: the distance of the elements of a window.  Default: 1.
group: int, how many groups of channels are convolved apart; ``in_channels`` for a depthwise convolution.  Default: 1.
has_bias: bool, whether to add a bias.  Default: False.
weight_init: an initializer, its name, a number or a Tensor of shape
    {weight}.  None (the default): uniform in +-1/sqrt(fan in).
bias_init: the same for the bias of shape (out_channels,)."""
_RAISES = """TypeError: an argument of the wrong type.
ValueError: an argument out of range, channels that ``group`` does not divide, or an input of the wrong shape."""
_SAME = """zeros around it so that the output is
    ``ceil(input / stride)`` long (of an odd number one more at the end), none, or as ``padding`` says"""
_CONV = {"args": _ARGS, "raises": _RAISES, "stride": "the steps of the window", "modes": _SAME}
_TRANSPOSE = {
    "args": _ARGS, "raises": _RAISES, "stride": "the steps of the output's windows",
    "modes": """the output is ``input * stride`` long, at least that and
    ``(input - 1) * stride + span``, or ``(input - 1) * stride + span - padding``, with
    ``span = (kernel_size - 1) * dilation + 1``""",
}  # fmt: skip
_PLANE = {
    "sizes": "int, or (height, width)", "pads": "int, or (top, bottom, left, right)",
    "weight": "({first}, {second} / group, *kernel_size)",
}  # fmt: skip
_LINE = {"sizes": "int", "pads": "int", "weight": "({first}, {second} / group, kernel_size)"}
_VOLUME = {
    "sizes": "int, or (depth, height, width)", "pads": "int, or (front, back, top, bottom, left, right)",
    "weight": "({first}, {second} / group, *kernel_size)",
}  # fmt: skip
_FORWARD = {"first": "out_channels", "second": "in_channels"}
_BACKWARD = {"first": "in_channels", "second": "out_channels"}


@documented(**_CONV, **_PLANE, **_FORWARD)
class Conv2d(_Conv):
    """A convolution over images: ``out[n, o, y, x] = bias[o] + sum over i, u, v of
    weight[o, i, u, v] * in[n, i, y * stride + u * dilation, x * stride + v * dilation]``.

    Args:
        {args}
        data_format: "NCHW", the only choice.
        dtype: the type of the Parameters.  Default: float32.

    Inputs:
        x: Tensor of floats, shape (N, in_channels, H, W).

    Returns:
        Tensor of shape (N, out_channels, H', W') and the dtype of x.

    Raises:
        {raises}

    >>> from minispore import nn, ops
    >>> net = nn.Conv2d(1, 2, 3, stride=2, weight_init="ones")
    >>> print(net(ops.ones((1, 1, 4, 4)))[0, 0])
    [[9. 6.]
     [6. 4.]]
    """

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, pad_mode="same", padding=0, dilation=1,
                 group=1, has_bias=False, weight_init=None, bias_init=None, data_format="NCHW",
                 dtype=float32):  # fmt: skip
        super().__init__(
            in_channels, out_channels, kernel_size, stride, pad_mode, padding, dilation, group, has_bias, weight_init,
            bias_init, data_format, dtype,
        )  # fmt: skip

    def construct(self, x):
        self._check_input(x)
        return self._conv(ops.conv2d, x)


def _as_2d(kernel_size, stride, padding, dilation, owner) -> tuple:
    """The arguments of a 1-d convolution as those of a 2-d convolution with height 1."""
    for what, value in (("kernel_size", kernel_size), ("stride", stride), ("padding", padding), ("dilation", dilation)):
        checks.integer(owner, **{what: value})
    return (1, kernel_size), (1, stride), (0, 0, padding, padding), (1, dilation)


def _weight_as_2d(init):
    return ops.expand_dims(init, 2) if isinstance(init, Tensor) and init.ndim == 3 else init


@documented(**_CONV, **_LINE, **_FORWARD)
class Conv1d(_Conv):
    """A convolution over sequences: ``Conv2d`` with one axis.  The Parameter has the shape
    (out_channels, in_channels / group, 1, kernel_size).

    Args:
        {args}
        dtype: the type of the Parameters.  Default: float32.

    Inputs:
        x: Tensor of floats, shape (N, in_channels, L).

    Returns:
        Tensor of shape (N, out_channels, L') and the dtype of x.

    Raises:
        {raises}

    >>> from minispore import Tensor, nn
    >>> net = nn.Conv1d(1, 1, 2, pad_mode="valid", weight_init="ones")
    >>> print(net(Tensor([[[1.0, 2.0, 3.0]]])))
    [[[3. 5.]]]
    """

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, pad_mode="same", padding=0, dilation=1,
                 group=1, has_bias=False, weight_init=None, bias_init=None, dtype=float32):  # fmt: skip
        kernel, strides, pads, dilations = _as_2d(kernel_size, stride, padding, dilation, "Conv1d")
        super().__init__(
            in_channels, out_channels, kernel, strides, pad_mode, pads, dilations, group, has_bias,
            _weight_as_2d(weight_init), bias_init, "NCHW", dtype,
        )  # fmt: skip

    def construct(self, x):
        checks.rank("Conv1d", 3, input=x)
        x = ops.expand_dims(x, 2)
        self._check_input(x)
        return ops.squeeze(self._conv(ops.conv2d, x), 2)


@documented(**_CONV, **_VOLUME, **_FORWARD)
class Conv3d(_Conv):
    """A convolution over volumes: ``Conv2d`` with three axes.

    Args:
        {args}
        data_format: "NCDHW", the only choice.
        dtype: the type of the Parameters.  Default: float32.

    Inputs:
        x: Tensor of floats, shape (N, in_channels, D, H, W).

    Returns:
        Tensor of shape (N, out_channels, D', H', W') and the dtype of x.

    Raises:
        {raises}

    >>> from minispore import nn, ops
    >>> nn.Conv3d(2, 3, 2, stride=2)(ops.ones((1, 2, 4, 4, 4))).shape
    (1, 3, 2, 2, 2)
    """

    spatial = 3
    format = "NCDHW"

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, pad_mode="same", padding=0, dilation=1,
                 group=1, has_bias=False, weight_init=None, bias_init=None, data_format="NCDHW",
                 dtype=float32):  # fmt: skip
        super().__init__(
            in_channels, out_channels, kernel_size, stride, pad_mode, padding, dilation, group, has_bias, weight_init,
            bias_init, data_format, dtype,
        )  # fmt: skip

    def construct(self, x):
        self._check_input(x)
        return self._conv(ops.conv3d, x)


class _ConvTranspose(_Conv):
    """The base of the transposed convolutions: the sizes of their outputs."""

    transposed = True

    def __init__(self, in_channels, out_channels, kernel_size, stride, pad_mode, padding, output_padding, dilation,
                 group, has_bias, weight_init, bias_init, data_format, dtype):  # fmt: skip
        super().__init__(
            in_channels, out_channels, kernel_size, stride, pad_mode, padding, dilation, group, has_bias, weight_init,
            bias_init, data_format, dtype,
        )  # fmt: skip
        self.output_padding = output_padding
        self.extra = checks.int_tuple(type(self).__name__, self.spatial, 0, output_padding=output_padding)

    def _sizes(self, x) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """(before and after of each axis, lengths) of the output without ``output_padding``."""
        axes = [self._axis(n, a) for a, n in enumerate(x.shape[2:])]
        return tuple(p for pads, _ in axes for p in pads), tuple(n for _, n in axes)

    def _axis(self, n, a):
        """([before, after], length) of the output along one axis."""
        stride, span = self.stride[a], (self.kernel_size[a] - 1) * self.dilation[a] + 1
        if self.extra[a] and (self.pad_mode != "pad" or self.extra[a] >= max(stride, self.dilation[a])):
            raise fail(
                ValueError,
                f"For '{type(self).__name__}', 'output_padding' must be below the stride or dilation, and 0 unless "
                "'pad_mode' is 'pad', "
                f"but got {self.output_padding} and {self.pad_mode!r}.",
            )
        if self.pad_mode == "valid":
            return [0, 0], n * stride + max(span - stride, 0)
        if self.pad_mode == "same":
            missing = max(span - stride, 0)
            return [missing // 2, missing - missing // 2], n * stride
        before, after = self.pads[2 * a : 2 * a + 2]
        return [before, after], (n - 1) * stride + span - before - after

    def _with_bias(self, out, x):
        out = to(out, x.dtype)
        if self.bias is None:
            return out
        return out + ops.reshape(cast_like(self.bias, x), (1, -1, *(1,) * self.spatial))


@documented(**_TRANSPOSE, **_PLANE, **_BACKWARD)
class Conv2dTranspose(_ConvTranspose):
    """The transpose (the gradient with respect to the input) of a ``Conv2d`` from ``out_channels`` to ``in_channels``.

    Args:
        {args}
        output_padding: int, or (height, width): that much longer below and on the right, with "pad" only.  Default: 0.
        dtype: the type of the Parameters.  Default: float32.

    Inputs:
        x: Tensor of floats, shape (N, in_channels, H, W).

    Returns:
        Tensor of shape (N, out_channels, H', W') and the dtype of x.

    Raises:
        {raises}

    >>> from minispore import Tensor, nn
    >>> net = nn.Conv2dTranspose(1, 1, 2, stride=2, weight_init="ones")
    >>> print(net(Tensor([[[[1.0, 2.0]]]])))
    [[[[1. 1. 2. 2.]
       [1. 1. 2. 2.]]]]
    """

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, pad_mode="same", padding=0, output_padding=0,
                 dilation=1, group=1, has_bias=False, weight_init=None, bias_init=None, dtype=float32):  # fmt: skip
        super().__init__(
            in_channels, out_channels, kernel_size, stride, pad_mode, padding, output_padding, dilation, group,
            has_bias, weight_init, bias_init, "NCHW", dtype,
        )  # fmt: skip

    def construct(self, x):
        self._check_input(x)
        return self._transposed(x)

    def _transposed(self, x):
        pads, sizes = self._sizes(x)
        shape = (x.shape[0], self.out_channels, *sizes)
        out = conv2d_input_grad(x, cast_like(self.weight, x), shape, self.stride, pads, self.dilation, self.group)
        out = self._with_bias(out, x)
        return ops.pad(out, (0, self.extra[1], 0, self.extra[0])) if any(self.extra) else out


@documented(**_TRANSPOSE, **_LINE, **_BACKWARD)
class Conv1dTranspose(Conv2dTranspose):
    """The transpose of a ``Conv1d``: ``Conv2dTranspose`` with one axis.  The Parameter has the shape
    (in_channels, out_channels / group, 1, kernel_size).

    Args:
        {args}
        dtype: the type of the Parameters.  Default: float32.

    Inputs:
        x: Tensor of floats, shape (N, in_channels, L).

    Returns:
        Tensor of shape (N, out_channels, L') and the dtype of x.

    Raises:
        {raises}

    >>> from minispore import Tensor, nn
    >>> net = nn.Conv1dTranspose(1, 1, 2, stride=2, weight_init="ones")
    >>> print(net(Tensor([[[1.0, 2.0]]])))
    [[[1. 1. 2. 2.]]]
    """

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, pad_mode="same", padding=0, dilation=1,
                 group=1, has_bias=False, weight_init=None, bias_init=None, dtype=float32):  # fmt: skip
        kernel, strides, pads, dilations = _as_2d(kernel_size, stride, padding, dilation, "Conv1dTranspose")
        super().__init__(
            in_channels, out_channels, kernel, strides, pad_mode, pads, 0, dilations, group, has_bias,
            _weight_as_2d(weight_init), bias_init, dtype,
        )  # fmt: skip

    def construct(self, x):
        checks.rank("Conv1dTranspose", 3, input=x)
        x = ops.expand_dims(x, 2)
        self._check_input(x)
        return ops.squeeze(self._transposed(x), 2)


@documented(**_TRANSPOSE, **_VOLUME, **_BACKWARD)
class Conv3dTranspose(_ConvTranspose):
    """The transpose of a ``Conv3d``: ``Conv2dTranspose`` with three axes.

    Args:
        {args}
        output_padding: int, or (depth, height, width): that much longer at the ends (where the convolution back does
            not look), with "pad" only.  Default: 0.
        data_format: "NCDHW", the only choice.
        dtype: the type of the Parameters.  Default: float32.

    Inputs:
        x: Tensor of floats, shape (N, in_channels, D, H, W).

    Returns:
        Tensor of shape (N, out_channels, D', H', W') and the dtype of x.

    Raises:
        {raises}

    >>> from minispore import nn, ops
    >>> nn.Conv3dTranspose(2, 3, 2, stride=2)(ops.ones((1, 2, 2, 4, 4))).shape
    (1, 3, 4, 8, 8)
    """

    spatial = 3
    format = "NCDHW"

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, pad_mode="same", padding=0, dilation=1,
                 group=1, output_padding=0, has_bias=False, weight_init=None, bias_init=None, data_format="NCDHW",
                 dtype=float32):  # fmt: skip
        super().__init__(
            in_channels, out_channels, kernel_size, stride, pad_mode, padding, output_padding, dilation, group,
            has_bias, weight_init, bias_init, data_format, dtype,
        )  # fmt: skip

    def construct(self, x):
        self._check_input(x)
        pads, sizes = self._sizes(x)
        sizes = tuple(n + e for n, e in zip(sizes, self.extra))
        planes, step = ops.reshape(ops.swapaxes(x, 1, 2), (-1, x.shape[1], *x.shape[3:])), self.stride[0]
        depth, weight = x.shape[2], cast_like(self.weight, x)
        planes, weight = accumulation_type(planes), accumulation_type(weight)  # parts of a sum are not rounded
        length = max(pads[0] + sizes[0], depth * step + (self.kernel_size[0] - 1) * self.dilation[0])
        out = 0.0
        for k in range(self.kernel_size[0]):  # input plane d contributes to the output plane d * stride + k * dilation
            shape = (planes.shape[0], self.out_channels, *sizes[1:])
            layers = conv2d_input_grad(
                planes, weight[:, :, k], shape, self.stride[1:], pads[2:], self.dilation[1:], self.group
            )
            layers = ops.reshape(layers, (x.shape[0], depth, 1, *layers.shape[1:]))
            apart = pad_constant(layers, (0,) * 6, (0, 0, step - 1, 0, 0, 0))
            apart = ops.reshape(apart, (x.shape[0], depth * step, *layers.shape[3:]))
            before = k * self.dilation[0]
            out = out + pad_constant(apart, (0, before, 0, 0, 0), (0, length - before - depth * step, 0, 0, 0))
        return self._with_bias(ops.swapaxes(slice_along(out, 1, pads[0], sizes[0]), 1, 2), x)


__all__ = ["Conv1d", "Conv1dTranspose", "Conv2d", "Conv2dTranspose", "Conv3d", "Conv3dTranspose"]
