# Written by tools/stubs from minispore.nn.metrics.error: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.nn.metrics.metric import MeanMetric
from typing import Any

__all__ = ['Loss', 'MAE', 'MSE']

class Loss(MeanMetric):
    def update(self, *inputs: Any) -> None: ...

class _Error(MeanMetric):
    def update(self, *inputs: Any) -> None: ...

class MAE(_Error):
    ...

class MSE(_Error):
    ...
