"""Normalisation and distances.  Reductions keep their axes, so that each becomes one loop over rows when compiled."""

import math

from ..core import checks
from ..core.dtype import float32
from ..core.errors import fail
from ..core.op import elementwise, literal, to
from .collective import collective
from .effects import assign, stop_gradient
from .elementwise import maximum, norm_of, pow as pow_, rsqrt, square
from .inputs import accumulation_type, float_input, sums_in_float32
from .large import as_piece
from .movement import axis_of, expand_dims, reshape
from .norms import vector_norm
from .padding import pad
from .reduction import axes_of, reduce_sum_keep, sum as sum_
from .slicing import slice_along

# Summed over what m is the mean of, its gradient with respect to m is a sum of deviations, which is 0 and need not be made.
_square_of_deviation = elementwise(
    "square_of_deviation", "(x - m) * (x - m)", "x m", types="float", vjp=(lambda g, out, x, m: g * (x - m) * 2.0, None)
)


def moments(x, axes, ranks=(), count=None):
    """(mean, biased variance) over ``axes``, kept with length 1; by two passes, so that nothing cancels.

    ``ranks``: over the parts of these processes too; ``count``: of the elements of all of them.
    """
    if count is None:
        count = elements(x, axes, ranks)
    # of no elements both are 0, so that moving averages stay numbers
    scale = 1.0 / (max(count, 1) if isinstance(count, int) else maximum(count, 1.0))

    def total(v):
        found = reduce_sum_keep(v, axes)
        return collective("all_reduce", [found], ranks, label="statistics")[0] if ranks else found

    mean = total(x) * scale
    return mean, total(_square_of_deviation(x, mean)) * scale


def elements(x, axes, ranks=()):
    """How many elements ``axes`` have: an int, or a Tensor where it is summed over ranks."""
    count = math.prod(x.shape[a] for a in axes)
    return collective("all_reduce", [literal(float(count), x.dtype)], ranks, label="statistics")[0] if ranks else count


def normalize_axes(x, axes, eps, ranks=(), count=None):
    """(x minus its mean, divided by its deviation over ``axes``; mean; variance)."""
    mean, variance = moments(x, axes, ranks, count)
    return (x - mean) * rsqrt(variance + eps), mean, variance


def _affine(y, weight, bias):
    if weight is not None:
        y = y * weight
    return y if bias is None else y + bias


# ---------------------------------------------------------------- layers' functions
@as_piece
def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05):
    """``(x - mean) / sqrt(variance + eps) * weight + bias`` over the last axes, whose lengths are ``normalized_shape``.

    Ba et al., "Layer Normalization" (2016); the variance is the biased one.

    Args:
        input (Tensor): any shape; floats.
        normalized_shape (int | tuple[int] | list[int]): the lengths of the last axes of ``input``.
        weight (Tensor | None): shape ``normalized_shape``; floats. Default: None, no factor.
        bias (Tensor | None): shape ``normalized_shape``; floats. Default: None, nothing is added.
        eps (float): keeps the divisor away from 0. Default: 1e-05.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``input`` is not a Tensor of floats.
        ValueError: the last axes of ``input`` are not ``normalized_shape``, or ``weight`` or ``bias`` does not fit.

    >>> import minispore as ms
    >>> print(layer_norm(ms.Tensor([[1.0, 3.0]]), (2,)))
    [[-0.999995  0.999995]]
    """
    x = float_input("layer_norm", input)
    shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    if not shape or x.shape[-len(shape) :] != shape:
        raise fail(ValueError, f"For 'layer_norm', the last axes of the shape {x.shape} must be {shape}.")
    axes = tuple(range(x.ndim - len(shape), x.ndim))
    return to(_affine(normalize_axes(accumulation_type(x), axes, eps)[0], weight, bias), x.dtype)


def layer_norm_statistics(x, gamma, beta, begin_norm_axis, begin_params_axis, epsilon):
    """(output, mean, variance) of MindSpore's LayerNorm: over the axes from ``begin_norm_axis`` on."""
    first = axis_of("LayerNorm", x.ndim, begin_norm_axis)
    at = axis_of("LayerNorm", x.ndim, begin_params_axis)
    if gamma.shape != x.shape[at:] or beta.shape != x.shape[at:]:
        shapes = f"{gamma.shape} and {beta.shape}"
        raise fail(ValueError, f"For 'LayerNorm', gamma and beta must have the shape {x.shape[at:]}, but got {shapes}.")
    y, mean, variance = normalize_axes(accumulation_type(x), tuple(range(first, x.ndim)), epsilon)
    return to(_affine(y, gamma, beta), x.dtype), mean, variance  # statistics of halves are float32


