# Written by tools/stubs from minispore.ops.queries: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor
from typing import Any

__all__ = ['is_tensor', 'rank', 'shape', 'size']

def is_tensor(obj: Any) -> bool: ...

def rank(input_x: Tensor) -> int: ...

def shape(input_x: Tensor) -> tuple[int, ...]: ...

def size(input_x: Tensor) -> int: ...
