"""``mint.nn``: layers with PyTorch's arguments.

A layer without Parameters is made from its function in ``functional``: what follows the inputs there are the arguments
of the constructor.
"""

import inspect as _inspect
import math as _math
from typing import Any as _Any

from ... import ops as _package
from ...core.docstrings import LazyDocstring as _LazyDocstring, documented as _documented, sections as _sections
from ...core.dtype import float32 as _float32, int64 as _int64, to_dtype as _to_dtype
from ...core.errors import fail as _fail
from ...core.forwarding import as_class as _as_class
from ...core.initializer import HeUniform as _HeUniform, Uniform as _Uniform, initializer as _initializer
from ...core.parameter import Parameter as _Parameter
from ...nn import (
    AdaptiveAvgPool3d,
    AdaptiveMaxPool2d,
    AvgPool3d as _AvgPool3d,
    Cell as _Cell,
    ConstantPad1d,
    ConstantPad2d,
    ConstantPad3d,
    Flatten,
    Identity,
    PixelShuffle,
    ReflectionPad1d,
    ReflectionPad2d,
    ReflectionPad3d,
    ReLU,
    ReplicationPad1d,
    ReplicationPad2d,
    ReplicationPad3d,
    SoftMarginLoss,
    ZeroPad2d,
)
from ...nn.layer.dense import Linear
from . import functional

_with_shared_docs = _documented(
    conv="""\
``weight`` and ``bias`` are uniform in +-1/sqrt(fan in) at first.

Args:
    in_channels (int): the channels (axis 1) of the input.
    out_channels (int): the channels of the output.
    kernel_size (int | tuple[int]): the window.
    stride (int | tuple[int]): how far apart windows begin. Default: 1.
    padding (int | tuple[int] | str): how many elements surround each side; or "same" or "valid". Default: 0.
    dilation (int | tuple[int]): how far apart the elements of a window are. Default: 1.
    groups (int): how many groups of channels are convolved apart. Default: 1.
    bias (bool): whether there is a bias. Default: True.
    padding_mode (str): what the padding holds: "zeros", "reflect", "replicate" or "circular". Default: "zeros".
    dtype (dtype): the type of the Parameters; None for float32. Default: None.""",
)


_ops: _Any = _package
_f: _Any = functional


_SELF = _inspect.Parameter("self", _inspect.Parameter.POSITIONAL_OR_KEYWORD)


def _layer(name, function, inputs=1):
    """A Cell that calls ``function`` with its arguments behind ``inputs`` Tensors."""
    signature = _inspect.signature(function)
    own = [p.replace(kind=p.POSITIONAL_OR_KEYWORD) for p in list(signature.parameters.values())[inputs:]]
    taken = _inspect.Signature(own)

    def __init__(self, *args, **kwargs):
        _Cell.__init__(self)
        try:
            bound = taken.bind(*args, **kwargs)
        except TypeError as error:
            raise _fail(TypeError, f"For '{name}', the arguments do not fit: {error}.") from None
        bound.apply_defaults()
        for argument, value in bound.arguments.items():
            if argument != "training":  # dropout follows ``set_train``
                setattr(self, argument, value)

    constructor: _Any = __init__
    constructor.__signature__ = _inspect.signature(__init__).replace(parameters=[_SELF, *own])

    names = list(taken.parameters)  # attributes, as in MindSpore, whose subclasses read and set them

    def construct(self, *xs):
        return function(*xs, **{name: getattr(self, name) for name in names})

    def extend_repr(self):
        return ", ".join(f"{name}={getattr(self, name)}" for name in names if name not in ("inplace", "training"))

    members = {
        "__init__": __init__, "construct": construct, "extend_repr": extend_repr, "__module__": __name__,
        "__doc__": _LazyDocstring(lambda: _docstring(name, function, taken)),
    }  # fmt: skip
    return type(name, (_Cell,), members)


_NOTHING = _sections("")