@as_piece
def group_norm(input, num_groups, weight=None, bias=None, eps=1e-05):
    """``(x - mean) / sqrt(variance + eps) * weight + bias`` over each group of channels of each example.

    Wu and He, "Group Normalization" (2018); the variance is the biased one.

    Args:
        input (Tensor): shape (N, C, ...); floats.
        num_groups (int): how many groups the C channels form.
        weight (Tensor | None): shape (C,); floats. Default: None, no factor.
        bias (Tensor | None): shape (C,); floats. Default: None, nothing is added.
        eps (float): keeps the divisor away from 0. Default: 1e-05.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``input`` is not a Tensor of floats.
        ValueError: there is no axis of channels, or they cannot be divided into ``num_groups`` groups.

    >>> import minispore as ms
    >>> print(group_norm(ms.Tensor([[1.0, 3.0, 10.0, 30.0]]), 2, eps=0.0))
    [[-1.  1. -1.  1.]]
    """
    x = float_input("group_norm", input)
    if x.ndim < 2 or num_groups <= 0 or x.shape[1] % num_groups:
        raise fail(
            ValueError,
            f"For 'group_norm', the channels of the shape {x.shape} cannot be divided into {num_groups} groups.",
        )
    each = x.shape[1] // num_groups
    # weights in the shape of the groups: everything has one iteration space
    weight, bias = (None if v is None else reshape(v, (num_groups, each, 1)) for v in (weight, bias))
    grouped = accumulation_type(reshape(x, (x.shape[0], num_groups, each, math.prod(x.shape[2:]))))
    return reshape(to(_affine(normalize_axes(grouped, (2, 3), eps)[0], weight, bias), x.dtype), x.shape)


def instance_norm(input, weight=None, bias=None, eps=1e-05):
    """Each channel (axis 1) of each sample normalised."""
    x = float_input("instance_norm", input)
    y = normalize_axes(accumulation_type(x), tuple(range(2, x.ndim)), eps)[0]
    return to(_affine(y, _per_channel(weight, x.ndim), _per_channel(bias, x.ndim)), x.dtype)


def batch_norm(input_x, running_mean, running_var, weight, bias, training=False, momentum=0.1, eps=1e-05):
    """``(x - mean) / sqrt(variance + eps) * weight + bias`` for each channel (axis 1), over all other axes.

    In training, by the mean and biased variance of the batch, which also move the running ones (by the variance divided
    by n - 1): ``running = (1 - momentum) * running + momentum * batch``.  Otherwise by the running ones (Ioffe and
    Szegedy, "Batch Normalization", 2015).

    Args:
        input_x (Tensor): shape (N, C, ...); floats.
        running_mean (Tensor | Parameter | None): shape (C,); floats; may be None in training.
        running_var (Tensor | Parameter | None): shape (C,); floats; may be None in training.
        weight (Tensor | None): shape (C,); floats; None is no factor.
        bias (Tensor | None): shape (C,); floats; None adds nothing.
        training (bool): whether the statistics are those of the batch. Default: False.
        momentum (float): how much of the running statistics is replaced. Default: 0.1.
        eps (float): keeps the divisor away from 0. Default: 1e-05.

    Returns:
        Tensor of the shape and type of ``input_x``.

    Raises:
        TypeError: ``input_x`` is not a Tensor of floats.
        ValueError: ``input_x`` has fewer than 2 axes, or another Tensor is not of the shape (C,).

    >>> import minispore as ms
    >>> x, mean, variance = ms.Tensor([[1.0, 8.0], [3.0, 8.0]]), ms.Tensor([2.0, 0.0]), ms.Tensor([4.0, 16.0])
    >>> print(batch_norm(x, mean, variance, None, None, eps=0.0))
    [[-0.5  2. ]
     [ 0.5  2. ]]
    """
    return batch_norm_statistics(input_x, weight, bias, running_mean, running_var, training, eps, momentum)[0]


