# Written by tools/stubs from minispore.inspect.traced: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Mapping
from minispore._types import Items
from minispore.core.ir import Graph as Graph
from minispore.graph.stats import CompileStats
from minispore.graph.trace import trace as trace
from minispore.nn.cell import Cell
from minispore.transforms.jit import Compilable as Compilable
from typing import Any

__all__ = ['Compilable', 'Graph', 'STATS', 'annotations', 'target_of', 'trace', 'traced']

STATS: CompileStats
annotations: Any

def target_of(anything: Cell | Callable[..., Any]) -> tuple[Any, ...]: ...

def traced(function: Any, args: Items, kwargs: Mapping[Any, Any]) -> Graph: ...
