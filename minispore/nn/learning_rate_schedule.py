"""Learning rates that are computed from the step: cells called with ``global_step`` inside the compiled step.

Write your own by subclassing ``LearningRateSchedule``.  A schedule may use others: it is a Cell like any other.
"""

import math

from .. import ops
from ..core import checks, hints
from ..core.docstrings import documented
from ..core.dtype import float32
from ..core.errors import fail
from .cell import Cell

_with_shared_docs = documented(
    step="""\
Inputs:
    global_step: Tensor of an int, the step.

Returns:
    Tensor of float32, of its shape.""",
)


class LearningRateSchedule(Cell):
    """The base of learning rates by step; subclasses write ``construct(self, global_step)``.

    Inputs:
        global_step: Tensor of an int, the step.

    Returns:
        Tensor of float32, the rate.

    Raises:
        NotImplementedError: the subclass has no ``construct``.

    >>> from minispore import Tensor, float32, int32, ops
    >>> from minispore.nn.learning_rate_schedule import LearningRateSchedule
    >>> class Root(LearningRateSchedule):
    ...     def construct(self, global_step):
    ...         return 0.1 / ops.sqrt(ops.cast(global_step + 1, float32))
    >>> print(Root()(Tensor(3, int32)))
    0.05
    """

    def _hint(self, name: str) -> str:
        return hints.instead(hints.SCHEDULE, name) or super()._hint(name)

    def construct(self, global_step):
        raise NotImplementedError("A LearningRateSchedule needs a construct(self, global_step).")


def _check_decay(owner, learning_rate, decay_rate, decay_steps, is_stair):
    checks.positive_int(owner, decay_steps=decay_steps)
    checks.positive_float(owner, learning_rate=learning_rate, decay_rate=decay_rate)
    checks.boolean(owner, is_stair=is_stair)


class _Decay(LearningRateSchedule):
    """The base of the three plain decays: their arguments, and the progress ``step / decay_steps``."""

    def __init__(self, learning_rate, decay_rate, decay_steps, is_stair=False):
        super().__init__()
        _check_decay(type(self).__name__, learning_rate, decay_rate, decay_steps, is_stair)
        self.learning_rate, self.decay_rate = learning_rate, decay_rate
        self.decay_steps, self.is_stair = decay_steps, is_stair

    def progress(self, global_step):
        p = ops.cast(global_step, float32) / self.decay_steps
        return ops.floor(p) if self.is_stair else p


@_with_shared_docs
class ExponentialDecayLR(_Decay):
    """``learning_rate * decay_rate ** (step / decay_steps)``.

    Args:
        learning_rate: float above 0.
        decay_rate: float above 0.
        decay_steps: int above 0.
        is_stair: bool, whether the quotient is rounded down.  Default: False.

    {step}

    Raises:
        TypeError: an argument of the wrong type (an int for a float too).
        ValueError: one that is not positive.

    >>> from minispore import Tensor, int32, nn
    >>> print(nn.ExponentialDecayLR(0.1, 0.5, 2)(Tensor(4, int32)))
    0.025
    """

    def construct(self, global_step):
        return ops.pow(self.decay_rate, self.progress(global_step)) * self.learning_rate


@_with_shared_docs
class NaturalExpDecayLR(_Decay):
    """``learning_rate * exp(-decay_rate * step)``.

    Args:
        learning_rate: float above 0.
        decay_rate: float above 0.
        decay_steps: int above 0.
        is_stair: bool, whether the step is rounded down to a multiple of ``decay_steps``, which has no influence
            otherwise (MindSpore's behaviour).  Default: False.

    {step}

    Raises:
        TypeError: an argument of the wrong type (an int for a float too).
        ValueError: one that is not positive.

    >>> from minispore import Tensor, int32, nn
    >>> print(nn.NaturalExpDecayLR(0.1, 0.5, 2)(Tensor(4, int32)))
    0.013533528
    """

    def construct(self, global_step):
        step = ops.cast(global_step, float32)
        if self.is_stair:
            step = self.progress(global_step) * self.decay_steps
        return ops.exp(step * -self.decay_rate) * self.learning_rate


@_with_shared_docs
class InverseDecayLR(_Decay):
    """``learning_rate / (1 + decay_rate * step / decay_steps)``.

    Args:
        learning_rate: float above 0.
        decay_rate: float above 0.
        decay_steps: int above 0.
        is_stair: bool, whether the quotient is rounded down.  Default: False.

    {step}

    Raises:
        TypeError: an argument of the wrong type (an int for a float too).
        ValueError: one that is not positive.

    >>> from minispore import Tensor, int32, nn
    >>> print(nn.InverseDecayLR(0.5, 0.5, 2)(Tensor(4, int32)))
    0.25
    """

    def construct(self, global_step):
        return self.learning_rate / (self.progress(global_step) * self.decay_rate + 1.0)


