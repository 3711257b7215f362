# Written by tools/stubs from minispore.core.cell_base: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['CellBase', 'fits']

class CellBase:
    def trainable_params(self, recurse: bool = True) -> list[Any]: ...
    always_compiled: bool
    is_list_of_cells: bool
    is_piece: bool
    must_be_one_graph: bool

def fits(function: Any, *args: Any, **kwargs: Any) -> bool: ...
