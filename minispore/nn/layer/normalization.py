"""Normalisation layers.  Moving statistics are Parameters without gradient, updated in training."""

from ... import ops
from ...core import checks
from ...core.dtype import float32
from ...core.errors import fail
from ...core.initializer import Initializer
from ...core.tensor import Tensor
from ...ops.normalization import instance_norm, layer_norm_statistics, moments
from ..cell import Cell
from .weights import parameter


class _BatchNorm(Cell):
    """The base of BatchNorm1d, BatchNorm2d and BatchNorm3d."""

    is_piece = True

    ranks: tuple[int, ...] = ()

    def __init__(self, num_features, eps=1e-5, momentum=0.9, affine=True, gamma_init="ones", beta_init="zeros",
                 moving_mean_init="zeros", moving_var_init="ones", use_batch_statistics=None, data_format="NCHW",
                 dtype=float32):  # fmt: skip
        super().__init__()
        name = type(self).__name__
        self.num_features = checks.positive_int(name, num_features=num_features)
        checks.within(name, "[0, 1]", momentum=checks.number(name, momentum=momentum))
        checks.one_of(name, ["NCHW"], data_format=data_format)
        if use_batch_statistics is not None and not isinstance(use_batch_statistics, bool):
            raise fail(
                ValueError,
                f"For '{name}', the argument 'use_batch_statistics' must be None, True or False, but got "
                f"{use_batch_statistics!r}.",
            )
        self.eps, self.momentum, self.use_batch_statistics = eps, 1.0 - momentum, use_batch_statistics
        for attribute, own_name, init, trained in (
            ("moving_mean", "mean", moving_mean_init, False), ("moving_variance", "variance", moving_var_init, False),
            ("gamma", "gamma", gamma_init, affine), ("beta", "beta", beta_init, affine),
        ):  # fmt: skip
            setattr(self, attribute, parameter(name, own_name, init, (num_features,), dtype, trained))

    def construct(self, x):
        checks.rank(type(self).__name__, *self.ranks, input=x)
        training = self.training if self.use_batch_statistics is None else self.use_batch_statistics
        return ops.batch_norm(
            x, self.moving_mean, self.moving_variance, self.gamma, self.beta, training, self.momentum, self.eps
        )

    def extend_repr(self):
        return (
            f"num_features={self.num_features}, eps={self.eps}, momentum={1.0 - self.momentum}, gamma={self.gamma}, "
            f"beta={self.beta}, moving_mean={self.moving_mean}, moving_variance={self.moving_variance}"
        )


class BatchNorm1d(_BatchNorm):
    """Batch normalisation of (N, C) or (N, C, L): see ``BatchNorm2d``."""

    ranks = (2, 3)


class BatchNorm2d(_BatchNorm):
    """Batch normalisation of (N, C, H, W): each channel (axis 1) normalised over all other axes, then scaled by
    ``gamma`` and moved by ``beta``.

    In training by the statistics of the batch, which also move the averages:
    ``moving = momentum * moving + (1 - momentum) * batch`` (the variance divided by n - 1 there, by n for the output);
    in evaluation by the moving averages.

    Args:
        num_features: how many channels.
        eps: added to the variance.
        momentum: of the moving averages.
        affine: whether ``gamma`` and ``beta`` are trained.
        gamma_init, beta_init, moving_mean_init, moving_var_init: an initializer, its name, a number or a Tensor.
        use_batch_statistics: True or False instead of what ``set_train`` says.

    Raises:
        TypeError: ``num_features`` is not an int.
        ValueError: an argument out of range, or an input with other axes or channels.

    >>> import minispore as ms
    >>> net = BatchNorm2d(1).set_train()
    >>> print(net(ms.Tensor([[[[1.0, 3.0]]]])))
    [[[[-0.999995  0.999995]]]]
    >>> print(net.moving_mean.asnumpy(), net.moving_variance.asnumpy())
    [0.2] [1.1]
    """

    ranks = (4,)


class BatchNorm3d(Cell):
    """Batch normalisation of (N, C, D, H, W): see ``BatchNorm2d``, which is inside."""

    is_piece = True

    def __init__(self, num_features, eps=1e-5, momentum=0.9, affine=True, gamma_init="ones", beta_init="zeros",
                 moving_mean_init="zeros", moving_var_init="ones", use_batch_statistics=None,
                 dtype=float32):  # fmt: skip
        super().__init__()
        self.bn2d = BatchNorm2d(
            num_features, eps, momentum, affine, gamma_init, beta_init, moving_mean_init, moving_var_init,
            use_batch_statistics, dtype=dtype,
        )  # fmt: skip

    def construct(self, x):
        checks.rank("BatchNorm3d", 5, input=x)
        n, c, d, h, w = x.shape
        return self.bn2d(x.reshape(n, c, d * h, w)).reshape(x.shape)


