# Written by tools/stubs from minispore.train.checkpoint.torch_names: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Mapping
from minispore._types import Path
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from numpy.typing import NDArray
from typing import Any

__all__ = ['load_torch_state', 'torch_name_map']

def load_torch_state(net: Cell, state: Path | Mapping[Any, Any] | str | NDArray[Any] | Tensor, name_map: dict[str, str] | None = None) -> list[str]: ...

def torch_name_map(net: Cell) -> dict[str, str]: ...
