# Written by tools/stubs from minispore.nn.loss.classification: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.loss.base import LossBase
from typing import Any

__all__ = ['BCELoss', 'BCEWithLogitsLoss', 'CTCLoss', 'CrossEntropyLoss', 'FocalLoss', 'KLDivLoss', 'MultiLabelSoftMarginLoss', 'MultiMarginLoss', 'MultilabelMarginLoss', 'NLLLoss', 'SoftmaxCrossEntropyWithLogits']

class BCELoss(LossBase):
    def __init__(self, weight: Tensor | None = None, reduction: str = 'mean') -> None: ...
    def construct(self, logits: Tensor, labels: Tensor) -> Tensor: ...
    weight: Parameter

class BCEWithLogitsLoss(LossBase):
    def __init__(self, reduction: str = 'mean', weight: Tensor | None = None, pos_weight: Tensor | None = None) -> None: ...
    def construct(self, input: Tensor, target: Tensor) -> Tensor: ...
    pos_weight: Any
    weight: Parameter

class CTCLoss(LossBase):
    def __init__(self, blank: int = 0, reduction: str = 'mean', zero_infinity: bool = False) -> None: ...
    def construct(self, log_probs: Tensor | float | Sequence[Any], target: Tensor | int, input_lengths: Tensor | Sequence[Any], target_lengths: Sequence[int] | Tensor) -> Tensor: ...
    blank: Any
    zero_infinity: Any

class CrossEntropyLoss(LossBase):
    def __init__(self, weight: Tensor | float | None = None, ignore_index: int = -100, reduction: str = 'mean', label_smoothing: float = ...) -> None: ...
    def construct(self, logits: Tensor | float | Sequence[Any], labels: Tensor | int | float) -> Tensor: ...
    ignore_index: Any
    label_smoothing: Any
    weight: Parameter

class FocalLoss(LossBase):
    def __init__(self, weight: Tensor | None = None, gamma: float = ..., reduction: str = 'mean') -> None: ...
    def construct(self, logits: Tensor | float | Sequence[Any], labels: Tensor) -> Tensor: ...
    gamma: Parameter
    logsoftmax: Any
    weight: Parameter

class KLDivLoss(LossBase):
    def __init__(self, reduction: str = 'mean') -> None: ...
    def construct(self, logits: Tensor, labels: Tensor) -> Tensor: ...

class MultiLabelSoftMarginLoss(LossBase):
    def __init__(self, weight: Tensor | None = None, reduction: str = 'mean') -> None: ...
    def construct(self, x: Tensor, target: Tensor) -> Tensor: ...
    weight: Parameter

class MultiMarginLoss(LossBase):
    def __init__(self, p: Any = 1, margin: Number = ..., reduction: str = 'mean', weight: Tensor | None = None) -> None: ...
    def construct(self, x: Tensor, target: Tensor, weight: Tensor | None = None) -> Tensor: ...
    margin: Any
    p: Any
    weight: Parameter

class MultilabelMarginLoss(LossBase):
    def construct(self, x: Tensor | float, target: Tensor) -> Tensor | Any: ...

class NLLLoss(LossBase):
    def __init__(self, weight: Tensor | float | None = None, ignore_index: int = -100, reduction: str = 'mean') -> None: ...
    def construct(self, logits: Tensor | float | Sequence[Any], labels: Tensor) -> Tensor: ...
    ignore_index: Any
    weight: Parameter

class SoftmaxCrossEntropyWithLogits(LossBase):
    def __init__(self, sparse: bool = False, reduction: str = 'none', is_grad: Any = None) -> None: ...
    def construct(self, logits: Tensor, labels: Tensor | float | int) -> Tensor: ...
    sparse: Any
