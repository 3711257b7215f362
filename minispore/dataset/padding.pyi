# Written by tools/stubs from minispore.dataset.padding: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Items
from numpy.typing import NDArray
from typing import Any

__all__ = ['pad']

def pad(column: Items, shape: Sequence[int], value: Any = None) -> list[NDArray[Any]]: ...
