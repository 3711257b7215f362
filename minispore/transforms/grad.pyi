# Written by tools/stubs from minispore.transforms.grad: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Iterable, Sequence
from minispore._types import Compiled, P, R
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from typing import Any, Concatenate, Literal, overload

__all__ = ['GradOperation', 'get_grad', 'grad', 'value_and_grad']

class GradOperation:
    def __call__(self, fn: Any, weights: Any = None) -> Any: ...
    def __init__(self, get_all: bool = False, get_by_list: bool = False, sens_param: bool = False) -> None: ...
    get_all: Any
    get_by_list: Any
    sens_param: Any

def get_grad(gradients: Any, identifier: int | Parameter) -> Tensor: ...

@overload
def grad(
    fn: Callable[Concatenate[Tensor, P], Any],
    grad_position: Literal[0] = 0,
    weights: None = None,
    has_aux: Literal[False] = False,
    return_ids: Literal[False] = False,
    sens_param: Literal[False] = False,
    *,
    through_updates: bool = False,
) -> Compiled[Concatenate[Tensor, P], Tensor]: ...
@overload
def grad(
    fn: Callable[P, Any],
    grad_position: None,
    weights: Parameter,
    has_aux: Literal[False] = False,
    return_ids: Literal[False] = False,
    sens_param: Literal[False] = False,
    *,
    through_updates: bool = False,
) -> Compiled[P, Tensor]: ...
@overload
def grad(
    fn: Callable[P, Any],
    grad_position: None,
    weights: Iterable[Parameter],
    has_aux: Literal[False] = False,
    return_ids: Literal[False] = False,
    sens_param: Literal[False] = False,
    *,
    through_updates: bool = False,
) -> Compiled[P, tuple[Tensor, ...]]: ...
@overload
def grad(
    fn: Callable[P, Any],
    grad_position: int | Sequence[int] | None = 0,
    weights: Parameter | Iterable[Parameter] | None = None,
    has_aux: bool = False,
    return_ids: bool = False,
    sens_param: Literal[False] = False,
    *,
    through_updates: bool = False,
) -> Compiled[P, Any]: ...
@overload
def grad(
    fn: Callable[..., Any],
    grad_position: int | Sequence[int] | None = 0,
    weights: Parameter | Iterable[Parameter] | None = None,
    has_aux: bool = False,
    return_ids: bool = False,
    sens_param: bool = False,
    *,
    through_updates: bool = False,
) -> Compiled[..., Any]: ...

@overload
def value_and_grad(
    fn: Callable[Concatenate[Tensor, P], R],
    grad_position: Literal[0] = 0,
    weights: None = None,
    has_aux: bool = False,
    return_ids: Literal[False] = False,
    sens_param: Literal[False] = False,
    *,
    through_updates: bool = False,
) -> Compiled[Concatenate[Tensor, P], tuple[R, Tensor]]: ...
@overload
def value_and_grad(
    fn: Callable[P, R],
    grad_position: None,
    weights: Parameter,
    has_aux: bool = False,
    return_ids: Literal[False] = False,
    sens_param: Literal[False] = False,
    *,
    through_updates: bool = False,
) -> Compiled[P, tuple[R, Tensor]]: ...
@overload
def value_and_grad(
    fn: Callable[P, R],
    grad_position: None,
    weights: Iterable[Parameter],
    has_aux: bool = False,
    return_ids: Literal[False] = False,
    sens_param: Literal[False] = False,
    *,
    through_updates: bool = False,
) -> Compiled[P, tuple[R, tuple[Tensor, ...]]]: ...
@overload
def value_and_grad(
    fn: Callable[P, R],
    grad_position: int | Sequence[int] | None = 0,
    weights: Parameter | Iterable[Parameter] | None = None,
    has_aux: bool = False,
    return_ids: bool = False,
    sens_param: Literal[False] = False,
    *,
    through_updates: bool = False,
) -> Compiled[P, tuple[R, Any]]: ...
@overload
def value_and_grad(
    fn: Callable[..., R],
    grad_position: int | Sequence[int] | None = 0,
    weights: Parameter | Iterable[Parameter] | None = None,
    has_aux: bool = False,
    return_ids: bool = False,
    sens_param: bool = False,
    *,
    through_updates: bool = False,
) -> Compiled[..., tuple[R, Any]]: ...
