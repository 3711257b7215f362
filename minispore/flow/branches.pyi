# Written by tools/stubs from minispore.flow.branches: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['selected']

def selected(items: Any, index: Any) -> Any: ...
