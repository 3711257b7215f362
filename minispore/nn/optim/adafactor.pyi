# Written by tools/stubs from minispore.nn.optim.adafactor: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['AdaFactor']

class AdaFactor(Optimizer):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule | None = None, eps: Sequence[float] = ..., clip_threshold: float = ..., decay_rate: float = ..., beta1: float = ..., weight_decay: Any = ..., scale_parameter: bool = True, relative_step: bool = True, warmup_init: bool = False, compression: bool = False, loss_scale: Number = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    beta1: Any
    clip_threshold: Any
    decay_rate: Any
    decays_by_name: bool
    eps: Any
    exp_avg: Any
    exp_avg_sq: Any
    exp_avg_sq_col: Any
    exp_avg_sq_row: Any
    has_momentum: Any
    relative_step: Any
    scale_parameter: Any
    step: Any
    warmup_init: Any
