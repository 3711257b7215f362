"""Schedulers whose rate falls or rises once: steps, lines, powers, functions of the epoch."""

import math
from collections import Counter

from ....core import checks
from ....core.dtype import float32
from ....core.tensor import Tensor
from ....ops import equal, logical_or, minimum, not_equal, pow as pow_, select
from .scheduler import LRScheduler, _check_optimizer, _one_each, with_scheduler_docs


@with_scheduler_docs
class StepLR(LRScheduler):
    """The rate times ``gamma`` every ``step_size`` epochs.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        step_size: int.
        gamma: float.  Default: 0.1.
        last_epoch: {last_epoch}

    {rest}
    >>> scheduler = optim.lr_scheduler.StepLR(opt, 2, gamma=0.5)
    >>> for _ in range(4):
    ...     print(round(float(opt.get_lr()[0]), 4), end=" ")
    ...     _ = scheduler.step()
    1.0 1.0 0.5 0.5
    """

    def __init__(self, optimizer, step_size, gamma=0.1, last_epoch=-1):
        checks.integer("StepLR", step_size=step_size)
        checks.floating("StepLR", gamma=gamma)
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        stay = logical_or(equal(self.last_epoch, 0), not_equal(self.last_epoch % self.step_size, 0))
        return self._scaled(select(stay, 1.0, self.gamma))

    def _get_closed_form_lr(self):
        return [lr * pow_(self.gamma, self.last_epoch // self.step_size) for lr in self.base_lrs]


@with_scheduler_docs
class MultiStepLR(LRScheduler):
    """The rate times ``gamma`` at each epoch in ``milestones``; one that is there twice counts twice.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        milestones: list of ints.
        gamma: number.  Default: 0.1.
        last_epoch: {last_epoch}

    {rest}
    >>> scheduler = optim.lr_scheduler.MultiStepLR(opt, [1, 3], gamma=0.5)
    >>> for _ in range(4):
    ...     print(round(float(opt.get_lr()[0]), 4), end=" ")
    ...     _ = scheduler.step()
    1.0 0.5 0.5 0.25
    """

    def __init__(self, optimizer, milestones, gamma=0.1, last_epoch=-1):
        checks.instance("MultiStepLR", list, milestones=milestones)
        for k, m in enumerate(milestones):
            checks.integer("MultiStepLR", **{f"milestones[{k}]": m})
        checks.number("MultiStepLR", gamma=gamma)
        self.milestones, self.gamma = Counter(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        factor = Tensor(1.0)
        for epoch, times in self.milestones.items():
            factor = select(equal(self.last_epoch, epoch), self.gamma**times, factor)
        return self._scaled(factor)

    def _get_closed_form_lr(self):
        passed = sum((self.last_epoch >= epoch).astype(float32) * times for epoch, times in self.milestones.items())
        return [lr * pow_(float(self.gamma), passed) for lr in self.base_lrs]


@with_scheduler_docs
class ConstantLR(LRScheduler):
    """The rate times ``factor`` for the first ``total_iters`` epochs.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        factor: number in [0, 1].  Default: 1/3.
        total_iters: int.  Default: 5.
        last_epoch: {last_epoch}

    {rest}
    >>> scheduler = optim.lr_scheduler.ConstantLR(opt, 0.5, total_iters=2)
    >>> for _ in range(4):
    ...     print(round(float(opt.get_lr()[0]), 4), end=" ")
    ...     _ = scheduler.step()
    0.5 0.5 1.0 1.0
    """

    def __init__(self, optimizer, factor=1.0 / 3, total_iters=5, last_epoch=-1):
        checks.within("ConstantLR", "[0, 1]", factor=factor)
        checks.integer("ConstantLR", total_iters=total_iters)
        self.factor, self.total_iters = factor, total_iters
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        back = 1.0 / self.factor if self.factor else math.inf
        return self._scaled(
            select(equal(self.last_epoch, 0), self.factor, select(equal(self.last_epoch, self.total_iters), back, 1.0))
        )

    def _get_closed_form_lr(self):
        return [lr * select(self.last_epoch >= self.total_iters, 1.0, self.factor) for lr in self.base_lrs]


@with_scheduler_docs
class LinearLR(LRScheduler):
    """The rate times a factor that goes from ``start_factor`` to ``end_factor`` in a line of ``total_iters`` epochs.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        start_factor: number in (0, 1].  Default: 1/3.
        end_factor: number in [0, 1].  Default: 1.0.
        total_iters: int.  Default: 5.
        last_epoch: {last_epoch}

    {rest}
    >>> scheduler = optim.lr_scheduler.LinearLR(opt, 0.5, total_iters=2)
    >>> for _ in range(4):
    ...     print(round(float(opt.get_lr()[0]), 4), end=" ")
    ...     _ = scheduler.step()
    0.5 0.75 1.0 1.0
    """

    def __init__(self, optimizer, start_factor=1.0 / 3, end_factor=1.0, total_iters=5, last_epoch=-1):
        checks.within("LinearLR", "(0, 1]", start_factor=start_factor)
        checks.within("LinearLR", "[0, 1]", end_factor=end_factor)
        checks.integer("LinearLR", total_iters=total_iters)
        self.start_factor, self.end_factor, self.total_iters = start_factor, end_factor, total_iters
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        rise = self.end_factor - self.start_factor
        factor = rise / ((self.last_epoch - 1.0) * rise + self.total_iters * self.start_factor) + 1.0
        return self._scaled(
            select(
                equal(self.last_epoch, 0), self.start_factor, select(self.last_epoch > self.total_iters, 1.0, factor)
            )
        )

    def _get_closed_form_lr(self):
        part = minimum(self.last_epoch, float(self.total_iters)) / float(self.total_iters)
        return [lr * (part * (self.end_factor - self.start_factor) + self.start_factor) for lr in self.base_lrs]


@with_scheduler_docs
class ExponentialLR(LRScheduler):
    """The rate times ``gamma`` every epoch.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        gamma: float.
        last_epoch: {last_epoch}

    {rest}
    >>> scheduler = optim.lr_scheduler.ExponentialLR(opt, 0.5)
    >>> for _ in range(4):
    ...     print(round(float(opt.get_lr()[0]), 4), end=" ")
    ...     _ = scheduler.step()
    1.0 0.5 0.25 0.125
    """

    def __init__(self, optimizer, gamma, last_epoch=-1):
        checks.floating("ExponentialLR", gamma=gamma)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        return self._scaled(select(equal(self.last_epoch, 0), 1.0, self.gamma))

    def _get_closed_form_lr(self):
        return [lr * pow_(self.gamma, self.last_epoch) for lr in self.base_lrs]


@with_scheduler_docs
class PolynomialLR(LRScheduler):
    """``base * (1 - epoch / total_iters) ** power``, 0 from ``total_iters`` on.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        total_iters: int.  Default: 5.
        power: float from 0.  Default: 1.0.
        last_epoch: {last_epoch}

    {rest}
    >>> scheduler = optim.lr_scheduler.PolynomialLR(opt, total_iters=4)
    >>> for _ in range(4):
    ...     print(round(float(opt.get_lr()[0]), 4), end=" ")
    ...     _ = scheduler.step()
    1.0 0.75 0.5 0.25
    """

    def __init__(self, optimizer, total_iters=5, power=1.0, last_epoch=-1):
        checks.floating("PolynomialLR", power=power)
        checks.at_least("PolynomialLR", 0, power=power)
        checks.integer("PolynomialLR", total_iters=total_iters)
        self.total_iters, self.power = total_iters, power
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        n = float(self.total_iters)
        stay = logical_or(equal(self.last_epoch, 0), self.last_epoch > n)
        ratio = (1.0 - self.last_epoch / n) / (1.0 - (self.last_epoch - 1.0) / n)
        return self._scaled(select(stay, 1.0, pow_(select(stay, 1.0, ratio), self.power)))

    def _get_closed_form_lr(self):
        n = float(self.total_iters)
        return [lr * pow_(1.0 - minimum(self.last_epoch, n) / n, self.power) for lr in self.base_lrs]


@with_scheduler_docs
class LambdaLR(LRScheduler):
    """``base * lr_lambda(epoch)``.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        lr_lambda: function of the epoch (a 0-d Tensor), or a list of one for each group.
        last_epoch: {last_epoch}

    {rest}
    >>> scheduler = optim.lr_scheduler.LambdaLR(opt, lambda epoch: 0.5**epoch)
    >>> for _ in range(4):
    ...     print(round(float(opt.get_lr()[0]), 4), end=" ")
    ...     _ = scheduler.step()
    1.0 0.5 0.25 0.125
    """

    def __init__(self, optimizer, lr_lambda, last_epoch=-1):
        _check_optimizer(optimizer)
        self.lr_lambdas = _one_each("LambdaLR", "lr_lambda", optimizer, lr_lambda)
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        return [lr * function(self.last_epoch) for lr, function in zip(self.base_lrs, self.lr_lambdas)]


@with_scheduler_docs
class MultiplicativeLR(LRScheduler):
    """The rate times ``lr_lambda(epoch)`` every epoch.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        lr_lambda: function of the epoch (a 0-d Tensor), or a list of one for each group.
        last_epoch: {last_epoch}

    {rest}
    >>> scheduler = optim.lr_scheduler.MultiplicativeLR(opt, lambda epoch: 0.5)
    >>> for _ in range(4):
    ...     print(round(float(opt.get_lr()[0]), 4), end=" ")
    ...     _ = scheduler.step()
    1.0 0.5 0.25 0.125
    """

    def __init__(self, optimizer, lr_lambda, last_epoch=-1):
        _check_optimizer(optimizer)
        self.lr_lambdas = _one_each("MultiplicativeLR", "lr_lambda", optimizer, lr_lambda)
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        first = self.last_epoch <= 0
        return [
            lr * select(first, 1.0, function(self.last_epoch)) for lr, function in zip(self._last_lr, self.lr_lambdas)
        ]


__all__ = [
    "ConstantLR", "ExponentialLR", "LambdaLR", "LinearLR", "MultiStepLR", "MultiplicativeLR", "PolynomialLR",
    "StepLR",
]  # fmt: skip