class SyncBatchNorm(_BatchNorm):
    """Batch normalisation across devices, of (N, C) or (N, C, H, W): here there is one, see ``BatchNorm2d``."""

    ranks = (2, 4)

    def __init__(self, num_features, eps=1e-5, momentum=0.9, affine=True, gamma_init="ones", beta_init="zeros",
                 moving_mean_init="zeros", moving_var_init="ones", use_batch_statistics=None, process_groups=None,
                 dtype=float32):  # fmt: skip
        super().__init__(
            num_features, eps, momentum, affine, gamma_init, beta_init, moving_mean_init, moving_var_init,
            use_batch_statistics, dtype=dtype,
        )  # fmt: skip
        self.process_groups = process_groups


class LayerNorm(Cell):
    """``(x - mean) / sqrt(variance + epsilon) * gamma + beta`` over the axes from ``begin_norm_axis`` on.

    Args:
        normalized_shape: the shape of ``gamma`` and ``beta``: that of the axes from ``begin_params_axis`` on.
        begin_norm_axis, begin_params_axis: the first axis to normalise over, and of the Parameters.
        gamma_init, beta_init: an initializer, its name, a number or a Tensor.
        epsilon: added to the variance.

    Raises:
        TypeError: ``normalized_shape`` is not a tuple or list.
        ValueError: it is empty, or the shape of an input does not fit.

    >>> import minispore as ms
    >>> print(LayerNorm((2,), epsilon=0.0)(ms.Tensor([[1.0, 3.0]])))
    [[-1.  1.]]
    """

    is_piece = True

    def __init__(self, normalized_shape, begin_norm_axis=-1, begin_params_axis=-1, gamma_init="ones", beta_init="zeros",
                 epsilon=1e-7, dtype=float32):  # fmt: skip
        super().__init__()
        if not checks.instance("LayerNorm", (tuple, list), normalized_shape=normalized_shape):
            raise fail(
                ValueError,
                f"For 'LayerNorm', the argument 'normalized_shape' must not be empty, but got {normalized_shape}.",
            )
        self.normalized_shape, self.epsilon = normalized_shape, epsilon
        self.begin_norm_axis = checks.integer("LayerNorm", begin_norm_axis=begin_norm_axis)
        self.begin_params_axis = checks.integer("LayerNorm", begin_params_axis=begin_params_axis)
        self.gamma = parameter("LayerNorm", "gamma", gamma_init, normalized_shape, dtype)
        self.beta = parameter("LayerNorm", "beta", beta_init, normalized_shape, dtype)

    def construct(self, input_x):
        checks.tensor("LayerNorm", input=input_x)
        return layer_norm_statistics(
            input_x, self.gamma, self.beta, self.begin_norm_axis, self.begin_params_axis, self.epsilon
        )[0]

    def extend_repr(self):
        return (  # MindSpore prints no "=" after gamma
            f"normalized_shape={self.normalized_shape}, begin_norm_axis={self.begin_norm_axis}, "
            f"begin_params_axis={self.begin_params_axis}, gamma{self.gamma}, beta={self.beta}"
        )


class LayerNormExt(Cell):
    """``LayerNorm`` over the last axes with PyTorch's arguments; the Parameters are ``weight`` and ``bias``."""

    is_piece = True

    def __init__(self, normalized_shape, eps=1e-5, elementwise_affine=True, bias=True, dtype=None):
        super().__init__()
        if isinstance(normalized_shape, int):
            normalized_shape = (normalized_shape,)
        if not checks.instance("LayerNormExt", (tuple, list), normalized_shape=normalized_shape):
            raise fail(ValueError, "For 'LayerNormExt', the argument 'normalized_shape' must not be empty.")
        self.normalized_shape, self.eps, self.elementwise_affine = tuple(normalized_shape), eps, elementwise_affine
        dtype = float32 if dtype is None else dtype
        self.weight = self.bias = None
        if elementwise_affine:
            self.weight = parameter("LayerNormExt", "weight", "ones", self.normalized_shape, dtype)
            if bias:
                self.bias = parameter("LayerNormExt", "bias", "zeros", self.normalized_shape, dtype)

    def construct(self, input):
        return ops.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extend_repr(self):
        return f"normalized_shape={self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


