# Written by tools/stubs from minispore.core.checks: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

def at_least(owner: str, low: Any, /, wanted: Any = 'be at least {}', **given: Any) -> Any: ...
