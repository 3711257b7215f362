# Written by tools/stubs from minispore.ops.pool: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore.core.tensor import Tensor

__all__ = ['avg_pool1d', 'avg_pool2d', 'max_pool2d']

def avg_pool1d(input_x: Tensor, kernel_size: int = 1, stride: int = 1, padding: int | Sequence[int] = 0, ceil_mode: bool = False, count_include_pad: bool = True) -> Tensor: ...

def avg_pool2d(input_x: Tensor, kernel_size: int | Sequence[int] = 1, stride: int | Sequence[int] = 1, padding: int | Sequence[int] = 0, ceil_mode: bool = False, count_include_pad: bool = True, divisor_override: int = 0) -> Tensor: ...

def max_pool2d(x: Tensor, kernel_size: int | Sequence[int], stride: int | Sequence[int] | None = None, padding: int | Sequence[int] = 0, dilation: int | Sequence[int] = 1, return_indices: bool = False, ceil_mode: bool = False) -> Tensor: ...
