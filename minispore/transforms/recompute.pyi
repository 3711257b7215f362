# Written by tools/stubs from minispore.transforms.recompute: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore._types import R
from typing import Any

__all__ = ['recompute']

def recompute(block: Callable[..., R], *args: Any, **kwargs: Any) -> R: ...
