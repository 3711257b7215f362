# Written by tools/stubs from minispore.dataset.vision.geometry: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Number
from minispore.dataset.draws import draws as draws
from minispore.dataset.transforms.base import Transform as Transform
from minispore.dataset.vision.base import BlockTransform as BlockTransform, ImageTransform as ImageTransform, Sometimes as Sometimes, axes as axes, check_range as check_range, check_size as check_size, check_square as check_square, is_pil as is_pil, pillow as pillow, size_of as size_of, to_kind as to_kind, window as window
from minispore.dataset.vision.convert import Decode as Decode
from minispore.dataset.vision.resample import resize as resize, warp as warp
from minispore.dataset.vision.utils import Border as Border, Inter as Inter, SliceMode as SliceMode
from numpy.typing import NDArray
from typing import Any

__all__ = ['Affine', 'BlockTransform', 'Border', 'CenterCrop', 'Crop', 'Decode', 'FiveCrop', 'HorizontalFlip', 'ImageTransform', 'Inter', 'Pad', 'PadToSize', 'Perspective', 'RandomAffine', 'RandomCrop', 'RandomCropDecodeResize', 'RandomHorizontalFlip', 'RandomPerspective', 'RandomResize', 'RandomResizedCrop', 'RandomRotation', 'RandomVerticalFlip', 'Resize', 'ResizedCrop', 'Rotate', 'SliceMode', 'SlicePatches', 'Sometimes', 'TenCrop', 'Transform', 'VerticalFlip', 'axes', 'check_pair', 'check_range', 'check_size', 'check_square', 'draws', 'is_pil', 'pad_image', 'pillow', 'random_rectangle', 'resize', 'size_of', 'to_kind', 'warp', 'window']

class Affine(ImageTransform):
    def __init__(self, degrees: Number, translate: Any, scale: Number, shear: Number | Sequence[Any], resample: Any = ..., fill_value: Number | Sequence[Any] = 0) -> None: ...
    degrees: Any
    fill: Any
    resample: Any
    scale: Any
    shear: Any
    translate: Any

class CenterCrop(BlockTransform):
    def __init__(self, size: Any) -> None: ...
    size: Any

class Crop(ImageTransform):
    def __init__(self, coordinates: Any, size: Any) -> None: ...
    left: Any
    size: Any
    top: Any

class FiveCrop(Transform):
    def __call__(self, image: Any) -> tuple[Any, ...]: ...
    def __init__(self, size: Any) -> None: ...
    size: Any

class HorizontalFlip(BlockTransform):
    ...

class Pad(ImageTransform):
    def __init__(self, padding: int | Sequence[Any], fill_value: Number | Sequence[Any] = 0, padding_mode: Any = ...) -> None: ...
    fill: Any
    mode: Any
    sides: Any

class PadToSize(ImageTransform):
    def __init__(self, size: Any, offset: int | Sequence[Any] | None = None, fill_value: Number | Sequence[Any] = 0, padding_mode: Any = ...) -> None: ...
    fill: Any
    mode: Any
    offset: Any
    size: Any

class Perspective(ImageTransform):
    def __init__(self, start_points: Sequence[Any], end_points: Sequence[Any], interpolation: Any = ...) -> None: ...
    interpolation: Any
    inverse: Any

class RandomAffine(ImageTransform):
    def __init__(self, degrees: Any, translate: Any = None, scale: Any = None, shear: Number | Sequence[Any] | None = None, resample: Any = ..., fill_value: Number | Sequence[Any] = 0) -> None: ...
    degrees: Any
    options: Any
    scale: Any
    shear: Any
    translate: Any

class RandomCrop(ImageTransform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, size: Any, padding: Any = None, pad_if_needed: bool = False, fill_value: Number | Sequence[Any] = 0, padding_mode: Any = ...) -> None: ...
    def block(self, column: Any, drawn: Any) -> NDArray[Any] | Any: ...
    fill: Any
    mode: Any
    pad_if_needed: Any
    ranks: Any
    sides: Any
    size: Any
    takes_block: bool

class RandomResizedCrop(ImageTransform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, size: Any, scale: Any = ..., ratio: Any = ..., interpolation: Any = ..., max_attempts: int = 10) -> None: ...
    attempts: Any
    interpolation: Any
    ranks: Any
    ratio: Any
    scale: Any
    size: Any

class RandomCropDecodeResize(RandomResizedCrop):
    def __call__(self, image: Any) -> NDArray[Any]: ...

class _RandomFlip(Sometimes):
    def block(self, column: Any, drawn: Any) -> NDArray[Any] | Any: ...
    change: Any
    prob: Any
    ranks: Any
    takes_block: bool

class RandomHorizontalFlip(_RandomFlip):
    def __init__(self, prob: float = ...) -> None: ...

class RandomPerspective(ImageTransform):
    def __init__(self, distortion_scale: Number = ..., prob: float = ..., interpolation: Any = ...) -> None: ...
    distortion: Any
    interpolation: Any
    prob: Any

class RandomResize(ImageTransform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, size: Any) -> None: ...
    resizes: Any

class RandomRotation(ImageTransform):
    def __init__(self, degrees: Any, resample: Any = ..., expand: bool = False, center: Any = None, fill_value: Number | Sequence[Any] = 0) -> None: ...
    degrees: Any
    options: Any

class RandomVerticalFlip(_RandomFlip):
    def __init__(self, prob: float = ...) -> None: ...

class Resize(BlockTransform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, size: Any, interpolation: Any = ...) -> None: ...
    interpolation: Any
    size: Any

class ResizedCrop(ImageTransform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, top: int, left: int, height: int, width: int, size: Any, interpolation: Any = ...) -> None: ...
    crop: Any
    resize: Any

class Rotate(ImageTransform):
    def __init__(self, degrees: Number, resample: Any = ..., expand: bool = False, center: Any = None, fill_value: Number | Sequence[Any] = 0) -> None: ...
    center: Any
    degrees: Any
    expand: Any
    fill: Any
    resample: Any

class SlicePatches(Transform):
    def __call__(self, image: Any) -> tuple[Any, ...]: ...
    def __init__(self, num_height: int = 1, num_width: int = 1, slice_mode: Any = ..., fill_value: Number = 0) -> None: ...
    counts: Any
    fill: Any
    mode: Any

class TenCrop(Transform):
    def __call__(self, image: Any) -> tuple[Any, ...]: ...
    def __init__(self, size: Any, use_vertical_flip: bool = False) -> None: ...
    crops: Any
    flip: Any

class VerticalFlip(BlockTransform):
    ...

def check_pair(owner: str, name: str, value: Any, low: float = ..., high: float = ...) -> tuple[float, float]: ...

def pad_image(array: NDArray[Any], sides: tuple[int, int, int, int], fill: Number | Sequence[Any], mode: Border) -> NDArray[Any]: ...

def random_rectangle(height: int, width: int, scale: Any, ratio: Any, attempts: int) -> tuple[int, int, int, int]: ...
