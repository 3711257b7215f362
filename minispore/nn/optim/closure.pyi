# Written by tools/stubs from minispore.nn.optim.closure: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['NeedsLoss']

class NeedsLoss(Optimizer):
    def step(self, closure: Any) -> Any: ...
    def update(self, gradients: Any) -> Any: ...
    divisible: bool
    needs_loss: bool
