# Written by tools/stubs from minispore.inspect.text: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.inspect.view import GraphView as GraphView, NodeView as NodeView, type_of as type_of
from typing import Any

__all__ = ['COMPLETE', 'GraphView', 'LIMIT', 'Listed', 'NodeView', 'ROWS', 'SECTIONS', 'annotations', 'cells_text', 'count', 'graph_text', 'node_lines', 'type_of']

COMPLETE: int
LIMIT: int
ROWS: int
SECTIONS: Any
annotations: Any

class Listed(list[Any]):
    def __getitem__(self, key: Any) -> Any: ...

def cells_text(rows: list[dict[Any, Any]]) -> str: ...

def count(n: float) -> str: ...

def graph_text(view: GraphView, limit: int | None = None, indent: str = '') -> str: ...

def node_lines(nodes: list[NodeView], limit: int | None = None) -> list[str]: ...
