# Written by tools/stubs from minispore.transforms.reverse: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Iterable
from minispore._types import R
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from typing import Any, Literal, overload

__all__ = ['vjp']

@overload
def vjp(
    fn: Callable[[Tensor], R], inputs: Tensor, /, *, weights: None = None, has_aux: Literal[False] = False
) -> tuple[R, Callable[..., tuple[Tensor, ...]]]: ...
@overload
def vjp(
    fn: Callable[[Tensor, Tensor], R], a: Tensor, b: Tensor, /, *, weights: None = None, has_aux: Literal[False] = False
) -> tuple[R, Callable[..., tuple[Tensor, ...]]]: ...
@overload
def vjp(
    fn: Callable[..., R],
    *inputs: Any,
    weights: Parameter | Iterable[Parameter] | None = None,
    has_aux: Literal[False] = False,
) -> tuple[R, Callable[..., tuple[Any, ...]]]: ...
@overload
def vjp(
    fn: Callable[..., Any], *inputs: Any, weights: Parameter | Iterable[Parameter] | None = None, has_aux: Literal[True]
) -> tuple[Any, Callable[..., tuple[Any, ...]], Any]: ...
