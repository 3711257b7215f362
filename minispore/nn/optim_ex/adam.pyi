# Written by tools/stubs from minispore.nn.optim_ex.adam: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['Adam', 'AdamW']

class _AdamBase(Optimizer):
    def __init__(self, params: Iterable[object], lr: Any, betas: Any, eps: Any, weight_decay: Any, amsgrad: Any, maximize: Any) -> None: ...
    state_step: Any

class Adam(_AdamBase):
    def __init__(self, params: Iterable[object], lr: Number | Tensor = ..., betas: Sequence[float] = ..., eps: Number = ..., weight_decay: Number = ..., amsgrad: Any = False, *, maximize: bool = False) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> bool: ...
    exp_avg: Any
    exp_avg_sq: Any

class AdamW(_AdamBase):
    def __init__(self, params: Iterable[object], lr: Number | Tensor = ..., betas: Sequence[float] = ..., eps: Number = ..., weight_decay: Number = ..., amsgrad: bool = False, *, maximize: bool = False) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> bool: ...
    exp_avg: Any
    exp_avg_sq: Any
    max_exp_avg_sq: Any
