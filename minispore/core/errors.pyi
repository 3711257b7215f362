# Written by tools/stubs from minispore.core.errors: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import T
from typing import Any

__all__ = ['BLOCK_FUNCTIONS']

BLOCK_FUNCTIONS: Any

def fail(kind: type[T], message: str) -> T: ...
