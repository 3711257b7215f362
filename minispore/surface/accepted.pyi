# Written by tools/stubs from minispore.surface.accepted: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['ExitByRequest', 'JitConfig', 'Symbol', 'current_stream', 'empty_cache', 'launch_blocking', 'manual_seed', 'ms_memory_recycle', 'synchronize']

class ExitByRequest(Exception):
    ...

class JitConfig:
    def __init__(self, jit_level: str = '', exc_mode: str = 'auto', jit_syntax_level: str = '', debug_level: str = 'RELEASE', infer_boost: str = 'off', **kwargs: Any) -> None: ...
    jit_config_dict: Any

class Symbol:
    def __init__(self, max: Any = 0, min: Any = 1, divisor: Any = 1, remainder: Any = 0, unique: Any = False, **kwargs: Any) -> None: ...
    divisor: Any
    max: Any
    min: Any
    remainder: Any
    unique: Any

def current_stream() -> None: ...

def empty_cache() -> None: ...

def launch_blocking() -> None: ...

def manual_seed(seed: int) -> None: ...

def ms_memory_recycle() -> None: ...

def synchronize() -> None: ...
