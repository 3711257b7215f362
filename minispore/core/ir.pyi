# Written by tools/stubs from minispore.core.ir: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable
from minispore.core.parameter import Parameter
from minispore.core.record import Node, Value
from minispore.core.tensor import Tensor
from typing import Any

__all__ = ['Graph']

class Graph:
    def __init__(self, inputs: tuple[Value, ...], captures: tuple[tuple[Tensor, Value], ...], parameters: tuple[tuple[Parameter, Value], ...], nodes: tuple[Node, ...], outputs: tuple[Value, ...], updates: tuple[tuple[Parameter, Value], ...], calls: Any = ...) -> None: ...
    def roots(self) -> Iterable[Value]: ...
    def shown(self, scope: str) -> str: ...
    calls: Any
    captures: Any
    folds: Any
    inputs: Any
    is_ordered: Any
    may_raise: Any
    nodes: Any
    outputs: Any
    parameters: Any
    updates: Any
