# Written by tools/stubs from minispore.core.boundary: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['described', 'short', 'translated']

def described(function: Any, args: tuple[Any, ...], kwargs: dict[Any, Any]) -> str: ...

def short(value: Any) -> str: ...

def translated(error: Any, name: str, function: Any, args: tuple[Any, ...], kwargs: dict[Any, Any]) -> Any: ...
