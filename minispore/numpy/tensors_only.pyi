# Written by tools/stubs from minispore.numpy.tensors_only: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor as Tensor
from typing import Any

__all__ = ['SEQUENCES', 'TENSORS', 'Tensor', 'checked', 'place']

SEQUENCES: Any
TENSORS: Any

def checked(function: Any, wanted: Any = ...) -> Any: ...

def place(namespace: dict[Any, Any]) -> None: ...
