# Written by tools/stubs from minispore.nn.optim_ex.adamax: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['Adamax']

class Adamax(Optimizer):
    def __init__(self, params: Iterable[object], lr: Number | Tensor = ..., betas: Sequence[float] = ..., eps: Number = ..., weight_decay: Number = ..., *, maximize: bool = False) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> bool: ...
    exp_avg: Any
    exp_inf: Any
    step_t: Any
