# Written by tools/stubs from minispore.nn.optim.rmsprop: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['RMSProp']

class RMSProp(Optimizer):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., decay: float = ..., momentum: float = ..., epsilon: float = ..., use_locking: Any = False, centered: bool = False, loss_scale: Number = ..., weight_decay: Number | Cell = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    centered: Any
    decay: Any
    epsilon: Any
    mg: Any
    moment: Any
    momentum: Any
    ms: Any
