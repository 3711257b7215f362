# Written by tools/stubs from minispore.inspect.machine: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['Peaks']

class Peaks:
    def __init__(self, flops: float, bytes: float) -> None: ...
    bytes: Any
    flops: Any
