# Written by tools/stubs from minispore.core.heap: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

class _Heap:
    def __init__(self) -> None: ...
    def grown(self) -> None: ...
    end: Any
    libc: Any
