# Written by tools/stubs from minispore.graph.fuse: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.ir import Graph
from minispore.core.record import Node
from typing import Any

__all__ = ['Unit', 'fuse']

class Unit:
    def __init__(self, id: int, nodes: list[Node], space: tuple[int, ...] | None = None, axes: tuple[int, ...] | None = None, ancestors: int = 0, users: set[Unit] = ..., levels: dict[int, int] = ..., again: set[int] = ..., product: Node | None = None, alive: bool = True, reads: int = 0) -> None: ...
    @property
    def is_row(self) -> bool: ...
    @property
    def outer_shape(self) -> tuple[int, ...]: ...
    @property
    def own(self) -> list[Node]: ...
    again: Any
    alive: Any
    ancestors: Any
    axes: Any
    id: Any
    levels: Any
    nodes: Any
    product: Any
    reads: Any
    space: Any
    users: Any

def fuse(graph: Graph) -> list[Unit]: ...
