# Written by tools/stubs from minispore.nn.optim.cautious: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor
from minispore.nn.optim.around import Wrapping
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['Cautious']

class Cautious(Wrapping):
    def __init__(self, optimizer: Optimizer, floor: float = ...) -> None: ...
    def construct(self, gradients: Any) -> Tensor | Any: ...
    by_parameter: bool
    floor: Any
