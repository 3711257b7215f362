# Written by tools/stubs from minispore.surface.cell_methods: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

class _Handle:
    def __init__(self, hooks: dict[Any, Any], number: int) -> None: ...
    def remove(self) -> None: ...
