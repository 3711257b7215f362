# Written by tools/stubs from minispore.ops.primitive_base: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore._types import Items, P, R
from typing import Any, overload

__all__ = ['Primitive', 'PrimitiveWithCheck', 'PrimitiveWithInfer', 'constexpr', 'prim_attr_register']

class Primitive:
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def __init__(self, name: str) -> None: ...
    def add_prim_attr(self, name: str, value: Any) -> Any: ...
    def del_prim_attr(self, name: str) -> Any: ...
    def init_prim_io_names(self, inputs: Any, outputs: Any) -> None: ...
    def set_prim_instance_name(self, instance_name: str) -> Any: ...
    def shard(self, in_strategy: Items | None = None, out_strategy: Items | None = None) -> Any: ...
    def __getattr__(self, name: str) -> Any: ...  # the arguments that prim_attr_register keeps
    attrs: Any
    input_names: Any
    instance_name: Any
    name: Any
    output_names: Any

@overload
def constexpr(
    fn: Callable[P, R],
    get_instance: bool = True,
    name: str | None = None,
    reuse_result: bool = True,
    check: bool = True,
) -> Callable[P, R]: ...
@overload
def constexpr(
    fn: None = None, get_instance: bool = True, name: str | None = None, reuse_result: bool = True, check: bool = True
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...

def prim_attr_register(fn: Callable[P, R]) -> Callable[P, R]: ...
PrimitiveWithCheck = Primitive
PrimitiveWithInfer = Primitive
