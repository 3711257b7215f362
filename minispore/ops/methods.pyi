# Written by tools/stubs from minispore.ops.methods: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['method']

def method(*names: str, operator: str | None = None) -> Any: ...
