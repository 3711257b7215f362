# Written by tools/stubs from minispore.ops.casting: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import DTypeLike
from minispore.core.tensor import Tensor

__all__ = ['cast', 'type_as']

def cast(input: Tensor | int | float | bool, dtype: DTypeLike) -> Tensor: ...

def type_as(input: Tensor, other: Tensor) -> Tensor: ...
