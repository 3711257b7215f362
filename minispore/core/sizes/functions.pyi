# Written by tools/stubs from minispore.core.sizes.functions: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['sizes_in']

def sizes_in(x: Any) -> Any: ...
