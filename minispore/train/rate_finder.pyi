# Written by tools/stubs from minispore.train.rate_finder: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import Batched, Number
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.optim.optimizer import Optimizer
from minispore.train.model import Model
from typing import Any

__all__ = ['RateCurve', 'lr_find']

class RateCurve:
    def __init__(self, rates: Any, losses: Any, smoothed: Any) -> None: ...
    def save(self, path: Any) -> None: ...
    at_minimum: Any
    losses: Any
    rates: Any
    smoothed: Any
    suggestion: Any

def lr_find(model: Model | Cell | Optimizer, data: Batched, start: Number | Tensor = ..., end: Number | Tensor = ..., steps: int = 100, smoothing: Number | Tensor = ..., stop: Number | Tensor = ...) -> RateCurve: ...
