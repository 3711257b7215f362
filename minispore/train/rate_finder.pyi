# Written by tools/stubs from minispore.train.rate_finder: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
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

def lr_find(model: Any, data: Any, start: Any = ..., end: Any = ..., steps: Any = 100, smoothing: Any = ..., stop: Any = ...) -> RateCurve: ...
