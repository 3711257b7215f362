# Written by tools/stubs from minispore.surface.device_context.cpu: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['device_count', 'is_available', 'threads_num']

def device_count() -> int: ...

def is_available() -> bool: ...

def threads_num(*args: Any, **kwargs: Any) -> None: ...
