# Written by tools/stubs from minispore.ops.custom: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Sequence
from minispore._types import DTypeLike
from typing import Any

__all__ = ['Custom']

class Custom:
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def __init__(self, func: str | Callable[..., Any], out_shape: Sequence[int] | Callable[..., Any] | None = None, out_dtype: DTypeLike | Callable[..., Any] | None = None, func_type: str = 'pyfunc', bprop: Callable[..., Any] | None = None, reg_info: Any = None) -> None: ...
    bprop: Any
    func_type: Any
