# Written by tools/stubs from minispore.nn.layer.basic: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import DTypeLike, Number
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.layer.dense import BiDense as BiDense, Dense as Dense, Linear as Linear
from minispore.nn.layer.dropout import Dropout as Dropout, Dropout1d as Dropout1d, Dropout2d as Dropout2d, Dropout2dExt as Dropout2dExt, Dropout3d as Dropout3d, DropoutExt as DropoutExt
from typing import Any

__all__ = ['BiDense', 'ClipByNorm', 'Dense', 'Dropout', 'Dropout1d', 'Dropout2d', 'Dropout2dExt', 'Dropout3d', 'DropoutExt', 'Flatten', 'Identity', 'L1Regularizer', 'Linear', 'Norm', 'OneHot', 'Roll', 'Tril', 'Triu', 'Unflatten', 'Unfold', 'Upsample']

class ClipByNorm(Cell):
    def __init__(self, axis: Sequence[int] | int | None = None) -> None: ...
    def construct(self, x: Tensor, clip_norm: Number | Tensor) -> Tensor: ...
    axis: Any

class Flatten(Cell):
    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...
    end_dim: Any
    start_dim: Any

class Identity(Cell):
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def construct(self, input: Any) -> Tensor | Any: ...

class L1Regularizer(Cell):
    def __init__(self, scale: Number) -> None: ...
    def construct(self, weights: Tensor) -> Tensor: ...
    scale: Any

class Norm(Cell):
    def __init__(self, axis: Sequence[int] | int = ..., keep_dims: bool = False) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...
    def extend_repr(self) -> str: ...
    axis: Any
    keep_dims: Any

class OneHot(Cell):
    def __init__(self, axis: int = -1, depth: int = 1, on_value: Number = ..., off_value: Number = ..., dtype: DTypeLike = ...) -> None: ...
    def construct(self, indices: Tensor) -> Tensor: ...
    axis: Any
    depth: Any
    dtype: Any
    off_value: Any
    on_value: Any

class Roll(Cell):
    def __init__(self, shift: int | Sequence[int], axis: int | Sequence[int]) -> None: ...
    def construct(self, input_x: Tensor) -> Tensor: ...
    axis: Any
    shift: Any

class Tril(Cell):
    def construct(self, x: Tensor, k: int = 0) -> Tensor: ...

class Triu(Cell):
    def construct(self, x: Tensor, k: int = 0) -> Tensor: ...

class Unflatten(Cell):
    def __init__(self, axis: int, unflattened_size: Sequence[int]) -> None: ...
    def construct(self, input_x: Tensor) -> Tensor: ...
    axis: Any
    unflattened_size: Any

class Unfold(Cell):
    def __init__(self, ksizes: Any, strides: Any, rates: Any, padding: str = 'valid') -> None: ...
    def construct(self, input_x: Tensor) -> Tensor: ...
    kernel: Any
    padding: Any
    rate: Any
    stride: Any

class Upsample(Cell):
    def __init__(self, size: Sequence[int] | int | None = None, scale_factor: float | Sequence[float] | None = None, mode: str = 'nearest', align_corners: bool | None = None, recompute_scale_factor: bool | None = None) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...
    align_corners: Any
    mode: Any
    recompute_scale_factor: Any
    scale_factor: Any
    size: Any
