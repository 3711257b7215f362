# Written by tools/stubs from minispore.inspect.profile: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Mapping
from minispore._types import Items
from minispore.core.record import Node
from minispore.inspect.machine import Peaks as Peaks, peaks as peaks
from minispore.inspect.replay import arrays_of as arrays_of
from minispore.inspect.timing import Timings as Timings, record as record
from pathlib import Path as Path
from typing import Any

__all__ = ['Cost', 'Path', 'Peaks', 'Profile', 'TYPE_CHECKING', 'Timings', 'annotations', 'arrays_of', 'flops', 'peaks', 'profile', 'record', 'shares']

TYPE_CHECKING: bool
annotations: Any

class Cost:
    def __init__(self, name: str, kernel: Any, seconds: float, share: float, runs: float, flops: float, bytes: float) -> None: ...
    @property
    def bytes_per_second(self) -> float: ...
    @property
    def flops_per_second(self) -> float: ...
    bytes: Any
    flops: Any
    kernel: Any
    name: Any
    runs: Any
    seconds: Any
    share: Any

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

def flops(node: Node) -> int: ...

def profile(inspection: Any, args: Items, kwargs: Mapping[Any, Any], steps: int) -> Profile: ...

def shares(kernel: Any) -> dict[str, float]: ...
