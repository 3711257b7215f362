# Written by tools/stubs from minispore.nn.optim.wrapping: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.optim.around import Wrapping
from minispore.nn.optim.averaging import Averaging
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['ExponentialMovingAverage', 'GradientAccumulation', 'GradientClipping']

class ExponentialMovingAverage(Wrapping, Averaging):
    def __init__(self, optimizer: Optimizer, decay: float = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    def to_average(self) -> None: ...
    def to_training(self) -> None: ...
    decay: Any
    ema: Any

class GradientAccumulation(Wrapping):
    def __init__(self, optimizer: Optimizer, steps: int, mean: bool = True) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    accumulated: Any
    accumulated_calls: Any
    mean: Any
    steps: Any

class GradientClipping(Wrapping):
    def __init__(self, optimizer: Optimizer, max_norm: float | None = None, max_value: float | None = None) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    max_norm: Any
    max_value: Any
