# Written by tools/stubs from minispore.core.initializer: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Number
from minispore.core.dtype import DType, to_dtype as to_dtype
from minispore.core.random import host_generator as host_generator
from minispore.core.tensor import Tensor as Tensor
from typing import Any

__all__ = ['Constant', 'Dirac', 'HeNormal', 'HeUniform', 'Identity', 'Initializer', 'Normal', 'One', 'Orthogonal', 'Sparse', 'Tensor', 'TruncatedNormal', 'Uniform', 'VarianceScaling', 'XavierNormal', 'XavierUniform', 'Zero', 'float32', 'host_generator', 'initializer', 'to_dtype']

float32: DType

class Initializer:
    def __call__(self, arr: Any) -> Any: ...
    def __init__(self, **kwargs: Any) -> None: ...

class Constant(Initializer):
    def __init__(self, value: Number) -> None: ...
    value: Any

class Dirac(Initializer):
    def __init__(self, groups: int = 1) -> None: ...
    groups: Any

class _He(Initializer):
    def __init__(self, negative_slope: Any = 0, mode: Any = 'fan_in', nonlinearity: Any = 'leaky_relu') -> None: ...
    mode: Any
    negative_slope: Any
    nonlinearity: Any

class HeNormal(_He):
    def __init__(self, negative_slope: Number = 0, mode: str = 'fan_in', nonlinearity: str = 'leaky_relu') -> None: ...

class HeUniform(_He):
    def __init__(self, negative_slope: Number = 0, mode: str = 'fan_in', nonlinearity: str = 'leaky_relu') -> None: ...

class Identity(Initializer):
    def __init__(self, **kwargs: Any) -> None: ...

class Normal(Initializer):
    def __init__(self, sigma: float = ..., mean: float = ...) -> None: ...
    mean: Any
    sigma: Any

class One(Initializer):
    def __init__(self, **kwargs: Any) -> None: ...

class Orthogonal(Initializer):
    def __init__(self, gain: Number = ...) -> None: ...
    gain: Any

class Sparse(Initializer):
    def __init__(self, sparsity: float, sigma: float = ...) -> None: ...
    sigma: Any
    sparsity: Any

class TruncatedNormal(Initializer):
    def __init__(self, sigma: float = ..., mean: float = ..., a: float = ..., b: float = ...) -> None: ...
    a: Any
    b: Any
    mean: Any
    sigma: Any

class Uniform(Initializer):
    def __init__(self, scale: float = ...) -> None: ...
    scale: Any

class VarianceScaling(Initializer):
    def __init__(self, scale: float = ..., mode: str = 'fan_in', distribution: str = 'truncated_normal') -> None: ...
    distribution: Any
    mode: Any
    scale: Any

class XavierNormal(Initializer):
    def __init__(self, gain: Number = 1) -> None: ...
    gain: Any

class XavierUniform(Initializer):
    def __init__(self, gain: Number = 1) -> None: ...
    gain: Any

class Zero(Initializer):
    def __init__(self, **kwargs: Any) -> None: ...

def initializer(init: Initializer | str | Number | Tensor, shape: Sequence[int] | int | None = None, dtype: Any = ...) -> Tensor: ...
