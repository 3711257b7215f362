# Written by tools/stubs from minispore.distributed.world: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.distributed.moves import Moves
from numpy.typing import NDArray
from typing import Any

__all__ = ['CollectiveError', 'Site', 'World']

class CollectiveError(RuntimeError):
    ...

class Site:
    def __init__(self, what: str, place: str, ranks: tuple[Any, ...], tag: int) -> None: ...
    place: Any
    ranks: Any
    tag: Any
    what: Any

class World:
    def __init__(self) -> None: ...
    def agreed(self, value: Any) -> Any: ...
    def begin(self, what: Moves, sent: NDArray[Any], received: NDArray[Any], site: Site) -> list[Any]: ...
    def exchange(self, what: Moves, sent: NDArray[Any], received: NDArray[Any], site: Site) -> None: ...
    def failure(self, site: Site) -> CollectiveError: ...
    def finish(self, requests: list[Any], site: Site) -> None: ...
    def gather(self, thing: Any, place: str, ranks: Any = ..., root: int | None = None) -> list[Any]: ...
    def leave_running(self, requests: list[Any], kept: Any) -> None: ...
    def note(self, site: Site) -> int: ...
    def reset(self) -> None: ...
    def start(self) -> None: ...
    @property
    def waiting(self) -> Site | None: ...
    MPI: Any
    broken: Any
    comm: Any
    compares: Any
    entropy: Any
    groups: Any
    joined: Any
    local_rank: Any
    local_size: Any
    now: Any
    rank: Any
    running: Any
    shared: Any
    sites: Any
    size: Any
    watcher: Any
