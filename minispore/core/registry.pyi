# Written by tools/stubs from minispore.core.registry: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from typing import Any

def supplies(name: str) -> Callable[..., Any]: ...
