# Written by tools/stubs from minispore.dataset.vision.geometry: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Number
from minispore.dataset.draws import draws as draws
from minispore.dataset.vision.base import BlockTransform as BlockTransform, ImageTransform as ImageTransform, Sometimes as Sometimes, axes as axes, check_size as check_size, check_square as check_square, is_pil as is_pil, pillow as pillow, size_of as size_of, whole as whole
from minispore.dataset.vision.resample import resize as resize
from minispore.dataset.vision.utils import Border as Border, Inter as Inter
from numpy.typing import NDArray
from typing import Any

__all__ = ['BlockTransform', 'Border', 'HorizontalFlip', 'ImageTransform', 'Inter', 'Pad', 'PadToSize', 'RandomHorizontalFlip', 'RandomResize', 'RandomVerticalFlip', 'Resize', 'Sometimes', 'VerticalFlip', 'axes', 'check_size', 'check_square', 'draws', 'is_pil', 'of_channels', 'pad_image', 'pil_filter', 'pillow', 'resize', 'size_of', 'whole', 'with_image_docs']

class HorizontalFlip(BlockTransform):
    keeps_pil: bool

class Pad(ImageTransform):
    def __init__(self, padding: int | Sequence[int], fill_value: Number | Sequence[Number] = 0, padding_mode: Border = ...) -> None: ...
    channels: Any
    fill: Any
    mode: Any
    sides: Any

class PadToSize(ImageTransform):
    def __init__(self, size: int | Sequence[int], offset: int | Sequence[int] | None = None, fill_value: Number | Sequence[Number] = 0, padding_mode: Border = ...) -> None: ...
    channels: Any
    fill: Any
    keeps_pil: bool
    mode: Any
    offset: Any
    size: Any

class _RandomFlip(Sometimes):
    def block(self, column: Any, drawn: Any) -> NDArray[Any] | Any: ...
    ranks: Any
    takes_block: bool

class RandomHorizontalFlip(_RandomFlip):
    def __init__(self, prob: float = ...) -> None: ...

class RandomResize(ImageTransform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, size: int | Sequence[int]) -> None: ...
    resizes: Any

class RandomVerticalFlip(_RandomFlip):
    def __init__(self, prob: float = ...) -> None: ...

class Resize(BlockTransform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, size: int | Sequence[int], interpolation: Inter = ...) -> None: ...
    interpolation: Any
    size: Any
    types: str

class VerticalFlip(BlockTransform):
    keeps_pil: bool

def of_channels(fill: Any, array: NDArray[Any]) -> Any: ...

def pad_image(array: NDArray[Any], sides: tuple[int, int, int, int], fill: Number | Border | Sequence[Number], mode: Border) -> NDArray[Any]: ...

def pil_filter(inter: Inter) -> Any: ...

def with_image_docs(target: Any) -> Any: ...
