# Written by tools/stubs from minispore.nn.optim.schedule_free: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from minispore.nn.optim.averaging import Averaging
from typing import Any

__all__ = ['ScheduleFreeAdamW']

class ScheduleFreeAdamW(Averaging):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., beta1: float = ..., beta2: float = ..., eps: float = ..., weight_decay: Number | Cell = ..., warmup_steps: int = 0, loss_scale: Number = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    def to_average(self) -> None: ...
    def to_training(self) -> None: ...
    beta1: Any
    beta2: Any
    eps: Any
    exp_avg_sq: Any
    lr_max: Any
    warmup_steps: Any
    weight_sum: Any
    z: Any
