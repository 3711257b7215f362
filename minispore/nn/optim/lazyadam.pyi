# Written by tools/stubs from minispore.nn.optim.lazyadam: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from minispore.nn.optim.adam import _AdamBase
from typing import Any

__all__ = ['LazyAdam']

class LazyAdam(_AdamBase):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., beta1: float = ..., beta2: float = ..., eps: float = ..., use_locking: Any = False, use_nesterov: bool = False, weight_decay: float = ..., loss_scale: Number = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    moment1: Any
    moment2: Any
    takes_rows: bool
    use_amsgrad: bool
    use_lazy: bool
    use_nesterov: Any
