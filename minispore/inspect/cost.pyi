# Written by tools/stubs from minispore.inspect.cost: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.record import Node

__all__ = ['flops']

def flops(node: Node) -> int: ...
