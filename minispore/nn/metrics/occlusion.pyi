# Written by tools/stubs from minispore.nn.metrics.occlusion: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Items
from minispore.nn.metrics.metric import Metric
from typing import Any

__all__ = ['OcclusionSensitivity']

class OcclusionSensitivity(Metric):
    def __init__(self, pad_val: float = ..., margin: int | Sequence[int] = 2, n_batch: int = 128, b_box: Items | None = None) -> None: ...
    def clear(self) -> None: ...
    def eval(self) -> Any: ...
    def update(self, *inputs: Any) -> None: ...
    b_box: Any
    margin: Any
    n_batch: Any
    pad_val: Any
