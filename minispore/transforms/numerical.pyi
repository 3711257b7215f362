# Written by tools/stubs from minispore.transforms.numerical: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore._types import Items
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['check_grads']

def check_grads(fn: Callable[..., Any] | Cell | Tensor, args: Items, order: int = 2, modes: Any = ..., atol: float = ..., rtol: float = ..., eps: float = ...) -> None: ...
