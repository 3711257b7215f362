# Written by tools/stubs from minispore.surface.log: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['critical', 'debug', 'error', 'exception', 'get_level', 'get_log_config', 'info', 'warning']

critical: Any
debug: Any
error: Any
exception: Any
info: Any
warning: Any

def get_level() -> str: ...

def get_log_config() -> dict[Any, Any]: ...
