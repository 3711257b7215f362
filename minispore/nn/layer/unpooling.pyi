# Written by tools/stubs from minispore.nn.layer.unpooling: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['FractionalMaxPool2d', 'FractionalMaxPool3d', 'MaxUnpool1d', 'MaxUnpool2d', 'MaxUnpool3d']

class _FractionalMaxPool(Cell):
    def __init__(self, kernel_size: Any, output_size: Any = None, output_ratio: Any = None, return_indices: bool = False, _random_samples: Any = None) -> None: ...
    def construct(self, input: Any) -> Tensor | Any: ...
    def pooled(self, input: Any, samples: Any) -> Any: ...
    kernel: Any
    kernel_size: Any
    orders: Any
    output_ratio: Any
    output_size: Any
    ratios: Any
    return_indices: Any
    spatial: Any

class FractionalMaxPool2d(_FractionalMaxPool):
    def __init__(self, kernel_size: int | Sequence[int], output_size: int | Sequence[int] | None = None, output_ratio: float | Sequence[float] | None = None, return_indices: bool = False, _random_samples: Tensor | None = None) -> None: ...

class FractionalMaxPool3d(_FractionalMaxPool):
    def __init__(self, kernel_size: int | Sequence[int], output_size: int | Sequence[int] | None = None, output_ratio: float | Sequence[float] | None = None, return_indices: bool = False, _random_samples: Tensor | None = None) -> None: ...
    orders: Any
    spatial: int

class _MaxUnpool(Cell):
    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0) -> None: ...
    def construct(self, x: Any, indices: Any, output_size: Any = None) -> Tensor | Any: ...
    kernel: Any
    kernel_size: Any
    padding: Any
    pads: Any
    spatial: Any
    step: Any
    stride: Any

class MaxUnpool1d(_MaxUnpool):
    def __init__(self, kernel_size: int, stride: int | None = None, padding: int = 0) -> None: ...
    spatial: int

class MaxUnpool2d(_MaxUnpool):
    def __init__(self, kernel_size: int | Sequence[int], stride: int | Sequence[int] | None = None, padding: int | Sequence[int] = 0) -> None: ...

class MaxUnpool3d(_MaxUnpool):
    def __init__(self, kernel_size: int | Sequence[int], stride: int | Sequence[int] | None = None, padding: int | Sequence[int] = 0) -> None: ...
    spatial: int
