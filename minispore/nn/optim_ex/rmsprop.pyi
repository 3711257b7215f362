# Written by tools/stubs from minispore.nn.optim_ex.rmsprop: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['RMSprop']

class RMSprop(Optimizer):
    def __init__(self, params: Iterable[object], lr: Number | Tensor = ..., alpha: Number = ..., eps: Number = ..., weight_decay: Number = ..., momentum: Number = ..., centered: bool = False, maximize: bool = False) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> bool: ...
    mean_grad: Any
    mean_square: Any
    moment: Any
