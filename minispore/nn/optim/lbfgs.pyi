# Written by tools/stubs from minispore.nn.optim.lbfgs: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['LBFGS']

class LBFGS(Optimizer):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., max_iter: int = 20, max_eval: int | None = None, tolerance_grad: float = ..., tolerance_change: float = ..., history_size: int = 100, line_search_fn: str | None = None, weight_decay: Number | Cell = ..., loss_scale: Number = ...) -> None: ...
    def add(self, step: Tensor) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    def step(self, closure: Callable[..., Any]) -> Tensor: ...
    direction: Any
    divisible: bool
    line_search_fn: Any
    max_eval: Any
    max_iter: Any
    tolerance_change: Any
    tolerance_grad: Any
