# Written by tools/stubs from minispore.train.exported: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore._types import Path
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['export', 'load']

def export(net: Cell | Callable[..., Any], *inputs: Any, file_name: Path, file_format: str, **kwargs: Any) -> None: ...

def load(file_name: Path | str, **kwargs: Any) -> Any: ...
