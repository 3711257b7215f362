# Written by tools/stubs from minispore.core.printing: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from numpy.typing import NDArray
from typing import Any

__all__ = ['shown']

def shown(array: NDArray[Any]) -> str: ...
