# Written by tools/stubs from minispore.nn.loss.regression: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.loss.base import LossBase
from typing import Any

__all__ = ['GaussianNLLLoss', 'HuberLoss', 'L1Loss', 'L1LossExt', 'MAELoss', 'MSELoss', 'PoissonNLLLoss', 'RMSELoss', 'SmoothL1Loss']

class GaussianNLLLoss(LossBase):
    def __init__(self, *, full: bool = False, eps: Number = ..., reduction: str = 'mean') -> None: ...
    def construct(self, logits: Tensor, labels: Tensor, var: Tensor) -> Tensor: ...
    eps: Any
    full: Any

class HuberLoss(LossBase):
    def __init__(self, reduction: str = 'mean', delta: Number = ...) -> None: ...
    def construct(self, logits: Tensor, labels: Tensor) -> Tensor: ...
    delta: Any

class L1Loss(LossBase):
    def construct(self, logits: Tensor, labels: Tensor) -> Tensor: ...

class L1LossExt(L1Loss):
    ...

class MAELoss(LossBase):
    def construct(self, logits: Tensor, label: Tensor) -> Tensor: ...

class MSELoss(LossBase):
    def construct(self, logits: Tensor, labels: Tensor) -> Tensor: ...

class PoissonNLLLoss(LossBase):
    def __init__(self, log_input: bool = True, full: bool = False, eps: float = ..., reduction: str = 'mean') -> None: ...
    def construct(self, input: Tensor, target: Tensor) -> Tensor: ...
    eps: Any
    full: Any
    log_input: Any

class RMSELoss(LossBase):
    def __init__(self) -> None: ...
    def construct(self, logits: Tensor, label: Tensor) -> Tensor: ...
    MSELoss: Any

class SmoothL1Loss(LossBase):
    def __init__(self, beta: Number = ..., reduction: str = 'none') -> None: ...
    def construct(self, logits: Tensor, labels: Tensor) -> Tensor: ...
    beta: Parameter
