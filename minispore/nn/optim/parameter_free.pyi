# Written by tools/stubs from minispore.nn.optim.parameter_free: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['DAdaptAdam', 'Prodigy']

class _Estimating(Optimizer):
    def __init__(self, params: Any, learning_rate: Any, beta1: Any, beta2: Any, eps: Any, weight_decay: Any, d0: Any, bias_correction: Any, loss_scale: Any) -> None: ...
    def estimate(self, numerator: Any, denominator: Any) -> Any: ...
    def factor(self) -> Any: ...
    beta1: Any
    beta2: Any
    bias_correction: Any
    d: Any
    d0: Any
    d_numerator: Any
    divisible: bool
    eps: Any
    exp_avg: Any
    exp_avg_sq: Any
    s: Any

class DAdaptAdam(_Estimating):
    def __init__(self, params: Iterable[object], learning_rate: Any = ..., beta1: float = ..., beta2: float = ..., eps: float = ..., weight_decay: Number | Cell = ..., d0: float = ..., bias_correction: bool = False, loss_scale: Number = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...

class Prodigy(_Estimating):
    def __init__(self, params: Iterable[object], learning_rate: Any = ..., beta1: float = ..., beta2: float = ..., beta3: float | None = None, eps: float = ..., weight_decay: Number | Cell = ..., d0: float = ..., d_coef: Number | Tensor = ..., bias_correction: bool = False, safeguard_warmup: bool = False, loss_scale: Number = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    beta3: Any
    d_coef: Any
    safeguard_warmup: Any
    start: Any
