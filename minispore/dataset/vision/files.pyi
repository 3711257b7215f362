# Written by tools/stubs from minispore.dataset.vision.files: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from enum import IntEnum as IntEnum
from minispore.core.tensor import Tensor as Tensor
from minispore.dataset.vision.base import is_pil as is_pil, pillow as pillow, size_of as size_of
from numpy.typing import NDArray
from typing import Any

__all__ = ['ImageReadMode', 'IntEnum', 'Tensor', 'encode_jpeg', 'encode_png', 'get_image_num_channels', 'get_image_size', 'is_pil', 'pillow', 'read_file', 'read_image', 'size_of', 'write_file', 'write_jpeg', 'write_png']

class ImageReadMode(IntEnum):
    UNCHANGED = 0
    GRAYSCALE = 1
    COLOR = 2

def encode_jpeg(image: Any, quality: int = 75) -> NDArray[Any]: ...

def encode_png(image: Any, compression_level: int = 6) -> NDArray[Any]: ...

def get_image_num_channels(image: Any) -> int: ...

def get_image_size(image: Any) -> list[int]: ...

def read_file(filename: str) -> NDArray[Any]: ...

def read_image(filename: str, mode: Any = ...) -> NDArray[Any]: ...

def write_file(filename: str, data: Any) -> None: ...

def write_jpeg(filename: str, image: Any, quality: int = 75) -> None: ...

def write_png(filename: str, image: Any, compression_level: int = 6) -> None: ...
