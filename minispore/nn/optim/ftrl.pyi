# Written by tools/stubs from minispore.nn.optim.ftrl: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable
from minispore._types import Number
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['FTRL']

class FTRL(Optimizer):
    def __init__(self, params: Iterable[object], initial_accum: float = ..., learning_rate: float = ..., lr_power: float = ..., l1: float = ..., l2: float = ..., use_locking: Any = False, loss_scale: Number = ..., weight_decay: Any = ...) -> None: ...
    def construct(self, grads: Any) -> tuple[Any, ...]: ...
    decays_by_name: bool
    l1: Any
    l2: Any
    linear: Any
    lr_power: Any
    moments: Any
    takes_rows: bool
