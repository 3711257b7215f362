"""Losses between numbers: squared and absolute errors, and likelihoods of counts and Gaussians."""

import math

from ... import ops
from ...core import checks
from ...core.docstrings import documented
from ...core.op import to
from ...ops.inputs import sums_in_float32, warn_of_broadcast
from .base import LossBase

_with_shared_docs = documented(
    losses="""\
Inputs:
    logits: Tensor of floats, any shape.
    labels: Tensor of numbers that broadcasts with it.

Returns:
    Tensor of the dtype of the logits: of shape (), or with "none" of that of the elements.

Raises:
    TypeError: an input is not a Tensor.
    ValueError: another ``reduction``, or shapes that do not broadcast.""",
    inputs="""\
Args:
    reduction: "mean" (the default), "sum" or "none".

Inputs:
    logits: Tensor of floats, any shape.
    labels: Tensor of numbers that broadcasts with it.

Returns:
    Tensor of the dtype of the logits: of shape (), or with "none" of that of the elements.""",
)


@_with_shared_docs
class MSELoss(LossBase):
    """``(logits - labels) ** 2``, reduced.

    Args:
        reduction: "mean" (the default), "sum" or "none".

    {losses}

    >>> from minispore import Tensor, nn
    >>> print(nn.MSELoss()(Tensor([1.0, 2.0]), Tensor([0.0, 4.0])))
    2.5
    """

    @sums_in_float32
    def construct(self, logits, labels):
        self._tensors(logits=logits, labels=labels)
        warn_of_broadcast("MSELoss", logits, labels)
        return self.get_loss(ops.square(logits - labels))


class RMSELoss(LossBase):
    """The root of the mean squared error: ``sqrt(mean((logits - label) ** 2))``.

    Inputs:
        logits: Tensor of floats, any shape.
        label: Tensor of numbers that broadcasts with it.

    Returns:
        Tensor of shape () and the dtype of the logits.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: the shapes do not broadcast.

    >>> from minispore import Tensor, nn
    >>> print(nn.RMSELoss()(Tensor([1.0, 2.0]), Tensor([4.0, 5.0])))
    3.0
    """

    def __init__(self):
        super().__init__()
        self.MSELoss = MSELoss()

    @sums_in_float32
    def construct(self, logits, label):
        return ops.sqrt(self.MSELoss(logits, label))


class MAELoss(LossBase):
    """``|logits - label|``, reduced.

    Args:
        reduction: "mean" (the default), "sum" or "none".

    Inputs:
        logits: Tensor of floats, any shape.
        label: Tensor of numbers that broadcasts with it.

    Returns:
        Tensor of the dtype of the logits: of shape (), or with "none" of that of the elements.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: another ``reduction``, or shapes that do not broadcast.

    >>> from minispore import Tensor, nn
    >>> print(nn.MAELoss()(Tensor([1.0, 2.0]), Tensor([0.0, 4.0])))
    1.5
    """

    def construct(self, logits, label):
        self._tensors(logits=logits, labels=label)
        return self.get_loss(ops.abs(logits - label))


@_with_shared_docs
class L1Loss(LossBase):
    """``|logits - labels|``, reduced.

    Args:
        reduction: "mean" (the default), "sum" or "none".

    {losses}

    >>> from minispore import Tensor, nn
    >>> print(nn.L1Loss("none")(Tensor([1.0, 2.0]), Tensor([0.0, 4.0])))
    [1. 2.]
    """

    def construct(self, logits, labels):
        return ops.l1_loss(logits, labels, self.reduction)


@_with_shared_docs
class L1LossExt(L1Loss):
    """``|logits - labels|``, reduced: the same as ``L1Loss``.

    Args:
        reduction: "mean" (the default), "sum" or "none".

    {losses}

    >>> from minispore import Tensor, nn
    >>> print(nn.L1LossExt("sum")(Tensor([1.0, 2.0]), Tensor([0.0, 4.0])))
    3.0
    """


class SmoothL1Loss(LossBase):
    """``d ** 2 / (2 beta)`` where ``d = |logits - labels|`` is below ``beta``, else ``d - beta / 2``.

    Args:
        beta: number above 0, where the square ends.  Default: 1.0.
        reduction: "none" (the default), "mean" or "sum".

    Inputs:
        logits: Tensor of floats, any shape.
        labels: Tensor of the same shape.

    Returns:
        Tensor of the dtype of the logits: of shape (), or with "none" of that of the elements.

    Raises:
        TypeError: ``beta`` is not a number, or an input not a Tensor.
        ValueError: an argument out of range, or different shapes.

    >>> from minispore import Tensor, nn
    >>> print(nn.SmoothL1Loss()(Tensor([1.0, 2.0]), Tensor([0.5, 4.0])))
    [0.125 1.5  ]
    """

    def __init__(self, beta=1.0, reduction="none"):
        super().__init__(reduction)
        self.beta = checks.number("SmoothL1Loss", beta=beta)

    def construct(self, logits, labels):
        self._tensors(logits=logits, labels=labels)
        checks.same_shape("SmoothL1Loss", logits, labels)
        return ops.smooth_l1_loss(logits, labels, self.beta, self.reduction)


