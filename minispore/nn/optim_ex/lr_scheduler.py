"""Schedulers: objects that change the learning rates of an experimental optimizer at each ``step()``.

Most compute the new rate from the current one, so that several schedulers of one optimizer compose.  Rates and the
epoch are Parameters, and choices by their values are made with ops, so ``step()`` may also be part of a compiled step.
"""

import math
from bisect import bisect_right
from collections import Counter

import numpy as np

from ...core import checks
from ...core.dtype import float32
from ...core.errors import fail
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import assign, assign_add, cos, equal, floor, logical_or, maximum, minimum, not_equal, pow as pow_, select
from .optimizer import Optimizer


class LRScheduler:
    """The base of schedulers; subclasses write ``get_lr``, from ``last_epoch``, ``base_lrs`` and ``_last_lr``.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        last_epoch: int, how many steps were made before; -1 (the default) for a new run, which notes the present rates
            as ``initial_lr``.

    Raises:
        TypeError: ``optimizer`` is not one, or ``last_epoch`` not an int.
        ValueError: ``last_epoch`` is below -1.
        KeyError: ``last_epoch`` is not -1 and a group has no ``initial_lr``.

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
    >>> class Halving(optim.lr_scheduler.LRScheduler):
    ...     def get_lr(self):
    ...         return [lr / (self.last_epoch + 1) for lr in self.base_lrs]
    >>> scheduler = Halving(opt)
    >>> _ = scheduler.step()
    >>> scheduler.get_last_lr()
    [Tensor(shape=[], dtype=Float32, value= 0.5)]
    """

    def __init__(self, optimizer, last_epoch=-1):
        _check_optimizer(optimizer)
        name = type(self).__name__
        checks.at_least(name, -1, last_epoch=checks.integer(name, last_epoch=last_epoch))
        for k, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", group.number("lr") * 1.0)
            elif "initial_lr" not in group:
                raise fail(KeyError, f"For '{type(self).__name__}', group {k} has no 'initial_lr' to resume from.")
        self.optimizer, self.groups_num = optimizer, len(optimizer.param_groups)
        self.base_lrs = [_number(group["initial_lr"]) for group in optimizer.param_groups]
        self._last_lr = list(optimizer.lrs)
        self.last_epoch = Parameter(Tensor(float(last_epoch), float32), name=f"last_epoch_{type(self).__name__}")
        self.step()

    def get_lr(self):
        """The new rates of the groups: a subclass writes it, to return a list of Tensors of shape (), one for each group.

        Raises:
            NotImplementedError: the subclass has none.
        """
        raise NotImplementedError("A scheduler needs a get_lr(self).")

    def get_last_lr(self):
        """The present rates of the groups.

        Returns:
            list of Tensors of shape (), float32.

        >>> from minispore import Parameter, Tensor
        >>> from minispore.experimental import optim
        >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
        >>> print(*optim.lr_scheduler.ExponentialLR(opt, 0.5).get_last_lr())
        1.0
        """
        return [lr * 1.0 for lr in self._last_lr]

    def step(self, epoch=None):
        """Goes to the next epoch, or to ``epoch``, and sets the rates.

        Args:
            epoch: number.  Default: None, for the next.

        Returns:
            True.

        >>> from minispore import Parameter, Tensor
        >>> from minispore.experimental import optim
        >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
        >>> scheduler = optim.lr_scheduler.ExponentialLR(opt, 0.5)
        >>> scheduler.step(3)
        True
        >>> print(*opt.get_lr())
        0.125
        """
        if epoch is None:
            assign_add(self.last_epoch, 1.0)
            values = self.get_lr()
        else:
            assign(self.last_epoch, epoch)
            values = getattr(self, "_get_closed_form_lr", self.get_lr)()
        for lr, value in zip(self._last_lr, values):
            assign(lr, value)
        return True

    def state_dict(self) -> dict:
        """Everything but the optimizer.

        Returns:
            dict of Python values and arrays.

        >>> from minispore import Parameter, Tensor
        >>> from minispore.experimental import optim
        >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
        >>> scheduler = optim.lr_scheduler.StepLR(opt, 30)
        >>> float(scheduler.state_dict()["last_epoch"])
        0.0
        """
        return {k: _copied(v) for k, v in self.__dict__.items() if k not in ("optimizer", "_last_lr", "_schedulers")}

    def load_state_dict(self, state_dict) -> None:
        """Takes over what ``state_dict()`` gave.

        Args:
            state_dict: dict.

        >>> from minispore import Parameter, Tensor
        >>> from minispore.experimental import optim
        >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
        >>> scheduler = optim.lr_scheduler.StepLR(opt, 30)
        >>> scheduler.load_state_dict({"last_epoch": 7.0})
        >>> print(scheduler.last_epoch.asnumpy())
        7.0
        """
        for name, value in state_dict.items():
            own = self.__dict__.get(name)
            if isinstance(own, Parameter):
                own.set_data(Tensor(np.asarray(value, own.dtype.np)))
            elif isinstance(own, list) and any(isinstance(x, Tensor) for x in own):
                self.__dict__[name] = [_number(x) for x in value]
            else:
                self.__dict__[name] = value

    def _scaled(self, factor):
        return [lr * factor for lr in self._last_lr]


