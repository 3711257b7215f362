# Written by tools/stubs from minispore.dataset.columns: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from typing import Any

__all__ = ['distinct', 'names', 'positions', 'replaced']

def distinct(owner: str, listed: list[str]) -> list[str]: ...

def names(owner: str, argument: str, value: Sequence[str] | str | None) -> list[str] | None: ...

def positions(owner: str, wanted: Sequence[str], columns: list[str]) -> list[int]: ...

def replaced(block: list[Any], at: Sequence[int], made: list[Any], in_place: bool) -> list[Any]: ...
