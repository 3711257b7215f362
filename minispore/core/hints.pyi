# Written by tools/stubs from minispore.core.hints: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable

__all__ = ['close', 'keyword']

def close(name: str, names: Iterable[str], cutoff: float = ...) -> str: ...

def keyword(name: str, known: Iterable[str]) -> str: ...
