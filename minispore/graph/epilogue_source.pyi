# Written by tools/stubs from minispore.graph.epilogue_source: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.kernel import KernelSource
from minispore.core.record import Node
from typing import Any

__all__ = ['Epilogue']

class Epilogue:
    def __init__(self, source: KernelSource, arguments: list[Any], reads: list[Any], writes: list[Any], steps: dict[Any, int], nodes: list[Node]) -> None: ...
    arguments: Any
    nodes: Any
    reads: Any
    source: Any
    steps: Any
    writes: Any
