# Written by tools/stubs from minispore.graph.passes: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.ir import Graph
from typing import Any

__all__ = ['Record', 'optimise']

class Record:
    def __init__(self, name: str, before: Graph) -> None: ...
    after: Any
    became: Any
    before: Any
    fired: Any
    is_simplified: Any
    name: Any

def optimise(graph: Graph, records: list[Record] | None = None) -> Graph: ...
