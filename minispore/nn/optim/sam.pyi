# Written by tools/stubs from minispore.nn.optim.sam: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor
from minispore.nn.optim.around import Wrapping
from minispore.nn.optim.closure import NeedsLoss
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['SAM']

class SAM(NeedsLoss, Wrapping):
    def __init__(self, optimizer: Optimizer, rho: float = ..., adaptive: bool = False, eta: float = ...) -> None: ...
    def construct(self, gradients: Any) -> Tensor | Any: ...
    def step(self, closure: Any) -> Any: ...
    adaptive: Any
    eta: Any
    rho: Any
