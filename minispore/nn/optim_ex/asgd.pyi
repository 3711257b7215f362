# Written by tools/stubs from minispore.nn.optim_ex.asgd: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Mapping, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['ASGD']

class ASGD(Optimizer):
    def __init__(self, params: Iterable[object], lr: Number | Tensor = ..., lambd: float = ..., alpha: Number = ..., t0: float = ..., weight_decay: Number = ..., maximize: bool = False) -> None: ...
    def add_param_group(self, param_group: Mapping[Any, Any]) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> bool: ...
    ax: Any
    eta: Any
    mu: Any
    step_t: Any
