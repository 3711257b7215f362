# Written by tools/stubs from minispore.flow.conditions: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['is_symbolic']

def is_symbolic(x: Any) -> bool: ...
