# Written by tools/stubs from minispore.nn.optim_ex.lr_scheduler.adaptive: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Mapping, Sequence
from minispore._types import Items, Number
from minispore.core.tensor import Tensor
from minispore.nn.optim.optimizer import Optimizer
from minispore.nn.optim_ex.lr_scheduler.scheduler import LRScheduler
from typing import Any

__all__ = ['ReduceLROnPlateau', 'SequentialLR']

class ReduceLROnPlateau(LRScheduler):
    def __init__(self, optimizer: Optimizer, mode: str = 'min', factor: Number = ..., patience: int = 10, threshold: float = ..., threshold_mode: str = 'rel', cooldown: int = 0, min_lr: Number | Sequence[Number] = 0, eps: float = ...) -> None: ...
    def in_cooldown(self) -> Tensor: ...
    def step(self, metrics: Number | Tensor) -> bool: ...
    best: Any
    cooldown: Any
    cooldown_counter: Any
    eps: Any
    factor: Any
    min_lrs: Any
    mode: Any
    patience: Any
    threshold: Any
    threshold_mode: Any
    wait: Any

class SequentialLR(LRScheduler):
    def __init__(self, optimizer: Optimizer, schedulers: Items, milestones: Sequence[int], last_epoch: int = -1) -> None: ...
    def load_state_dict(self, state_dict: Mapping[Any, Any]) -> None: ...
    def state_dict(self) -> dict[Any, Any]: ...
    def step(self, epoch: Any = None) -> bool: ...
    milestones: Any
