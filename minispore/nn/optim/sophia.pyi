# Written by tools/stubs from minispore.nn.optim.sophia: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Iterable
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from minispore.nn.optim.closure import NeedsLoss
from typing import Any

__all__ = ['SophiaG', 'SophiaH']

class _Sophia(NeedsLoss):
    def __init__(self, params: Any, learning_rate: Any, beta1: Any, beta2: Any, eps: Any, weight_decay: Any, frequency: Any, loss_scale: Any, **more: Any) -> None: ...
    def construct(self, gradients: Any) -> Tensor | Any: ...
    def step(self, closure: Any) -> Any: ...
    beta1: Any
    beta2: Any
    eps: Any
    exp_avg: Any
    frequency: Any
    hessian: Any

class SophiaG(_Sophia):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., sampled_loss: Cell | Callable[..., Any] | None = None, batch_size: int = 1, beta1: float = ..., beta2: float = ..., rho: float = ..., eps: float = ..., weight_decay: Number | Cell = ..., frequency: int = 10, loss_scale: Number = ...) -> None: ...
    batch_size: Any
    rho: Any
    sampled_loss: Any

class SophiaH(_Sophia):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., beta1: float = ..., beta2: float = ..., gamma: float = ..., eps: float = ..., clip: float = ..., weight_decay: Number | Cell = ..., frequency: int = 10, loss_scale: Number = ...) -> None: ...
    clip: Any
    gamma: Parameter
