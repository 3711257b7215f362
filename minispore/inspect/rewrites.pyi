# Written by tools/stubs from minispore.inspect.rewrites: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore.core.record import Node
from minispore.graph.passes import Record
from typing import Any

__all__ = ['Pass', 'forward_map']

class Pass:
    def __init__(self, record: Record, input_names: Sequence[str] | None = None) -> None: ...
    def text(self) -> str: ...
    after: Any
    before: Any
    counts: Any
    name: Any
    rewrites: Any

def forward_map(records: list[Record]) -> dict[int, Node]: ...
