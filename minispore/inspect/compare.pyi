# Written by tools/stubs from minispore.inspect.compare: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore.core.ir import Graph as Graph
from minispore.core.tensor import Tensor
from minispore.flow.control import array_of as array_of
from minispore.graph.executable import Executable as Executable
from minispore.graph.fuse import fuse as fuse
from minispore.graph.lower import Builder as Builder
from minispore.inspect.inspection import Inspection as Inspection
from minispore.inspect.replay import arrays_of as arrays_of, evaluate as evaluate, replay as replay, start_values as start_values
from minispore.inspect.view import NodeView as NodeView
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['Builder', 'Comparison', 'Executable', 'Graph', 'Inspection', 'NodeView', 'TOLERANCE', 'annotations', 'array_of', 'arrays_of', 'compare_modes', 'evaluate', 'fuse', 'inspect_graph', 'replay', 'start_values']

TOLERANCE: Any
annotations: Any

class Comparison:
    def __init__(self, results: dict[str, float], equal: bool, node: NodeView | None, difference: float) -> None: ...
    difference: Any
    equal: Any
    node: Any
    results: Any

def compare_modes(function: Cell | Callable[..., Any] | Tensor, *args: Any, **kwargs: Any) -> Comparison: ...

def inspect_graph(function: Cell | Callable[..., Any] | Tensor, *args: Any, **kwargs: Any) -> Inspection: ...
