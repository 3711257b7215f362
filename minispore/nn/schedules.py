"""Schedules that are put together: pieces, joins, sums and products, of rates and of any other number of an optimizer.

A schedule is a Cell of the step, computed inside the compiled step.  Its numbers are floats, which may be set at any time
without compiling, or Parameters, which have gradients (see docs/hypergradients.md).
"""

import math
import operator
from bisect import bisect_right

from .. import ops
from ..core import checks
from ..core.dtype import float32
from ..core.errors import fail
from ..core.op import to
from ..core.tensor import Tensor
from .learning_rate_schedule import LearningRateSchedule


class Schedule(LearningRateSchedule):
    """The base of schedules that may be added, multiplied and joined.

    A subclass writes ``at(step)`` for a float32 Tensor, the step counted from 0; ``self.number(name, value)`` keeps a number.

    Args:
        auto_prefix: as in Cell.
        flags: as in Cell.

    >>> import minispore as ms
    >>> half = LinearSchedule(0.1, 0.0, 10) * 0.5 + 0.01
    >>> print(half(ms.Tensor(5, ms.int32)))
    0.035
    """

    def construct(self, global_step):
        return self.at(to(global_step, float32))

    def at(self, step):
        """The value at a step, a float32 Tensor."""
        raise NotImplementedError("A Schedule needs an at(self, step).")

    def number(self, name: str, value) -> None:
        """Keeps a float as a 0-d Tensor, and a Parameter as it is, under an attribute."""
        if isinstance(value, bool) or not isinstance(value, (int, float, Tensor)):
            raise fail(
                TypeError,
                f"For '{self.cls_name}', '{name}' must be a float or a Parameter, but got {type(value).__name__}: {value!r:.60}.",
            )
        if isinstance(value, Tensor) and value.ndim:
            raise fail(
                ValueError, f"For '{self.cls_name}', '{name}' must have no axes, but got the shape {value.shape}."
            )
        setattr(self, name, value if isinstance(value, Tensor) else Tensor(float(value), float32))

    def __setattr__(self, name, value):
        known = self.__dict__.get(name)
        if type(known) is Tensor and isinstance(value, (int, float)) and not isinstance(value, bool):
            known.assign_value(Tensor(value, float32))  # what a compiled step reads at its next call
        else:
            super().__setattr__(name, value)

    def __add__(self, other):
        return _Combined(operator.add, self, other)

    def __mul__(self, other):
        return _Combined(operator.mul, self, other)

    __radd__, __rmul__ = __add__, __mul__


class _Combined(Schedule):
    """A sum or product of schedules and numbers."""

    def __init__(self, function, first, second):
        super().__init__()
        self.function, self.first = function, first
        if isinstance(second, LearningRateSchedule):
            self.second = second
        else:
            self.number("second", second)

    def at(self, step):
        second = self.second(step) if isinstance(self.second, LearningRateSchedule) else self.second
        return self.function(self.first(step), second)


class ConstantSchedule(Schedule):
    """One value.

    Args:
        value: a float or Parameter.

    >>> import minispore as ms
    >>> print(ConstantSchedule(0.5)(ms.Tensor(3, ms.int32)))
    0.5
    """

    def __init__(self, value):
        super().__init__()
        self.number("value", value)

    def at(self, step):
        return step * 0.0 + self.value


class LambdaSchedule(Schedule):
    """What a function written with ops makes of the step.

    Args:
        function: of the step, a float32 Tensor.

    Raises:
        TypeError: it is not a function.

    >>> import minispore as ms
    >>> print(LambdaSchedule(lambda step: 0.5 / (step + 1.0))(ms.Tensor(4, ms.int32)))
    0.1
    """

    def __init__(self, function):
        super().__init__()
        if not callable(function):
            raise fail(TypeError, f"For 'LambdaSchedule', a function is needed, but got {type(function).__name__}.")
        self.function = function

    def at(self, step):
        return self.function(step)


class _Between(Schedule):
    """From ``start`` at step 0 to ``end`` at step ``steps`` and after it."""

    def __init__(self, start, end, steps):
        super().__init__()
        checks.positive_int(self.cls_name, steps=steps)
        self.number("start", start)
        self.number("end", end)
        self.steps = steps

    def part(self, step):
        return ops.minimum(step / self.steps, 1.0)

    def at(self, step):
        return self.start + (self.end - self.start) * self.shape_of(self.part(step))

    def shape_of(self, part):
        """How much of the way is done."""
        raise NotImplementedError


