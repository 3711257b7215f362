# Written by tools/stubs from minispore.nn.optim.adam: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['Adam', 'AdamOffload', 'AdamWeightDecay']

class _AdamBase(Optimizer):
    def __init__(self, learning_rate: Any, params: Any, beta1: Any, beta2: Any, eps: Any, weight_decay: Any, loss_scale: Any = ...) -> None: ...
    beta1: Any
    beta1_power: Any
    beta2: Any
    beta2_power: Any
    eps: Any

class Adam(_AdamBase):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., beta1: float = ..., beta2: float = ..., eps: float = ..., use_locking: Any = False, use_nesterov: bool = False, weight_decay: Number | Cell = ..., loss_scale: Number = ..., use_amsgrad: bool = False, *, use_lazy: bool = ..., use_offload: Any = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    moment1: Any
    moment2: Any
    takes_rows: bool
    use_amsgrad: Any
    use_lazy: Any
    use_nesterov: Any
    use_offload: Any
    vhat: Any

class AdamOffload(_AdamBase):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., beta1: float = ..., beta2: float = ..., eps: float = ..., use_locking: Any = False, use_nesterov: bool = False, weight_decay: Number | Cell = ..., loss_scale: Number = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    def gradients_centralization(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Tensor, ...]: ...
    moment1: Any
    moment2: Any
    use_amsgrad: bool
    use_lazy: bool
    use_nesterov: Any

class AdamWeightDecay(_AdamBase):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., beta1: float = ..., beta2: float = ..., eps: float = ..., weight_decay: Number | Cell = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    moments1: Any
    moments2: Any
