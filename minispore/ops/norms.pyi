# Written by tools/stubs from minispore.ops.norms: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import DTypeLike, Number
from minispore.core.tensor import Tensor

__all__ = ['matrix_norm', 'norm', 'renorm', 'vector_norm']

def matrix_norm(A: Tensor, ord: str | Number = 'fro', axis: Sequence[int] = ..., keepdims: bool = False, *, dtype: DTypeLike | None = None) -> Tensor: ...

def norm(A: Tensor, ord: str | Number | None = None, dim: int | Sequence[int] | None = None, keepdim: bool = False, *, dtype: DTypeLike | None = None) -> Tensor: ...

def renorm(input: Tensor, p: Number, axis: int, maxnorm: Number) -> Tensor: ...

def vector_norm(x: Tensor, ord: Number = 2, axis: int | Sequence[int] | None = None, keepdims: bool = False, *, dtype: DTypeLike | None = None) -> Tensor: ...
