# Written by tools/stubs from minispore.inspect.profile: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from contextlib import AbstractContextManager
from minispore._types import Path
from minispore.inspect.machine import Peaks
from minispore.inspect.timing import Timings
from typing import Any

__all__ = ['Profile', 'profiling']

class Profile:
    def __init__(self, inspection: Any, timings: Timings, peaks: Peaks) -> None: ...
    @property
    def kernel_seconds(self) -> float: ...
    @property
    def overhead(self) -> float: ...
    def summary(self) -> str: ...
    def tables(self, most: int = 15) -> list[Any]: ...
    def to_html(self, path: Any) -> None: ...
    def to_trace(self, path: Path | None = None) -> str: ...
    cells: Any
    inspection: Any
    kernels: Any
    peaks: Any
    profiled_seconds: Any
    step_seconds: Any
    steps: Any
    timings: Any

def profiling(steps: int = 20) -> AbstractContextManager[list[Profile]]: ...
