# Written by tools/stubs from minispore.nn.optim.schedule_free_any: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from minispore.nn.optim.around import Wrapping
from minispore.nn.optim.averaging import Averaging
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['ScheduleFree', 'ScheduleFreeSGD']

class _Interpolating(Averaging):
    def move(self, y: Any, z: Any, step: Any, c: Any) -> None: ...
    def share(self, rate: Any) -> Any: ...
    def to_average(self) -> None: ...
    def to_training(self) -> None: ...
    beta: Parameter
    lr_max: Any
    lr_power: Any
    weight_sum: Any
    z: Any

class ScheduleFree(Wrapping, _Interpolating):
    def __init__(self, optimizer: Optimizer, beta: float = ..., lr_power: Number | Tensor = ...) -> None: ...
    def construct(self, gradients: Any) -> Tensor | Any: ...

class ScheduleFreeSGD(_Interpolating):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., beta: float = ..., weight_decay: Number | Cell = ..., warmup_steps: int = 0, lr_power: float = ..., loss_scale: Number = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    warmup_steps: Any
