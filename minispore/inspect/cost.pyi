# Written by tools/stubs from minispore.inspect.cost: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.record import Node
from minispore.graph.memory import Operand as Operand
from typing import Any

__all__ = ['LIBRARY', 'Operand', 'annotations', 'flops', 'operations', 'touched_bytes']

LIBRARY: Any
annotations: Any

def flops(node: Node) -> int: ...

def operations(expression: str) -> int: ...

def touched_bytes(operand: Any) -> int: ...
