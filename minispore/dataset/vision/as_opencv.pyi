# Written by tools/stubs from minispore.dataset.vision.as_opencv: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from numpy.typing import NDArray
from typing import Any

__all__ = ['bytes_of_hsv', 'hsv_of_bytes', 'whole_weights']

def bytes_of_hsv(hue: NDArray[Any], saturation: NDArray[Any], value: NDArray[Any]) -> NDArray[Any]: ...

def hsv_of_bytes(image: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]: ...

def whole_weights(kernel: NDArray[Any], bits: int) -> NDArray[Any]: ...
