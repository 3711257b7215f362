# Written by tools/stubs from minispore.nn.optim_ex.rprop: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Items, Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['Rprop']

class Rprop(Optimizer):
    def __init__(self, params: Iterable[object], lr: Number | Tensor = ..., etas: Sequence[float] = ..., step_sizes: Items = ..., *, maximize: bool = False) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> bool: ...
    prev: Any
    step_size: Any
    step_t: Any
