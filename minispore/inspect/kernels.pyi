# Written by tools/stubs from minispore.inspect.kernels: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore.core.kernel import KernelSource as KernelSource
from minispore.core.record import Node
from minispore.graph.calls import Call as Call
from minispore.graph.compile import on_disk as on_disk
from minispore.graph.memory import Operand as Operand
from minispore.inspect.cost import touched_bytes as touched_bytes
from minispore.inspect.text import Listed as Listed
from minispore.inspect.view import GraphView as GraphView, NodeView as NodeView
from typing import Any

__all__ = ['Call', 'GraphView', 'Kernel', 'KernelSource', 'Kernels', 'Listed', 'NodeView', 'ORIGINS', 'Operand', 'Vectors', 'annotated', 'annotations', 'count', 'flops', 'listing', 'main_calls', 'on_disk', 'touched_bytes', 'vectors_of']

ORIGINS: Any
annotations: Any

class Kernel:
    def __init__(self, index: int, call: Call, view: GraphView, names: dict[int, str], threads: int, elsewhere: Callable[..., Any] = ...) -> None: ...
    def asm(self) -> str: ...
    @property
    def bytes(self) -> int: ...
    def llvm(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def raw_source(self) -> str: ...
    @property
    def scopes(self) -> list[str]: ...
    @property
    def seconds(self) -> float | None: ...
    @property
    def sections(self) -> list[str]: ...
    @property
    def source(self) -> str: ...
    @property
    def where(self) -> str: ...
    bytes_read: Any
    bytes_written: Any
    call: Any
    commits: Any
    extent: Any
    flops: Any
    index: Any
    name: Any
    nodes: Any
    reads: Any
    sizes: Any
    split: Any
    threads: Any
    vectors: Any
    view: Any
    writes: Any

class Kernels(Listed):
    def vectors(self) -> Listed: ...

class Vectors:
    def __bool__(self) -> bool: ...
    def __init__(self, llvm: tuple[str, ...], registers: str, blas: bool) -> None: ...
    blas: Any
    llvm: Any
    registers: Any

def annotated(kernel: Kernel) -> str: ...

def count(n: float) -> str: ...

def flops(node: Node) -> int: ...

def listing(source: KernelSource) -> tuple[str, str]: ...

def main_calls(calls: list[Call]) -> dict[int, Call]: ...

def vectors_of(source: KernelSource, name: str) -> Any: ...
