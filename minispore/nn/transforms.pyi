# Written by tools/stubs from minispore.nn.transforms: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['Jvp', 'Vjp']

class Jvp(Cell):
    def __init__(self, fn: Cell | Callable[..., Any] | Tensor) -> None: ...
    def construct(self, *args: Any, **kwargs: Any) -> tuple[Any, ...]: ...
    fn: Any

class Vjp(Cell):
    def __init__(self, fn: Cell | Callable[..., Any] | Tensor) -> None: ...
    def construct(self, *args: Any, **kwargs: Any) -> tuple[Any, ...]: ...
    fn: Any
