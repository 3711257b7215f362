# Written by tools/stubs from minispore.flow.forms: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Mapping, Sequence
from minispore._types import Items, Number
from minispore.core.tensor import Tensor
from typing import Any

__all__ = ['ForiLoop', 'Scan', 'WhileLoop', 'cond', 'fori_loop', 'scan', 'switch_case', 'while_loop']

class ForiLoop:
    def __call__(self, lower: int | Tensor, upper: int | Tensor, loop_func: Callable[..., Any], init_val: Any, unroll: Any = True) -> Any: ...

class Scan:
    def __call__(self, loop_func: Callable[..., Any], init: Any, xs: Items | None, length: int | None = None, unroll: Any = True) -> tuple[Any, ...]: ...

class WhileLoop:
    def __call__(self, cond_func: Callable[..., Any] | bool | Tensor, loop_func: Callable[..., Any], init_val: Any) -> Any: ...

def cond(pred: bool | Tensor | None = None, true_fun: Callable[..., Any] | None = None, false_fun: Callable[..., Any] | None = None, *operands: Any, A: Tensor | None = None, p: int | float | str | None = None) -> Any: ...

def fori_loop(lower: int | Tensor, upper: int | Tensor, body_fun: Callable[..., Any], init_val: Any) -> Any: ...

def scan(f: Callable[..., Any], init: Any, xs: Any, length: int | None = None, reverse: bool = False, unroll: int = 1) -> tuple[Any, ...]: ...

def switch_case(index: int | Tensor, branches: Sequence[Callable[..., Any]], *operands: Any) -> Any: ...

def while_loop(cond_fun: Callable[..., Any] | bool | Tensor, body_fun: Callable[..., Any], init_val: Tensor | Number | Items | Mapping[Any, Any]) -> Any: ...
