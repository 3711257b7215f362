# Written by tools/stubs from minispore.dataset.vision.resample: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Number
from minispore.dataset.vision.base import axes as axes, rounded as rounded
from minispore.dataset.vision.utils import Inter as Inter
from numpy.typing import NDArray
from typing import Any

__all__ = ['Inter', 'axes', 'resize', 'rounded', 'warp']

def resize(array: NDArray[Any], height: int, width: int, inter: Inter) -> NDArray[Any]: ...

def warp(array: NDArray[Any], inverse: NDArray[Any], size: tuple[int, int], inter: Inter, fill: Number | Sequence[Number]) -> NDArray[Any]: ...
