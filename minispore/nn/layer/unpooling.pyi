# Written by tools/stubs from minispore.nn.layer.unpooling: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['FractionalMaxPool2d', 'FractionalMaxPool3d', 'MaxUnpool1d', 'MaxUnpool2d', 'MaxUnpool3d']

class _FractionalMaxPool(Cell):
    def __init__(self, kernel_size: Any, output_size: Any = None, output_ratio: Any = None, return_indices: bool = False, _random_samples: Any = None) -> None: ...
    def construct(self, input: Any) -> Tensor | Any: ...
    kernel: Any
    kernel_size: Any
    orders: Any
    output_ratio: Any
    output_size: Any
    ratios: Any
    return_indices: Any
    spatial: Any

class FractionalMaxPool2d(_FractionalMaxPool):
    ...

class FractionalMaxPool3d(_FractionalMaxPool):
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
    spatial: int

class MaxUnpool2d(_MaxUnpool):
    ...

class MaxUnpool3d(_MaxUnpool):
    spatial: int
