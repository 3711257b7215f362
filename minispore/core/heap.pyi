# Written by tools/stubs from minispore.core.heap: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from numpy.typing import NDArray
from typing import Any

__all__ = ['room']

class _Heap:
    def __init__(self) -> None: ...
    def grown(self) -> None: ...
    def trim(self) -> None: ...
    end: Any
    libc: Any

def room(shape: Any, dtype: Any) -> NDArray[Any]: ...
