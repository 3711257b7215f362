# Written by tools/stubs from minispore.ops.conversions: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import DTypeLike, Items, Number
from minispore.core.dtype import DType
from minispore.core.tensor import Tensor
from typing import Any

__all__ = ['ReduceOp', 'dtype', 'make_range', 'mixed_precision_cast', 'reduce_sum', 'scalar_to_array', 'shuffle', 'tuple_len', 'tuple_to_array']

class ReduceOp:
    MAX: str
    MIN: str
    PROD: str
    SUM: str

def dtype(x: Tensor) -> DType: ...

def make_range(*args: Any) -> tuple[int, ...]: ...

def mixed_precision_cast(dst_dtype: DTypeLike, x: Any) -> Any: ...

def reduce_sum(x: Tensor, axis: int | Sequence[int] = ...) -> Tensor: ...

def scalar_to_array(input_x: Number) -> Tensor: ...

def shuffle(x: Tensor, seed: int | None = None) -> Tensor: ...

def tuple_len(x: Items) -> int: ...

def tuple_to_array(input_x: Sequence[Number]) -> Tensor: ...
