# Written by tools/stubs from minispore.inspect.replay: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Iterable, Mapping
from minispore._types import Items
from minispore.core.ir import Graph as Graph
from minispore.core.record import Node
from minispore.flow.control import array_of as array_of
from numpy.typing import NDArray
from typing import Any

__all__ = ['Graph', 'annotations', 'array_of', 'arrays_of', 'evaluate', 'replay', 'start_values']

annotations: Any

def arrays_of(args: Items, kwargs: Mapping[Any, Any]) -> list[NDArray[Any]]: ...

def evaluate(node: Node, environment: dict[int, NDArray[Any]]) -> list[NDArray[Any]]: ...

def replay(graph: Graph, environment: dict[int, NDArray[Any]], look: Callable[..., Any] | None = None) -> None: ...

def start_values(graph: Graph, arrays: Iterable[NDArray[Any]]) -> dict[int, NDArray[Any]]: ...