class StepLR(LRScheduler):
    """The rate times ``gamma`` every ``step_size`` epochs.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        step_size: int.
        gamma: float.  Default: 0.1.
        last_epoch: int, how many steps were made before; -1 (the default) for a new run.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        KeyError: ``last_epoch`` is not -1 and a group has no "initial_lr".

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
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


class MultiStepLR(LRScheduler):
    """The rate times ``gamma`` at each epoch in ``milestones``; one that is there twice counts twice.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        milestones: list of ints.
        gamma: number.  Default: 0.1.
        last_epoch: int, how many steps were made before; -1 (the default) for a new run.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        KeyError: ``last_epoch`` is not -1 and a group has no "initial_lr".

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
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


class ConstantLR(LRScheduler):
    """The rate times ``factor`` for the first ``total_iters`` epochs.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        factor: number in [0, 1].  Default: 1/3.
        total_iters: int.  Default: 5.
        last_epoch: int, how many steps were made before; -1 (the default) for a new run.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        KeyError: ``last_epoch`` is not -1 and a group has no "initial_lr".

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
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


class LinearLR(LRScheduler):
    """The rate times a factor that goes from ``start_factor`` to ``end_factor`` in a line of ``total_iters`` epochs.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        start_factor: number in (0, 1].  Default: 1/3.
        end_factor: number in [0, 1].  Default: 1.0.
        total_iters: int.  Default: 5.
        last_epoch: int, how many steps were made before; -1 (the default) for a new run.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        KeyError: ``last_epoch`` is not -1 and a group has no "initial_lr".

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
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


class ExponentialLR(LRScheduler):
    """The rate times ``gamma`` every epoch.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        gamma: float.
        last_epoch: int, how many steps were made before; -1 (the default) for a new run.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        KeyError: ``last_epoch`` is not -1 and a group has no "initial_lr".

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
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


class PolynomialLR(LRScheduler):
    """``base * (1 - epoch / total_iters) ** power``, 0 from ``total_iters`` on.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        total_iters: int.  Default: 5.
        power: float from 0.  Default: 1.0.
        last_epoch: int, how many steps were made before; -1 (the default) for a new run.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        KeyError: ``last_epoch`` is not -1 and a group has no "initial_lr".

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
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


class LambdaLR(LRScheduler):
    """``base * lr_lambda(epoch)``.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        lr_lambda: function of the epoch (a 0-d Tensor), or a list of one for each group.
        last_epoch: int, how many steps were made before; -1 (the default) for a new run.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        KeyError: ``last_epoch`` is not -1 and a group has no "initial_lr".

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
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


class MultiplicativeLR(LRScheduler):
    """The rate times ``lr_lambda(epoch)`` every epoch.

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        lr_lambda: function of the epoch (a 0-d Tensor), or a list of one for each group.
        last_epoch: int, how many steps were made before; -1 (the default) for a new run.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        KeyError: ``last_epoch`` is not -1 and a group has no "initial_lr".

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
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


