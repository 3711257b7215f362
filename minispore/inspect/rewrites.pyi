# Written by tools/stubs from minispore.inspect.rewrites: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore.core.record import Node
from minispore.graph.passes import Record as Record
from minispore.inspect.text import Listed as Listed, graph_text as graph_text
from minispore.inspect.view import GraphView as GraphView
from typing import Any

__all__ = ['GraphView', 'Listed', 'Pass', 'Record', 'Rewrite', 'annotations', 'forward_map', 'graph_text']

annotations: Any

class Pass:
    def __init__(self, record: Record, input_names: Sequence[str] | None = None) -> None: ...
    def text(self) -> str: ...
    after: Any
    before: Any
    counts: Any
    name: Any
    rewrites: Any

class Rewrite:
    def __init__(self, rule: str, before: str, after: str, scope: str, where: str) -> None: ...
    after: Any
    before: Any
    rule: Any
    scope: Any
    where: Any

def forward_map(records: list[Record]) -> dict[int, Node]: ...
