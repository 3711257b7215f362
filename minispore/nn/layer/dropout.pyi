# Written by tools/stubs from minispore.nn.layer.dropout: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import Number
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['Dropout', 'Dropout1d', 'Dropout2d', 'Dropout2dExt', 'Dropout3d', 'DropoutExt']

class Dropout(Cell):
    def __init__(self, keep_prob: float = ..., p: Number | None = None, dtype: Any = ...) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...
    def extend_repr(self) -> str: ...
    keep_prob: Any
    p: Any

class _ChannelDropout(Cell):
    def __init__(self, p: Any = ...) -> None: ...
    def construct(self, x: Any) -> Tensor | Any: ...
    p: Any
    spatial: Any
    unbatched: Any

class Dropout1d(_ChannelDropout):
    def __init__(self, p: float = ...) -> None: ...
    spatial: int
    unbatched: bool

class Dropout2d(_ChannelDropout):
    def __init__(self, p: float = ...) -> None: ...
    def extend_repr(self) -> str: ...
    spatial: int

class DropoutExt(Cell):
    def __init__(self, p: float = ..., inplace: bool = False) -> None: ...
    def construct(self, input: Tensor) -> Tensor: ...
    inplace: Any
    p: Any

class Dropout2dExt(DropoutExt):
    def __init__(self, p: float = ..., inplace: bool = False) -> None: ...

class Dropout3d(Dropout2d):
    def __init__(self, p: float = ...) -> None: ...
    spatial: int