class CosineAnnealingLR(LRScheduler):
    """A cosine between the base rate and ``eta_min`` with half a period of ``T_max`` epochs (Loshchilov & Hutter 2017,
    arXiv 1608.03983, without restarts).

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        T_max: int.
        eta_min: number.  Default: 0.0.
        last_epoch: int, how many steps were made before; -1 (the default) for a new run.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        KeyError: ``last_epoch`` is not -1 and a group has no "initial_lr".

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
    >>> scheduler = optim.lr_scheduler.CosineAnnealingLR(opt, T_max=2)
    >>> for _ in range(4):
    ...     print(round(float(opt.get_lr()[0]), 4), end=" ")
    ...     _ = scheduler.step()
    1.0 0.5 0.0 0.5
    """

    def __init__(self, optimizer, T_max, eta_min=0.0, last_epoch=-1):
        checks.integer("CosineAnnealingLR", T_max=T_max)
        checks.number("CosineAnnealingLR", eta_min=eta_min)
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        angle = math.pi / self.T_max
        turn = equal(
            (self.last_epoch - 1.0 - self.T_max) % (2.0 * self.T_max), 0
        )  # the epoch before this one had the lowest rate
        before = select(turn, 1.0, cos((self.last_epoch - 1.0) * angle) + 1.0)
        ratio = (cos(self.last_epoch * angle) + 1.0) / before
        rise = 0.5 * (1.0 - math.cos(angle))
        moved = [
            select(turn, lr + (base - self.eta_min) * rise, ratio * (lr - self.eta_min) + self.eta_min)
            for lr, base in zip(self._last_lr, self.base_lrs)
        ]
        return [select(equal(self.last_epoch, 0), lr, value) for lr, value in zip(self._last_lr, moved)]

    def _get_closed_form_lr(self):
        half = (cos(self.last_epoch * (math.pi / self.T_max)) + 1.0) * 0.5
        return [(lr - self.eta_min) * half + self.eta_min for lr in self.base_lrs]


class CosineAnnealingWarmRestarts(LRScheduler):
    """Half a cosine from the base rate to ``eta_min`` in ``T_0`` epochs, then anew in ``T_mult`` times as many, and so
    on (Loshchilov & Hutter 2017, arXiv 1608.03983).

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        T_0: int above 0.
        T_mult: int above 0.  Default: 1.
        eta_min: number.  Default: 0.
        last_epoch: int, how many steps were made before; -1 (the default) for a new run.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        KeyError: ``last_epoch`` is not -1 and a group has no "initial_lr".

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
    >>> scheduler = optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=2)
    >>> for _ in range(4):
    ...     print(round(float(opt.get_lr()[0]), 4), end=" ")
    ...     _ = scheduler.step()
    1.0 0.5 1.0 0.5
    """

    def __init__(self, optimizer, T_0, T_mult=1, eta_min=0, last_epoch=-1):
        for name, value in (("T_0", T_0), ("T_mult", T_mult)):
            if not isinstance(value, int) or value < 1:
                raise fail(
                    ValueError,
                    f"For 'CosineAnnealingWarmRestarts', '{name}' must be an int of at least 1, but got {value}.",
                )
        checks.number("CosineAnnealingWarmRestarts", eta_min=eta_min)
        self.T_0, self.T_mult, self.eta_min = T_0, T_mult, eta_min
        self.T_i = Parameter(Tensor(float(T_0), float32), name="T_i")
        self.T_cur = Parameter(Tensor(float(last_epoch), float32), name="T_cur")
        self._began = last_epoch >= 0
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        half = (cos(self.T_cur / self.T_i * math.pi) + 1.0) * 0.5
        return [(lr - self.eta_min) * half + self.eta_min for lr in self.base_lrs]

    def step(self, epoch=None):
        """Goes to the next epoch, or to ``epoch`` (which may lie between two), and sets the rates.

        Args:
            epoch: number from 0.  Default: None, for the next.

        Returns:
            True.

        Raises:
            ValueError: ``epoch`` is negative.
        """
        if epoch is None and not self._began:
            epoch, self._began = 0, True
        if epoch is None:
            assign_add(self.last_epoch, 1.0)
            now, length = self.T_cur + 1.0, self.T_i + 0.0
            over = now >= length
            assign(self.T_cur, select(over, now - length, now))
            assign(self.T_i, select(over, length * self.T_mult, length))
        else:
            epoch = float(epoch)
            checks.at_least("CosineAnnealingWarmRestarts", 0, epoch=epoch)
            begin, period = 0.0, float(self.T_0)
            while epoch >= begin + period:
                begin, period = begin + period, period * self.T_mult
            assign(self.T_cur, epoch - begin)
            assign(self.T_i, period)
            assign(self.last_epoch, math.floor(epoch))
        for lr, value in zip(self._last_lr, self.get_lr()):
            assign(lr, value)
        return True


