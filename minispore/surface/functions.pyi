# Written by tools/stubs from minispore.surface.functions: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from typing import Any

__all__ = ['adaptive_avg_pool3d']

def adaptive_avg_pool3d(input: Any, output_size: Any) -> Any: ...
