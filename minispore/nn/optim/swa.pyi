# Written by tools/stubs from minispore.nn.optim.swa: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor
from minispore.nn.optim.around import Wrapping
from minispore.nn.optim.averaging import Averaging
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['StochasticWeightAverage']

class StochasticWeightAverage(Wrapping, Averaging):
    def __init__(self, optimizer: Optimizer, start: int, every: int = 1) -> None: ...
    def construct(self, gradients: Any) -> Tensor | Any: ...
    def to_average(self) -> None: ...
    def to_training(self) -> None: ...
    every: Any
    start: Any
    swa: Any
    swa_count: Any
