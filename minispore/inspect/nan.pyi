# Written by tools/stubs from minispore.inspect.nan: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import Items
from minispore.core.ir import Graph as Graph
from minispore.core.op.elementwise_op import broadcast_shapes as broadcast_shapes
from minispore.core.record import Value
from minispore.flow.control import array_of as array_of
from minispore.graph.executable import Executable as Executable
from minispore.graph.history import Compilation as Compilation
from minispore.inspect.replay import evaluate as evaluate, start_values as start_values
from minispore.inspect.view import GraphView as GraphView
from numpy.typing import NDArray
from typing import Any

__all__ = ['CheckedExecutable', 'Compilation', 'Executable', 'Graph', 'GraphView', 'about', 'annotations', 'array_of', 'broadcast_shapes', 'evaluate', 'explanation', 'first_bad', 'inside', 'is_bad', 'ranges', 'start_values']

annotations: Any

class CheckedExecutable(Executable):
    def run(self, arrays: Items) -> list[Any]: ...

def about(view: GraphView, value: Value, environment: dict[int, NDArray[Any]]) -> str: ...

def explanation(graph: Graph, environment: dict[int, NDArray[Any]], found_in: list[str], record: Compilation) -> str: ...

def first_bad(roots: list[Value], environment: dict[int, NDArray[Any]]) -> Value: ...

def inside(value: Value, environment: dict[int, NDArray[Any]]) -> tuple[Value, dict[int, NDArray[Any]]]: ...

def is_bad(array: NDArray[Any]) -> bool: ...

def ranges(array: NDArray[Any]) -> str: ...
