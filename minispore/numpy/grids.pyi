# Written by tools/stubs from minispore.numpy.grids: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import DTypeLike
from minispore.core.tensor import Tensor
from typing import Any

__all__ = ['indices']

class _Grid:
    def __getitem__(self, key: Any) -> Any: ...
    def __init__(self, sparse: bool) -> None: ...
    sparse: Any

def indices(dimensions: Sequence[int], dtype: DTypeLike | str = ..., sparse: bool = False) -> list[Tensor]: ...