def _docstring(name, function, taken):
    own = {n: n for n in taken.parameters}
    inputs = {n: n for n in _inspect.signature(function).parameters if n not in taken.parameters}
    title = f"``functional.{function.__name__}`` as a layer: ``{name}{taken}``."
    defaults = {n: p.default for n, p in taken.parameters.items() if p.default is not p.empty}
    written = _NOTHING
    if "training" in own:
        shape = ", 1, 1" if name == "Dropout2d" else ""
        written = _sections(f"""
            Args:
                training (bool): no effect: dropout follows ``set_train``.

            >>> import minispore as ms
            >>> layer = {name}(0.5).set_train()
            >>> set(layer(ms.ops.ones((4, 4{shape}))).flatten().tolist()) <= {{0.0, 2.0}}
            True
            """)
    return _as_class(function, title, name, own, inputs, written, defaults)


_ACTIVATIONS_AND_POOLS = {
    "ReLU6": _f.relu6, "SiLU": _f.silu, "ELU": _f.elu, "GELU": _f.gelu, "SELU": _f.selu,
    "Sigmoid": _f.sigmoid, "Tanh": _f.tanh, "Mish": _f.mish, "LogSigmoid": _f.logsigmoid, "Hardtanh": _f.hardtanh,
    "Hardshrink": _f.hardshrink, "Hardsigmoid": _f.hardsigmoid, "Hardswish": _f.hardswish, "Threshold": _f.threshold,
    "Softmax": _f.softmax, "LogSoftmax": _f.log_softmax, "Dropout": _f.dropout, "Dropout2d": _f.dropout2d,
    "AvgPool1d": _f.avg_pool1d, "AvgPool2d": _f.avg_pool2d, "MaxPool2d": _f.max_pool2d,
    "AdaptiveAvgPool1d": _f.adaptive_avg_pool1d, "AdaptiveAvgPool2d": _f.adaptive_avg_pool2d,
    "AdaptiveMaxPool1d": _f.adaptive_max_pool1d, "Fold": _f.fold,
    "Unfold": _f.unfold, "Upsample": _f.interpolate,
}  # fmt: skip
_LOSSES = {
    "CrossEntropyLoss": _f.cross_entropy, "NLLLoss": _f.nll_loss, "BCELoss": _f.binary_cross_entropy,
    "BCEWithLogitsLoss": _f.binary_cross_entropy_with_logits, "MSELoss": _f.mse_loss, "L1Loss": _f.l1_loss,
    "SmoothL1Loss": _f.smooth_l1_loss, "KLDivLoss": _f.kl_div,
    "MaxUnpool2d": _f.max_unpool2d,
}  # fmt: skip
for _name, _function in _ACTIVATIONS_AND_POOLS.items():
    globals()[_name] = _layer(_name, _function)
for _name, _function in _LOSSES.items():
    globals()[_name] = _layer(_name, _function, 2)
CosineEmbeddingLoss = _layer("CosineEmbeddingLoss", _f.cosine_embedding_loss, 3)


def _parameter(init, shape, name, trained=True, dtype=None):
    return _Parameter(_initializer(init, shape, _to_dtype(dtype or _float32)), name=name, requires_grad=trained)


