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
    base_lrs: Any
    factor: Any
    last_epoch: Any
    total_iters: Any

class ExponentialLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    base_lrs: Any
    gamma: Any
    last_epoch: Any

class LambdaLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[..., Any] | Sequence[Any], last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    base_lrs: Any
    last_epoch: Any
    lr_lambdas: Any

class LinearLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, start_factor: Number = ..., end_factor: Number = ..., total_iters: int = 5, last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    base_lrs: Any
    end_factor: Any
    last_epoch: Any
    start_factor: Any
    total_iters: Any

class MultiStepLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, milestones: Sequence[int], gamma: Number = ..., last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    base_lrs: Any
    gamma: Any
    last_epoch: Any
    milestones: Any

class MultiplicativeLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[..., Any] | Sequence[Any], last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    last_epoch: Any
    lr_lambdas: Any

class PolynomialLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, total_iters: int = 5, power: float = ..., last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    base_lrs: Any
    last_epoch: Any
    power: Any
    total_iters: Any

class StepLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = ..., last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    base_lrs: Any
    gamma: Any
    last_epoch: Any
    step_size: Any
