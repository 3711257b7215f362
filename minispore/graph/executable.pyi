# Written by tools/stubs from minispore.graph.executable: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.ir import Graph
from minispore.core.record import Node
from numpy.typing import NDArray
from typing import Any

__all__ = ['Executable', 'lifetimes_of', 'plan']

class Executable:
    def __init__(self, graph: Graph, builder: Any, items: list[Any]) -> None: ...
    def expect_begin(self) -> None: ...
    def has_begun(self) -> bool: ...
    def message(self, code: int) -> Node: ...
    def place(self, node: Node) -> str | None: ...
    def run(self, arrays: list[NDArray[Any]]) -> list[NDArray[Any]]: ...
    def valid(self) -> bool: ...
    agreeing: Any
    arena: Any
    arena_bytes: Any
    arguments: Any
    base: Any
    called_at: Any
    calls: Any
    can_end_early: Any
    can_fail: Any
    capture_types: Any
    captured: Any
    captures: Any
    changing: Any
    graph: Any
    has_large_outputs: Any
    input_types: Any
    items: Any
    job: Any
    job_address: Any
    keep: Any
    lengths: Any
    loops: Any
    members: Any
    messages: Any
    n_threads: Any
    one_call_per_phase: bool
    output_dtypes: Any
    output_shapes: Any
    parameters: Any
    parts: Any
    phases: Any
    pool: Any
    record: Any
    stacks: Any
    status: Any
    storage: Any
    table: Any
    template: Any
    temporaries: Any
    threads: Any
    traced: Any

def lifetimes_of(builder: Any, items: list[Any]) -> tuple[dict[int, int], dict[int, int], dict[int, int]]: ...

def plan(builder: Any, items: list[Any]) -> int: ...
