# Written by tools/stubs from minispore.graph.memory: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.dtype import DType
from minispore.core.sizes.arrays import SizedData
from numpy.typing import NDArray
from typing import Any

__all__ = ['Buffer', 'Operand']

class Buffer:
    def __init__(self, kind: str, nbytes: int, index: int = 0, array: NDArray[Any] | None = None, offset: int = -1, label: str = '', in_parts: bool = False, sized: SizedData | None = None) -> None: ...
    @property
    def address(self) -> int: ...
    array: Any
    in_parts: Any
    index: Any
    kind: Any
    label: Any
    nbytes: Any
    offset: Any
    sized: Any

class Operand:
    def __init__(self, buffer: Buffer | None, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], dtype: DType) -> None: ...
    @property
    def is_dense(self) -> bool: ...
    @property
    def is_index(self) -> bool: ...
    def is_same_place(self, other: Any) -> bool: ...
    def permuted(self, axes: Any) -> Any: ...
    def reshaped(self, shape: Any) -> Any: ...
    @property
    def size(self) -> int: ...
    def sliced(self, begin: Any, step: Any, size: Any) -> Any: ...
    @property
    def span(self) -> int: ...
    buffer: Any
    dtype: Any
    offset: Any
    shape: Any
    strides: Any