class GroupNorm(Cell):
    """Each sample and each of ``num_groups`` groups of channels (axis 1) normalised, then ``gamma`` and ``beta`` by
    channel.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: the channels cannot be divided into the groups, or the input has others.
    """

    is_piece = True

    def __init__(
        self, num_groups, num_channels, eps=1e-5, affine=True, gamma_init="ones", beta_init="zeros", dtype=float32
    ):
        super().__init__()
        self.num_groups = checks.positive_int("GroupNorm", num_groups=num_groups)
        self.num_channels = checks.positive_int("GroupNorm", num_channels=num_channels)
        if num_channels % num_groups:
            raise fail(
                ValueError,
                f"For 'GroupNorm', 'num_channels' must be a multiple of 'num_groups', but got {num_channels} and "
                f"{num_groups}.",
            )
        self.eps = checks.floating("GroupNorm", eps=eps)
        self.affine = checks.boolean("GroupNorm", affine=affine)
        self.gamma = parameter("GroupNorm", "gamma", gamma_init, (num_channels,), dtype, affine)
        self.beta = parameter("GroupNorm", "beta", beta_init, (num_channels,), dtype, affine)

    def construct(self, x):
        _check_channels("GroupNorm", x, self.num_channels)
        return ops.group_norm(x, self.num_groups, self.gamma, self.beta, self.eps)

    def extend_repr(self):
        return f"num_groups={self.num_groups}, num_channels={self.num_channels}"


def _check_channels(owner, x, channels) -> None:
    if checks.tensor(owner, input=x).ndim < 2 or x.shape[1] != channels:
        raise fail(
            ValueError, f"For '{owner}', the input must have {channels} channels (axis 1), but its shape is {x.shape}."
        )


class _InstanceNorm(Cell):
    """The base of InstanceNorm1d, InstanceNorm2d and InstanceNorm3d."""

    is_piece = True

    rank = 0

    def __init__(
        self, num_features, eps=1e-5, momentum=0.1, affine=True, gamma_init="ones", beta_init="zeros", dtype=float32
    ):
        super().__init__()
        name = type(self).__name__
        self.num_features = checks.positive_int(name, num_features=num_features)
        self.eps = checks.floating(name, eps=eps)
        self.momentum = checks.within(name, "[0, 1]", momentum=checks.floating(name, momentum=momentum))
        checks.boolean(name, affine=affine)
        for argument, init in (("gamma_init", gamma_init), ("beta_init", beta_init)):
            checks.instance(name, (Tensor, int, float, str, Initializer), **{argument: init})
        self.moving_mean = parameter(name, "mean", "zeros", (num_features,), dtype, False)
        self.moving_variance = parameter(name, "variance", "ones", (num_features,), dtype, False)
        self.gamma = parameter(name, "gamma", gamma_init, (num_features,), dtype, affine)
        self.beta = parameter(name, "beta", beta_init, (num_features,), dtype, affine)

    def construct(self, x):
        checks.rank(type(self).__name__, self.rank, input=x)
        _check_channels(type(self).__name__, x, self.num_features)
        if self.training:
            self._move(ops.stop_gradient(x))
        return instance_norm(x, self.gamma, self.beta, self.eps)

    def _move(self, x) -> None:
        axes = tuple(range(2, x.ndim))
        count = x.size // max(x.shape[0] * x.shape[1], 1)
        mean, variance = (ops.mean(t, (0, *axes)) for t in moments(x, axes))
        unbiased = variance * (count / (count - 1)) if count > 1 else variance
        for moving, batch in ((self.moving_mean, mean), (self.moving_variance, unbiased)):
            ops.assign(moving, moving * (1.0 - self.momentum) + batch * self.momentum)

    def extend_repr(self):
        return (
            f"num_features={self.num_features}, eps={self.eps}, momentum={self.momentum}, gamma={self.gamma}, "
            f"beta={self.beta}, moving_mean={self.moving_mean}, moving_variance={self.moving_variance}"
        )


class InstanceNorm1d(_InstanceNorm):
    """Instance normalisation of (N, C, L): see ``InstanceNorm2d``."""

    rank = 3


class InstanceNorm2d(_InstanceNorm):
    """Instance normalisation of (N, C, H, W): each channel (axis 1) of each sample normalised, then scaled by
    ``gamma`` and moved by ``beta``.

    Training also moves the averages of the statistics: ``moving = (1 - momentum) * moving + momentum * mean over
        samples``.

    Args:
        num_features: how many channels.
        eps: added to the variance.
        momentum: of the moving averages, which are kept but not used.
        affine: whether ``gamma`` and ``beta`` are trained.
        gamma_init, beta_init: an initializer, its name, a number or a Tensor.
    """

    rank = 4


class InstanceNorm3d(_InstanceNorm):
    """Instance normalisation of (N, C, D, H, W): see ``InstanceNorm2d``."""

    rank = 5


__all__ = [
    "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "GroupNorm", "InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d",
    "LayerNorm", "LayerNormExt", "SyncBatchNorm",
]  # fmt: skip
