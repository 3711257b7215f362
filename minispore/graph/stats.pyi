# Written by tools/stubs from minispore.graph.stats: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['CompileStats', 'compile_stats']

class CompileStats:
    def __init__(self, executables: int = 0, resized: int = 0, traces: int = 0, compiled: int = 0, loaded: int = 0, compile_seconds: float = ..., pieces: int = 0, breaks: int = 0) -> None: ...
    def as_dict(self) -> dict[Any, Any]: ...
    def reset(self) -> None: ...
    breaks: Any
    compile_seconds: Any
    compiled: Any
    executables: Any
    loaded: Any
    pieces: Any
    resized: Any
    traces: Any

def compile_stats() -> dict[Any, Any]: ...
