# Written by tools/stubs from minispore.inspect.watching: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from contextlib import AbstractContextManager
from minispore.graph.history import Compilation
from minispore.inspect.inspection import Inspection as Inspection
from minispore.inspect.machine import peaks as peaks
from minispore.inspect.profile import Profile as Profile
from minispore.inspect.timing import record as record
from numpy.typing import NDArray
from typing import Any

__all__ = ['Inspection', 'Profile', 'Seen', 'TYPE_CHECKING', 'annotations', 'peaks', 'profiling', 'record', 'watching']

TYPE_CHECKING: bool
annotations: Any

class Seen:
    def __init__(self, compilation: Compilation, graph: Any, arrays: list[NDArray[Any]] | None = None) -> None: ...
    def profile(self, steps: int) -> Profile | None: ...
    arrays: Any
    compilation: Any
    graph: Any
    inspection: Any

def profiling(steps: int = 20) -> AbstractContextManager[list[Profile]]: ...

def watching() -> AbstractContextManager[list[Seen]]: ...
