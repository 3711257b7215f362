# mypy: ignore-errors
"""Types that the stubs share.  There is no module of this name at run time."""

from collections.abc import Callable, Iterable, Iterator
from os import PathLike
from typing import Any, Concatenate, Generic, Protocol, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray
from typing_extensions import ParamSpec, TypeVar

from minispore.core.dtype import DType
from minispore.core.tensor import Tensor
from minispore.inspect.inspection import Inspection
from minispore.nn.cell import Cell

Number: TypeAlias = float | np.number[Any] | np.bool_
DTypeLike: TypeAlias = DType | str | type[Any] | np.dtype[Any]
Path: TypeAlias = str | PathLike[str]
Operand: TypeAlias = Tensor | Number | NDArray[Any] | list[Any] | tuple[Any, ...]

Items: TypeAlias = list[Any] | tuple[Any, ...]  # Sequence[Any] would take a str

class HasBatches(Protocol):
    """A dataset by its methods."""

    def create_tuple_iterator(self, *args: Any, **kwargs: Any) -> Any: ...
    def get_dataset_size(self) -> int: ...

Batched: TypeAlias = Iterable[Any] | HasBatches

P = ParamSpec("P", default=...)
R = TypeVar("R", default=Tensor | Any)
R_co = TypeVar("R_co", covariant=True, default=Any)
T = TypeVar("T")
C = TypeVar("C", bound=Cell)

class Constructs(Protocol[P, R_co]):
    """A Cell, by the signature of its ``construct``."""

    def construct(self, *args: P.args, **kwargs: P.kwargs) -> R_co: ...

class Member(Cell):
    """A Cell out of a container, whose class is not known: it may have any attribute."""

    def __getattr__(self, name: str) -> Any: ...
    def __setattr__(self, name: str, value: Any) -> None: ...

class Batches(Iterator[T]):
    """The iterator over a dataset."""

    def __next__(self) -> T: ...
    def get_next(self) -> T: ...
    def stop(self) -> None: ...

class Indexed(Protocol):
    """Indexed by number, as a GeneratorDataset takes them."""

    def __getitem__(self, index: int, /) -> Any: ...
    def __len__(self) -> int: ...

class Compiled(Generic[P, R]):
    """What ``jit`` and the transforms return."""

    __name__: str
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R: ...
    def graph(self, *args: Any, **kwargs: Any) -> Inspection: ...

class Jit(Protocol):
    """The decorator that ``jit(...)`` without a function gives.

    A function whose first argument is a Tensor becomes a ``Compiled``; a method stays a function, which binds its object.
    """

    @overload
    def __call__(self, function: C) -> C: ...
    @overload
    def __call__(self, function: Callable[Concatenate[Tensor, P], R]) -> Compiled[Concatenate[Tensor, P], R]: ...
    @overload
    def __call__(self, function: Callable[P, R]) -> Callable[P, R]: ...
