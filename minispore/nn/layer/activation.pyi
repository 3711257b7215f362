# Written by tools/stubs from minispore.nn.layer.activation: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import DTypeLike, Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['CELU', 'ELU', 'FastGelu', 'GELU', 'GLU', 'HShrink', 'HSigmoid', 'HSwish', 'Hardtanh', 'LRN', 'LeakyReLU', 'LogSigmoid', 'LogSoftmax', 'LogSoftmaxExt', 'Mish', 'PReLU', 'PReLUExt', 'RReLU', 'ReLU', 'ReLU6', 'SeLU', 'SiLU', 'Sigmoid', 'SoftShrink', 'Softmax', 'Softmax2d', 'Softmin', 'Softsign', 'Tanh', 'Tanhshrink', 'Threshold', 'get_activation']

class _Activation(Cell):
    def __init__(self) -> None: ...
    def construct(self, x: Any) -> Tensor | Any: ...
    arguments: Any
    function: Any
    is_piece: bool

class CELU(_Activation):
    def __init__(self, alpha: float = ...) -> None: ...
    @staticmethod
    def function(x: Tensor, alpha: int | float = ...) -> Tensor: ...
    alpha: Any

class ELU(_Activation):
    def __init__(self, alpha: Number = ...) -> None: ...
    @staticmethod
    def function(input_x: Tensor, alpha: int | float = ...) -> Tensor: ...
    alpha: Any

class FastGelu(_Activation):
    @staticmethod
    def function(x: Tensor) -> Tensor: ...

class GELU(_Activation):
    def __init__(self, approximate: bool = True) -> None: ...
    @staticmethod
    def function(input: Tensor, approximate: str = 'none') -> Tensor: ...
    approximate: Any

class GLU(_Activation):
    def __init__(self, axis: int = -1) -> None: ...
    @staticmethod
    def function(x: Tensor, axis: int = -1) -> Tensor: ...
    axis: Any

class HShrink(_Activation):
    def __init__(self, lambd: Number = ...) -> None: ...
    @staticmethod
    def function(input: Tensor, lambd: int | float = ...) -> Tensor: ...
    lambd: Any

class HSigmoid(_Activation):
    @staticmethod
    def function(input: Tensor) -> Tensor: ...

class HSwish(_Activation):
    @staticmethod
    def function(input: Tensor) -> Tensor: ...

class Hardtanh(_Activation):
    def __init__(self, min_val: Number = ..., max_val: Number = ...) -> None: ...
    @staticmethod
    def function(input: Tensor, min_val: int | float = ..., max_val: int | float = ...) -> Tensor: ...
    max_val: Any
    min_val: Any

class LRN(Cell):
    def __init__(self, depth_radius: int = 5, bias: float = ..., alpha: float = ..., beta: float = ..., norm_region: str = 'ACROSS_CHANNELS') -> None: ...
    def construct(self, input_x: Tensor) -> Tensor: ...
    arguments: Any

class LeakyReLU(_Activation):
    def __init__(self, alpha: Number = ...) -> None: ...
    @staticmethod
    def function(input: Tensor, alpha: int | float = ...) -> Tensor: ...
    alpha: Any

class LogSigmoid(_Activation):
    @staticmethod
    def function(x: Tensor) -> Tensor: ...

class LogSoftmax(_Activation):
    def __init__(self, axis: int = -1) -> None: ...
    @staticmethod
    def function(logits: Tensor, axis: int = -1) -> Tensor: ...
    axis: Any

class LogSoftmaxExt(Cell):
    def __init__(self, dim: int | None = None) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...
    dim: Any
    is_piece: bool

class Mish(_Activation):
    @staticmethod
    def function(x: Tensor) -> Tensor: ...

class PReLU(Cell):
    def __init__(self, channel: int = 1, w: Any = ...) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...
    w: Any

class PReLUExt(Cell):
    def __init__(self, num_parameters: int = 1, init: float = ..., dtype: DTypeLike | None = None) -> None: ...
    def construct(self, input: Tensor) -> Tensor: ...
    weight: Parameter

class RReLU(_Activation):
    def __init__(self, lower: Number = ..., upper: Number = ...) -> None: ...
    @staticmethod
    def function(input: Tensor, lower: int | float = ..., upper: int | float = ...) -> Tensor: ...
    lower: Any
    upper: Any

class ReLU(_Activation):
    @staticmethod
    def function(input: Tensor) -> Tensor: ...

class ReLU6(_Activation):
    @staticmethod
    def function(x: Tensor) -> Tensor: ...

class SeLU(_Activation):
    @staticmethod
    def function(input_x: Tensor) -> Tensor: ...

class SiLU(_Activation):
    @staticmethod
    def function(input: Tensor) -> Tensor: ...

class Sigmoid(_Activation):
    @staticmethod
    def function(input: Tensor) -> Tensor: ...

class SoftShrink(_Activation):
    def __init__(self, lambd: Number = ...) -> None: ...
    @staticmethod
    def function(input: Tensor, lambd: int | float = ...) -> Tensor: ...
    lambd: Any

class Softmax(_Activation):
    def __init__(self, axis: int = -1) -> None: ...
    @staticmethod
    def function(input: Tensor, axis: int = -1, *, dtype: DTypeLike | None = None) -> Tensor: ...
    axis: Any

class Softmax2d(Cell):
    def construct(self, x: Tensor | float | Sequence[Any]) -> Tensor: ...
    is_piece: bool

class Softmin(_Activation):
    def __init__(self, axis: int = -1) -> None: ...
    @staticmethod
    def function(x: Tensor, axis: int = -1, *, dtype: DTypeLike | None = None) -> Tensor: ...
    axis: Any

class Softsign(_Activation):
    @staticmethod
    def function(x: Tensor) -> Tensor: ...

class Tanh(_Activation):
    @staticmethod
    def function(input: Tensor) -> Tensor: ...

class Tanhshrink(_Activation):
    @staticmethod
    def function(input: Tensor) -> Tensor: ...

class Threshold(_Activation):
    def __init__(self, threshold: Number, value: Number) -> None: ...
    @staticmethod
    def function(input: Tensor, thr: int | float, value: int | float) -> Tensor: ...
    threshold: Any
    value: Any

def get_activation(name: str | None, prim_name: str | None = None) -> Cell: ...
