# Written by tools/stubs from minispore.nn.layer.window_pooling: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Number
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['AvgPool1d', 'AvgPool2d', 'AvgPool3d', 'LPPool1d', 'LPPool2d', 'MaxPool1d', 'MaxPool2d', 'MaxPool3d']

class _Pool(Cell):
    def __init__(self, kernel_size: Any, stride: Any, pad_mode: Any, data_format: Any = 'NCHW') -> None: ...
    def construct(self, x: Any) -> Tensor | Any: ...
    def extend_repr(self) -> str: ...
    format: Any
    kernel: Any
    kernel_size: Any
    only_int: Any
    pad_mode: Any
    spatial: Any
    step: Any
    stride: Any

class _AvgPool(_Pool):
    def __init__(self, kernel_size: Any = 1, stride: Any = 1, pad_mode: Any = 'valid', padding: Any = 0, ceil_mode: bool = False, count_include_pad: bool = True, divisor_override: Any = None, data_format: Any = 'NCHW') -> None: ...
    ceil_mode: Any
    count_include_pad: Any
    divisor_override: Any
    padding: Any

class AvgPool1d(_AvgPool):
    def __init__(self, kernel_size: int = 1, stride: int = 1, pad_mode: str = 'valid', padding: int = 0, ceil_mode: bool = False, count_include_pad: bool = True) -> None: ...
    only_int: bool
    spatial: int

class AvgPool2d(_AvgPool):
    def __init__(self, kernel_size: int | Sequence[int] = 1, stride: int | Sequence[int] = 1, pad_mode: str = 'valid', padding: int | Sequence[int] | str = 0, ceil_mode: bool = False, count_include_pad: bool = True, divisor_override: int | None = None, data_format: str = 'NCHW') -> None: ...

class AvgPool3d(_AvgPool):
    def __init__(self, kernel_size: int | Sequence[int] = 1, stride: int | Sequence[int] = 1, pad_mode: str = 'valid', padding: int | Sequence[int] | str = 0, ceil_mode: bool = False, count_include_pad: bool = True, divisor_override: int | None = None) -> None: ...
    spatial: int

class _LPPool(Cell):
    def __init__(self, norm_type: Any, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> None: ...
    def construct(self, x: Any) -> Tensor | Any: ...
    ceil_mode: Any
    kernel_size: Any
    norm_type: Any
    spatial: Any
    stride: Any

class LPPool1d(_LPPool):
    def __init__(self, norm_type: Number, kernel_size: int, stride: int | None = None, ceil_mode: bool = False) -> None: ...
    spatial: int

class LPPool2d(_LPPool):
    def __init__(self, norm_type: Number, kernel_size: int | Sequence[int], stride: int | Sequence[int] | None = None, ceil_mode: bool = False) -> None: ...

class _MaxPool(_Pool):
    def __init__(self, kernel_size: Any = 1, stride: Any = 1, pad_mode: Any = 'valid', padding: Any = 0, dilation: Any = 1, return_indices: bool = False, ceil_mode: bool = False, data_format: Any = 'NCHW') -> None: ...
    ceil_mode: Any
    dilate: Any
    dilation: Any
    padding: Any
    return_indices: Any

class MaxPool1d(_MaxPool):
    def __init__(self, kernel_size: int = 1, stride: int = 1, pad_mode: str = 'valid', padding: int = 0, dilation: int = 1, return_indices: bool = False, ceil_mode: bool = False) -> None: ...
    only_int: bool
    spatial: int

class MaxPool2d(_MaxPool):
    def __init__(self, kernel_size: int | Sequence[int] = 1, stride: int | Sequence[int] = 1, pad_mode: str = 'valid', padding: int | Sequence[int] | str = 0, dilation: int | Sequence[int] = 1, return_indices: bool = False, ceil_mode: bool = False, data_format: str = 'NCHW') -> None: ...

class MaxPool3d(_MaxPool):
    def __init__(self, kernel_size: int | Sequence[int] = 1, stride: int | Sequence[int] = 1, pad_mode: str = 'valid', padding: int | Sequence[int] | str = 0, dilation: int | Sequence[int] = 1, return_indices: bool = False, ceil_mode: bool = False) -> None: ...
    spatial: int
