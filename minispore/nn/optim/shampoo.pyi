# Written by tools/stubs from minispore.nn.optim.shampoo: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['SOAP', 'Shampoo']

class _ByAxis(Optimizer):
    ...

class SOAP(_ByAxis):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., beta1: float = ..., beta2: float = ..., shampoo_beta: Any = None, eps: float = ..., weight_decay: Number | Cell = ..., frequency: int = 10, max_size: Number | Tensor = 10000, loss_scale: Number = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    axes: Any
    basis: Any
    beta1: Any
    beta2: Any
    eps: Any
    exp_avg: Any
    exp_avg_sq: Any
    frequency: Any
    shampoo_beta: Any
    statistic: Any

class Shampoo(_ByAxis):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., momentum: float = ..., eps: float = ..., weight_decay: Number | Cell = ..., frequency: Number | Tensor = 1, max_size: Number | Tensor = 1024, loss_scale: Number = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    axes: Any
    frequency: Any
    momentum: Any
    momentum_buffer: Any
    root: Any
    statistic: Any
