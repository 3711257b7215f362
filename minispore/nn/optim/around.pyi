# Written by tools/stubs from minispore.nn.optim.around: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Mapping
from minispore.core.tensor import Tensor
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['Wrapping']

class Wrapping(Optimizer):
    def __getattr__(self, name: str) -> Any: ...
    def __init__(self, optimizer: Optimizer) -> None: ...
    def add_param_group(self, param_group: Mapping[Any, Any]) -> None: ...
    def get_lr(self) -> Tensor | Any: ...
    @property
    def innermost(self) -> Optimizer: ...
    def register_first(self, optimizer: Any) -> None: ...
    by_parameter: bool
    opt: Any
    parameters: Any
