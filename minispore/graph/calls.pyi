# Written by tools/stubs from minispore.graph.calls: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.kernel import KernelSource
from minispore.core.record import Node
from typing import Any

__all__ = ['Call', 'Chain']

class Call:
    def __init__(self, source: KernelSource, arguments: list[Any], extent: int, split: bool, reads: list[Any], writes: list[Any], nodes: list[Node] = ..., items: Any = None, chain: Chain | None = None, commits: bool = False, notes: dict[int, Node] = ..., then: KernelSource | None = None) -> None: ...
    @property
    def sources(self) -> list[KernelSource]: ...
    arguments: Any
    chain: Any
    commits: Any
    extent: Any
    items: Any
    nodes: Any
    notes: Any
    reads: Any
    source: Any
    split: Any
    then: Any
    writes: Any

class Chain:
    def __init__(self, count: int, parts: int, commits: bool) -> None: ...
    commits: Any
    count: Any
    parts: Any
