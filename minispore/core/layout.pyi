# Written by tools/stubs from minispore.core.layout: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['dense_strides']

def dense_strides(shape: Any) -> tuple[int, ...]: ...
