# Written by tools/stubs from minispore.nn.optim.proximal_adagrad: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable
from minispore._types import Number
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['ProximalAdagrad']

class ProximalAdagrad(Optimizer):
    def __init__(self, params: Iterable[object], accum: float = ..., learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., l1: float = ..., l2: float = ..., use_locking: Any = False, loss_scale: Number = ..., weight_decay: Number | Cell = ...) -> None: ...
    def construct(self, grads: Any) -> tuple[Any, ...]: ...
    accum: Any
    l1: Any
    l2: Any
    takes_rows: bool
