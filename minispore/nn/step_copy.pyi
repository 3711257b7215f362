# Written by tools/stubs from minispore.nn.step_copy: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['OURS', 'copied', 'is_function']

OURS: str

def copied(step: Cell) -> Cell: ...

def is_function(value: Any) -> bool: ...
