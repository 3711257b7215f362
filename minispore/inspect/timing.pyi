# Written by tools/stubs from minispore.inspect.timing: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['Timings']

class Timings:
    def __init__(self, spans: list[list[tuple[int, float, float]]], profiled: list[float], normal: list[float], empty: float) -> None: ...
    empty: Any
    normal: Any
    profiled: Any
    spans: Any
