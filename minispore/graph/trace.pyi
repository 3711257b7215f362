# Written by tools/stubs from minispore.graph.trace: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.ir import Graph
from minispore.core.record import Recorder
from typing import Any

__all__ = ['trace']

def trace(function: Any, args: Any, kwargs: Any, around: Recorder | None = None, checked: bool = True, may_break: bool = False, shapes: Any = None, turns: Any = ...) -> tuple[Graph, Any, Recorder]: ...