class LinearSchedule(_Between):
    """A line: ``start + (end - start) min(step / steps, 1)``.

    Args:
        start: a float or Parameter.
        end: a float or Parameter.
        steps: a positive int.

    >>> import minispore as ms
    >>> print([float(LinearSchedule(0.0, 1.0, 4)(ms.Tensor(t, ms.int32))) for t in (0, 1, 9)])
    [0.0, 0.25, 1.0]
    """

    def shape_of(self, part):
        return part


class CosineSchedule(_Between):
    """Half a cosine: ``start + (end - start) (1 - cos(pi min(step / steps, 1))) / 2``.

    Args:
        start: a float or Parameter.
        end: a float or Parameter.
        steps: a positive int.

    >>> import minispore as ms
    >>> print([round(float(CosineSchedule(1.0, 0.0, 4)(ms.Tensor(t, ms.int32))), 3) for t in (0, 1, 2, 4)])
    [1.0, 0.854, 0.5, 0.0]
    """

    def shape_of(self, part):
        return (1.0 - ops.cos(part * math.pi)) * 0.5


class PolynomialSchedule(_Between):
    """``end + (start - end) (1 - min(step / steps, 1))^power``.

    Args:
        start: as in LinearSchedule.
        end: as in LinearSchedule.
        steps: as in LinearSchedule.
        power: a float or Parameter.

    >>> import minispore as ms
    >>> print(PolynomialSchedule(1.0, 0.0, 4, 2.0)(ms.Tensor(2, ms.int32)))
    0.25
    """

    def __init__(self, start, end, steps, power=1.0):
        super().__init__(start, end, steps)
        self.number("power", power)

    def shape_of(self, part):
        return 1.0 - ops.pow(1.0 - part, self.power)


class ExponentialSchedule(Schedule):
    """``start factor^(step / steps)``, with ``stairs`` of whole quotients.

    Args:
        start: a float or Parameter.
        factor: a float or Parameter.
        steps: a positive int.
        stairs: a bool.

    >>> import minispore as ms
    >>> print(ExponentialSchedule(1.0, 0.5, 2)(ms.Tensor(4, ms.int32)))
    0.25
    """

    def __init__(self, start, factor, steps=1, stairs=False):
        super().__init__()
        checks.positive_int("ExponentialSchedule", steps=steps)
        self.number("start", start)
        self.number("factor", factor)
        self.steps, self.stairs = steps, stairs

    def at(self, step):
        times = step / self.steps
        return self.start * ops.pow(self.factor, ops.floor(times) if self.stairs else times)


class InverseSqrtSchedule(Schedule):
    """``peak min((step + 1) / warmup, sqrt(warmup / (step + 1)))``: a line up, then the inverse square root.

    Args:
        peak: a float or Parameter, reached at step ``warmup - 1``.
        warmup: a positive int.

    >>> import minispore as ms
    >>> print([float(InverseSqrtSchedule(1.0, 4)(ms.Tensor(t, ms.int32))) for t in (0, 3, 15)])
    [0.25, 1.0, 0.5]
    """

    def __init__(self, peak, warmup):
        super().__init__()
        checks.positive_int("InverseSqrtSchedule", warmup=warmup)
        self.number("peak", peak)
        self.warmup = warmup

    def at(self, step):
        done = (step + 1.0) / self.warmup
        return self.peak * ops.minimum(done, ops.rsqrt(done))


class CyclicSchedule(Schedule):
    """Lines from ``low`` to ``high`` and back, again and again (Smith, 2017, arXiv:1506.01186).

    Args:
        low: a float or Parameter.
        high: a float or Parameter.
        up: how many steps up, a positive int.
        down: how many down, by default as many.
        factor: multiplies ``high - low`` with each cycle, a float or Parameter: 0.5 is "triangular2".

    >>> import minispore as ms
    >>> print([float(CyclicSchedule(0.0, 1.0, 2)(ms.Tensor(t, ms.int32))) for t in (0, 1, 2, 3, 4)])
    [0.0, 0.5, 1.0, 0.5, 0.0]
    """

    def __init__(self, low, high, up, down=None, factor=1.0):
        super().__init__()
        down = up if down is None else down
        checks.positive_int("CyclicSchedule", up=up, down=down)
        for name, value in (("low", low), ("high", high), ("factor", factor)):
            self.number(name, value)
        self.up, self.down = up, down

    def at(self, step):
        length = self.up + self.down
        cycle = ops.floor(step / length)
        place = step - cycle * length
        height = ops.minimum(place / self.up, (length - place) / self.down)
        return self.low + (self.high - self.low) * height * ops.pow(self.factor, cycle)


