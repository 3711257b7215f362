# Written by tools/stubs from minispore.nn.metrics.similarity: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import Items
from minispore.core.tensor import Tensor
from minispore.nn.metrics.metric import MeanMetric, Metric
from numpy.typing import NDArray
from typing import Any

__all__ = ['CosineSimilarity', 'Dice']

class CosineSimilarity(Metric):
    def __init__(self, similarity: str = 'cosine', reduction: str = 'none', zero_diagonal: bool = True) -> None: ...
    def clear(self) -> None: ...
    def eval(self) -> Any: ...
    def update(self, inputs: Tensor | Items | NDArray[Any]) -> None: ...
    reduction: Any
    similarity: Any
    zero_diagonal: Any

class Dice(MeanMetric):
    def __init__(self, smooth: float = ...) -> None: ...
    def update(self, *inputs: Any) -> None: ...
    smooth: Any
