"""Conversion of the learning rates and weight decays that an optimizer takes to Parameters and cells."""

from collections.abc import Iterable

import numpy as np

from ...core import checks
from ...core.errors import fail
from ...core.parameter import Parameter
from ...core.tensor import Tensor
from ...ops import identity, minimum
from ...ops.effects import RATE_LIST
from ...ops.rows import lookup
from ..cell import Cell
from ..learning_rate_schedule import LearningRateSchedule


class _IteratorLearningRate(LearningRateSchedule):
    """The ``global_step``-th element of a list."""

    def __init__(self, rates: np.ndarray, name: str):
        super().__init__()
        self.learning_rate = Parameter(Tensor(rates), name=name)

    def construct(self, global_step):
        return lookup(self.learning_rate, global_step, name=RATE_LIST)


class _ConvertToCell(LearningRateSchedule):
    """A fixed learning rate as a schedule, for a group beside groups with schedules."""

    def __init__(self, rate: Parameter):
        super().__init__()
        self.learning_rate = rate

    def construct(self, global_step):
        return identity(self.learning_rate)


class ScaledDecay(Cell):
    """A user's weight decay Cell, as a 0-d Tensor times the loss scale."""

    def __init__(self, cell, loss_scale):
        super().__init__(auto_prefix=False)
        self.weight_decay, self.loss_scale = cell, loss_scale

    def construct(self, global_step):
        decay = self.weight_decay(global_step)
        return (decay.reshape(()) if decay.size == 1 else decay) * self.loss_scale


def checked_rate(rate):
    """A LearningRateSchedule, or a float32 array: 0-d for a fixed rate, 1-d for one per step."""
    if isinstance(rate, (int, float, np.integer, np.floating)):
        checks.at_least("Optimizer", 0, learning_rate=rate)
        return np.array(rate, np.float32)
    if isinstance(rate, LearningRateSchedule):
        return rate
    if isinstance(rate, Tensor):
        if rate.ndim > 1:
            raise fail(
                ValueError,
                f"For 'Optimizer', a Tensor of learning rates must have 0 or 1 axes, but got the shape {rate.shape}.",
            )
        return rate.asnumpy().astype(np.float32)
    if isinstance(rate, (Cell, str, dict)) or not isinstance(rate, Iterable):
        raise fail(
            ValueError if isinstance(rate, str) else TypeError,  # as in MindSpore
            "For 'Optimizer', the learning rate must be a number, a Tensor, a list or a LearningRateSchedule, "
            f"but got {type(rate).__name__}{f': {rate!r}' if isinstance(rate, str) else ''}.",
        )
    try:
        return np.array(list(rate)).astype(np.float32).reshape(-1)
    except ValueError as error:
        raise fail(ValueError, f"For 'Optimizer', a list of learning rates must hold numbers: {error}.") from None


def is_dynamic(rate) -> bool:
    """Whether a checked rate changes from step to step."""
    return not isinstance(rate, np.ndarray) or rate.ndim == 1


def check_equal_lengths(rates) -> None:
    """Raises if lists of rates differ in length."""
    lengths = {r.size for r in rates if isinstance(r, np.ndarray) and r.ndim == 1}
    if len(lengths) > 1:
        raise fail(
            ValueError, f"For 'Optimizer', lists of learning rates must have one length, but got {sorted(lengths)}."
        )


def as_rate(rate, name: str):
    """A checked rate as a Parameter, or as a Cell called with ``global_step``."""
    if not isinstance(rate, np.ndarray):
        return rate
    return _IteratorLearningRate(rate, name) if rate.ndim == 1 else Parameter(Tensor(rate), name=name)


def as_cell(rate):
    """The rate as a Cell called with ``global_step``."""
    return rate if isinstance(rate, Cell) else _ConvertToCell(rate)


def as_parameter(rate):
    """The Parameter that holds the rate, or the schedule itself."""
    return rate.learning_rate if isinstance(rate, (_ConvertToCell, _IteratorLearningRate)) else rate


def warmed_up(step, steps):
    """The part of a rate at a step, counted from 1, of a warm-up in a line; none for 0 ``steps``."""
    return 1.0 if type(steps) is int and steps == 0 else minimum(step / steps, 1.0)
