# Written by tools/stubs from minispore.core.number: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from numpy.typing import NDArray
from typing import Any

__all__ = ['Varying']

class Varying:
    def __init__(self, value: int | float) -> None: ...
    def array(self) -> NDArray[Any]: ...
    value: Any
