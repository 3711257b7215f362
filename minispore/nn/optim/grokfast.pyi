# Written by tools/stubs from minispore.nn.optim.grokfast: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor
from minispore.nn.optim.around import Wrapping
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['Grokfast']

class Grokfast(Wrapping):
    def __init__(self, optimizer: Optimizer, alpha: float = ..., lamb: float = ...) -> None: ...
    def construct(self, gradients: Any) -> Tensor | Any: ...
    alpha: Any
    grokfast_begun: Any
    lamb: Any
    slow_gradient: Any
