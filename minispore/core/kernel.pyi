# Written by tools/stubs from minispore.core.kernel: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Sequence
from typing import Any

__all__ = ['DEVICE', 'ENTRY', 'Items', 'KernelSource', 'KernelTemplate', 'device', 'devices_used', 'kernel']

DEVICE: Any
ENTRY: Any

class Items:
    def __init__(self, count: int, steps: dict[Any, int], private: Any = ...) -> None: ...
    count: Any
    private: Any
    steps: Any

class KernelSource:
    def __init__(self, name: str, params: tuple[tuple[str, str], ...], body: str, types: Any = ..., fastmath: Any = ..., devices: Any = ...) -> None: ...
    body: Any
    devices: Any
    digest: Any
    fastmath: Any
    name: Any
    params: Any
    text: Any
    types: Any

class KernelTemplate:
    def __init__(self, function: Any, fastmath: Any = ...) -> None: ...
    def bind(self, **types: str) -> KernelSource: ...
    def repeat_last_block(self, word: str, numbers: Any) -> None: ...
    body: Any
    fastmath: Any
    name: Any
    params: Any

def device(function: Callable[..., Any]) -> Any: ...

def devices_used(text: str) -> list[str]: ...

def kernel(function: Callable[..., Any] | None = None, *, fastmath: Sequence[str] = ...) -> Any: ...
