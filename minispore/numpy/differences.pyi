# Written by tools/stubs from minispore.numpy.differences: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import DTypeLike, Items, Number
from minispore.core.tensor import Tensor
from typing import Any

__all__ = ['cumprod', 'gradient', 'trapz', 'unwrap']

def cumprod(a: Tensor | Items | Number, axis: int | None = None, dtype: DTypeLike | str | None = None) -> Tensor: ...

def gradient(f: Tensor | Items, *varargs: Any, axis: int | Sequence[int] | None = None, edge_order: int = 1) -> Tensor: ...

def trapz(y: Tensor | Items, x: Tensor | Items | None = None, dx: Number = ..., axis: int = -1) -> Tensor: ...

def unwrap(p: Tensor | Items, discont: float = ..., axis: int = -1) -> Tensor: ...
