# Written by tools/stubs from minispore.dataset.remembered: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['Remembered']

class Remembered:
    made_with: Any
