# Written by tools/stubs from minispore.core.docstrings: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from typing import Any

__all__ = ['documented']

def documented(**passages: str) -> Callable[..., Any]: ...
