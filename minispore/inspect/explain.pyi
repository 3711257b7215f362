# Written by tools/stubs from minispore.inspect.explain: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from contextlib import AbstractContextManager
from minispore.graph.history import Compilation as Compilation
from minispore.graph.stats import CompileStats
from minispore.inspect.traced import target_of as target_of
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['Compilation', 'STATS', 'annotations', 'assert_max_compiles', 'compilations', 'explain', 'target_of']

STATS: CompileStats
annotations: Any

def assert_max_compiles(n: int) -> AbstractContextManager[None]: ...

def compilations(function: Cell | Callable[..., Any] | None = None) -> list[Compilation]: ...

def explain(inspection: Any) -> str: ...
