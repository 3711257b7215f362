# Written by tools/stubs from minispore.nn.optim.lars: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Sequence
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.optim.around import Wrapping
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['LARS']

class LARS(Wrapping):
    def __init__(self, optimizer: Optimizer, epsilon: float = ..., coefficient: float = ..., use_clip: bool = False, lars_filter: Callable[..., Any] = ...) -> None: ...
    def construct(self, gradients: Sequence[Tensor] | Parameter | Sequence[Parameter]) -> tuple[Any, ...]: ...
    def register_first(self, optimizer: Optimizer) -> None: ...
    by_parameter: bool
    coefficient: Any
    epsilon: Any
    lars_flags: Any
    use_clip: Any