class _Conv(_Cell):
    """``functional.conv<n>d`` with Parameters ``weight`` and ``bias``, uniform in +-1/sqrt(fan in) at first.

    ``padding_mode``: "zeros", "reflect", "replicate" or "circular".
    """

    axes = 2
    transposed = False

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True,
                 padding_mode="zeros", dtype=None):  # fmt: skip
        super().__init__()
        name, n = type(self).__name__, self.axes
        if padding_mode not in ("zeros", "reflect", "replicate", "circular"):
            raise _fail(ValueError, f"For '{name}', 'padding_mode' {padding_mode!r} is not known.")
        if groups < 1 or in_channels % groups or out_channels % groups:
            raise _fail(
                ValueError,
                f"For '{name}', the channels must be multiples of 'groups', but got {in_channels}, {out_channels} and {groups}.",
            )
        self.kernel_size = (kernel_size,) * n if isinstance(kernel_size, int) else tuple(kernel_size)
        each = [(value,) * n if isinstance(value, int) else value for value in (stride, padding, dilation)]
        self.in_channels, self.out_channels, self.output_padding = in_channels, out_channels, (0,) * n
        (self.stride, self.padding, self.dilation), self.groups, self.padding_mode = each, groups, padding_mode
        shape = self._shape()
        dtype = _to_dtype(dtype or _float32)
        self.weight = _Parameter(_initializer(_HeUniform(_math.sqrt(5)), shape, dtype), name="weight")
        start = _Uniform(1 / _math.sqrt(_math.prod(shape[1:])))
        self.bias = _Parameter(_initializer(start, (out_channels,), dtype), name="bias") if bias else None

    def _shape(self):
        return (self.out_channels, self.in_channels // self.groups, *self.kernel_size)

    def construct(self, x):
        padding = self.padding
        if self.padding_mode != "zeros" and not isinstance(padding, str):
            x = _ops.pad(x, [p for q in reversed(padding) for p in (q, q)], self.padding_mode)
            padding = 0
        call = getattr(functional, f"conv{self.axes}d")
        return call(x, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)

    def extend_repr(self):
        return f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"


@_with_shared_docs
class Conv2d(_Conv):
    """The convolution of images: ``functional.conv2d`` with Parameters ``weight`` and ``bias``.

    {conv}

    Inputs:
        x (Tensor): shape (N, C, H, W) or (C, H, W); floats.

    Returns:
        Tensor of shape (N, out_channels, ...) and the type of ``x``.

    Raises:
        ValueError: ``padding_mode`` is unknown, or the channels are no multiples of ``groups``.

    >>> import minispore as ms
    >>> Conv2d(1, 2, 3, padding=1)(ms.ops.ones((1, 1, 4, 4))).shape
    (1, 2, 4, 4)
    """


@_with_shared_docs
class Conv1d(_Conv):
    """The convolution of sequences: ``functional.conv1d`` with Parameters ``weight`` and ``bias``.

    {conv}

    Inputs:
        x (Tensor): shape (N, C, L) or (C, L); floats.

    Returns:
        Tensor of shape (N, out_channels, ...) and the type of ``x``.

    Raises:
        ValueError: ``padding_mode`` is unknown, or the channels are no multiples of ``groups``.

    >>> import minispore as ms
    >>> Conv1d(1, 2, 3, padding=1)(ms.ops.ones((1, 1, 4))).shape
    (1, 2, 4)
    """

    axes = 1


@_with_shared_docs
class Conv3d(_Conv):
    """The convolution of volumes: ``functional.conv3d`` with Parameters ``weight`` and ``bias``.

    {conv}

    Inputs:
        x (Tensor): shape (N, C, D, H, W) or (C, D, H, W); floats.

    Returns:
        Tensor of shape (N, out_channels, ...) and the type of ``x``.

    Raises:
        ValueError: ``padding_mode`` is unknown, or the channels are no multiples of ``groups``.

    >>> import minispore as ms
    >>> Conv3d(1, 2, 3, padding=1)(ms.ops.ones((1, 1, 4, 4, 4))).shape
    (1, 2, 4, 4, 4)
    """

    axes = 3


class ConvTranspose2d(_Conv):
    """The transpose of a convolution of images: ``functional.conv_transpose2d`` with Parameters ``weight`` and ``bias``.

    Args:
        in_channels (int): the channels (axis 1) of the input.
        out_channels (int): the channels of the output.
        kernel_size (int | tuple[int]): the window.
        stride (int | tuple[int]): how far apart windows begin in the output. Default: 1.
        padding (int | tuple[int]): what is cut off each side of the output. Default: 0.
        output_padding (int | tuple[int]): what the output is longer at the end. Default: 0.
        groups (int): how many groups of channels are convolved apart. Default: 1.
        bias (bool): whether there is a bias. Default: True.
        dilation (int | tuple[int]): how far apart the elements of a window are. Default: 1.
        padding_mode (str): "zeros". Default: "zeros".
        dtype (dtype): the type of the Parameters; None for float32. Default: None.

    Inputs:
        x (Tensor): shape (N, C, H, W); floats.

    Returns:
        Tensor of shape (N, out_channels, H', W') and the type of ``x``.

    Raises:
        ValueError: ``padding_mode`` is unknown, or the channels are no multiples of ``groups``.

    >>> import minispore as ms
    >>> ConvTranspose2d(1, 2, 2, stride=2)(ms.ops.ones((1, 1, 3, 3))).shape
    (1, 2, 6, 6)
    """

    transposed = True

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1,
                 bias=True, dilation=1, padding_mode="zeros", dtype=None):  # fmt: skip
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode,
                         dtype)  # fmt: skip
        self.output_padding = output_padding

    def _shape(self):
        return (self.in_channels, self.out_channels // self.groups, *self.kernel_size)

    def construct(self, x):
        return _f.conv_transpose2d(
            x, self.weight, self.bias, self.stride, self.padding, self.output_padding, self.groups, self.dilation
        )


class BatchNorm2d(_Cell):
    """Each channel normalised by the batch in training, by the running statistics otherwise; then scaled and shifted.

    ``(x - mean) / sqrt(variance + eps) * weight + bias`` (Ioffe and Szegedy, "Batch Normalization", 2015).

    Args:
        num_features (int): the number of channels (axis 1).
        eps (float): keeps the divisor away from 0. Default: 1e-05.
        momentum (float): ``running = (1 - momentum) * running + momentum * batch``. Default: 0.1.
        affine (bool): whether ``weight`` and ``bias`` are trained. Default: True.
        track_running_stats (bool): False: the batch's statistics are used always. Default: True.
        dtype (dtype): no effect: the Parameters are float32. Default: None.

    Inputs:
        x (Tensor): shape (N, C, H, W); floats.

    Returns:
        Tensor of the shape and type of ``x``.

    >>> import minispore as ms
    >>> layer = BatchNorm2d(1, eps=0.0).set_train()
    >>> print(layer(ms.Tensor([1.0, 3.0]).reshape(2, 1, 1, 1)).flatten())
    [-1.  1.]
    """

    def __init__(self, num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, dtype=None):
        super().__init__()
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats, self.dtype = affine, track_running_stats, _to_dtype(dtype or _float32)
        shape = (num_features,)
        self.weight = _parameter("ones", shape, "weight", True, dtype) if affine else None
        self.bias = _parameter("zeros", shape, "bias", True, dtype) if affine else None
        self.running_mean = _parameter("zeros", shape, "running_mean", False, dtype) if track_running_stats else None
        self.running_var = _parameter("ones", shape, "running_var", False, dtype) if track_running_stats else None
        self.num_batches_tracked = (
            _parameter("zeros", (), "num_batches_tracked", False, _int64) if track_running_stats else None
        )

    def construct(self, x):
        training = self.training or not self.track_running_stats
        if self.training and self.track_running_stats:
            _ops.assign_add(self.num_batches_tracked, 1)
        return _ops.batch_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias, training, self.momentum, self.eps
        )


