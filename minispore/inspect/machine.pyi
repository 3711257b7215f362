# Written by tools/stubs from minispore.inspect.machine: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.parameter import Parameter as Parameter
from minispore.core.tensor import Tensor as Tensor
from minispore.graph.build import fused as fused, threads as threads
from minispore.graph.executable import Executable as Executable
from minispore.graph.lower import Builder as Builder
from minispore.inspect.replay import arrays_of as arrays_of
from minispore.inspect.timing import TimedExecutable as TimedExecutable, timings as timings
from minispore.inspect.traced import traced as traced
from typing import Any

__all__ = ['Builder', 'Executable', 'INTERPRETED', 'LENGTH', 'Parameter', 'Peaks', 'SIDE', 'Tensor', 'TimedExecutable', 'annotations', 'arrays_of', 'fused', 'peaks', 'threads', 'timings', 'traced']

INTERPRETED: bool
LENGTH: int
SIDE: int
annotations: Any

class Peaks:
    def __init__(self, flops: float, bytes: float) -> None: ...
    bytes: Any
    flops: Any

def peaks() -> Peaks: ...
