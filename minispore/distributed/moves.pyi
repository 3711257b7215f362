# Written by tools/stubs from minispore.distributed.moves: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any, NamedTuple

__all__ = ['Moves']

class Moves(NamedTuple):
    sends: tuple[Any, ...]
    receives: tuple[Any, ...]
    kept: tuple[Any, ...] = ...
