# Written by tools/stubs from minispore.transforms.jit: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore._types import C, Compiled, Jit, P, R, T
from minispore.core.tensor import Tensor
from typing import Any, Concatenate, overload

__all__ = ['Compilable', 'jit', 'jit_class', 'lazy_inline', 'mutable']

class Compilable:
    def __call__(self, args: Any, kwargs: Any) -> Any: ...
    def __init__(self, function: Callable[..., Any], name: str, ordered: bool = False, fullgraph: bool = False) -> None: ...
    def graph(self, *args: Any, **kwargs: Any) -> Any: ...
    def inside(self, args: Any, kwargs: Any) -> Any: ...
    compiled: Any
    fullgraph: Any
    function: Any
    name: Any
    ordered: Any

@overload
def jit(
    function: C,
    *,
    capture_mode: str = "ast",
    jit_level: str = "O0",
    dynamic: int = 0,
    fullgraph: bool = False,
    backend: str | Callable[..., Any] = "",
    **options: Any,
) -> C: ...
@overload
def jit(
    function: Callable[Concatenate[Tensor, P], R],
    *,
    capture_mode: str = "ast",
    jit_level: str = "O0",
    dynamic: int = 0,
    fullgraph: bool = False,
    backend: str | Callable[..., Any] = "",
    **options: Any,
) -> Compiled[Concatenate[Tensor, P], R]: ...
@overload
def jit(
    function: Callable[P, R],
    *,
    capture_mode: str = "ast",
    jit_level: str = "O0",
    dynamic: int = 0,
    fullgraph: bool = False,
    backend: str | Callable[..., Any] = "",
    **options: Any,
) -> Callable[P, R]: ...
@overload
def jit(
    function: None = None,
    *,
    capture_mode: str = "ast",
    jit_level: str = "O0",
    dynamic: int = 0,
    fullgraph: bool = False,
    backend: str | Callable[..., Any] = "",
    **options: Any,
) -> Jit: ...

def jit_class(cls: type[T]) -> type[T]: ...

@overload
def lazy_inline(fn: Callable[P, R], attrs: Any = None, policy: Any = None) -> Callable[P, R]: ...
@overload
def lazy_inline(
    fn: None = None, attrs: Any = None, policy: Any = None
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...

def mutable(input_data: T, dynamic_len: bool = False) -> T: ...
