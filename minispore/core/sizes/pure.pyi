# Written by tools/stubs from minispore.core.sizes.pure: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['computed']

def computed(function: Any, args: tuple[Any, ...], kwargs: dict[Any, Any]) -> Any: ...
