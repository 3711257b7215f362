# Written by tools/stubs from minispore.dataset.transforms.array: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from enum import Enum as Enum
from minispore._types import DTypeLike, Number
from minispore.core.dtype import to_dtype as to_dtype
from minispore.dataset.transforms.base import Elementwise as Elementwise, Transform as Transform
from numpy.typing import NDArray
from typing import Any

__all__ = ['Concatenate', 'Duplicate', 'Elementwise', 'Enum', 'Fill', 'Mask', 'OneHot', 'PadEnd', 'Plugin', 'Relational', 'Slice', 'Transform', 'TypeCast', 'Unique', 'numpy_type', 'tensor_of', 'to_dtype']

class Concatenate(Transform):
    def __call__(self, *args: Any, **kwargs: Any) -> NDArray[Any]: ...
    def __init__(self, axis: int = 0, prepend: Any = None, append: Any = None) -> None: ...
    append: Any
    axis: Any
    prepend: Any

class Duplicate(Transform):
    def __call__(self, value: Any) -> tuple[Any, ...]: ...

class Fill(Elementwise):
    def __call__(self, value: Any) -> NDArray[Any]: ...
    def __init__(self, fill_value: Number | str) -> None: ...
    fill_value: Any

class Mask(Elementwise):
    def __call__(self, value: Any) -> NDArray[Any]: ...
    def __init__(self, operator: Relational, constant: Number | str, dtype: DTypeLike = ...) -> None: ...
    compare: Any
    constant: Any
    dtype: Any

class OneHot(Elementwise):
    def __call__(self, value: Any) -> NDArray[Any]: ...
    def __init__(self, num_classes: int, smoothing_rate: float = ...) -> None: ...
    num_classes: Any
    rate: Any

class PadEnd(Transform):
    def __call__(self, value: Any) -> NDArray[Any]: ...
    def __init__(self, pad_shape: Sequence[int], pad_value: Any = None) -> None: ...
    shape: Any
    value: Any

class Plugin(Transform):
    def __init__(self, lib_path: str, func_name: str, user_args: str | None = None) -> None: ...

class Relational(Enum):
    EQ = 0
    NE = 1
    GT = 2
    GE = 3
    LT = 4
    LE = 5

class Slice(Transform):
    def __call__(self, value: Any) -> NDArray[Any]: ...
    def __init__(self, *slices: Any) -> None: ...
    slices: Any

class TypeCast(Elementwise):
    def __call__(self, value: Any) -> NDArray[Any]: ...
    def __init__(self, data_type: DTypeLike) -> None: ...
    dtype: Any

class Unique(Transform):
    def __call__(self, value: Any) -> tuple[Any, ...]: ...

def numpy_type(owner: str, given: Any) -> Any: ...

def tensor_of(owner: str, value: Any, empty: bool = False) -> NDArray[Any]: ...
