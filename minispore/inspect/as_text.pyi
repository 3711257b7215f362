# Written by tools/stubs from minispore.inspect.as_text: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['show']

def show(function: Cell | Callable[..., Any] | Tensor, *args: Any, **kwargs: Any) -> str: ...
