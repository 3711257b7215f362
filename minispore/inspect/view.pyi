# Written by tools/stubs from minispore.inspect.view: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterator, Sequence
from minispore.core.ir import Graph as Graph
from minispore.core.record import Node, Value
from typing import Any

__all__ = ['Graph', 'GraphView', 'NodeView', 'SECTIONS', 'SHOWN', 'UNKNOWN', 'annotations', 'number', 'type_of']

SECTIONS: Any
SHOWN: int
UNKNOWN: int
annotations: Any

class GraphView:
    def __init__(self, graph: Graph, input_names: Sequence[str] | None = None, became: dict[int, Node] | None = None, prefix: str = '%', section: str | None = None, outer: GraphView | None = None) -> None: ...
    def name(self, v: Value) -> str: ...
    def section(self, name: str) -> list[NodeView]: ...
    def set_bodies(self, bodies: dict[tuple[Any, ...], Graph]) -> None: ...
    def shown(self, scope: str) -> str: ...
    def source(self, operand: str) -> str: ...
    def walk(self) -> Iterator[NodeView]: ...
    became: Any
    by_id: Any
    given: Any
    graph: Any
    leaves: Any
    names: Any
    nodes: Any
    outer: Any
    prefix: Any

class NodeView:
    def __init__(self, name: str, op: str, operands: list[str], types: list[str], attrs: dict[Any, Any], scope: str, file: str | None, line: int | None, section: str, origin: str | None, node: Node, graphs: dict[str, GraphView] = ..., kernels: list[int] = ...) -> None: ...
    @property
    def expression(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def where(self) -> str: ...
    attrs: Any
    file: Any
    graphs: Any
    kernels: Any
    line: Any
    name: Any
    node: Any
    op: Any
    operands: Any
    origin: Any
    scope: Any
    section: Any
    types: Any

def number(v: Value) -> str: ...

def type_of(v: Any) -> str: ...