class CosineRestartsSchedule(Schedule):
    """A cosine from ``high`` to ``low`` that begins anew (Loshchilov and Hutter, 2017, SGDR, arXiv:1608.03983).

    Args:
        high: a float or Parameter.
        low: a float or Parameter.
        steps: of the first cycle, a positive int.
        longer: each cycle has so many times the steps of the one before, a positive int.

    >>> import minispore as ms
    >>> print([float(CosineRestartsSchedule(1.0, 0.0, 2)(ms.Tensor(t, ms.int32)).round()) for t in (0, 2, 4)])
    [1.0, 1.0, 1.0]
    """

    def __init__(self, high, low, steps, longer=1):
        super().__init__()
        checks.positive_int("CosineRestartsSchedule", steps=steps, longer=longer)
        self.number("high", high)
        self.number("low", low)
        self.steps, self.longer = steps, longer

    def at(self, step):
        first, q = self.steps, self.longer
        if self.longer == 1:
            part = step / first - ops.floor(step / first)
        else:  # cycle k begins at first (q^k - 1) / (q - 1); a little more, so that a whole number stays one
            k = ops.floor(ops.log(step / first * (q - 1.0) + 1.0) / math.log(q) + 1e-5)
            length = ops.pow(q, k) * first
            part = (step - (length - first) / (q - 1.0)) / length
        return self.low + (self.high - self.low) * (ops.cos(part * math.pi) + 1.0) * 0.5


class SequentialSchedule(Schedule):
    """Schedules one after the other; each counts its steps from where it begins.

    Args:
        schedules: a list of schedules.
        milestones: the steps at which the second, third ... begin, rising.

    Raises:
        TypeError: a member is not a schedule.
        ValueError: the milestones do not rise, or are not one fewer than the schedules.

    >>> import minispore as ms
    >>> joined = SequentialSchedule([LinearSchedule(0.0, 1.0, 2), ConstantSchedule(1.0), LinearSchedule(1.0, 0.0, 2)], [2, 5])
    >>> print([float(joined(ms.Tensor(t, ms.int32))) for t in range(8)])
    [0.0, 0.5, 1.0, 1.0, 1.0, 1.0, 0.5, 0.0]
    """

    def __init__(self, schedules, milestones):
        super().__init__()
        schedules, milestones = list(schedules), list(milestones)
        bad = next((s for s in schedules if not isinstance(s, LearningRateSchedule)), None)
        if bad is not None:
            raise fail(
                TypeError, f"For '{self.cls_name}', each member must be a schedule, but got {type(bad).__name__}."
            )
        if len(milestones) != len(schedules) - 1:
            raise fail(
                ValueError,
                f"For '{self.cls_name}', {len(schedules)} schedules need {len(schedules) - 1} milestones, but got {milestones}.",
            )
        if milestones:
            checks.positive_int(self.cls_name, **{f"milestones[{k}]": m for k, m in enumerate(milestones)})
        if any(bisect_right(milestones, m) != k + 1 for k, m in enumerate(milestones)):
            raise fail(ValueError, f"For '{self.cls_name}', 'milestones' must rise, but got {milestones}.")
        for k, schedule in enumerate(schedules):
            setattr(self, f"part{k}", schedule)
        self.milestones = tuple(milestones)

    def at(self, step):
        value = self.part0(step)
        for k, begin in enumerate(self.milestones, 1):
            there = ops.maximum(step - begin, 0.0)
            value = ops.select(step < begin, value, getattr(self, f"part{k}")(there))
        return value


class WarmUp(SequentialSchedule):
    """A line up to where a schedule begins, then that schedule.

    Args:
        schedule: a schedule, or a number.
        steps: how many steps the line takes, a positive int.
        start: where the line begins, as a part of where it ends: a float or Parameter.

    >>> import minispore as ms
    >>> rate = WarmUp(CosineSchedule(0.1, 0.0, 10), 4)
    >>> print([round(float(rate(ms.Tensor(t, ms.int32))), 4) for t in (0, 2, 4, 9, 14)])
    [0.0, 0.05, 0.1, 0.05, 0.0]
    """

    def __init__(self, schedule, steps, start=0.0):
        checks.positive_int("WarmUp", steps=steps)
        if not isinstance(schedule, LearningRateSchedule):
            schedule = ConstantSchedule(schedule)
        super().__init__([_Rising(schedule, steps, start), schedule], [steps])


