# Written by tools/stubs from minispore.dataset.vision.warping: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Items, Number
from minispore.dataset.draws import draws as draws
from minispore.dataset.vision.base import ImageTransform as ImageTransform, check_pair as check_pair, check_range as check_range, is_pil as is_pil, pillow as pillow
from minispore.dataset.vision.geometry import of_channels as of_channels, pil_filter as pil_filter
from minispore.dataset.vision.resample import warp as warp
from minispore.dataset.vision.utils import Inter as Inter
from numpy.typing import NDArray
from typing import Any

__all__ = ['Affine', 'ImageTransform', 'Inter', 'Perspective', 'RandomAffine', 'RandomPerspective', 'RandomRotation', 'Rotate', 'check_pair', 'check_range', 'draws', 'is_pil', 'of_channels', 'pil_filter', 'pillow', 'warp', 'with_image_docs']

class Affine(ImageTransform):
    def __init__(self, degrees: Number, translate: Items, scale: Number, shear: Number | Sequence[Number], resample: Inter = ..., fill_value: Number | Sequence[Number] = 0) -> None: ...
    degrees: Any
    fill: Any
    keeps_pil: bool
    resample: Any
    scale: Any
    shear: Any
    translate: Any
    types: str

class Perspective(ImageTransform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, start_points: Items, end_points: Items, interpolation: Inter = ...) -> None: ...
    interpolation: Any
    inverse: Any
    types: str

class RandomAffine(ImageTransform):
    def __init__(self, degrees: Number | Sequence[Number], translate: Any = None, scale: Items | None = None, shear: Number | Sequence[Number] | None = None, resample: Inter = ..., fill_value: Number | Sequence[Number] = 0) -> None: ...
    degrees: Any
    options: Any
    scale: Any
    shear: Any
    translate: Any
    types: str

class RandomPerspective(ImageTransform):
    def __init__(self, distortion_scale: Number = ..., prob: float = ..., interpolation: Inter = ...) -> None: ...
    distortion: Any
    interpolation: Any
    prob: Any

class RandomRotation(ImageTransform):
    def __init__(self, degrees: Number | Sequence[Number], resample: Inter = ..., expand: bool = False, center: Items | None = None, fill_value: Number | Sequence[Number] = 0) -> None: ...
    degrees: Any
    options: Any
    types: str

class Rotate(ImageTransform):
    def __init__(self, degrees: Number, resample: Inter = ..., expand: bool = False, center: Items | None = None, fill_value: Number | Sequence[Number] = 0) -> None: ...
    center: Any
    degrees: Any
    expand: Any
    fill: Any
    keeps_pil: bool
    resample: Any
    types: str

def with_image_docs(target: Any) -> Any: ...
