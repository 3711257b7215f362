# Written by tools/stubs from minispore.nn.cell_attributes: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.cell_base import CellBase
from typing import Any

__all__ = ['CellAttributes']

class CellAttributes(CellBase):
    register_buffer: Any