class BatchNorm1d(BatchNorm2d):
    """Each channel normalised by the batch in training, by the running statistics otherwise; then scaled and shifted.

    ``(x - mean) / sqrt(variance + eps) * weight + bias`` (Ioffe and Szegedy, "Batch Normalization", 2015).

    Args:
        num_features (int): the number of channels (axis 1).
        eps (float): keeps the divisor away from 0. Default: 1e-05.
        momentum (float): ``running = (1 - momentum) * running + momentum * batch``. Default: 0.1.
        affine (bool): whether ``weight`` and ``bias`` are trained. Default: True.
        track_running_stats (bool): False: the batch's statistics are used always. Default: True.
        dtype (dtype): no effect: the Parameters are float32. Default: None.

    Inputs:
        x (Tensor): shape (N, C) or (N, C, L); floats.

    Returns:
        Tensor of the shape and type of ``x``.

    >>> import minispore as ms
    >>> layer = BatchNorm1d(1, eps=0.0).set_train()
    >>> print(layer(ms.Tensor([1.0, 3.0]).reshape(2, 1)).flatten())
    [-1.  1.]
    """


class BatchNorm3d(BatchNorm2d):
    """Each channel normalised by the batch in training, by the running statistics otherwise; then scaled and shifted.

    ``(x - mean) / sqrt(variance + eps) * weight + bias`` (Ioffe and Szegedy, "Batch Normalization", 2015).

    Args:
        num_features (int): the number of channels (axis 1).
        eps (float): keeps the divisor away from 0. Default: 1e-05.
        momentum (float): ``running = (1 - momentum) * running + momentum * batch``. Default: 0.1.
        affine (bool): whether ``weight`` and ``bias`` are trained. Default: True.
        track_running_stats (bool): False: the batch's statistics are used always. Default: True.
        dtype (dtype): no effect: the Parameters are float32. Default: None.

    Inputs:
        x (Tensor): shape (N, C, D, H, W); floats.

    Returns:
        Tensor of the shape and type of ``x``.

    >>> import minispore as ms
    >>> layer = BatchNorm3d(1, eps=0.0).set_train()
    >>> print(layer(ms.Tensor([1.0, 3.0]).reshape(2, 1, 1, 1, 1)).flatten())
    [-1.  1.]
    """


