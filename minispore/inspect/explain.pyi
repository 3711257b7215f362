# Written by tools/stubs from minispore.inspect.explain: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Iterator
from minispore.graph.history import Compilation
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['assert_max_compiles', 'compilations']

def assert_max_compiles(n: int) -> Iterator[None]: ...

def compilations(function: Cell | Callable[..., Any] | None = None) -> list[Compilation]: ...