class CyclicLR(LRScheduler):
    """Up from ``base_lr`` to ``max_lr`` in ``step_size_up`` epochs and down in ``step_size_down``, again and again
    (Smith 2015, arXiv 1506.01186).

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        base_lr: number or Tensor, or a list of one for each group.
        max_lr: number or Tensor, or a list of one for each group.
        step_size_up: int.  Default: 2000.
        step_size_down: int.  Default: None, as ``step_size_up``.
        mode: the height of a cycle: "triangular" (the default) keeps it, "triangular2" halves it every cycle,
            "exp_range" takes it times ``gamma ** epoch``.
        gamma: number.  Default: 1.0.
        scale_fn: function of the cycle (from 1 on), or of the epoch, in place of ``mode``.  Default: None.
        scale_mode: "cycle" (the default), or "iterations" for a ``scale_fn`` of the epoch.
        last_epoch: int, how many steps were made before; -1 (the default) for a new run.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        KeyError: ``last_epoch`` is not -1 and a group has no "initial_lr".

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
    >>> scheduler = optim.lr_scheduler.CyclicLR(opt, 0.5, 1.5, step_size_up=2)
    >>> for _ in range(4):
    ...     print(round(float(opt.get_lr()[0]), 4), end=" ")
    ...     _ = scheduler.step()
    0.5 1.0 1.5 1.0
    """

    def __init__(
        self, optimizer, base_lr, max_lr, step_size_up=2000, step_size_down=None, mode="triangular", gamma=1.0,
        scale_fn=None, scale_mode="cycle", last_epoch=-1,
    ):  # fmt: skip
        _check_optimizer(optimizer)
        for name, value in (("base_lr", base_lr), ("max_lr", max_lr)):
            checks.instance("CyclicLR", (int, float, list, tuple, Tensor), **{name: value})
        lowest = [_number(x) for x in _one_each("CyclicLR", "base_lr", optimizer, base_lr)]
        self.max_lrs = [_number(x) for x in _one_each("CyclicLR", "max_lr", optimizer, max_lr)]
        if mode not in ("triangular", "triangular2", "exp_range") and scale_fn is None:
            raise fail(
                ValueError,
                f"For 'CyclicLR', 'mode' must be 'triangular', 'triangular2' or 'exp_range', but got {mode!r}.",
            )
        up = float(step_size_up)
        self.total_step_size = up + (up if step_size_down is None else float(step_size_down))
        self.step_up_ratio, self.mode, self.gamma = up / self.total_step_size, mode, gamma
        self.scale_mode = scale_mode if scale_fn is not None else "iterations" if mode == "exp_range" else "cycle"
        self._scale_fn = scale_fn
        if last_epoch == -1:
            for lr, low in zip(optimizer.lrs, lowest):
                assign(lr, low)
        self._lowest = lowest
        super().__init__(optimizer, last_epoch)
        self.base_lrs = lowest

    def scale_fn(self, x):
        """The height of a cycle, as ``mode`` or the given ``scale_fn`` says.

        Args:
            x: 0-d Tensor, the cycle or the epoch.

        Returns:
            number or 0-d Tensor.
        """
        if self._scale_fn is not None:
            return self._scale_fn(x)
        return {
            "triangular": lambda: 1.0,
            "triangular2": lambda: pow_(0.5, x - 1.0),
            "exp_range": lambda: pow_(self.gamma, x),
        }[self.mode]()

    def get_lr(self):
        progress = self.last_epoch / self.total_step_size
        cycle = floor(progress + 1.0)
        x = progress + 1.0 - cycle
        height = select(x <= self.step_up_ratio, x / self.step_up_ratio, (x - 1.0) / (self.step_up_ratio - 1.0))
        scale = self.scale_fn(cycle if self.scale_mode == "cycle" else self.last_epoch)
        return [low + (high - low) * height * scale for low, high in zip(self._lowest, self.max_lrs)]


