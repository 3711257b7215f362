"""Normalisation layers.  Moving statistics are Parameters without gradient, updated in training."""

from ... import ops
from ...core import checks
from ...core.docstrings import documented
from ...core.dtype import float32
from ...core.errors import fail
from ...core.initializer import Initializer
from ...core.tensor import Tensor
from ...distributed.groups import members, world_rank, world_size
from ...ops.normalization import batch_norm_statistics, instance_norm, layer_norm_statistics, moments
from ..cell import Cell
from .weights import parameter

_SCALES = """affine: bool, whether ``gamma`` and ``beta`` are trained.  Default: True.
gamma_init: an initializer, its name, a number or a Tensor of shape ({features},): the first scales.  Default: "ones".
beta_init: the same for the shifts.  Default: "zeros"."""
_BATCH_ARGS = """num_features: int, C.
eps: float, added to the variance.  Default: 1e-5.
momentum: number in [0, 1], the share of the old value in a moving average.  Default: 0.9.
{scales}
moving_mean_init: the same for the moving mean.  Default: "zeros".
moving_var_init: the same for the moving variance.  Default: "ones".
use_batch_statistics: True or False in place of what ``set_train`` says.  Default: None."""
_BATCH = {
    "args": _BATCH_ARGS, "scales": _SCALES, "features": "num_features",
    "raises": """TypeError: an argument of the wrong type.
ValueError: an argument out of range, or an input with other axes or channels.""",
}  # fmt: skip


class _BatchNorm(Cell):
    """The base of BatchNorm1d, BatchNorm2d and BatchNorm3d."""

    is_piece = True

    ranks: tuple[int, ...] = ()  # the numbers of axes that an input may have
    processes: tuple[int, ...] = ()  # over whose batches the statistics go; (): this one's

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
        return batch_norm_statistics(
            x, self.gamma, self.beta, self.moving_mean, self.moving_variance, training, self.eps, self.momentum,
            ranks=self.processes,
        )[0]  # fmt: skip

    def extend_repr(self):
        return (
            f"num_features={self.num_features}, eps={self.eps}, momentum={1.0 - self.momentum}, gamma={self.gamma}, "
            f"beta={self.beta}, moving_mean={self.moving_mean}, moving_variance={self.moving_variance}"
        )


@documented(**_BATCH)
class BatchNorm1d(_BatchNorm):
    """Batch normalisation of rows or sequences; the formulas are those of ``BatchNorm2d``.

    Args:
        {args}
        data_format: "NCHW", the only choice.
        dtype: the type of the Parameters.  Default: float32.

    Inputs:
        x: Tensor of floats, shape (N, C) or (N, C, L).

    Returns:
        Tensor of the shape and dtype of x.

    Raises:
        {raises}

    >>> from minispore import Tensor, nn
    >>> print(nn.BatchNorm1d(1).set_train()(Tensor([[1.0], [3.0]])))
    [[-0.999995]
     [ 0.999995]]
    """

    ranks = (2, 3)


@documented(**_BATCH)
class BatchNorm2d(_BatchNorm):
    """Batch normalisation of images (Ioffe & Szegedy 2015, arXiv 1502.03167): for each channel
    ``(x - mean) / sqrt(variance + eps) * gamma + beta`` over all other axes.

    In training mean and variance (divided by n) are those of the batch, which also moves the averages:
    ``moving = momentum * moving + (1 - momentum) * batch``, with the variance divided by n - 1.  In evaluation they are
    the moving averages.

    Args:
        {args}
        data_format: "NCHW", the only choice.
        dtype: the type of the Parameters.  Default: float32.

    Inputs:
        x: Tensor of floats, shape (N, C, H, W).

    Returns:
        Tensor of the shape and dtype of x.

    Raises:
        {raises}

    >>> from minispore import Tensor, nn
    >>> net = nn.BatchNorm2d(1).set_train()
    >>> print(net(Tensor([[[[1.0, 3.0]]]])))
    [[[[-0.999995  0.999995]]]]
    >>> print(net.moving_mean.asnumpy(), net.moving_variance.asnumpy())
    [0.2] [1.1]
    """

    ranks = (4,)