class _Rising(Schedule):
    def __init__(self, schedule, steps, start):
        super().__init__()
        self.schedule, self.steps = schedule, steps
        self.number("start", start)

    def at(self, step):
        part = step / self.steps
        return self.schedule(step * 0.0) * (self.start + (1.0 - self.start) * part)


class TrapezoidSchedule(SequentialSchedule):
    """Warm-up, constant, decay in a line (WSD: Hu et al., 2024, arXiv:2404.06395; Hägele et al., 2024, arXiv:2405.18392).

    Args:
        peak: a float or Parameter.
        steps: of all three parts, a positive int.
        warmup: of the first and the last part, positive ints.
        decay: of the first and the last part, positive ints.
        end: the value after the last step.

    >>> import minispore as ms
    >>> rate = TrapezoidSchedule(1.0, 10, 2, 4)
    >>> print([float(rate(ms.Tensor(t, ms.int32))) for t in (0, 1, 2, 6, 8, 10)])
    [0.0, 0.5, 1.0, 1.0, 0.5, 0.0]
    """

    def __init__(self, peak, steps, warmup, decay, end=0.0):
        checks.positive_int("TrapezoidSchedule", steps=steps, warmup=warmup, decay=decay)
        if warmup + decay >= steps:
            raise fail(
                ValueError,
                f"For 'TrapezoidSchedule', 'warmup' and 'decay' together must be fewer than 'steps', {steps}, but got {warmup} "
                f"and {decay}.",
            )
        parts = [LinearSchedule(0.0, peak, warmup), ConstantSchedule(peak), LinearSchedule(peak, end, decay)]
        super().__init__(parts, [warmup, steps - decay])


class OneCycleSchedule(Schedule):
    """Up by half a cosine, and down by a longer one to far below the start (Smith and Topin, 2018, arXiv:1708.07120).

    The peak is at step ``rising steps - 1``, which need not be whole, the end at step ``steps - 1``.

    Args:
        peak: a float or Parameter.
        steps: of both parts, a positive int.
        rising: which part of them goes up, a float inside (0, 1).
        start_divisor: the start is the peak over this.
        end_divisor: the end is the start over this.
        linear: lines in place of cosines.

    >>> import minispore as ms
    >>> rate = OneCycleSchedule(1.0, 10, 0.4, linear=True)
    >>> print([round(float(rate(ms.Tensor(t, ms.int32))), 2) for t in (0, 3, 6, 9)])
    [0.04, 1.0, 0.5, 0.0]
    """

    def __init__(self, peak, steps, rising=0.3, start_divisor=25.0, end_divisor=1e4, linear=False):
        super().__init__()
        checks.positive_int("OneCycleSchedule", steps=steps)
        if not 0.0 < rising * steps - 1.0 < steps - 1.0:
            raise fail(
                ValueError,
                f"For 'OneCycleSchedule', both parts need a step, but got {steps} steps, {rising} of them rising.",
            )
        for name, value in (("peak", peak), ("start_divisor", start_divisor), ("end_divisor", end_divisor)):
            self.number(name, value)
        self.top, self.last, self.linear = rising * steps - 1.0, steps - 1.0, linear

    def at(self, step):
        start = self.peak / self.start_divisor
        up = step / self.top
        down = ops.minimum((step - self.top) / (self.last - self.top), 1.0)
        part = ops.select(up < 1.0, up, down)
        if not self.linear:
            part = (1.0 - ops.cos(part * math.pi)) * 0.5
        end = start / self.end_divisor
        return ops.select(up < 1.0, start + (self.peak - start) * part, self.peak + (end - self.peak) * part)


__all__ = [
    "ConstantSchedule", "CosineRestartsSchedule", "CosineSchedule", "CyclicSchedule", "ExponentialSchedule",
    "InverseSqrtSchedule", "LambdaSchedule", "LinearSchedule", "OneCycleSchedule", "PolynomialSchedule", "Schedule",
    "SequentialSchedule", "TrapezoidSchedule", "WarmUp",
]  # fmt: skip
