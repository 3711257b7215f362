# Written by tools/stubs from minispore.inspect.compare: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore.core.tensor import Tensor
from minispore.inspect.view import NodeView
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['Comparison', 'compare_modes']

class Comparison:
    def __init__(self, results: dict[str, float], equal: bool, node: NodeView | None, difference: float) -> None: ...

def compare_modes(function: Cell | Callable[..., Any] | Tensor, *args: Any, **kwargs: Any) -> Comparison: ...
