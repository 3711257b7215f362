# Written by tools/stubs from minispore.nn.optim.asgd: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['ASGD']

class ASGD(Optimizer):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., lambd: float = ..., alpha: float = ..., t0: float = ..., weight_decay: Number | Cell = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> bool: ...
    alpha: Any
    ax: Any
    eta: Any
    lambd: Any
    mu: Any
    t0: Any
