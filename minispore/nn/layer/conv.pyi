# Written by tools/stubs from minispore.nn.layer.conv: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import DTypeLike, Number
from minispore.core.initializer import Initializer
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['Conv1d', 'Conv1dTranspose', 'Conv2d', 'Conv2dTranspose', 'Conv3d', 'Conv3dTranspose']

class _Conv(Cell):
    def __init__(self, in_channels: Any, out_channels: Any, kernel_size: Any, stride: Any, pad_mode: Any, padding: Any, dilation: Any, group: Any, has_bias: Any, weight_init: Any, bias_init: Any, data_format: Any, dtype: Any) -> None: ...
    def extend_repr(self) -> str: ...
    bias: Parameter | Any
    bias_init: Any
    data_format: Any
    dilation: Any
    format: Any
    group: Any
    has_bias: Any
    in_channels: Any
    kernel_size: Any
    out_channels: Any
    pad_mode: Any
    padding: Any
    pads: Any
    spatial: Any
    stride: Any
    transposed: Any
    weight: Parameter
    weight_init: Any

class Conv1d(_Conv):
    def __init__(self, in_channels: int, out_channels: int, kernel_size: int, stride: int = 1, pad_mode: str = 'same', padding: int = 0, dilation: int = 1, group: int = 1, has_bias: bool = False, weight_init: Initializer | str | Number | Tensor | None = None, bias_init: Initializer | str | Number | Tensor | None = None, dtype: DTypeLike = ...) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...

class _ConvTranspose(_Conv):
    def __init__(self, in_channels: Any, out_channels: Any, kernel_size: Any, stride: Any, pad_mode: Any, padding: Any, output_padding: Any, dilation: Any, group: Any, has_bias: Any, weight_init: Any, bias_init: Any, data_format: Any, dtype: Any) -> None: ...
    extra: Any
    output_padding: Any
    transposed: bool

class Conv2dTranspose(_ConvTranspose):
    def __init__(self, in_channels: int, out_channels: int, kernel_size: int | Sequence[int], stride: int | Sequence[int] = 1, pad_mode: str = 'same', padding: int | Sequence[int] | str = 0, output_padding: int | Sequence[int] | str = 0, dilation: int | Sequence[int] = 1, group: int = 1, has_bias: bool = False, weight_init: Initializer | str | Number | Tensor | None = None, bias_init: Initializer | str | Number | Tensor | None = None, dtype: DTypeLike = ...) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...

class Conv1dTranspose(Conv2dTranspose):
    def __init__(self, in_channels: int, out_channels: int, kernel_size: int, stride: int = 1, pad_mode: str = 'same', padding: int = 0, dilation: int = 1, group: int = 1, has_bias: bool = False, weight_init: Initializer | str | Number | Tensor | None = None, bias_init: Initializer | str | Number | Tensor | None = None, dtype: DTypeLike = ...) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...

class Conv2d(_Conv):
    def __init__(self, in_channels: int, out_channels: int, kernel_size: int | Sequence[int], stride: int | Sequence[int] = 1, pad_mode: str = 'same', padding: int | Sequence[int] | str = 0, dilation: int | Sequence[int] = 1, group: int = 1, has_bias: bool = False, weight_init: Initializer | str | Number | Tensor | None = None, bias_init: Initializer | str | Number | Tensor | None = None, data_format: str = 'NCHW', dtype: DTypeLike = ...) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...

class Conv3d(_Conv):
    def __init__(self, in_channels: int, out_channels: int, kernel_size: int | Sequence[int], stride: int | Sequence[int] = 1, pad_mode: str = 'same', padding: int | Sequence[int] | str = 0, dilation: int | Sequence[int] = 1, group: int = 1, has_bias: bool = False, weight_init: Initializer | str | Number | Tensor | None = None, bias_init: Initializer | str | Number | Tensor | None = None, data_format: str = 'NCDHW', dtype: DTypeLike = ...) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...
    format: str
    spatial: int

class Conv3dTranspose(_ConvTranspose):
    def __init__(self, in_channels: int, out_channels: int, kernel_size: int | Sequence[int], stride: int | Sequence[int] = 1, pad_mode: str = 'same', padding: int | Sequence[int] | str = 0, dilation: int | Sequence[int] = 1, group: int = 1, output_padding: int | Sequence[int] | str = 0, has_bias: bool = False, weight_init: Initializer | str | Number | Tensor | None = None, bias_init: Initializer | str | Number | Tensor | None = None, data_format: str = 'NCDHW', dtype: DTypeLike = ...) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...
    format: str
    spatial: int
