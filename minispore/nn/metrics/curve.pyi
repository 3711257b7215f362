# Written by tools/stubs from minispore.nn.metrics.curve: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import Number
from minispore.nn.metrics.metric import Metric
from typing import Any

__all__ = ['ROC', 'auc']

class ROC(Metric):
    def __init__(self, class_num: int | None = None, pos_label: int | None = None) -> None: ...
    def clear(self) -> None: ...
    def eval(self) -> Any: ...
    def update(self, *inputs: Any) -> None: ...
    class_num: Any
    pos_label: Any

def auc(x: Number, y: Any, reorder: bool = False) -> Any: ...
