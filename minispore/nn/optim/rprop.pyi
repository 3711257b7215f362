# Written by tools/stubs from minispore.nn.optim.rprop: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['Rprop']

class Rprop(Optimizer):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., etas: Sequence[float] = ..., step_sizes: Sequence[float] = ..., weight_decay: Number | Cell = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> bool: ...
    etaminus: Any
    etaplus: Any
    prev: Any
    step_size: Any
    step_size_max: Any
    step_size_min: Any