def batch_norm_statistics(x, weight, bias, running_mean, running_var, training, eps, momentum, channel=1, ranks=()):
    """(output, mean, variance) of ``batch_norm``; the statistics in the shape (channels,), over the batches of ``ranks``."""
    x = float_input("batch_norm", x, "input_x")
    if x.ndim < 2:
        raise fail(ValueError, f"For 'batch_norm', the input must have at least 2 axes, but its shape is {x.shape}.")
    channel = axis_of("batch_norm", x.ndim, channel)
    channels = x.shape[channel]
    for t in (weight, bias, running_mean, running_var):
        if t is not None and t.shape != (channels,):
            raise fail(
                ValueError,
                f"For 'batch_norm', a Tensor of the shape ({channels},) is needed for an input of the shape {x.shape}, "
                f"but got {t.shape}.",
            )
    given, x = x.dtype, accumulation_type(x)
    scale, shift = (_per_channel(t, x.ndim, channel) for t in (weight, bias))
    if not training:
        mean, variance = (_per_channel(t, x.ndim, channel) for t in (running_mean, running_var))
        y = (x - mean) * rsqrt(variance + eps)
        return to(_affine(y, scale, shift), given), running_mean, running_var
    axes = tuple(a for a in range(x.ndim) if a != channel)
    count = elements(x, axes, ranks)
    mean, variance = moments(x, axes, ranks, count)
    slope = rsqrt(
        variance + eps
    )  # times ``scale`` per channel, so that the gradient needs one array, x - mean, not two
    y = (x - mean) * (slope if scale is None else slope * scale)
    mean, variance = reshape(mean, (channels,)), reshape(variance, (channels,))
    if running_mean is not None:
        unbiased = variance * (count / (count - 1)) if ranks or count > 1 else variance
        for running, batch in ((running_mean, mean), (running_var, unbiased)):
            assign(running, running * (1.0 - momentum) + stop_gradient(batch) * momentum)
    return to(_affine(y, None, shift), given), mean, variance


def _per_channel(t, ndim, channel=1):
    return None if t is None else reshape(t, tuple(-1 if a == channel else 1 for a in range(ndim)))


@as_piece
def rms_norm(x, gamma, epsilon=1e-06):
    """``x * r * gamma`` with ``r = 1 / sqrt(mean(x ** 2) + epsilon)``, over the last axes.

    Zhang and Sennrich, "Root Mean Square Layer Normalization" (2019).

    Args:
        x (Tensor): any shape; floats.
        gamma (Tensor): the shape of the last axes of ``x``, which the mean goes over; floats.
        epsilon (float): keeps the divisor away from 0. Default: 1e-06.

    Returns:
        Tuple of two Tensors: the result, of the shape and type of ``x``; and ``r``, the axes of the mean of length 1,
        float64 for float64 and float32 for other types.

    Raises:
        TypeError: ``x`` is not a Tensor of floats.
        ValueError: the shape of ``gamma`` does not fit.

    >>> import minispore as ms
    >>> print(rms_norm(ms.Tensor([[3.0, 4.0, 5.0, 0.0]]), ms.ops.ones(4), 0.0)[0])
    [[0.84852815 1.1313709  1.4142137  0.        ]]
    """
    x = float_input("rms_norm", x, "x")
    wider = accumulation_type(x)
    axes = tuple(range(x.ndim - gamma.ndim, x.ndim))
    count = math.prod(x.shape[a] for a in axes)
    r = rsqrt(reduce_sum_keep(square(wider), axes) * (1.0 / max(count, 1)) + epsilon)
    return to(wider * r * gamma, x.dtype), r


@as_piece
@sums_in_float32
def l2_normalize(x, axis=0, epsilon=1e-4):
    """``x / sqrt(max(sum(x ** 2), epsilon))`` over ``axis``."""
    axes = axes_of("l2_normalize", float_input("l2_normalize", x, "x").ndim, axis)
    return x * rsqrt(maximum(reduce_sum_keep(square(x), axes), epsilon))


@sums_in_float32
def lrn(x, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5, norm_region="ACROSS_CHANNELS"):
    """Local response normalization: ``x / (bias + alpha * s) ** beta``.

    ``s`` is the sum of squares over the channel and ``depth_radius`` channels on each side (Krizhevsky et al., 2012).

    Args:
        x (Tensor): shape (N, C, H, W); floats.
        depth_radius (int): how many channels on each side count. Default: 5.
        bias (int | float): keeps the divisor away from 0. Default: 1.0.
        alpha (int | float): the factor of the sum. Default: 1.0.
        beta (int | float): the exponent. Default: 0.5.
        norm_region (str): "ACROSS_CHANNELS", the only value. Default: "ACROSS_CHANNELS".

    Returns:
        Tensor of the shape and type of ``x``.

    Raises:
        TypeError: ``x`` is not a Tensor of floats, ``depth_radius`` no int, or a coefficient no number.
        ValueError: ``x`` has not 4 axes, ``depth_radius`` is negative, or ``norm_region`` is another one.

    >>> import minispore as ms
    >>> print(lrn(ms.Tensor([3.0, 4.0]).reshape(1, 2, 1, 1), bias=0.0).reshape(-1))
    [0.6 0.8]
    """
    x = float_input("lrn", x, "x")
    checks.rank("lrn", 4, x=x)
    checks.one_of("lrn", ("ACROSS_CHANNELS",), norm_region=norm_region)
    checks.non_negative_int("lrn", depth_radius=depth_radius)
    checks.number("lrn", bias=bias, alpha=alpha, beta=beta)
    r, channels = depth_radius, x.shape[1]
    squares = pad(square(x), (0, 0, 0, 0, r, r))
    total = slice_along(squares, 1, 0, channels)
    for k in range(1, 2 * r + 1):
        total = total + slice_along(squares, 1, k, channels)
    return x * pow_(total * alpha + bias, -float(beta))


