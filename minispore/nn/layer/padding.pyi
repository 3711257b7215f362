# Written by tools/stubs from minispore.nn.layer.padding: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Items, Number
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['ConstantPad1d', 'ConstantPad2d', 'ConstantPad3d', 'Pad', 'ReflectionPad1d', 'ReflectionPad2d', 'ReflectionPad3d', 'ReplicationPad1d', 'ReplicationPad2d', 'ReplicationPad3d', 'ZeroPad2d']

class _PadNd(Cell):
    def __init__(self, padding: Any) -> None: ...
    def construct(self, x: Any) -> Tensor | Any: ...
    exact: Any
    mode: Any
    padding: Any
    spatial: Any
    value: Any

class _ConstantPad(_PadNd):
    def __init__(self, padding: Any, value: Any) -> None: ...

class ConstantPad1d(_ConstantPad):
    def __init__(self, padding: int | Sequence[int], value: Number) -> None: ...
    exact: bool
    spatial: int

class ConstantPad2d(_ConstantPad):
    def __init__(self, padding: int | Sequence[int], value: Number) -> None: ...
    spatial: int

class ConstantPad3d(_ConstantPad):
    def __init__(self, padding: int | Sequence[int], value: Number) -> None: ...
    spatial: int

class Pad(Cell):
    def __init__(self, paddings: Items, mode: str = 'CONSTANT') -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...
    mode: Any
    paddings: Any

class ReflectionPad1d(_PadNd):
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    mode: str
    spatial: int

class ReflectionPad2d(_PadNd):
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    mode: str
    spatial: int

class ReflectionPad3d(_PadNd):
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    mode: str
    spatial: int

class ReplicationPad1d(_PadNd):
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    mode: str
    spatial: int

class ReplicationPad2d(_PadNd):
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    mode: str
    spatial: int

class ReplicationPad3d(_PadNd):
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    mode: str
    spatial: int

class ZeroPad2d(_PadNd):
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    spatial: int
    value: int
