"""Losses of regression: squared, absolute and Gaussian errors."""

import math

from ..core import checks
from ..core.errors import fail
from .elementwise import (
    abs as abs_,
    less,
    log,
    maximum,
    select,
    square,
)
from .inputs import sums_in_float32, warn_of_broadcast
from .large import as_piece
from .loss import check_reduction, float_pair, reduced
from .movement import reshape


@as_piece
@sums_in_float32
def mse_loss(input, target, reduction="mean"):
    """Mean squared error: ``(input - target) ** 2``, reduced.

    Args:
        input (Tensor): any shape; numbers, integers are computed in float32.
        target (Tensor): a shape that broadcasts against ``input``; numbers.
        reduction (str): "mean" or "sum" over all elements, or "none". Default: "mean".

    Returns:
        Tensor of shape (), with "none" of the broadcast shape; floats, the common type of the two.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: ``reduction`` is unknown, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(mse_loss(ms.Tensor([1.0, 2.0]), ms.Tensor([0.0, 4.0])))
    2.5
    """
    check_reduction("mse_loss", reduction)
    x, y = float_pair("mse_loss", input, target)
    warn_of_broadcast("mse_loss", input, target)
    return reduced(square(x - y), reduction)


@as_piece
@sums_in_float32
def l1_loss(input, target, reduction="mean"):
    """Mean absolute error: ``|input - target|``, reduced.

    Args:
        input (Tensor): any shape; numbers, integers are computed in float32.
        target (Tensor): a shape that broadcasts against ``input``; numbers.
        reduction (str): "mean" or "sum" over all elements, or "none". Default: "mean".

    Returns:
        Tensor of shape (), with "none" of the broadcast shape; floats, the common type of the two.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: ``reduction`` is unknown, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(l1_loss(ms.Tensor([1.0, 2.0]), ms.Tensor([0.0, 4.0])))
    1.5
    """
    check_reduction("l1_loss", reduction)
    x, y = float_pair("l1_loss", input, target)
    warn_of_broadcast("l1_loss", input, target)
    return reduced(abs_(x - y), reduction)


@as_piece
@sums_in_float32
def smooth_l1_loss(input, target, beta=1.0, reduction="none"):
    """``d ** 2 / (2 * beta)`` where ``d = |input - target|`` is below ``beta``, else ``d - beta / 2``.

    Args:
        input (Tensor): any shape; numbers, integers are computed in float32.
        target (Tensor): a shape that broadcasts against ``input``; numbers.
        beta (int | float): where the parabola ends, not negative; 0 gives ``l1_loss``. Default: 1.0.
        reduction (str): "mean" or "sum" over all elements, or "none". Default: "none".

    Returns:
        Tensor of shape (), with "none" of the broadcast shape; floats, the common type of the two.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: ``reduction`` is unknown, ``beta`` negative, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(smooth_l1_loss(ms.Tensor([1.0, 2.0]), ms.Tensor([0.5, 4.0])))
    [0.125 1.5  ]
    """
    check_reduction("smooth_l1_loss", reduction)
    if beta < 0:
        raise fail(ValueError, f"For 'smooth_l1_loss', 'beta' must not be negative, but got {beta}.")
    x, y = float_pair("smooth_l1_loss", input, target)
    difference = x - y
    d = abs_(difference)
    if not beta:
        return reduced(d, reduction)
    near = less(d, beta)
    return reduced(select(near, square(select(near, difference, 0.0)) * (0.5 / beta), d - 0.5 * beta), reduction)


@as_piece
@sums_in_float32
def huber_loss(input, target, reduction="mean", delta=1.0):
    """Huber's loss: ``d ** 2 / 2`` where ``d = |input - target| < delta``, else ``delta * (d - delta / 2)``.

    Args:
        input (Tensor): any shape; numbers, integers are computed in float32.
        target (Tensor): a shape that broadcasts against ``input``; numbers.
        reduction (str): "mean" or "sum" over all elements, or "none". Default: "mean".
        delta (int | float): where the loss becomes linear, above 0. Default: 1.0.

    Returns:
        Tensor of shape (), with "none" of the broadcast shape; floats, the common type of the two.

    Raises:
        TypeError: an input is not a Tensor, or ``delta`` not a number.
        ValueError: ``reduction`` is unknown, ``delta`` not above 0, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(huber_loss(ms.Tensor([1.0, 2.0]), ms.Tensor([0.5, 4.0]), "none"))
    [0.125 1.5  ]
    """
    check_reduction("huber_loss", reduction)
    checks.instance("huber_loss", (int, float), delta=delta)
    if delta <= 0:
        raise fail(ValueError, f"For 'huber_loss', 'delta' must be above 0, but got {delta}.")
    x, y = float_pair("huber_loss", input, target)
    difference = x - y
    d = abs_(difference)
    near = less(d, delta)
    return reduced(select(near, square(select(near, difference, 0.0)) * 0.5, (d - 0.5 * delta) * delta), reduction)


@as_piece
@sums_in_float32
def gaussian_nll_loss(x, target, var, full=False, eps=1e-06, reduction="mean"):
    """Negative log-likelihood of normal distributions: ``(log(v) + (x - target) ** 2 / v) / 2``, ``v = max(var, eps)``.

    Args:
        x (Tensor): any shape; numbers; the mean of the distribution.
        target (Tensor): a shape that broadcasts against ``x``; numbers; what was observed.
        var (Tensor): the shape of ``x``, one that broadcasts, or that of ``x`` without its last axis; the variance.
        full (bool): whether the constant ``log(2 * pi) / 2`` is added. Default: False.
        eps (float): the least variance, above 0. Default: 1e-06.
        reduction (str): "mean" or "sum" over all elements, or "none". Default: "mean".

    Returns:
        Tensor of shape (), with "none" of the broadcast shape; floats, the common type of the inputs.

    Raises:
        TypeError: ``x`` or ``target`` is not a Tensor.
        ValueError: ``reduction`` is unknown, ``eps`` is not a positive float, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(gaussian_nll_loss(ms.Tensor([0.0, 2.0]), ms.Tensor([1.0, 2.0]), ms.Tensor([1.0, 1.0])))
    0.25
    """
    check_reduction("gaussian_nll_loss", reduction)
    if not isinstance(eps, float) or eps <= 0:
        raise fail(ValueError, f"For 'gaussian_nll_loss', 'eps' must be a positive float, but got {eps!r}.")
    x, target = float_pair("gaussian_nll_loss", x, target, "x")
    if x.shape != var.shape and x.shape[:-1] == var.shape:
        var = reshape(var, (*var.shape, 1))
    v = maximum(var, eps)
    loss = (log(v) + square(x - target) / v) * 0.5
    return reduced(loss + 0.5 * math.log(2.0 * math.pi) if full else loss, reduction)


__all__ = ["gaussian_nll_loss", "huber_loss", "l1_loss", "mse_loss", "smooth_l1_loss"]
