# Written by tools/stubs from minispore.dataset.transforms.base: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Sequence
from minispore.dataset.draws import Draws as Draws, draws as draws
from minispore.dataset.remembered import Remembered as Remembered
from numpy.typing import NDArray
from typing import Any

__all__ = ['Compose', 'Draws', 'Elementwise', 'RandomApply', 'RandomChoice', 'RandomOrder', 'Remembered', 'Transform', 'apply_all', 'check_transforms', 'draws']

class Transform(Remembered):
    def block(self, column: NDArray[Any], drawn: Draws) -> NDArray[Any] | None: ...
    random: bool
    takes_block: bool

class Compose(Transform):
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def __init__(self, transforms: Sequence[Callable[..., Any]]) -> None: ...
    def flat(self) -> list[Callable[..., Any]]: ...
    transforms: Any

class Elementwise(Transform):
    def __call__(self, value: Any) -> Any: ...
    def block(self, column: Any, drawn: Any) -> NDArray[Any] | Any: ...
    random: bool
    rank: Any
    takes_block: bool

class RandomApply(Transform):
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def __init__(self, transforms: Sequence[Callable[..., Any]], prob: float = ...) -> None: ...
    prob: Any
    transforms: Any

class RandomChoice(Transform):
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def __init__(self, transforms: Sequence[Callable[..., Any]]) -> None: ...
    transforms: Any

class RandomOrder(Transform):
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def __init__(self, transforms: Sequence[Callable[..., Any]]) -> None: ...
    transforms: Any

def apply_all(transforms: Sequence[Callable[..., Any]], values: tuple[Any, ...]) -> Any: ...

def check_transforms(owner: str, transforms: Any) -> list[Callable[..., Any]]: ...
