# Written by tools/stubs from minispore.nn.layer.activation_cell: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['Activation']

class Activation(Cell):
    def __init__(self) -> None: ...
    def construct(self, x: Any) -> Tensor | Any: ...
    arguments: Any
    function: Any
    is_piece: bool
