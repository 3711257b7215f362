# Written by tools/stubs from minispore.graph.stats: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['compile_stats']

def compile_stats() -> dict[Any, Any]: ...
