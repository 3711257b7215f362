# Written by tools/stubs from minispore.core.dlpack_arrays: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from numpy.typing import NDArray
from typing import Any

__all__ = ['exported']

def exported(array: NDArray[Any], options: dict[Any, Any]) -> Any: ...
