# Written by tools/stubs from minispore.nn.optim_ex.sgd: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['SGD']

class SGD(Optimizer):
    def __init__(self, params: Iterable[object], lr: Number | Tensor, momentum: Number = 0, dampening: Number = 0, weight_decay: Number = ..., nesterov: bool = False, *, maximize: bool = False) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> bool: ...
    accum: Any
    stat: Any
