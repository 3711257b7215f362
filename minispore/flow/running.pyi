# Written by tools/stubs from minispore.flow.running: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['runnable']

def runnable(function: Any) -> Any: ...
