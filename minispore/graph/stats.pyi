# Written by tools/stubs from minispore.graph.stats: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['CompileStats', 'compile_stats']

class CompileStats:
    def __init__(self, executables: int = 0, traces: int = 0, compiled: int = 0, loaded: int = 0, compile_seconds: float = ...) -> None: ...
    def as_dict(self) -> dict[Any, Any]: ...
    def reset(self) -> None: ...
    compile_seconds: Any
    compiled: Any
    executables: Any
    loaded: Any
    traces: Any

def compile_stats() -> dict[Any, Any]: ...
