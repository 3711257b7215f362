# Written by tools/stubs from minispore.ops.eigen: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor
from typing import Any

__all__ = ['eig', 'eigvals']

def eig(A: Tensor) -> tuple[Any, ...]: ...

def eigvals(A: Tensor) -> Tensor: ...
