# Written by tools/stubs from minispore.graph.build: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.ir import Graph
from minispore.graph.fuse import Unit

__all__ = ['fused', 'threads']

def fused(traced: Graph) -> tuple[Graph, list[Unit]]: ...

def threads() -> int: ...
