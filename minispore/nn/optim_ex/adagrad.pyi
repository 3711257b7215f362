# Written by tools/stubs from minispore.nn.optim_ex.adagrad: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['Adagrad']

class Adagrad(Optimizer):
    def __init__(self, params: Iterable[object], lr: Number | Tensor = ..., lr_decay: Number = ..., weight_decay: Number = ..., initial_accumulator_value: Number = ..., eps: Number = ..., *, maximize: bool = False) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> bool: ...
    accum: Any
    step_t: Any
