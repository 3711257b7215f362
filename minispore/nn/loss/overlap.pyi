# Written by tools/stubs from minispore.nn.loss.overlap: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor
from minispore.nn.loss.base import LossBase
from typing import Any

__all__ = ['DiceLoss', 'MultiClassDiceLoss']

class DiceLoss(LossBase):
    def __init__(self, smooth: float = ...) -> None: ...
    def construct(self, logits: Tensor, label: Tensor) -> Tensor: ...
    smooth: Any

class MultiClassDiceLoss(LossBase):
    def __init__(self, weights: Tensor | None = None, ignore_indiex: int | None = None, activation: Any = 'softmax') -> None: ...
    def construct(self, logits: Tensor, label: Tensor) -> Tensor: ...
    activation: Any
    binarydiceloss: Any
    ignore_indiex: Any
    weights: Any