@documented(**_BATCH)
class BatchNorm3d(Cell):
    """Batch normalisation of volumes, by a ``BatchNorm2d`` called ``bn2d`` that holds the Parameters.

    Args:
        {args}
        dtype: the type of the Parameters.  Default: float32.

    Inputs:
        x: Tensor of floats, shape (N, C, D, H, W).

    Returns:
        Tensor of the shape and dtype of x.

    Raises:
        {raises}

    >>> from minispore import Tensor, nn
    >>> print(nn.BatchNorm3d(1).set_train()(Tensor([[[[[1.0, 3.0]]]]])))
    [[[[[-0.999995  0.999995]]]]]
    """

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


@documented(**_BATCH)
class SyncBatchNorm(_BatchNorm):
    """Batch normalisation by the statistics of the batches of all processes together; in one process it is ``BatchNorm2d``.

    Args:
        {args}
        process_groups: list of lists of ranks; each list has statistics of its own.  Default: None, all ranks together.
        dtype: the type of the Parameters.  Default: float32.

    Inputs:
        x: Tensor of floats, shape (N, C) or (N, C, H, W).

    Returns:
        Tensor of the shape and dtype of x.

    Raises:
        {raises}
        TypeError: ``process_groups`` is not a list of lists.
        ValueError: a rank is in two groups, or does not exist.

    >>> from minispore import Tensor, nn
    >>> print(nn.SyncBatchNorm(1).set_train()(Tensor([[1.0], [3.0]])))
    [[-0.999995]
     [ 0.999995]]
    """

    ranks = (2, 4)

    def __init__(self, num_features, eps=1e-5, momentum=0.9, affine=True, gamma_init="ones", beta_init="zeros",
                 moving_mean_init="zeros", moving_var_init="ones", use_batch_statistics=None, process_groups=None,
                 dtype=float32):  # fmt: skip
        super().__init__(
            num_features, eps, momentum, affine, gamma_init, beta_init, moving_mean_init, moving_var_init,
            use_batch_statistics, dtype=dtype,
        )  # fmt: skip
        self.process_groups = process_groups
        together = _own_group(process_groups)
        self.processes = together if len(together) > 1 else ()


def _own_group(groups) -> tuple[int, ...]:
    """The ranks that share statistics with this one."""
    size = world_size()
    if groups is None:
        return members(None, "SyncBatchNorm")
    if not isinstance(groups, list) or not all(isinstance(g, list) for g in groups):
        raise fail(
            TypeError, f"For 'SyncBatchNorm', 'process_groups' must be a list of lists of ranks, but got {groups!r}."
        )
    ranks = [r for g in groups for r in g]
    if len(set(ranks)) != len(ranks) or not all(isinstance(r, int) and 0 <= r < size for r in ranks):
        raise fail(
            ValueError,
            f"For 'SyncBatchNorm', 'process_groups' must hold different ranks from 0 to {size - 1}, but got {groups}.",
        )
    return next((tuple(sorted(g)) for g in groups if world_rank() in g), ())


class LayerNorm(Cell):
    """``(x - mean) / sqrt(variance + epsilon) * gamma + beta`` over the last axes of each element (Ba et al. 2016,
    arXiv 1607.06450).

    Args:
        normalized_shape: tuple or list of ints, the shape of ``gamma`` and ``beta``: that of the axes from
            ``begin_params_axis`` on.
        begin_norm_axis: int, the first axis to normalise over.  Default: -1.
        begin_params_axis: int, the first axis of the Parameters.  Default: -1.
        gamma_init: an initializer, its name, a number or a Tensor of shape ``normalized_shape``.  Default: "ones".
        beta_init: the same.  Default: "zeros".
        epsilon: float, added to the variance.  Default: 1e-7.
        dtype: the type of the Parameters.  Default: float32.

    Inputs:
        input_x: Tensor of floats, whose last axes have the shape ``normalized_shape``.

    Returns:
        Tensor of the shape and dtype of the input.

    Raises:
        TypeError: ``normalized_shape`` is not a tuple or list, or an axis not an int.
        ValueError: ``normalized_shape`` is empty, or the shape of an input does not fit.

    >>> from minispore import Tensor, nn
    >>> print(nn.LayerNorm((2,), epsilon=0.0)(Tensor([[1.0, 3.0]])))
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
    """``LayerNorm`` over the last axes with PyTorch's arguments; the Parameters are ``weight`` and ``bias``.

    Args:
        normalized_shape: int, or tuple or list of ints: the shape of the axes to normalise over.
        eps: float, added to the variance.  Default: 1e-5.
        elementwise_affine: bool, whether there are Parameters.  Default: True.
        bias: bool, whether ``bias`` is among them.  Default: True.
        dtype: the type of the Parameters; None for float32.

    Inputs:
        input: Tensor of floats, whose last axes have the shape ``normalized_shape``.

    Returns:
        Tensor of the shape and dtype of the input.

    Raises:
        TypeError: ``normalized_shape`` is none of these.
        ValueError: ``normalized_shape`` is empty, or the shape of an input does not fit.

    >>> from minispore import Tensor, nn
    >>> print(nn.LayerNormExt(2, eps=0.0)(Tensor([[1.0, 3.0]])))
    [[-1.  1.]]
    """

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


@documented(scales=_SCALES, features="num_channels")
class GroupNorm(Cell):
    """``(x - mean) / sqrt(variance + eps) * gamma + beta`` over each of ``num_groups`` groups of channels of each
    sample (Wu & He 2018, arXiv 1803.08494).

    Args:
        num_groups: int, how many groups.
        num_channels: int, the channels, a multiple of ``num_groups``.
        eps: float, added to the variance.  Default: 1e-5.
        {scales}
        dtype: the type of the Parameters.  Default: float32.

    Inputs:
        x: Tensor of floats, shape (N, num_channels, ...).

    Returns:
        Tensor of the shape and dtype of x.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: the channels cannot be divided into the groups, or the input has others.

    >>> from minispore import Tensor, nn
    >>> print(nn.GroupNorm(1, 2, eps=0.0)(Tensor([[[1.0], [3.0]]])))
    [[[-1.]
      [ 1.]]]
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


