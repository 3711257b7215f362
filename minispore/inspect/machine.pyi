# Written by tools/stubs from minispore.inspect.machine: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore.core.parameter import Parameter as Parameter
from minispore.core.tensor import Tensor as Tensor
from minispore.inspect.inspection import Inspection
from minispore.inspect.timing import measure as measure
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['INTERPRETED', 'LENGTH', 'Parameter', 'Peaks', 'SIDE', 'Tensor', 'annotations', 'graph', 'measure', 'peaks']

INTERPRETED: bool
LENGTH: int
SIDE: int
annotations: Any

class Peaks:
    def __init__(self, flops: float, bytes: float) -> None: ...
    bytes: Any
    flops: Any

def graph(function: Cell | Callable[..., Any] | Tensor, *args: Any, **kwargs: Any) -> Inspection: ...

def peaks() -> Peaks: ...
