# Written by tools/stubs from minispore.inspect.kernels: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore.graph.lower import Call
from minispore.inspect.text import Listed
from minispore.inspect.view import GraphView
from typing import Any

__all__ = ['Kernel', 'Kernels', 'main_calls']

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

def main_calls(calls: list[Call]) -> dict[int, Call]: ...
