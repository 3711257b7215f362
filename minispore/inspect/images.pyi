# Written by tools/stubs from minispore.inspect.images: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['picture']

def picture(x: Any) -> Any: ...
