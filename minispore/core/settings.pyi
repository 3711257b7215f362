# Written by tools/stubs from minispore.core.settings: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['check']

def check(name: str, value: Any) -> None: ...
