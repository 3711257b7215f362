# Written by tools/stubs from minispore.nn.rate_curve: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.nn.cell import Cell
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['learning_rates']

def learning_rates(source: Optimizer | LearningRateSchedule | Cell, steps: int) -> Any: ...
