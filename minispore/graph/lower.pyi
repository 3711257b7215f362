# Written by tools/stubs from minispore.graph.lower: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore.core.dtype import DType
from minispore.core.ir import Graph
from minispore.core.kernel import KernelSource
from minispore.core.record import Node, Value
from minispore.graph.epilogue_source import Epilogue
from minispore.graph.fuse import Unit
from minispore.graph.placement import Part, Placement
from typing import Any

__all__ = ['Builder']

class Builder(Placement):
    def __init__(self, graph: Graph, units: list[Unit], threads: int, outer: Builder | None = None) -> None: ...
    def begin(self) -> None: ...
    def call(self, source: KernelSource, node: Node | None, arguments: Any, extent: int, writes: Any = ..., split: bool = True, cost: Any = None, items: Any = None, then: Epilogue | None = None) -> None: ...
    def code(self, node: Node) -> int: ...
    def compute(self, sources: list[Any], expression: Any, target: Any) -> None: ...
    def copied_before_its_reshape(self, v: Value, place: Callable[..., Any], like: Node | None = None) -> bool: ...
    def copy(self, source: Any, target: Any, like: Node | None = None) -> None: ...
    def epilogue(self, node: Node) -> Epilogue | None: ...
    def fill(self, target: Any, number: Any) -> None: ...
    def finish_later(self, node: Node, progress: Callable[..., Any], stages: list[Callable[..., Any]], together: bool) -> None: ...
    @staticmethod
    def foreign_kernel(call: Any, types: Any, outputs: Any) -> KernelSource: ...
    @staticmethod
    def host_kernel(call: Any, types: Any) -> KernelSource: ...
    def inside(self, graph: Graph, operands: Any, targets: Any, carried: Any = ...) -> None: ...
    def part(self, number: int, known: dict[int, Any]) -> Part: ...
    def run(self) -> list[Any]: ...
    def storage(self, dtype: DType) -> str: ...
    at_end: Any
    calls: Any
    carried: Any
    codes: Any
    collectives_seen: Any
    destinations: Any
    inner: Any
    loops: Any
    messages: Any
    needed: Any
    outer: Any
    parts: Any
    read: Any
    shared: Any
    splits: Any
    targets: Any
    threads: Any
    unfinished: Any
    unit_of: Any
    units: Any
    uses: Any
    waiting: Any
    workers: Any
    written: Any
