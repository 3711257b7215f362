# Written by tools/stubs from minispore.train.batches: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['as_dataset']

def as_dataset(owner: str, name: str, given: Any) -> Any: ...
