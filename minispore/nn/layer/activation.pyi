# Written by tools/stubs from minispore.nn.layer.activation: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import DTypeLike, Items, Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.layer.activation_cell import Activation
from typing import Any

__all__ = ['CELU', 'ELU', 'FastGelu', 'GELU', 'HShrink', 'HSigmoid', 'HSwish', 'Hardtanh', 'LeakyReLU', 'LogSigmoid', 'Mish', 'PReLU', 'PReLUExt', 'RReLU', 'ReLU', 'ReLU6', 'SeLU', 'SiLU', 'Sigmoid', 'SoftShrink', 'Softsign', 'Tanh', 'Tanhshrink', 'Threshold', 'get_activation']

class CELU(Activation):
    def __init__(self, alpha: float = ...) -> None: ...
    @staticmethod
    def function(x: Tensor, alpha: int | float = ...) -> Tensor: ...
    alpha: Any

class ELU(Activation):
    def __init__(self, alpha: Number = ...) -> None: ...
    @staticmethod
    def function(input_x: Tensor, alpha: int | float = ...) -> Tensor: ...
    alpha: Any

class FastGelu(Activation):
    @staticmethod
    def function(x: Tensor) -> Tensor: ...

class GELU(Activation):
    def __init__(self, approximate: bool = True) -> None: ...
    @staticmethod
    def function(input: Tensor, approximate: str = 'none') -> Tensor: ...
    approximate: Any

class HShrink(Activation):
    def __init__(self, lambd: Number = ...) -> None: ...
    @staticmethod
    def function(input: Tensor, lambd: int | float = ...) -> Tensor: ...
    lambd: Any

class HSigmoid(Activation):
    @staticmethod
    def function(input: Tensor) -> Tensor: ...

class HSwish(Activation):
    @staticmethod
    def function(input: Tensor) -> Tensor: ...

class Hardtanh(Activation):
    def __init__(self, min_val: Number = ..., max_val: Number = ...) -> None: ...
    @staticmethod
    def function(input: Tensor, min_val: int | float = ..., max_val: int | float = ...) -> Tensor: ...
    max_val: Any
    min_val: Any

class LeakyReLU(Activation):
    def __init__(self, alpha: Number = ...) -> None: ...
    @staticmethod
    def function(input: Tensor, alpha: int | float = ...) -> Tensor: ...
    alpha: Any

class LogSigmoid(Activation):
    @staticmethod
    def function(x: Tensor) -> Tensor: ...

class Mish(Activation):
    @staticmethod
    def function(x: Tensor) -> Tensor: ...

class PReLU(Cell):
    def __init__(self, channel: int | Sequence[int] = 1, w: float | Items | Tensor = ...) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...
    w: Any

class PReLUExt(Cell):
    def __init__(self, num_parameters: int | Sequence[int] = 1, init: float = ..., dtype: DTypeLike | None = None) -> None: ...
    def construct(self, input: Tensor) -> Tensor: ...
    weight: Parameter

class RReLU(Activation):
    def __init__(self, lower: Number = ..., upper: Number = ...) -> None: ...
    @staticmethod
    def function(input: Tensor, lower: int | float = ..., upper: int | float = ...) -> Tensor: ...
    lower: Any
    upper: Any

class ReLU(Activation):
    @staticmethod
    def function(input: Tensor, inplace: bool = False) -> Tensor: ...

class ReLU6(Activation):
    @staticmethod
    def function(x: Tensor) -> Tensor: ...

class SeLU(Activation):
    @staticmethod
    def function(input_x: Tensor) -> Tensor: ...

class SiLU(Activation):
    @staticmethod
    def function(input: Tensor) -> Tensor: ...

class Sigmoid(Activation):
    @staticmethod
    def function(input: Tensor) -> Tensor: ...

class SoftShrink(Activation):
    def __init__(self, lambd: Number = ...) -> None: ...
    @staticmethod
    def function(input: Tensor, lambd: int | float = ...) -> Tensor: ...
    lambd: Any

class Softsign(Activation):
    @staticmethod
    def function(x: Tensor) -> Tensor: ...

class Tanh(Activation):
    @staticmethod
    def function(input: Tensor) -> Tensor: ...

class Tanhshrink(Activation):
    @staticmethod
    def function(input: Tensor) -> Tensor: ...

class Threshold(Activation):
    def __init__(self, threshold: Number, value: Number) -> None: ...
    @staticmethod
    def function(input: Tensor, thr: int | float, value: int | float) -> Tensor: ...
    threshold: Any
    value: Any

def get_activation(name: str | None, prim_name: str | None = None) -> Cell: ...
