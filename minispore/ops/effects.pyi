# Written by tools/stubs from minispore.ops.effects: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from typing import Any

__all__ = ['assign', 'assign_add', 'assign_sub', 'depend', 'stop_gradient']

def assign(variable: Parameter | Tensor, value: Tensor | Number) -> Tensor: ...

def assign_add(variable: Parameter | Tensor, value: Tensor | Number) -> Tensor: ...

def assign_sub(variable: Parameter | Tensor, value: Tensor | Number) -> Tensor: ...

def check_bounds(index: Any, size: int, name: str, negative: bool = False) -> Any: ...

def depend(value: Any, expr: Any) -> Any: ...

def stop_gradient(value: Any) -> Tensor: ...
