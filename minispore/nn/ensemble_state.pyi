# Written by tools/stubs from minispore.nn.ensemble_state: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['Held']

class Held:
    def __init__(self, step: Any) -> None: ...
    @property
    def above_zero(self) -> int: ...
    def key_of(self, step: Cell, name: str) -> str | None: ...
    def noted(self, random_state: tuple[int, int]) -> Held: ...
    is_parameter: Any
    names: Any
    number_places: Any
    numbers: Any
    plain: Any
    sources: Any
    tensors: Any
    trainable: Any
