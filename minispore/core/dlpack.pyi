# Written by tools/stubs from minispore.core.dlpack: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor
from typing import Any

__all__ = ['from_dlpack', 'to_dlpack']

def from_dlpack(dlpack: Any) -> Tensor: ...

def to_dlpack(tensor: Tensor) -> Any: ...
