# Written by tools/stubs from minispore.core.kernel: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['DEVICE', 'INLINE', 'KernelSource', 'KernelTemplate', 'device', 'inline', 'kernel']

DEVICE: Any
INLINE: Any

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
    body: Any
    fastmath: Any
    name: Any
    params: Any

def device(function: Any) -> Any: ...

def inline(function: Any) -> Any: ...

def kernel(function: Any = None, *, fastmath: Any = ...) -> Any: ...
