# Written by tools/stubs from minispore.core.docstrings: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Sequence
from typing import Any

__all__ = ['describe', 'documented']

def describe(op: Any, parameters: Sequence[str], what: str = '', example: bool = False) -> str: ...

def documented(**passages: str) -> Callable[..., Any]: ...
