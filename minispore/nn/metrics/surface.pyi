# Written by tools/stubs from minispore.nn.metrics.surface: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.nn.metrics.metric import Metric
from typing import Any

__all__ = ['HausdorffDistance', 'MeanSurfaceDistance', 'RootMeanSquareDistance']

class _Surface(Metric):
    def __init__(self, distance_metric: Any) -> None: ...
    def clear(self) -> None: ...
    def update(self, *inputs: Any) -> None: ...
    distance_metric: Any

class HausdorffDistance(_Surface):
    def __init__(self, distance_metric: str = 'euclidean', percentile: float | None = None, directed: bool = False, crop: Any = True) -> None: ...
    def eval(self) -> Any: ...
    crop: Any
    directed: Any
    percentile: Any

class _MeanOfSurface(_Surface):
    def __init__(self, symmetric: bool = False, distance_metric: Any = 'euclidean') -> None: ...
    def eval(self) -> Any: ...
    symmetric: Any

class MeanSurfaceDistance(_MeanOfSurface):
    def __init__(self, symmetric: bool = False, distance_metric: str = 'euclidean') -> None: ...

class RootMeanSquareDistance(_MeanOfSurface):
    def __init__(self, symmetric: bool = False, distance_metric: str = 'euclidean') -> None: ...
