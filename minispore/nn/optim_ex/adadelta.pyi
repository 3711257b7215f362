# Written by tools/stubs from minispore.nn.optim_ex.adadelta: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['Adadelta']

class Adadelta(Optimizer):
    def __init__(self, params: Iterable[object], lr: Number | Tensor = ..., rho: float = ..., eps: Number = ..., weight_decay: Number = ..., *, maximize: bool = False) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> bool: ...
    accum: Any
    accum_update: Any
