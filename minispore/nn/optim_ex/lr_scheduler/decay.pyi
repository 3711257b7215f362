# Written by tools/stubs from minispore.nn.optim_ex.lr_scheduler.decay: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Sequence
from minispore._types import Number
from minispore.nn.optim.optimizer import Optimizer
from minispore.nn.optim_ex.lr_scheduler.scheduler import LRScheduler
from typing import Any

__all__ = ['ConstantLR', 'ExponentialLR', 'LambdaLR', 'LinearLR', 'MultiStepLR', 'MultiplicativeLR', 'PolynomialLR', 'StepLR']

class ConstantLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, factor: Number = ..., total_iters: int = 5, last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    factor: Any
    total_iters: Any

class ExponentialLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    gamma: Any

class LambdaLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[..., Any] | Sequence[Callable[..., Any]], last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    lr_lambdas: Any

class LinearLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, start_factor: Number = ..., end_factor: Number = ..., total_iters: int = 5, last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    end_factor: Any
    start_factor: Any
    total_iters: Any

class MultiStepLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, milestones: Sequence[int], gamma: Number = ..., last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    gamma: Any
    milestones: Any

class MultiplicativeLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[..., Any] | Sequence[Callable[..., Any]], last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    lr_lambdas: Any

class PolynomialLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, total_iters: int = 5, power: float = ..., last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    power: Any
    total_iters: Any

class StepLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = ..., last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    gamma: Any
    step_size: Any