# ---------------------------------------------------------------- distances
@as_piece
@sums_in_float32
def cosine_similarity(x1, x2, dim=1, eps=1e-08):
    """``sum(x1 * x2) / max(norm(x1) * norm(x2), eps)`` over an axis.

    Args:
        x1 (Tensor): any shape with the axis ``dim``; floats.
        x2 (Tensor): the shape of ``x1``, or one that broadcasts against it; floats.
        dim (int): the axis of the sums. Default: 1.
        eps (float): the least divisor. Default: 1e-08.

    Returns:
        Tensor of the broadcast shape without ``dim``; the common type of the two.

    Raises:
        ValueError: there is no such axis, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(cosine_similarity(ms.Tensor([[3.0, 4.0]]), ms.Tensor([[4.0, 3.0]])))
    [0.96]
    """
    norms = [norm_of(sum_(square(t), dim), 2.0) for t in (x1, x2)]
    return sum_(x1 * x2, dim) / maximum(norms[0] * norms[1], eps)


def _p_norm(z, p, axis, keep=False):
    """The p-norm over ``axis`` with gradient 0 at 0."""
    return vector_norm(z, float(p), tuple(axis) if isinstance(axis, list) else axis, keep)


@sums_in_float32
def pairwise_distance(x, y, p=2.0, eps=1e-06, keepdim=False):
    """The p-norm of ``x - y + eps`` over the last axis."""
    return _p_norm(x - y + eps, p, -1, keepdim)


@sums_in_float32
def cdist(x1, x2, p=2.0):
    """The p-norm of the difference of each row of ``x1`` and each row of ``x2``.

    Args:
        x1 (Tensor): shape (..., n, d); floats.
        x2 (Tensor): shape (..., m, d), the leading axes broadcast; floats.
        p (int | float): the order of the norm, not negative; 0 counts what differs, ``inf`` takes the maximum.
            Default: 2.0.

    Returns:
        Tensor of shape (..., n, m); the common type of the two.

    Raises:
        TypeError: an input is not a Tensor of floats.
        ValueError: the rows are not of equal length, or ``p`` is negative.

    >>> import minispore as ms
    >>> print(cdist(ms.Tensor([[0.0, 0.0]]), ms.Tensor([[3.0, 4.0], [0.0, 1.0]])))
    [[5. 1.]]
    """
    x, y = float_input("cdist", x1, "x1"), float_input("cdist", x2, "x2")
    if x.ndim < 2 or y.ndim < 2 or x.shape[-1] != y.shape[-1]:
        raise fail(ValueError, f"For 'cdist', rows of equal length are needed, but got shapes {x.shape} and {y.shape}.")
    if p < 0:
        raise fail(ValueError, f"For 'cdist', 'p' must not be negative, but got {p}.")
    return _p_norm(expand_dims(x, -2) - expand_dims(y, -3), p, -1)


@sums_in_float32
def dist(input, other, p=2):
    """The p-norm of all elements of ``input - other``.

    Args:
        input (Tensor): any shape; floats.
        other (Tensor): a shape that broadcasts against ``input``; floats.
        p (int | float): the order of the norm; 0 counts what differs, ``inf`` takes the maximum. Default: 2.

    Returns:
        Tensor of shape (); the common type of the two.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(dist(ms.Tensor([0.0, 0.0]), ms.Tensor([3.0, 4.0])))
    5.0
    """
    return _p_norm(input - other, p, None)


@sums_in_float32
def lp_norm(x, axis, p=2, keep_dims=False, epsilon=1e-12):
    """The p-norm over ``axis``, at least ``epsilon``."""
    return maximum(_p_norm(x if x.dtype.is_inexact else to(x, float32), p, axis, keep_dims), epsilon)


@sums_in_float32
def l2_loss(x):
    """``sum(x ** 2) / 2``."""
    return sum_(square(x)) * 0.5


__all__ = ["batch_norm", "cdist", "cosine_similarity", "dist", "group_norm", "layer_norm", "lrn", "rms_norm"]
