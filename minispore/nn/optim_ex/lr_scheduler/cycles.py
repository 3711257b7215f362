"""Schedulers whose rate swings: cosine annealing, cycles, one cycle."""

import math

from ....core import checks
from ....core.dtype import float32
from ....core.errors import fail
from ....core.parameter import Parameter
from ....core.tensor import Tensor
from ....ops import assign, assign_add, cos, equal, floor, pow as pow_, select
from .scheduler import LRScheduler, _check_optimizer, _number, _one_each, with_scheduler_docs


@with_scheduler_docs
class CosineAnnealingLR(LRScheduler):
    """A cosine between the base rate and ``eta_min`` with half a period of ``T_max`` epochs (Loshchilov & Hutter 2017,
    arXiv 1608.03983, without restarts).

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        T_max: int.
        eta_min: number.  Default: 0.0.
        last_epoch: {last_epoch}

    {rest}
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


@with_scheduler_docs
class CosineAnnealingWarmRestarts(LRScheduler):
    """Half a cosine from the base rate to ``eta_min`` in ``T_0`` epochs, then anew in ``T_mult`` times as many, and so
    on (Loshchilov & Hutter 2017, arXiv 1608.03983).

    Args:
        optimizer: an optimizer of ``experimental.optim``.
        T_0: int above 0.
        T_mult: int above 0.  Default: 1.
        eta_min: number.  Default: 0.
        last_epoch: {last_epoch}

    {rest}
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


@with_scheduler_docs
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
        last_epoch: {last_epoch}

    {rest}
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


@with_scheduler_docs
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
        last_epoch: {last_epoch}

    {rest}
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


__all__ = [
    "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "CyclicLR", "OneCycleLR",
]  # fmt: skip
