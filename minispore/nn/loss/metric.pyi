# Written by tools/stubs from minispore.nn.loss.metric: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore._types import Number
from minispore.core.tensor import Tensor
from minispore.nn.loss.base import LossBase
from typing import Any

__all__ = ['CosineEmbeddingLoss', 'HingeEmbeddingLoss', 'MarginRankingLoss', 'SoftMarginLoss', 'TripletMarginLoss', 'TripletMarginWithDistanceLoss']

class CosineEmbeddingLoss(LossBase):
    def __init__(self, margin: float = ..., reduction: str = 'mean') -> None: ...
    def construct(self, logits_x1: Tensor, logits_x2: Tensor, labels: Tensor) -> Tensor: ...
    margin: Any

class HingeEmbeddingLoss(LossBase):
    def __init__(self, margin: Number = ..., reduction: str = 'mean') -> None: ...
    def construct(self, logits: Tensor, labels: Tensor) -> Tensor: ...
    margin: Any

class MarginRankingLoss(LossBase):
    def __init__(self, margin: Number = ..., reduction: str = 'mean') -> None: ...
    def construct(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor: ...
    margin: Any

class SoftMarginLoss(LossBase):
    def __init__(self, reduction: str = 'mean') -> None: ...
    def construct(self, logits: Tensor, labels: Tensor) -> Tensor: ...

class TripletMarginLoss(LossBase):
    def __init__(self, p: int = 2, swap: bool = False, eps: float = ..., reduction: str = 'mean', margin: Number = ...) -> None: ...
    def construct(self, x: Tensor, positive: Tensor, negative: Tensor, margin: Number = ...) -> Tensor: ...
    eps: Any
    margin: Any
    p: Any
    swap: Any

class TripletMarginWithDistanceLoss(LossBase):
    def __init__(self, distance_function: Callable[..., Any] | None = None, swap: bool = False, reduction: str = 'mean', margin: float = ...) -> None: ...
    def construct(self, x: Tensor, positive: Tensor, negative: Tensor) -> Tensor: ...
    distance_function: Any
    margin: Any
    swap: Any
