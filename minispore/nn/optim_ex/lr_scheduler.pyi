# Written by tools/stubs from minispore.nn.optim_ex.lr_scheduler: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Mapping, Sequence
from minispore._types import Number
from minispore.core.tensor import Tensor
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['ConstantLR', 'CosineAnnealingLR', 'CosineAnnealingWarmRestarts', 'CyclicLR', 'ExponentialLR', 'LRScheduler', 'LambdaLR', 'LinearLR', 'MultiStepLR', 'MultiplicativeLR', 'OneCycleLR', 'PolynomialLR', 'ReduceLROnPlateau', 'SequentialLR', 'StepLR']

class LRScheduler:
    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None: ...
    def get_last_lr(self) -> list[Tensor]: ...
    def get_lr(self) -> Any: ...
    def load_state_dict(self, state_dict: Mapping[Any, Any]) -> None: ...
    def state_dict(self) -> dict[Any, Any]: ...
    def step(self, epoch: Number | None = None) -> bool: ...
    base_lrs: Any
    groups_num: Any
    last_epoch: Any
    optimizer: Any

class ConstantLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, factor: Number = ..., total_iters: int = 5, last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    base_lrs: Any
    factor: Any
    last_epoch: Any
    total_iters: Any

class CosineAnnealingLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: Number = ..., last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    T_max: Any
    base_lrs: Any
    eta_min: Any
    last_epoch: Any

class CosineAnnealingWarmRestarts(LRScheduler):
    def __init__(self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: Number = 0, last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    def step(self, epoch: Number | None = None) -> bool: ...
    T_0: Any
    T_cur: Any
    T_i: Any
    T_mult: Any
    base_lrs: Any
    eta_min: Any
    last_epoch: Any

class CyclicLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, base_lr: Number | Tensor | Sequence[Any], max_lr: Number | Tensor | Sequence[Any], step_size_up: int = 2000, step_size_down: int | None = None, mode: Any = 'triangular', gamma: Number = ..., scale_fn: Callable[..., Any] | None = None, scale_mode: str = 'cycle', last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    def scale_fn(self, x: Tensor) -> Any: ...
    base_lrs: Any
    gamma: Any
    last_epoch: Any
    max_lrs: Any
    mode: Any
    scale_mode: Any
    step_up_ratio: Any
    total_step_size: Any

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

class OneCycleLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, max_lr: float | Sequence[Any], total_steps: int | None = None, epochs: int | None = None, steps_per_epoch: int | None = None, pct_start: float = ..., anneal_strategy: str = 'cos', div_factor: float = ..., final_div_factor: float = ..., three_phase: bool = False, last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    anneal_strategy: Any
    last_epoch: Any
    total_steps: Any

class PolynomialLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, total_iters: int = 5, power: float = ..., last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    base_lrs: Any
    last_epoch: Any
    power: Any
    total_iters: Any

class ReduceLROnPlateau(LRScheduler):
    def __init__(self, optimizer: Optimizer, mode: str = 'min', factor: Number = ..., patience: int = 10, threshold: float = ..., threshold_mode: str = 'rel', cooldown: int = 0, min_lr: Number | Sequence[Any] = 0, eps: float = ...) -> None: ...
    def in_cooldown(self) -> Tensor: ...
    def step(self, metrics: Number | Tensor) -> bool: ...
    best: Any
    cooldown: Any
    cooldown_counter: Any
    eps: Any
    factor: Any
    last_epoch: Any
    min_lrs: Any
    mode: Any
    optimizer: Any
    patience: Any
    threshold: Any
    threshold_mode: Any
    wait: Any

class SequentialLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, schedulers: Sequence[Any], milestones: Sequence[int], last_epoch: int = -1) -> None: ...
    def load_state_dict(self, state_dict: Mapping[Any, Any]) -> None: ...
    def state_dict(self) -> dict[Any, Any]: ...
    def step(self, epoch: Any = None) -> bool: ...
    last_epoch: Any
    milestones: Any
    optimizer: Any

class StepLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = ..., last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    base_lrs: Any
    gamma: Any
    last_epoch: Any
    step_size: Any
