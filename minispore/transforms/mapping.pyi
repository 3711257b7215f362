# Written by tools/stubs from minispore.transforms.mapping: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore._types import Compiled, P, R
from minispore.core.tensor import Tensor
from minispore.nn.container import CellList
from typing import Any, Concatenate, overload

__all__ = ['vmap']

@overload
def vmap(
    fn: Callable[Concatenate[Tensor, P], R], in_axes: Any = 0, out_axes: Any = 0
) -> Compiled[Concatenate[Tensor, P], R]: ...
@overload
def vmap(fn: Callable[P, R], in_axes: Any = 0, out_axes: Any = 0) -> Compiled[P, R]: ...
@overload
def vmap(fn: CellList, in_axes: Any = 0, out_axes: Any = 0) -> Compiled[..., Any]: ...
