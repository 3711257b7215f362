# Written by tools/stubs from minispore.dataset.vision.cropping: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Items, Number
from minispore.dataset.draws import draws as draws
from minispore.dataset.vision.base import BlockTransform as BlockTransform, ImageTransform as ImageTransform, check_range as check_range, check_square as check_square, is_pil as is_pil, size_of as size_of, to_kind as to_kind, whole as whole, window as window
from minispore.dataset.vision.convert import Decode as Decode
from minispore.dataset.vision.geometry import HorizontalFlip as HorizontalFlip, Resize as Resize, VerticalFlip as VerticalFlip, pad_image as pad_image
from minispore.dataset.vision.utils import Border as Border, Inter as Inter, SliceMode as SliceMode
from numpy.typing import NDArray
from typing import Any

__all__ = ['BlockTransform', 'Border', 'CenterCrop', 'Crop', 'Decode', 'FiveCrop', 'HorizontalFlip', 'ImageTransform', 'Inter', 'RandomCrop', 'RandomCropDecodeResize', 'RandomResizedCrop', 'Resize', 'ResizedCrop', 'SliceMode', 'SlicePatches', 'TenCrop', 'VerticalFlip', 'check_range', 'check_square', 'draws', 'is_pil', 'pad_image', 'random_rectangle', 'size_of', 'to_kind', 'whole', 'window', 'with_image_docs']

class CenterCrop(BlockTransform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, size: int | Sequence[int]) -> None: ...
    size: Any

class Crop(ImageTransform):
    def __init__(self, coordinates: Items, size: int | Sequence[int]) -> None: ...
    keeps_pil: bool
    left: Any
    size: Any
    top: Any

class FiveCrop(ImageTransform):
    def __call__(self, image: Any) -> tuple[Any, ...]: ...
    def __init__(self, size: int | Sequence[int]) -> None: ...
    pil_only: bool
    size: Any

class RandomCrop(ImageTransform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, size: int | Sequence[int], padding: Any = None, pad_if_needed: bool = False, fill_value: Number | Sequence[Number] = 0, padding_mode: Border = ...) -> None: ...
    def block(self, column: Any, drawn: Any) -> NDArray[Any] | Any: ...
    channels: Any
    fill: Any
    mode: Any
    pad_if_needed: Any
    ranks: Any
    sides: Any
    size: Any
    takes_block: bool

class RandomResizedCrop(ImageTransform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, size: int | Sequence[int], scale: Sequence[Number] = ..., ratio: Sequence[Number] = ..., interpolation: Inter = ..., max_attempts: int = 10) -> None: ...
    attempts: Any
    interpolation: Any
    ranks: Any
    ratio: Any
    scale: Any
    size: Any
    types: str

class RandomCropDecodeResize(RandomResizedCrop):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, size: int | Sequence[int], scale: Sequence[Number] = ..., ratio: Sequence[Number] = ..., interpolation: Inter = ..., max_attempts: int = 10) -> None: ...

class ResizedCrop(ImageTransform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, top: int, left: int, height: int, width: int, size: int | Sequence[int], interpolation: Inter = ...) -> None: ...
    crop: Any
    resize: Any

class SlicePatches(ImageTransform):
    def __call__(self, image: Any) -> tuple[Any, ...]: ...
    def __init__(self, num_height: int = 1, num_width: int = 1, slice_mode: SliceMode = ..., fill_value: Number = 0) -> None: ...
    counts: Any
    fill: Any
    mode: Any

class TenCrop(ImageTransform):
    def __call__(self, image: Any) -> tuple[Any, ...]: ...
    def __init__(self, size: int | Sequence[int], use_vertical_flip: bool = False) -> None: ...
    crops: Any
    flip: Any

def random_rectangle(height: int, width: int, scale: Items, ratio: Items, attempts: int) -> tuple[int, int, int, int]: ...

def with_image_docs(target: Any) -> Any: ...
