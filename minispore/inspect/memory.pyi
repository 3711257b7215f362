# Written by tools/stubs from minispore.inspect.memory: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from _bisect import bisect_left as bisect_left, bisect_right as bisect_right
from minispore._types import Items
from minispore.graph.executable import lifetimes_of as lifetimes_of, plan as plan
from minispore.graph.memory import Buffer as Buffer
from typing import Any

__all__ = ['Buffer', 'BufferView', 'MemoryPlan', 'annotations', 'bisect_left', 'bisect_right', 'buffer_names', 'lifetimes_of', 'plan']

annotations: Any

class BufferView:
    def __init__(self, name: str, nbytes: int, offset: int, first: int, last: int, reuses: list[str] = ...) -> None: ...
    def line(self, width: int) -> str: ...
    first: Any
    last: Any
    name: Any
    nbytes: Any
    offset: Any
    reuses: Any

class MemoryPlan:
    def __init__(self, builder: Any, items: Any, calls: Items, names: dict[int, str]) -> None: ...
    def at(self, call: int) -> list[BufferView]: ...
    arena_bytes: Any
    buffers: Any
    constant_bytes: Any
    in_place: Any
    input_bytes: Any
    live: Any
    output_bytes: Any
    parameter_bytes: Any
    peak: Any
    peak_call: Any
    unshared_bytes: Any

def buffer_names(builder: Any, calls: Items, view: Any) -> dict[int, str]: ...
