# Written by tools/stubs from minispore.transforms.jacobian: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Sequence
from minispore._types import Compiled, P
from minispore.core.tensor import Tensor
from typing import Any, Concatenate, Literal, overload

__all__ = ['jacfwd', 'jacrev']

@overload
def jacfwd(
    fn: Callable[Concatenate[Tensor, P], Tensor], grad_position: Literal[0] = 0, has_aux: Literal[False] = False
) -> Compiled[Concatenate[Tensor, P], Tensor]: ...
@overload
def jacfwd(fn: Callable[P, Any], grad_position: int | Sequence[int] = 0, has_aux: bool = False) -> Compiled[P, Any]: ...

@overload
def jacrev(
    fn: Callable[Concatenate[Tensor, P], Tensor], grad_position: Literal[0] = 0, has_aux: Literal[False] = False
) -> Compiled[Concatenate[Tensor, P], Tensor]: ...
@overload
def jacrev(fn: Callable[P, Any], grad_position: int | Sequence[int] = 0, has_aux: bool = False) -> Compiled[P, Any]: ...