class GroupNorm(_Cell):
    """Each group of channels normalised, then each channel scaled and shifted.

    Wu and He, "Group Normalization" (2018).

    Args:
        num_groups (int): how many groups.
        num_channels (int): how many channels (axis 1), a multiple of ``num_groups``.
        eps (float): keeps the divisor away from 0. Default: 1e-05.
        affine (bool): whether ``weight`` and ``bias`` are trained. Default: True.
        dtype (dtype): no effect: the Parameters are float32. Default: None.

    Inputs:
        x (Tensor): shape (N, num_channels, ...); floats.

    Returns:
        Tensor of the shape and type of ``x``.

    >>> import minispore as ms
    >>> print(GroupNorm(1, 2, eps=0.0)(ms.Tensor([[1.0, 3.0]])))
    [[-1.  1.]]
    """

    def __init__(self, num_groups, num_channels, eps=1e-05, affine=True, dtype=None):
        super().__init__()
        self.num_groups, self.num_channels, self.eps, self.affine = num_groups, num_channels, eps, affine
        self.weight = _parameter("ones", (num_channels,), "weight", affine, dtype)
        self.bias = _parameter("zeros", (num_channels,), "bias", affine, dtype)

    def construct(self, x):
        return _ops.group_norm(x, self.num_groups, self.weight, self.bias, self.eps)


class LayerNorm(_Cell):
    """The last axes normalised, then scaled and shifted.

    Ba et al., "Layer Normalization" (2016).

    Args:
        normalized_shape (int | tuple[int]): the lengths of these axes.
        eps (float): keeps the divisor away from 0. Default: 1e-05.
        elementwise_affine (bool): whether ``weight`` and ``bias`` are trained. Default: True.
        bias (bool): whether ``bias`` is trained. Default: True.
        dtype (dtype): no effect: the Parameters are float32. Default: None.

    Inputs:
        x (Tensor): shape (..., *normalized_shape); floats.

    Returns:
        Tensor of the shape and type of ``x``.

    >>> import minispore as ms
    >>> print(LayerNorm(2, eps=0.0)(ms.Tensor([[1.0, 3.0]])))
    [[-1.  1.]]
    """

    def __init__(self, normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, dtype=None):
        super().__init__()
        self.normalized_shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        shape, with_bias = self.normalized_shape, elementwise_affine and bias
        self.weight = _parameter("ones", shape, "weight", True, dtype) if elementwise_affine else None
        self.bias = _parameter("zeros", shape, "bias", True, dtype) if with_bias else None

    def construct(self, x):
        return _ops.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)


