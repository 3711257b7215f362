# Written by tools/stubs from minispore.nn.layer.softmax: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import DTypeLike
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.layer.activation_cell import Activation
from typing import Any

__all__ = ['GLU', 'LRN', 'LogSoftmax', 'LogSoftmaxExt', 'Softmax', 'Softmax2d', 'Softmin']

class GLU(Activation):
    def __init__(self, axis: int = -1) -> None: ...
    @staticmethod
    def function(x: Tensor, axis: int = -1) -> Tensor: ...
    axis: Any

class LRN(Cell):
    def __init__(self, depth_radius: int = 5, bias: float = ..., alpha: float = ..., beta: float = ..., norm_region: str = 'ACROSS_CHANNELS') -> None: ...
    def construct(self, input_x: Tensor) -> Tensor: ...
    arguments: Any

class LogSoftmax(Activation):
    def __init__(self, axis: int = -1) -> None: ...
    @staticmethod
    def function(logits: Tensor, axis: int = -1) -> Tensor: ...
    axis: Any

class LogSoftmaxExt(Cell):
    def __init__(self, dim: int | None = None) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...
    dim: Any
    is_piece: bool

class Softmax(Activation):
    def __init__(self, axis: int = -1) -> None: ...
    @staticmethod
    def function(input: Tensor, axis: int = -1, *, dtype: DTypeLike | None = None) -> Tensor: ...
    axis: Any

class Softmax2d(Cell):
    def construct(self, x: Tensor) -> Tensor: ...
    is_piece: bool

class Softmin(Activation):
    def __init__(self, axis: int = -1) -> None: ...
    @staticmethod
    def function(x: Tensor, axis: int = -1, *, dtype: DTypeLike | None = None) -> Tensor: ...
    axis: Any
