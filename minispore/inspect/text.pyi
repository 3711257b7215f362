# Written by tools/stubs from minispore.inspect.text: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['Listed']

class Listed(list[Any]):
    def __getitem__(self, key: Any) -> Any: ...