@_with_shared_docs
class CosineDecayLR(LearningRateSchedule):
    """Half a cosine from ``max_lr`` at step 0 to ``min_lr`` at step ``decay_steps``, constant afterwards:
    ``min_lr + (max_lr - min_lr) / 2 * (1 + cos(pi * min(step, decay_steps) / decay_steps))``.

    Args:
        min_lr: float from 0.
        max_lr: float above ``min_lr``.
        decay_steps: int above 0.

    {step}

    Raises:
        TypeError: an argument of the wrong type (an int for a float too).
        ValueError: ``min_lr`` is negative, another argument not positive, or ``max_lr`` not above ``min_lr``.

    >>> from minispore import Tensor, int32, nn
    >>> rate = nn.CosineDecayLR(0.0, 0.5, 4)
    >>> print(rate(Tensor(0, int32)), rate(Tensor(9, int32)))
    0.5 0.0
    """

    def __init__(self, min_lr, max_lr, decay_steps):
        super().__init__()
        checks.non_negative_float("CosineDecayLR", min_lr=min_lr)
        checks.positive_float("CosineDecayLR", max_lr=max_lr)
        checks.positive_int("CosineDecayLR", decay_steps=decay_steps)
        if min_lr >= max_lr:
            raise fail(
                ValueError,
                f"For 'CosineDecayLR', 'max_lr' must be greater than 'min_lr', but got {max_lr} and {min_lr}.",
            )
        self.min_lr, self.max_lr, self.decay_steps = min_lr, max_lr, decay_steps

    def construct(self, global_step):
        step = ops.minimum(ops.cast(global_step, float32), self.decay_steps)
        return (ops.cos(step * (math.pi / self.decay_steps)) + 1.0) * (0.5 * (self.max_lr - self.min_lr)) + self.min_lr


@_with_shared_docs
class PolynomialDecayLR(LearningRateSchedule):
    """``(learning_rate - end_learning_rate) * (1 - min(step, D) / D) ** power + end_learning_rate``, D =
    ``decay_steps``.

    Args:
        learning_rate: float above 0.
        end_learning_rate: float from 0.
        decay_steps: int above 0.
        power: float above 0.
        update_decay_steps: bool, whether D is the next multiple of ``decay_steps``, so that the curve begins anew.
            Default: False.

    {step}

    Raises:
        TypeError: an argument of the wrong type (an int for a float too).
        ValueError: ``end_learning_rate`` is negative or another argument not positive.

    >>> from minispore import Tensor, int32, nn
    >>> print(nn.PolynomialDecayLR(1.0, 0.5, 4, 1.0)(Tensor(2, int32)))
    0.75
    """

    def __init__(self, learning_rate, end_learning_rate, decay_steps, power, update_decay_steps=False):
        super().__init__()
        checks.positive_float("PolynomialDecayLR", learning_rate=learning_rate)
        checks.non_negative_float("PolynomialDecayLR", end_learning_rate=end_learning_rate)
        checks.positive_int("PolynomialDecayLR", decay_steps=decay_steps)
        checks.boolean("PolynomialDecayLR", update_decay_steps=update_decay_steps)
        checks.positive_float("PolynomialDecayLR", power=power)
        self.start_learning_rate, self.end_learning_rate = learning_rate, end_learning_rate
        self.decay_steps, self.power, self.update_decay_steps = decay_steps, power, update_decay_steps

    def construct(self, global_step):
        step, last = ops.cast(global_step, float32), self.decay_steps
        if self.update_decay_steps:
            last = ops.maximum(ops.ceil(step / last), 1.0) * last
        left = 1.0 - ops.minimum(step, last) / last
        return ops.pow(left, self.power) * (self.start_learning_rate - self.end_learning_rate) + self.end_learning_rate


@_with_shared_docs
class WarmUpLR(LearningRateSchedule):
    """``learning_rate * min(step, warmup_steps) / warmup_steps``: a line from 0.

    Args:
        learning_rate: float from 0.
        warmup_steps: int above 0.

    {step}

    Raises:
        TypeError: an argument of the wrong type (an int for a float too).
        ValueError: ``learning_rate`` is negative or ``warmup_steps`` not positive.

    >>> from minispore import Tensor, int32, nn
    >>> print(nn.WarmUpLR(0.5, 4)(Tensor(1, int32)))
    0.125
    """

    def __init__(self, learning_rate, warmup_steps):
        super().__init__()
        checks.non_negative_float("WarmUpLR", learning_rate=learning_rate)
        checks.positive_int("WarmUpLR", warmup_steps=warmup_steps)
        self.learning_rate, self.warmup_steps = learning_rate, warmup_steps

    def construct(self, global_step):
        step = ops.minimum(ops.cast(global_step, float32), self.warmup_steps)
        return step / self.warmup_steps * self.learning_rate


@_with_shared_docs
class LambdaDecayLR(LearningRateSchedule):
    """``learning_rate * lr_lambda(step)``, for a function written with ops.

    Args:
        learning_rate: float from 0.
        lr_lambda: function of the step, a float32 Tensor.

    {step}

    Raises:
        TypeError: an argument of the wrong type (an int for a float too).
        ValueError: ``learning_rate`` is negative.

    >>> from minispore import Tensor, int32, nn, ops
    >>> rate = nn.LambdaDecayLR(0.5, lambda step: 1 / ops.sqrt(step + 1))
    >>> print(rate(Tensor(3, int32)))
    0.25
    """

    def __init__(self, learning_rate, lr_lambda):
        super().__init__()
        checks.non_negative_float("LambdaDecayLR", learning_rate=learning_rate)
        if not callable(lr_lambda):
            raise fail(
                TypeError, f"For 'LambdaDecayLR', 'lr_lambda' must be a function, but got {type(lr_lambda).__name__}."
            )
        self.learning_rate, self.lr_lambda = learning_rate, lr_lambda

    def construct(self, global_step):
        return self.lr_lambda(ops.cast(global_step, float32)) * self.learning_rate


__all__ = [
    "CosineDecayLR", "ExponentialDecayLR", "InverseDecayLR", "LambdaDecayLR", "NaturalExpDecayLR", "PolynomialDecayLR", "WarmUpLR",
]  # fmt: skip
