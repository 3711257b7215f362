"""Schedulers that follow another quantity: a sequence of schedulers, a metric that has stopped improving."""

import math
from bisect import bisect_right

import numpy as np

from ....core import checks
from ....core.dtype import float32
from ....core.errors import fail
from ....core.parameter import Parameter
from ....core.tensor import Tensor
from ....ops import assign, assign_add, logical_or, maximum, select
from .scheduler import LRScheduler, _check_optimizer, _number, _one_each


class SequentialLR(LRScheduler):
    """One scheduler after the other: ``schedulers[k]`` from epoch ``milestones[k - 1]`` on, beginning with ``step(0)``.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        schedulers: list of schedulers of that optimizer.
        milestones: list of ints, one less than schedulers.
        last_epoch: int, how many steps were made before; -1 (the default) for a new run.

    Raises:
        ValueError: the schedulers belong to different optimizers, or there is not one milestone less than schedulers.

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
    >>> first, then = (optim.lr_scheduler.ExponentialLR(opt, gamma) for gamma in (0.5, 0.1))
    >>> scheduler = optim.lr_scheduler.SequentialLR(opt, [first, then], milestones=[2])
    >>> for _ in range(4):
    ...     print(round(float(opt.get_lr()[0]), 4), end=" ")
    ...     _ = scheduler.step()
    1.0 0.5 1.0 0.1
    """

    def __init__(self, optimizer, schedulers, milestones, last_epoch=-1):
        if any(s.optimizer is not optimizer for s in schedulers):
            raise fail(ValueError, "For 'SequentialLR', all schedulers must belong to the optimizer that was given.")
        if len(milestones) != len(schedulers) - 1:
            raise fail(
                ValueError,
                f"For 'SequentialLR', {len(schedulers)} schedulers need one milestone less, but got {len(milestones)}.",
            )
        self.optimizer, self._schedulers, self.milestones = optimizer, list(schedulers), list(milestones)
        self.last_epoch = Parameter(Tensor(last_epoch + 1.0, float32), name="last_epoch_SequentialLR")
        for lr, group in zip(optimizer.lrs, optimizer.param_groups):
            assign(lr, _number(group["initial_lr"]))
        for scheduler in self._schedulers:
            assign_add(scheduler.last_epoch, -1.0)
        self._schedulers[0].step()
        self._last_lr = list(optimizer.lrs)

    def step(self, epoch=None):
        """Goes to the next epoch and sets the rates.

        Args:
            epoch: accepted and ignored.

        Returns:
            True.
        """
        assign_add(self.last_epoch, 1.0)
        now = int(self.last_epoch)
        k = bisect_right(self.milestones, now)
        if k > 0 and self.milestones[k - 1] == now:
            self._schedulers[k].step(0)
        else:
            self._schedulers[k].step()
        return True

    def state_dict(self) -> dict:
        """Everything but the optimizer, with what the schedulers hold.

        Returns:
            dict of Python values and arrays.
        """
        return {**super().state_dict(), "_schedulers": [s.state_dict() for s in self._schedulers]}

    def load_state_dict(self, state_dict) -> None:
        """Takes over what ``state_dict()`` gave.

        Args:
            state_dict: dict.
        """
        for scheduler, state in zip(self._schedulers, state_dict["_schedulers"]):
            scheduler.load_state_dict(state)
        super().load_state_dict({k: v for k, v in state_dict.items() if k != "_schedulers"})


class ReduceLROnPlateau(LRScheduler):
    """The rate times ``factor`` when ``step(metrics)`` has not improved for more than ``patience`` epochs.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        mode: "min" (the default) or "max": what is an improvement.
        factor: number below 1.  Default: 0.1.
        patience: int.  Default: 10.
        threshold: float; an improvement is one by more than this.  Default: 1e-4.
        threshold_mode: "rel" (the default; relative to the best) or "abs".
        cooldown: int, epochs after a reduction that are not counted.  Default: 0.
        min_lr: number, the lowest rate, or a list of one for each group.  Default: 0.
        eps: float; smaller changes of the rate are not made.  Default: 1e-8.

    Raises:
        TypeError: ``optimizer`` is not one of ``experimental.optim``.
        ValueError: an argument out of range.

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
    >>> scheduler = optim.lr_scheduler.ReduceLROnPlateau(opt, factor=0.5, patience=1)
    >>> for loss in (1.0, 1.0, 1.0):
    ...     _ = scheduler.step(loss)
    >>> print(*opt.get_lr())
    0.5
    """

    def __init__(
        self,
        optimizer,
        mode="min",
        factor=0.1,
        patience=10,
        threshold=1e-4,
        threshold_mode="rel",
        cooldown=0,
        min_lr=0,
        eps=1e-8,
    ):
        checks.within("ReduceLROnPlateau", "(-inf, 1)", factor=factor)
        _check_optimizer(optimizer)
        if mode not in ("min", "max"):
            raise fail(ValueError, f"For 'ReduceLROnPlateau', 'mode' must be 'min' or 'max', but got {mode!r}.")
        if threshold_mode not in ("rel", "abs"):
            raise fail(
                ValueError,
                f"For 'ReduceLROnPlateau', 'threshold_mode' must be 'rel' or 'abs', but got {threshold_mode!r}.",
            )
        self.min_lrs = [_number(x) for x in _one_each("ReduceLROnPlateau", "min_lr", optimizer, min_lr)]
        self.optimizer, self.mode, self.factor, self.patience = optimizer, mode, factor, patience
        self.threshold, self.threshold_mode, self.cooldown, self.eps = threshold, threshold_mode, cooldown, eps
        self._last_lr = list(optimizer.lrs)
        self.last_epoch = Parameter(Tensor(0, np.int32), name="last_epoch_ReduceLROnPlateau")
        self.best = Parameter(Tensor(math.inf if mode == "min" else -math.inf, float32), name="best")
        self.cooldown_counter = Parameter(Tensor(0.0, float32), name="cooldown_counter")
        self.wait = Parameter(Tensor(0.0, float32), name="wait")

    def step(self, metrics):  # type: ignore[override]
        """Notes the metric of an epoch and sets the rates.

        Args:
            metrics: number, or Tensor of one.

        Returns:
            True.
        """
        current = (metrics if isinstance(metrics, Tensor) else Tensor(float(metrics))).astype(float32)
        assign_add(self.last_epoch, 1)
        better = self._is_improvement(current, self.best)
        assign(self.best, select(better, current, self.best))
        cooling = self.in_cooldown()
        wait = select(logical_or(better, cooling), 0.0, self.wait + 1.0)
        counter = select(cooling, self.cooldown_counter - 1.0, self.cooldown_counter)
        reduce = wait > self.patience
        for lr, low in zip(self._last_lr, self.min_lrs):
            lower = maximum(lr * self.factor, low)
            assign(lr, select(reduce.logical_and(lr > lower + self.eps), lower, lr))
        assign(self.cooldown_counter, select(reduce, float(self.cooldown), counter))
        assign(self.wait, select(reduce, 0.0, wait))
        return True

    def in_cooldown(self):
        """Whether epochs are not counted now.

        Returns:
            Tensor of shape (), bool.
        """
        return self.cooldown_counter > 0

    def _is_improvement(self, current, best):
        sign = -1.0 if self.mode == "min" else 1.0
        bound = best * (1.0 + sign * self.threshold) if self.threshold_mode == "rel" else best + sign * self.threshold
        return current < bound if self.mode == "min" else current > bound


__all__ = [
    "ReduceLROnPlateau", "SequentialLR",
]  # fmt: skip
