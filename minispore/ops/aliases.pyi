# Written by tools/stubs from minispore.ops.aliases: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import DTypeLike, Number
from minispore.core.dtype import DType
from minispore.core.tensor import Tensor
from typing import Any

__all__ = ['approximate_equal', 'bias_add', 'control_depend', 'fills', 'scalar_cast', 'typeof']

def approximate_equal(x: Tensor, y: Tensor, tolerance: float = ...) -> Tensor: ...

def bias_add(input_x: Tensor, bias: Tensor) -> Tensor: ...

def control_depend(depend_src: Any, depend_dst: Any, depend_mode: int = 0) -> Any: ...

def fills(x: Tensor, value: Number | Tensor) -> Tensor: ...

def scalar_cast(input_x: Number, input_y: DTypeLike) -> Any: ...

def typeof(x: Any) -> DType: ...