_INSTANCE_ARGS = """num_features: int, C.
eps: float, added to the variance.  Default: 1e-5.
momentum: float in [0, 1], the share of the new value in a moving average.  Default: 0.1.
{scales}"""
_INSTANCE = {
    "args": _INSTANCE_ARGS, "scales": _SCALES, "features": "num_features",
    "raises": """TypeError: an argument of the wrong type.
ValueError: an argument out of range, or an input with other axes or channels.""",
}  # fmt: skip


@documented(**_INSTANCE)
class InstanceNorm1d(_InstanceNorm):
    """Instance normalisation of sequences; the formulas are those of ``InstanceNorm2d``.

    Args:
        {args}
        dtype: the type of the Parameters.  Default: float32.

    Inputs:
        x: Tensor of floats, shape (N, C, L).

    Returns:
        Tensor of the shape and dtype of x.

    Raises:
        {raises}

    >>> from minispore import Tensor, nn
    >>> print(nn.InstanceNorm1d(1, eps=0.0)(Tensor([[[1.0, 3.0]]])))
    [[[-1.  1.]]]
    """

    rank = 3


@documented(**_INSTANCE)
class InstanceNorm2d(_InstanceNorm):
    """Instance normalisation of images (Ulyanov et al. 2016, arXiv 1607.08022): for each channel of each sample
    ``(x - mean) / sqrt(variance + eps) * gamma + beta``, in training and evaluation alike.

    Training also moves the averages of the statistics, which are kept but not used:
    ``moving = (1 - momentum) * moving + momentum * mean over samples``.

    Args:
        {args}
        dtype: the type of the Parameters.  Default: float32.

    Inputs:
        x: Tensor of floats, shape (N, C, H, W).

    Returns:
        Tensor of the shape and dtype of x.

    Raises:
        {raises}

    >>> from minispore import Tensor, nn
    >>> print(nn.InstanceNorm2d(1, eps=0.0)(Tensor([[[[1.0, 3.0]]]])))
    [[[[-1.  1.]]]]
    """

    rank = 4


@documented(**_INSTANCE)
class InstanceNorm3d(_InstanceNorm):
    """Instance normalisation of volumes; the formulas are those of ``InstanceNorm2d``.

    Args:
        {args}
        dtype: the type of the Parameters.  Default: float32.

    Inputs:
        x: Tensor of floats, shape (N, C, D, H, W).

    Returns:
        Tensor of the shape and dtype of x.

    Raises:
        {raises}

    >>> from minispore import Tensor, nn
    >>> print(nn.InstanceNorm3d(1, eps=0.0)(Tensor([[[[[1.0, 3.0]]]]])))
    [[[[[-1.  1.]]]]]
    """

    rank = 5


__all__ = [
    "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "GroupNorm", "InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d",
    "LayerNorm", "LayerNormExt", "SyncBatchNorm",
]  # fmt: skip
