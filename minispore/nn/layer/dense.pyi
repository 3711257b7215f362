# Written by tools/stubs from minispore.nn.layer.dense: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore._types import DTypeLike, Number
from minispore.core.initializer import Initializer
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['BiDense', 'Dense', 'Linear']

class BiDense(Cell):
    def __init__(self, in1_channels: int, in2_channels: int, out_channels: int, weight_init: Initializer | str | Number | Tensor | None = None, bias_init: Initializer | str | Number | Tensor | None = None, has_bias: bool = True, dtype: DTypeLike = ...) -> None: ...
    def construct(self, input1: Tensor, input2: Tensor) -> Tensor: ...
    def extend_repr(self) -> str: ...
    bias: Parameter | Any
    has_bias: Any
    in1_channels: Any
    in2_channels: Any
    out_channels: Any
    weight: Parameter

class Dense(Cell):
    def __init__(self, in_channels: int, out_channels: int, weight_init: Initializer | str | Number | Tensor | None = None, bias_init: Initializer | str | Number | Tensor | None = None, has_bias: bool = True, activation: str | Cell | Callable[..., Any] | None = None, dtype: DTypeLike = ...) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...
    def extend_repr(self) -> str: ...
    activation: Any
    bias: Parameter | Any
    has_bias: Any
    in_channels: Any
    is_piece: bool
    out_channels: Any
    weight: Parameter

class Linear(Cell):
    def __init__(self, in_features: int, out_features: int, bias: bool = True, weight_init: Initializer | str | Number | Tensor | None = None, bias_init: Initializer | str | Number | Tensor | None = None, dtype: DTypeLike | None = None) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...
    def extend_repr(self) -> str: ...
    bias: Parameter | Any
    has_bias: Any
    in_features: Any
    out_features: Any
    weight: Parameter
