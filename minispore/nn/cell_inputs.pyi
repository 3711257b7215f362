# Written by tools/stubs from minispore.nn.cell_inputs: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from typing import Any

__all__ = ['check_declared', 'declared', 'positions']

def check_declared(owner: str, wanted: dict[str, Any], given: dict[str, Any]) -> None: ...

def declared(owner: str, names: Sequence[str], inputs: tuple[Any, ...], named: dict[Any, Any]) -> dict[str, Any]: ...

def positions(names: Sequence[str], inputs: tuple[Any, ...]) -> dict[str, Any]: ...
