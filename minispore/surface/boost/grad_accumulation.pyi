# Written by tools/stubs from minispore.surface.boost.grad_accumulation: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['GradientAccumulation']

class GradientAccumulation(Cell):
    def __init__(self, max_accumulation_step: int, optimizer: Optimizer) -> None: ...
    def construct(self, loss: Tensor, grads: Sequence[Tensor] | Parameter | Optimizer | Sequence[Parameter]) -> Tensor: ...
    hyper_map: Any
    optimizer: Any
    weights: Any
