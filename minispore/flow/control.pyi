# Written by tools/stubs from minispore.flow.control: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.record import Value
from numpy.typing import NDArray
from typing import Any

__all__ = ['array_of']

def array_of(v: Value, values: dict[int, NDArray[Any]]) -> NDArray[Any]: ...
