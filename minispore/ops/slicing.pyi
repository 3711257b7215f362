# Written by tools/stubs from minispore.ops.slicing: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore.core.tensor import Tensor

__all__ = ['narrow', 'slice', 'strided_slice']

def narrow(input: Tensor, axis: int, start: int, length: int) -> Tensor: ...

def slice(input_x: Tensor, begin: Sequence[int] | Tensor, size: Sequence[int] | Tensor) -> Tensor: ...

def strided_slice(input_x: Tensor, begin: Sequence[int] | Tensor, end: Sequence[int] | Tensor, strides: Sequence[int] | Tensor, begin_mask: int = 0, end_mask: int = 0, ellipsis_mask: int = 0, new_axis_mask: int = 0, shrink_axis_mask: int = 0) -> Tensor: ...
