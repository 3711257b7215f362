# Written by tools/stubs from minispore.nn.optim.adagrad: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable
from minispore._types import Number
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['Adagrad']

class Adagrad(Optimizer):
    def __init__(self, params: Iterable[object], accum: float = ..., learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., update_slots: bool = True, loss_scale: Number = ..., weight_decay: Number | Cell = ...) -> None: ...
    def construct(self, grads: Any) -> tuple[Any, ...]: ...
    accum: Any
    update_slots: Any
