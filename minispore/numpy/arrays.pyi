# Written by tools/stubs from minispore.numpy.arrays: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import Items, Number
from minispore.core.tensor import Tensor

__all__ = ['size']

def size(a: Tensor | Items | Number, axis: int | None = None) -> int: ...
