# Written by tools/stubs from minispore.nn.optim_ex.lr_scheduler.scheduler: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Mapping
from minispore._types import Number
from minispore.core.tensor import Tensor
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['LRScheduler']

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
