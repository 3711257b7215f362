# Written by tools/stubs from minispore.nn.optim.lion: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['Lion']

class Lion(Optimizer):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., beta1: float = ..., beta2: float = ..., weight_decay: Number | Cell = ..., loss_scale: Number = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    beta1: Any
    beta2: Any
    exp_avg: Any
