# Written by tools/stubs from minispore.graph.lower: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore.core.dtype import DType
from minispore.core.ir import Graph
from minispore.core.kernel import KernelSource
from minispore.core.record import Node, Value
from minispore.graph.fuse import Unit
from numpy.typing import NDArray
from typing import Any

__all__ = ['Builder', 'Call', 'Label']

class Builder:
    def __init__(self, graph: Graph, units: list[Unit], threads: int, outer: Builder | None = None) -> None: ...
    def bucket(self, values: Any) -> Any: ...
    def call(self, source: KernelSource, node: Node | None, arguments: Any, extent: int, writes: Any = ..., split: bool = True, cost: Any = None) -> None: ...
    def code(self, node: Node) -> int: ...
    def compute(self, sources: list[Any], expression: Any, target: Any) -> None: ...
    def copy(self, source: Any, target: Any, like: Node | None = None) -> None: ...
    def dense(self, v: Value) -> Any: ...
    def fill(self, target: Any, number: Any) -> None: ...
    def finish_later(self, node: Node, progress: Callable[..., Any], stages: list[Callable[..., Any]], together: bool) -> None: ...
    def fixed(self, array: NDArray[Any], label: str) -> Any: ...
    def flat_on(self, array: NDArray[Any], dtype: DType, label: str) -> Any: ...
    @staticmethod
    def foreign_kernel(call: Any, types: Any, outputs: Any) -> KernelSource: ...
    @staticmethod
    def host_kernel(call: Any, types: Any) -> KernelSource: ...
    def inside(self, graph: Graph, operands: Any, targets: Any, carried: Any = ...) -> None: ...
    def lie_in(self, values: Any, made: Any) -> None: ...
    def matmul(self, node: Node, emit: Any, batch: Any, m: int, n: int, k: int, columns: bool = False) -> None: ...
    def matrix(self, v: Value) -> Any: ...
    def operand(self, v: Value) -> Any: ...
    def output(self, node: Node, k: int = 0) -> Any: ...
    def outputs_side_by_side(self, node: Node, made: Any = None) -> Any: ...
    def place(self, v: Value) -> Any: ...
    def run(self) -> list[Call]: ...
    def side_by_side(self, values: Any) -> Any: ...
    def storage(self, dtype: DType) -> str: ...
    def temp(self, shape: Any, dtype: DType) -> Any: ...
    at_end: Any
    buckets: Any
    calls: Any
    carried: Any
    collectives_seen: Any
    constants: Any
    current: Any
    destination: Any
    graph: Any
    in_place: Any
    inner: Any
    keep_alive: Any
    last_raising: Any
    loops: Any
    messages: Any
    node_outputs: Any
    operands: Any
    outer: Any
    overwriting: Any
    parts: Any
    position: Any
    read: Any
    readers: Any
    shared: Any
    splits: Any
    status: Any
    targets: Any
    temporaries: Any
    threads: Any
    unfinished: Any
    unit_of: Any
    units: Any
    uses: Any
    workers: Any

class Call:
    def __init__(self, source: KernelSource, arguments: list[Any], extent: int, split: bool, reads: list[Any], writes: list[Any], nodes: list[Node] = ..., commits: bool = False, notes: dict[int, Node] = ...) -> None: ...
    arguments: Any
    commits: Any
    extent: Any
    nodes: Any
    notes: Any
    reads: Any
    source: Any
    split: Any
    writes: Any

class Label:
    def __init__(self) -> None: ...
