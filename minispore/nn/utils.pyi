# Written by tools/stubs from minispore.nn.utils: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['no_init_parameters']

def no_init_parameters() -> Any: ...
