# Written by tools/stubs from minispore.inspect.debug: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from contextlib import AbstractContextManager
from minispore.core.tensor import Tensor
from minispore.inspect.compare import Comparison as Comparison, compare_modes as compare_modes
from minispore.inspect.explain import assert_max_compiles as assert_max_compiles
from numpy.typing import NDArray
from typing import Any

__all__ = ['Comparison', 'Taps', 'assert_max_compiles', 'compare_modes', 'tap', 'taps']

class Taps(dict[str, Any]):
    def __init__(self) -> None: ...
    def take(self, name: str, array: NDArray[Any]) -> None: ...
    order: Any

def tap(name: str, x: Tensor) -> Tensor: ...

def taps() -> AbstractContextManager[Taps]: ...
