# Written by tools/stubs from minispore.core.errors: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import T
from typing import Any

__all__ = ['BLOCK_FUNCTIONS', 'IndexOutOfRange', 'ShapeUnknown', 'fail', 'located', 'where']

BLOCK_FUNCTIONS: Any

class IndexOutOfRange(IndexError, RuntimeError):
    ...

class ShapeUnknown(RuntimeError):
    ...

def fail(kind: type[T], message: str) -> T: ...

def located(kind: Any, message: str, location: str | None) -> Any: ...

def where() -> str: ...
