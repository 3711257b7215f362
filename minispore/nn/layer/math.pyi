# Written by tools/stubs from minispore.nn.layer.math: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Number
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['CosineSimilarity', 'DiGamma', 'IGamma', 'LBeta', 'LGamma', 'MatDet', 'MatInverse', 'MatMul', 'MatrixDiag', 'MatrixDiagPart', 'MatrixSetDiag', 'Moments', 'Range', 'ReduceLogSumExp']

class CosineSimilarity(Cell):
    def __init__(self, dim: int = 1, eps: float = ...) -> None: ...
    def construct(self, x1: Tensor, x2: Tensor) -> Tensor: ...
    dim: Any
    eps: Any

class DiGamma(Cell):
    def construct(self, *args: Any, **kwargs: Any) -> Tensor: ...

class IGamma(Cell):
    def construct(self, *args: Any, **kwargs: Any) -> Tensor: ...

class LBeta(Cell):
    def construct(self, *args: Any, **kwargs: Any) -> Tensor: ...

class LGamma(Cell):
    def construct(self, *args: Any, **kwargs: Any) -> Tensor: ...

class MatDet(Cell):
    def construct(self, *args: Any, **kwargs: Any) -> Tensor: ...

class MatInverse(Cell):
    def construct(self, *args: Any, **kwargs: Any) -> Tensor: ...

class MatMul(Cell):
    def __init__(self, transpose_x1: bool = False, transpose_x2: bool = False) -> None: ...
    def construct(self, x1: Tensor, x2: Tensor) -> Tensor: ...
    transpose_x1: Any
    transpose_x2: Any

class MatrixDiag(Cell):
    def construct(self, *args: Any, **kwargs: Any) -> Tensor: ...

class MatrixDiagPart(Cell):
    def construct(self, *args: Any, **kwargs: Any) -> Tensor: ...

class MatrixSetDiag(Cell):
    def construct(self, *args: Any, **kwargs: Any) -> Tensor: ...

class Moments(Cell):
    def __init__(self, axis: Sequence[int] | int | None = None, keep_dims: bool | None = None) -> None: ...
    def construct(self, x: Tensor) -> tuple[Any, ...]: ...
    axis: Any
    keep_dims: Any

class Range(Cell):
    def __init__(self, start: Number, limit: Number | None = None, delta: Number = 1) -> None: ...
    def construct(self) -> Tensor: ...
    arguments: Any
    dtype: Any

class ReduceLogSumExp(Cell):
    def __init__(self, axis: Sequence[int] | int, keep_dims: bool = False) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...
    axis: Any
    keep_dims: Any
