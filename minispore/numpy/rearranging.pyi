# Written by tools/stubs from minispore.numpy.rearranging: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Items, Number
from minispore.core.tensor import Tensor
from typing import Any

__all__ = ['pad', 'repeat']

def pad(arr: Tensor | Items | Number, pad_width: int | Sequence[int] | Sequence[Sequence[int]], mode: str = 'constant', stat_length: int | Sequence[int] | None = None, constant_values: Number | Items = 0, end_values: Number | Items = 0, reflect_type: str = 'even', **kwargs: Any) -> Tensor: ...

def repeat(a: Tensor | Items | Number, repeats: int | Sequence[int], axis: int | None = None) -> Tensor: ...
