# Written by tools/stubs from minispore.nn.learning_rate_schedule: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['CosineDecayLR', 'ExponentialDecayLR', 'InverseDecayLR', 'LambdaDecayLR', 'NaturalExpDecayLR', 'PolynomialDecayLR', 'WarmUpLR']

class LearningRateSchedule(Cell):
    def construct(self, global_step: Tensor) -> Tensor: ...

class CosineDecayLR(LearningRateSchedule):
    def __init__(self, min_lr: float, max_lr: float, decay_steps: int) -> None: ...
    def construct(self, global_step: Tensor) -> Tensor: ...
    decay_steps: Any
    max_lr: Any
    min_lr: Any

class _Decay(LearningRateSchedule):
    def __init__(self, learning_rate: Any, decay_rate: Any, decay_steps: Any, is_stair: bool = False) -> None: ...
    def progress(self, global_step: Any) -> Any: ...
    decay_rate: Any
    decay_steps: Any
    is_stair: Any
    learning_rate: Parameter | Any

class ExponentialDecayLR(_Decay):
    def __init__(self, learning_rate: float, decay_rate: float, decay_steps: int, is_stair: bool = False) -> None: ...
    def construct(self, global_step: Tensor) -> Tensor: ...

class InverseDecayLR(_Decay):
    def __init__(self, learning_rate: float, decay_rate: float, decay_steps: int, is_stair: bool = False) -> None: ...
    def construct(self, global_step: Tensor) -> Tensor: ...

class LambdaDecayLR(LearningRateSchedule):
    def __init__(self, learning_rate: float, lr_lambda: Callable[..., Any] | Tensor) -> None: ...
    def construct(self, global_step: Tensor) -> Tensor: ...
    learning_rate: Parameter | Any
    lr_lambda: Any

class NaturalExpDecayLR(_Decay):
    def __init__(self, learning_rate: float, decay_rate: float, decay_steps: int, is_stair: bool = False) -> None: ...
    def construct(self, global_step: Tensor) -> Tensor: ...

class PolynomialDecayLR(LearningRateSchedule):
    def __init__(self, learning_rate: float, end_learning_rate: float, decay_steps: int, power: float, update_decay_steps: bool = False) -> None: ...
    def construct(self, global_step: Tensor) -> Tensor: ...
    decay_steps: Any
    end_learning_rate: Any
    power: Any
    start_learning_rate: Any
    update_decay_steps: Any

class WarmUpLR(LearningRateSchedule):
    def __init__(self, learning_rate: float, warmup_steps: int) -> None: ...
    def construct(self, global_step: Tensor) -> Tensor: ...
    learning_rate: Parameter | Any
    warmup_steps: Any
