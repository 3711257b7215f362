# Written by tools/stubs from minispore.nn.optim.statistics: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor
from minispore.nn.optim.around import Wrapping
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['UpdateStatistics']

class UpdateStatistics(Wrapping):
    def __init__(self, optimizer: Optimizer, every: int = 1) -> None: ...
    def construct(self, gradients: Any) -> Tensor | Any: ...
    def read(self) -> dict[str, dict[str, float]]: ...
    every: Any
    statistics: Any
