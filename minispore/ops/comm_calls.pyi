# Written by tools/stubs from minispore.ops.comm_calls: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['CommHandle']

class CommHandle:
    def __init__(self, requests: Any = ..., site: Any = None, kept: Any = None) -> None: ...
    def wait(self) -> None: ...
