# Written by tools/stubs from minispore.core.tree: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor
from typing import Any

__all__ = ['map_leaves', 'tensors']

def map_leaves(function: Any, tree: Any) -> Any: ...

def tensors(tree: Any) -> list[Tensor]: ...
