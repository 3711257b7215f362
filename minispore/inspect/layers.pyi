# Written by tools/stubs from minispore.inspect.layers: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.inspect.inspection import Inspection
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['Summary', 'summary']

class Summary:
    def __init__(self, inspection: Inspection) -> None: ...
    def rows(self) -> list[tuple[str, ...]]: ...
    def totals(self) -> list[str]: ...
    flops: Any
    frozen: Any
    inspection: Any
    layers: Any
    name: Any
    trainable: Any

def summary(network: Cell, *inputs: Any) -> Summary: ...
