# Written by tools/stubs from minispore.mint.linalg: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import DTypeLike, Number
from minispore.core.tensor import Tensor
from minispore.ops.linalg import inverse as inv
from minispore.ops.norms import norm as norm

__all__ = ['inv', 'matrix_norm', 'norm', 'qr', 'vector_norm']

def matrix_norm(A: Tensor, ord: str | Number = 'fro', dim: Sequence[int] = ..., keepdim: bool = False, *, dtype: DTypeLike | None = None) -> Tensor: ...

def qr(A: Tensor, mode: str = 'reduced') -> tuple[Tensor, Tensor]: ...

def vector_norm(x: Tensor, ord: Number = 2, dim: int | Sequence[int] | None = None, keepdim: bool = False, *, dtype: DTypeLike | None = None) -> Tensor: ...
