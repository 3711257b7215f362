# Written by tools/stubs from minispore.nn.optim_ex.radam: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['RAdam']

class RAdam(Optimizer):
    def __init__(self, params: Iterable[object], lr: Number | Tensor = ..., betas: Sequence[float] = ..., eps: Number = ..., weight_decay: Number = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> bool: ...
    exp_avg: Any
    exp_avg_sq: Any
    step_t: Any
