# Written by tools/stubs from minispore.nn.loss.base: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import DTypeLike, Number
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['LossBase']

class LossBase(Cell):
    def __init__(self, reduction: str = 'mean') -> None: ...
    @staticmethod
    def cast(input: Tensor | int | float | bool, dtype: DTypeLike) -> Tensor: ...
    def construct(self, *args: Any, **kwargs: Any) -> Tensor | Any: ...
    def get_axis(self, x: Tensor) -> tuple[int, ...]: ...
    def get_loss(self, x: Tensor, weights: Number | Tensor = ...) -> Tensor: ...
    @staticmethod
    def mul(input: Tensor | Number, other: Tensor | Number) -> Tensor: ...
    @staticmethod
    def reduce_mean(x: Tensor, axis: int | Sequence[int] | None = None, keep_dims: bool = False, *, dtype: DTypeLike | None = None) -> Tensor: ...
    @staticmethod
    def reduce_sum(input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False, *, dtype: DTypeLike | None = None) -> Tensor: ...
    average: Any
    is_piece: bool
    reduce: Any
    reduction: Any
