# Written by tools/stubs from minispore.numpy.draws: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import DTypeLike
from minispore.core.tensor import Tensor
from typing import Any

__all__ = ['rand', 'randint', 'randn']

def rand(*shape: Any, dtype: DTypeLike | str = ...) -> Tensor: ...

def randint(minval: int, maxval: int | None = None, shape: int | Sequence[int] | None = None, dtype: DTypeLike | str = ...) -> Tensor: ...

def randn(*shape: Any, dtype: DTypeLike | str = ...) -> Tensor: ...
