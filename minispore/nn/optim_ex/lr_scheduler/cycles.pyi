# Written by tools/stubs from minispore.nn.optim_ex.lr_scheduler.cycles: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Sequence
from minispore._types import Number
from minispore.core.tensor import Tensor
from minispore.nn.optim.optimizer import Optimizer
from minispore.nn.optim_ex.lr_scheduler.scheduler import LRScheduler
from typing import Any

__all__ = ['CosineAnnealingLR', 'CosineAnnealingWarmRestarts', 'CyclicLR', 'OneCycleLR']

class CosineAnnealingLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: Number = ..., last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    T_max: Any
    eta_min: Any

class CosineAnnealingWarmRestarts(LRScheduler):
    def __init__(self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: Number = 0, last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    def step(self, epoch: Number | None = None) -> bool: ...
    T_0: Any
    T_cur: Any
    T_i: Any
    T_mult: Any
    eta_min: Any

class CyclicLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, base_lr: Number | Tensor | Sequence[Number | Tensor], max_lr: Number | Tensor | Sequence[Number | Tensor], step_size_up: int = 2000, step_size_down: int | None = None, mode: str = 'triangular', gamma: Number = ..., scale_fn: Callable[..., Any] | None = None, scale_mode: str = 'cycle', last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    def scale_fn(self, x: Tensor) -> Any: ...
    gamma: Any
    max_lrs: Any
    mode: Any
    scale_mode: Any
    step_up_ratio: Any
    total_step_size: Any

class OneCycleLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, max_lr: float | Sequence[float], total_steps: int | None = None, epochs: int | None = None, steps_per_epoch: int | None = None, pct_start: float = ..., anneal_strategy: str = 'cos', div_factor: float = ..., final_div_factor: float = ..., three_phase: bool = False, last_epoch: int = -1) -> None: ...
    def get_lr(self) -> Any: ...
    anneal_strategy: Any
    total_steps: Any
