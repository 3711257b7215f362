# Written by tools/stubs from minispore.nn.optim.lookahead: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor
from minispore.nn.optim.around import Wrapping
from minispore.nn.optim.averaging import Averaging
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['Lookahead']

class Lookahead(Wrapping, Averaging):
    def __init__(self, optimizer: Optimizer, k: int = 5, alpha: float = ...) -> None: ...
    def construct(self, gradients: Any) -> Tensor | Any: ...
    def to_average(self) -> None: ...
    def to_training(self) -> None: ...
    alpha: Any
    k: Any
    lookahead_calls: Any
    slow: Any