@_with_shared_docs
class HuberLoss(LossBase):
    """``d ** 2 / 2`` where ``d = |logits - labels|`` is below ``delta``, else ``delta * (d - delta / 2)``.

    Args:
        reduction: "mean" (the default), "sum" or "none".
        delta: number above 0, where the square ends.  Default: 1.0.

    {losses}

    >>> from minispore import Tensor, nn
    >>> print(nn.HuberLoss("none")(Tensor([1.0, 2.0]), Tensor([0.5, 4.0])))
    [0.125 1.5  ]
    """

    def __init__(self, reduction="mean", delta=1.0):
        super().__init__(reduction)
        self.delta = delta

    def construct(self, logits, labels):
        return ops.huber_loss(logits, labels, self.reduction, self.delta)


class PoissonNLLLoss(LossBase):
    """``exp(input) - target * input``: the negative log-likelihood of a Poisson distribution of the rate
    ``exp(input)``.

    Args:
        log_input: bool; False: the input is the rate, the loss ``input - target * log(input + eps)``.  Default: True.
        full: bool, whether to add Stirling's approximation of ``log(target!)`` where the target is above 1.  Default:
            False.
        eps: float, keeps the logarithm finite.  Default: 1e-8.
        reduction: "mean" (the default), "sum" or "none".

    Inputs:
        input: Tensor of floats, any shape.
        target: Tensor that broadcasts with it.

    Returns:
        Tensor of the dtype of the input: of shape (), or with "none" of that of the elements.

    Raises:
        TypeError: an input is not a Tensor.
        ValueError: another ``reduction``, or shapes that do not broadcast.

    >>> from minispore import Tensor, nn
    >>> loss = nn.PoissonNLLLoss()(Tensor([0.0, 1.0]), Tensor([1.0, 2.0]))
    >>> print(round(float(loss), 4))
    0.8591
    """

    def __init__(self, log_input=True, full=False, eps=1e-08, reduction="mean"):
        super().__init__(reduction)
        self.log_input, self.full, self.eps = log_input, full, eps

    def construct(self, input, target):
        self._tensors(input=input, target=target)
        target = to(target, input.dtype)
        loss = ops.exp(input) - target * input if self.log_input else input - target * ops.log(input + self.eps)
        if self.full:
            n = ops.maximum(target, 1.0)
            stirling = (n + 0.5) * ops.log(n) - n + 0.5 * math.log(2 * math.pi)
            loss = loss + ops.select(target > 1, stirling, 0.0)
        return self.get_loss(loss)


class GaussianNLLLoss(LossBase):
    """``(log(v) + (logits - labels) ** 2 / v) / 2`` with ``v = max(var, eps)``: the negative log-likelihood of a normal
    distribution.

    Args:
        full: bool, whether to add ``log(2 pi) / 2``.  Default: False.
        eps: number above 0, the least variance.  Default: 1e-6.
        reduction: "mean" (the default), "sum" or "none".

    Inputs:
        logits: Tensor of floats, any shape, the means.
        labels: Tensor that broadcasts with it.
        var: Tensor of the shape of the logits, of that with 1 in place of the last length, or without the last axis;
            not negative.

    Returns:
        Tensor of the dtype of the logits: of shape (), or with "none" of that of the elements.

    Raises:
        TypeError: an argument or input of the wrong type.
        ValueError: an argument out of range, or shapes that do not fit.

    >>> from minispore import Tensor, nn
    >>> print(nn.GaussianNLLLoss()(Tensor([1.0, 2.0]), Tensor([0.0, 2.0]), Tensor([1.0, 1.0])))
    0.25
    """

    def __init__(self, *, full=False, eps=1e-6, reduction="mean"):
        super().__init__(reduction)
        self.full = checks.boolean("GaussianNLLLoss", full=full)
        checks.above("GaussianNLLLoss", 0, eps=checks.number("GaussianNLLLoss", eps=eps))
        self.eps = float(eps)

    def construct(self, logits, labels, var):
        self._tensors(logits=logits, labels=labels, var=var)
        return ops.gaussian_nll_loss(logits, labels, var, self.full, self.eps, self.reduction)


__all__ = [
    "GaussianNLLLoss", "HuberLoss", "L1Loss", "L1LossExt", "MAELoss", "MSELoss", "PoissonNLLLoss", "RMSELoss",
    "SmoothL1Loss",
]  # fmt: skip
