# Written by tools/stubs from minispore.surface.paths: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['SameModule']

class SameModule:
    def __init__(self, module: Any) -> None: ...
    def create_module(self, spec: Any) -> None: ...
    def exec_module(self, module: Any) -> None: ...
    module: Any
