# Written by tools/stubs from minispore.nn.ensemble_function: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['FunctionStep', 'as_cell']

class FunctionStep(Cell):
    def __init__(self, function: Any) -> None: ...
    @property
    def parts(self) -> list[Cell]: ...
    variables: Any

def as_cell(step: Any) -> Cell: ...
