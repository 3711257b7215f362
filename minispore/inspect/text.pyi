# Written by tools/stubs from minispore.inspect.text: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.inspect.view import GraphView, NodeView
from typing import Any

__all__ = ['Listed', 'cells_text', 'count', 'graph_text', 'node_lines']

class Listed(list[Any]):
    def __getitem__(self, key: Any) -> Any: ...

def cells_text(rows: list[dict[Any, Any]]) -> str: ...

def count(n: float) -> str: ...

def graph_text(view: GraphView, limit: int | None = None, indent: str = '') -> str: ...

def node_lines(nodes: list[NodeView], limit: int | None = None) -> list[str]: ...
