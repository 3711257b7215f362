# Written by tools/stubs from minispore.nn.optim_ex.nadam: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Mapping, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['NAdam']

class NAdam(Optimizer):
    def __init__(self, params: Iterable[object], lr: Number | Tensor = ..., betas: Sequence[float] = ..., eps: Number = ..., weight_decay: Number = ..., momentum_decay: Number = ...) -> None: ...
    def add_param_group(self, param_group: Mapping[Any, Any]) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> bool: ...
    exp_avg: Any
    exp_avg_sq: Any
    mu_product: Any
    step_t: Any
