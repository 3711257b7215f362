# Written by tools/stubs from minispore.inspect.timing: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Iterable, Mapping
from minispore._types import Items
from minispore.graph.calls import Call as Call
from minispore.graph.executable import Executable as Executable
from minispore.inspect.replay import arrays_of as arrays_of
from numpy.typing import NDArray
from typing import Any

__all__ = ['Call', 'Executable', 'PrintingExecutable', 'TYPE_CHECKING', 'TimedExecutable', 'Timings', 'annotations', 'arrays_of', 'durations', 'measure', 'record', 'table', 'timings']

TYPE_CHECKING: bool
annotations: Any

class TimedExecutable(Executable):
    def __init__(self, graph: Any, builder: Any, items: Any) -> None: ...
    @property
    def seconds(self) -> dict[int, list[float]]: ...
    one_call_per_phase: bool
    spans: Any

class PrintingExecutable(TimedExecutable):
    def run(self, arrays: Items) -> list[Any]: ...

class Timings:
    def __init__(self, spans: list[list[tuple[int, float, float]]], profiled: list[float], normal: list[float], empty: float) -> None: ...
    empty: Any
    normal: Any
    profiled: Any
    spans: Any

def durations(spans: Iterable[Any]) -> dict[int, list[float]]: ...

def measure(inspection: Any, args: Items = ..., kwargs: Mapping[Any, Any] | None = None, steps: int = 10) -> dict[int, list[float]]: ...

def record(inspection: Any, arrays: list[NDArray[Any]], steps: int = 10) -> Timings: ...

def table(calls: list[Call], seconds: dict[int, float], most: int = 20) -> str: ...

def timings(timed: TimedExecutable, plain: Executable, arrays: list[NDArray[Any]], steps: int) -> Timings: ...
