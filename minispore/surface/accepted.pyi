# Written by tools/stubs from minispore.surface.accepted: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['ExitByRequest', 'JitConfig', 'Symbol', 'empty_cache', 'launch_blocking', 'manual_seed', 'ms_memory_recycle', 'synchronize']

class ExitByRequest(Exception):
    ...

class JitConfig:
    def __init__(self, jit_level: str = '', exc_mode: str = 'auto', jit_syntax_level: str = '', debug_level: str = 'RELEASE', infer_boost: str = 'off', **kwargs: Any) -> None: ...
    jit_config_dict: Any

class Symbol:
    def __index__(self) -> int: ...
    def __init__(self, max: int = 0, min: int = 1, divisor: int = 1, remainder: int = 0, unique: bool = False, **kwargs: Any) -> None: ...
    divisor: Any
    max: Any
    min: Any
    remainder: Any
    unique: Any

def empty_cache() -> None: ...

def launch_blocking() -> None: ...

def manual_seed(seed: int) -> None: ...

def ms_memory_recycle() -> None: ...

def synchronize() -> None: ...
