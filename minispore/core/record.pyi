# Written by tools/stubs from minispore.core.record: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

class Node:
    def __init__(self, op: Any, inputs: tuple[Any, ...], attrs: dict[Any, Any], types: Any, location: Any = None, scope: Any = '', forward: Any = None, datas: Any = None) -> None: ...
    def detach(self) -> None: ...
    @property
    def may_raise(self) -> bool: ...
    @property
    def ordered(self) -> bool: ...
    def reading(self, inputs: tuple[Any, ...]) -> Node: ...
    attrs: Any
    forward: Any
    id: Any
    inputs: Any
    location: Any
    op: Any
    outs: Any
    scope: Any

class Recorder:
    def __init__(self, symbolic: bool, parent: Recorder | None = None) -> None: ...
    def assign(self, key: int, value: Value) -> None: ...
    def attribute_of(self, item: Any) -> str: ...
    def close(self) -> None: ...
    def has_gradient(self, dtype: Any) -> bool: ...
    def is_inside(self, other: Recorder | None) -> bool: ...
    def keep_outside(self) -> None: ...
    def last_id(self) -> int: ...
    def lift(self, value: Value) -> Value: ...
    def memory_of(self, tensor: Any) -> Any: ...
    def name_of_outermost(self, cell: Any, name: str) -> str: ...
    def restore_outside(self) -> None: ...
    def start_again(self) -> None: ...
    def store_outside(self) -> None: ...
    def take_back(self, count: int) -> None: ...
    around: Any
    assignments: Any
    attributes: Any
    breaks: Any
    calls: Any
    captures: Any
    cells: Any
    changed: Any
    copies: bool
    effect: Any
    entry: Any
    filled: Any
    flags: Any
    forward: Any
    functions: Any
    has_pieces: Any
    integers: Any
    lifted: Any
    nodes: Any
    number: Any
    observed: Any
    outermost: Any
    outside: Any
    parameters: Any
    parent: Any
    passed: Any
    passes: Any
    scopes: Any
    set_attributes: Any
    stores: Any
    symbolic: Any
    turns: Any
    variables: Any
    written: Any

class Value:
    def __init__(self, shape: Any, dtype: Any, node: Any = None, index: Any = 0, data: Any = None, kind: Any = 'node', source: Any = None) -> None: ...
    @property
    def nbytes(self) -> int: ...
    @property
    def size(self) -> int: ...
    data: Any
    dtype: Any
    index: Any
    kind: Any
    name: Any
    node: Any
    shape: Any
    source: Any
