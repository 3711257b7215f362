# Written by tools/stubs from minispore.transforms.forward: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore._types import Items, R
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any, Literal, overload

__all__ = ['jvp', 'linearize']

@overload
def jvp(fn: Callable[[Tensor], R], inputs: Tensor, v: Tensor, has_aux: Literal[False] = False) -> tuple[R, R]: ...
@overload
def jvp(fn: Callable[..., R], inputs: Any, v: Any, has_aux: Literal[False] = False) -> tuple[R, R]: ...
@overload
def jvp(fn: Callable[..., Any], inputs: Any, v: Any, has_aux: bool = False) -> tuple[Any, ...]: ...

def linearize(fn: Callable[..., Any] | Cell | Tensor, inputs: Tensor | Items) -> Any: ...
