# Written by tools/stubs from minispore.nn.optim.mars: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['MARS']

class MARS(Optimizer):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., beta1: float = ..., beta2: float = ..., gamma: float = ..., eps: float = ..., weight_decay: Number | Cell = ..., mars_type: str = 'adamw', optimize_1d: bool = False, lr_1d_factor: Number | Tensor = ..., beta1_1d: float = ..., beta2_1d: float = ..., loss_scale: Number = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    beta1: Any
    beta1_1d: Any
    beta2: Any
    beta2_1d: Any
    eps: Any
    exp_avg: Any
    exp_avg_sq: Any
    gamma: Parameter
    lr_1d_factor: Any
    mars_type: Any
    optimize_1d: Any
    previous: Any
