# Written by tools/stubs from minispore.ops.contraction: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import Items
from minispore.core.tensor import Tensor
from typing import Any

__all__ = ['dot', 'einsum', 'inner', 'tensor_dot']

def dot(input: Tensor, other: Tensor) -> Tensor: ...

def einsum(equation: str, *operands: Any) -> Tensor: ...

def inner(input: Tensor, other: Tensor) -> Tensor: ...

def tensor_dot(x1: Tensor, x2: Tensor, axes: int | Items) -> Tensor: ...
