# Written by tools/stubs from minispore.nn.optim.sgd: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['SGD']

class SGD(Optimizer):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., momentum: Number = ..., dampening: Number = ..., weight_decay: Number = ..., nesterov: bool = False, loss_scale: Number = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    @property
    def target(self) -> str: ...
    @target.setter
    def target(self, value: Any) -> None: ...
    accum: Any
    dampening: Any
    has_momentum: Any
    momentum: Any
    nesterov: Any
    stat: Any
