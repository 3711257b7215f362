# Written by tools/stubs from minispore.dataset.columns: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence

__all__ = ['names', 'positions']

def names(owner: str, argument: str, value: Sequence[str] | str | None) -> list[str] | None: ...

def positions(owner: str, wanted: Sequence[str], columns: list[str]) -> list[int]: ...