class OneCycleLR(LRScheduler):
    """One rise from ``max_lr / div_factor`` to ``max_lr`` and one fall to ``max_lr / div_factor / final_div_factor``
    (Smith & Topin 2017, arXiv 1708.07120).

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        max_lr: float, or a list of one for each group.
        total_steps: int, its length; or ``epochs`` times ``steps_per_epoch``.  Default: None.
        epochs: int.  Default: None.
        steps_per_epoch: int.  Default: None.
        pct_start: float in [0, 1], which part of it rises.  Default: 0.3.
        anneal_strategy: "cos" (the default) or "linear".
        div_factor: float.  Default: 25.0.
        final_div_factor: float.  Default: 1e4.
        three_phase: bool, whether to fall back to the start as fast as it rose, then to the end.  Default: False.
        last_epoch: int, how many steps were made before; -1 (the default) for a new run.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        KeyError: ``last_epoch`` is not -1 and a group has no "initial_lr".

    >>> from minispore import Parameter, Tensor
    >>> from minispore.experimental import optim
    >>> opt = optim.SGD([Parameter(Tensor([1.0]), name="w")], lr=1.0)
    >>> scheduler = optim.lr_scheduler.OneCycleLR(opt, 1.0, total_steps=4, pct_start=0.5)
    >>> for _ in range(4):
    ...     print(round(float(opt.get_lr()[0]), 4), end=" ")
    ...     _ = scheduler.step()
    0.04 1.0 0.5 0.0
    """

    def __init__(
        self, optimizer, max_lr, total_steps=None, epochs=None, steps_per_epoch=None, pct_start=0.3,
        anneal_strategy="cos", div_factor=25.0, final_div_factor=1e4, three_phase=False, last_epoch=-1,
    ):  # fmt: skip
        _check_optimizer(optimizer)
        if total_steps is None:
            if epochs is None or steps_per_epoch is None:
                raise fail(ValueError, "For 'OneCycleLR', give 'total_steps', or 'epochs' and 'steps_per_epoch'.")
            total_steps = epochs * steps_per_epoch
        checks.positive_int("OneCycleLR", total_steps=total_steps)
        checks.within("OneCycleLR", "[0, 1]", pct_start=pct_start)
        if anneal_strategy not in ("cos", "linear"):
            raise fail(
                ValueError,
                f"For 'OneCycleLR', 'anneal_strategy' must be 'cos' or 'linear', but got {anneal_strategy!r}.",
            )
        self.total_steps, self.anneal_strategy = total_steps, anneal_strategy
        self._peaks = [float(x) for x in _one_each("OneCycleLR", "max_lr", optimizer, max_lr)]
        rise = pct_start * total_steps - 1
        first, last = 1.0 / div_factor, 1.0 / div_factor / final_div_factor
        self._phases = [(rise, first, 1.0), (total_steps - 1.0, 1.0, last)]  # (end, factor at its start, at its end)
        if three_phase:
            self._phases = [(rise, first, 1.0), (2 * rise + 1, 1.0, first), (total_steps - 1.0, first, last)]
        if last_epoch == -1:
            for lr, peak in zip(optimizer.lrs, self._peaks):
                assign(lr, peak * first)
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        factor = Tensor(self._phases[-1][2])
        begins = [0.0] + [end for end, _, _ in self._phases[:-1]]
        for begin, (end, low, high) in reversed(list(zip(begins, self._phases))):
            part = (self.last_epoch - begin) / (end - begin) if end > begin else self.last_epoch * 0.0 + 1.0
            if self.anneal_strategy == "cos":
                part = (1.0 - cos(part * math.pi)) * 0.5
            factor = select(self.last_epoch <= end, part * (high - low) + low, factor)
        return [factor * peak for peak in self._peaks]


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


# ---------------------------------------------------------------- checks
def _check_optimizer(optimizer) -> None:
    if not isinstance(optimizer, Optimizer):
        raise fail(
            TypeError, f"A scheduler needs an optimizer of experimental.optim, but got {type(optimizer).__name__}."
        )


def _one_each(owner, name, optimizer, given) -> list:
    """A list with one entry per group."""
    if not isinstance(given, (list, tuple)):
        return [given] * len(optimizer.param_groups)
    if len(given) != len(optimizer.param_groups):
        raise fail(
            ValueError,
            f"For '{owner}', '{name}' must have {len(optimizer.param_groups)} entries, but got {len(given)}.",
        )
    return list(given)


def _number(x) -> Tensor:
    return x if isinstance(x, Tensor) and not x.is_parameter else Tensor(float(x), float32)


def _copied(value):
    if isinstance(value, Tensor):
        return value.asnumpy().copy()
    return [_copied(x) for x in value] if isinstance(value, list) else value


__all__ = [
    "ConstantLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "CyclicLR", "ExponentialLR", "LRScheduler",
    "LambdaLR", "LinearLR", "MultiStepLR", "MultiplicativeLR", "OneCycleLR", "PolynomialLR", "ReduceLROnPlateau",
    "SequentialLR", "StepLR",
]  # fmt: skip
