# Written by tools/stubs from minispore.nn.layer.adaptive_pooling: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['AdaptiveAvgPool1d', 'AdaptiveAvgPool2d', 'AdaptiveAvgPool3d', 'AdaptiveMaxPool1d', 'AdaptiveMaxPool2d', 'AdaptiveMaxPool3d']

class _AdaptivePool1d(Cell):
    def __init__(self, output_size: Any) -> None: ...
    def construct(self, x: Any) -> Tensor | Any: ...
    output_size: Any

class AdaptiveAvgPool1d(_AdaptivePool1d):
    def __init__(self, output_size: int) -> None: ...

class AdaptiveAvgPool2d(Cell):
    def __init__(self, output_size: int | Sequence[int | None]) -> None: ...
    def construct(self, input: Tensor) -> Tensor: ...
    output_size: Any

class AdaptiveAvgPool3d(Cell):
    def __init__(self, output_size: int | Sequence[int | None]) -> None: ...
    def construct(self, input: Tensor) -> Tensor: ...
    output_size: Any

class AdaptiveMaxPool1d(_AdaptivePool1d):
    def __init__(self, output_size: int) -> None: ...

class AdaptiveMaxPool2d(Cell):
    def __init__(self, output_size: int | Sequence[int | None], return_indices: bool = False) -> None: ...
    def construct(self, input: Tensor) -> Tensor: ...
    output_size: Any
    return_indices: Any

class AdaptiveMaxPool3d(Cell):
    def __init__(self, output_size: int | Sequence[int | None], return_indices: bool = False) -> None: ...
    def construct(self, input: Tensor) -> Tensor: ...
    output_size: Any
    return_indices: Any
