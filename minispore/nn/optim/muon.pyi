# Written by tools/stubs from minispore.nn.optim.muon: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Mapping, Sequence
from minispore._types import DTypeLike, Items, Number
from minispore.core.dtype import DType
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.learning_rate_schedule import LearningRateSchedule
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['Muon', 'muon_groups']

class Muon(Optimizer):
    def __init__(self, params: Iterable[object], learning_rate: Number | Tensor | Iterable[Number | Tensor] | LearningRateSchedule = ..., momentum: float = ..., weight_decay: Number | Cell = ..., nesterov: bool = True, ns_coefficients: Any = ..., ns_steps: int = 5, eps: float = ..., match_adam: bool = False, adam_beta1: Any = ..., adam_beta2: float = ..., adam_eps: float = ..., loss_scale: Number = ..., ns_dtype: DTypeLike | None = None) -> None: ...
    def adam_step(self, g: Tensor, m: Parameter, v: Parameter) -> Tensor: ...
    def add_param_group(self, param_group: Mapping[Any, Any]) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    def orthogonal(self, u: Tensor) -> Tensor: ...
    def orthogonal_step(self, g: Tensor, m: Parameter) -> Tensor: ...
    def product_type(self, u: Tensor) -> DType: ...
    adam_beta1: Any
    adam_beta2: Any
    adam_eps: Any
    adam_v: Any
    by_adamw: Any
    eps: Any
    match_adam: Any
    momentum: Any
    momentum_buffer: Any
    nesterov: Any
    ns_coefficients: Any
    ns_dtype: Any
    ns_steps: Any

def muon_groups(net: Cell, learning_rate: Number | Items | LearningRateSchedule | Cell = ..., adam_learning_rate: Number | Tensor = ..., weight_decay: Number | Tensor = ..., head: Items | None = None) -> list[dict[Any, Any]]: ...
