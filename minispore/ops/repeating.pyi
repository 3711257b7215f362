# Written by tools/stubs from minispore.ops.repeating: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore.core.tensor import Tensor
from typing import Any

__all__ = ['flip', 'repeat_elements', 'repeat_interleave', 'roll', 'tile']

def flip(input: Tensor, dims: int | Sequence[int]) -> Tensor: ...

def repeat_elements(x: Tensor, rep: int, axis: int = 0) -> Tensor: ...

def repeat_interleave(input: Tensor, repeats: int | Sequence[int] | Tensor, axis: int | None = None) -> Tensor: ...

def roll(input: Tensor, shifts: int | Sequence[int], dims: int | Sequence[int] | None = None) -> Tensor: ...

def tile(input: Tensor, dims: int | Sequence[int] | Tensor, *more: Any) -> Tensor: ...