class Embedding(_Cell):
    """Rows of the Parameter ``weight`` at the indices of the input; standard normal at first.

    Args:
        num_embeddings (int): how many rows.
        embedding_dim (int): their length.
        padding_idx (int): the row that gets no gradient. Default: None.
        max_norm (float): rows of a larger norm are scaled down to it. Default: None.
        norm_type (float): the order of that norm. Default: 2.0.
        scale_grad_by_freq (bool): whether gradients are divided by how often their row was used. Default: False.
        dtype (dtype): no effect: ``weight`` is float32. Default: None.

    Inputs:
        input (Tensor): any shape; integers in [0, num_embeddings).

    Returns:
        Tensor of the shape of ``input`` with a last axis of length ``embedding_dim`` more; float32.

    >>> import minispore as ms
    >>> Embedding(10, 4)(ms.Tensor([[1, 2, 3]])).shape
    (1, 3, 4)
    """

    def __init__(self, num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0,
                 scale_grad_by_freq=False, dtype=None):  # fmt: skip
        super().__init__()
        self.num_embeddings, self.embedding_dim, self.padding_idx = num_embeddings, embedding_dim, padding_idx
        self.max_norm, self.norm_type, self.scale_grad_by_freq = max_norm, norm_type, scale_grad_by_freq
        self.weight = _Parameter(
            _ops.randn(num_embeddings, embedding_dim, dtype=_to_dtype(dtype or _float32)), name="weight"
        )

    def construct(self, input):
        return _ops.embedding(
            input, self.weight, self.padding_idx, self.max_norm, self.norm_type, self.scale_grad_by_freq
        )


class AvgPool3d(_AvgPool3d):
    """The average of each window of volumes.

    Args:
        kernel_size (int | tuple[int]): the window.
        stride (int | tuple[int]): how far apart windows begin; None: ``kernel_size``. Default: None.
        padding (int | tuple[int]): how many zeros surround each side. Default: 0.
        ceil_mode (bool): whether windows may reach over the end, so that nothing is left out. Default: False.
        count_include_pad (bool): whether the zeros of the padding count as elements. Default: True.
        divisor_override (int): what the sums are divided by; None: the number of elements. Default: None.

    Inputs:
        x (Tensor): shape (N, C, D, H, W) or (C, D, H, W); floats.

    Returns:
        Tensor of shape (N, C, D', H', W') or (C, D', H', W') and the type of ``x``.

    >>> import minispore as ms
    >>> print(AvgPool3d(2)(ms.ops.arange(8.0).reshape(1, 1, 2, 2, 2)).flatten())
    [3.5]
    """

    def __init__(
        self, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None
    ):
        stride = kernel_size if stride is None else stride
        super().__init__(kernel_size, stride, "pad", padding, ceil_mode, count_include_pad, divisor_override)


class PReLU(_Cell):
    """``x`` where it is positive, else ``weight * x``, with one weight or one for each channel.

    He et al., "Delving Deep into Rectifiers" (2015).

    Args:
        num_parameters (int): how many weights: 1 or the number of channels (axis 1). Default: 1.
        init (float): their value at first. Default: 0.25.
        dtype (dtype): no effect: ``weight`` is float32. Default: None.

    Inputs:
        x (Tensor): any shape; floats.

    Returns:
        Tensor of the shape and type of ``x``.

    >>> import minispore as ms
    >>> print(PReLU()(ms.Tensor([-2.0, 2.0])))
    [-0.5  2. ]
    """

    def __init__(self, num_parameters=1, init=0.25, dtype=None):
        super().__init__()
        self.weight = _parameter(init, (num_parameters,), "weight", dtype=dtype)

    def construct(self, x):
        return _ops.prelu(x, self.weight)


from ...core.registry import module_getattr as _module_getattr  # noqa: E402  # isort: skip

__getattr__ = _module_getattr(__name__)
