# Written by tools/stubs from minispore.ops.arg_reduction: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import Number
from minispore.core.tensor import Tensor

__all__ = ['argmax', 'argmin', 'max', 'min']

def argmax(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor: ...

def argmin(input: Tensor, axis: int | None = None, keepdims: bool = False) -> Tensor: ...

def max(input: Tensor, axis: int | None = None, keepdims: bool = False, *, initial: Number | None = None, where: Tensor | None = None) -> tuple[Tensor, Tensor]: ...

def min(input: Tensor, axis: int | None = None, keepdims: bool = False, *, initial: Number | None = None, where: Tensor | None = None) -> tuple[Tensor, Tensor]: ...
