# Written by tools/stubs from minispore.distributed.sites: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['CollectiveError', 'Site']

class CollectiveError(RuntimeError):
    ...

class Site:
    def __init__(self, what: str, place: str, ranks: tuple[Any, ...], tag: int) -> None: ...
    place: Any
    ranks: Any
    tag: Any
    what: Any
