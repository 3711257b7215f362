# Written by tools/stubs from minispore.ops.higher_order: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from typing import Any

__all__ = ['HyperMap', 'Map', 'MultitypeFuncGraph']

class _Mapping:
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def __init__(self, ops: Any = None, reverse: bool = False) -> None: ...
    deep: Any
    ops: Any
    reverse: Any

class HyperMap(_Mapping):
    def __init__(self, ops: Callable[..., Any] | None = None, reverse: bool = False) -> None: ...

class Map(_Mapping):
    def __init__(self, ops: Callable[..., Any] | None = None, reverse: bool = False) -> None: ...
    deep: bool

class MultitypeFuncGraph:
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def __init__(self, name: Any, read_value: Any = False) -> None: ...
    def register(self, *type_names: Any) -> Any: ...
    def register_default(self) -> Any: ...
    entries: Any
    name: Any
