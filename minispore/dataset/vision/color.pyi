# Written by tools/stubs from minispore.dataset.vision.color: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Number
from minispore.dataset.vision.as_opencv import bytes_of_hsv as bytes_of_hsv, hsv_of_bytes as hsv_of_bytes, whole_weights as whole_weights
from minispore.dataset.vision.base import BlockTransform as BlockTransform, ImageTransform as ImageTransform, check_range as check_range, check_square as check_square, is_pil as is_pil, pillow as pillow, rounded as rounded, whole as whole
from numpy.typing import NDArray
from typing import Any

__all__ = ['AdjustBrightness', 'AdjustContrast', 'AdjustGamma', 'AdjustHue', 'AdjustSaturation', 'AdjustSharpness', 'AutoContrast', 'BlockTransform', 'Equalize', 'GaussianBlur', 'Grayscale', 'HsvToRgb', 'ImageTransform', 'Invert', 'PillowTransform', 'Posterize', 'RgbToHsv', 'Solarize', 'bytes_of_hsv', 'check_range', 'check_square', 'hsv_of_bytes', 'is_pil', 'pillow', 'rounded', 'whole', 'whole_weights', 'with_image_docs']

class PillowTransform(ImageTransform):
    def __call__(self, image: Any) -> Any: ...
    arrays_by_pillow: Any

class _Enhance(PillowTransform):
    def __init__(self, **named: Any) -> None: ...
    arrays_by_pillow: bool
    factor: Any

class AdjustBrightness(_Enhance):
    def __init__(self, brightness_factor: Number) -> None: ...
    channels: Any

class AdjustContrast(_Enhance):
    def __init__(self, contrast_factor: Number) -> None: ...
    channels: Any
    types: str

class AdjustGamma(PillowTransform):
    def __init__(self, gamma: Number, gain: Number = 1) -> None: ...
    arrays_by_pillow: bool
    channels: Any
    gain: Any
    gamma: Any

class AdjustHue(PillowTransform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, hue_factor: Number) -> None: ...
    channels: Any
    factor: Any
    types: str

class AdjustSaturation(_Enhance):
    def __init__(self, saturation_factor: Number) -> None: ...
    channels: Any
    types: str

class AdjustSharpness(_Enhance):
    def __init__(self, sharpness_factor: Number) -> None: ...
    keeps_pil: bool
    types: str

class _Ops(PillowTransform):
    ...

class AutoContrast(_Ops):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, cutoff: Number = ..., ignore: Any = None) -> None: ...
    channels: Any
    types: str

class Equalize(_Ops):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    channels: Any
    types: str

class GaussianBlur(ImageTransform):
    def __init__(self, kernel_size: int | Sequence[int], sigma: Number | Sequence[Number] | None = None) -> None: ...
    keeps_pil: bool
    kernels: Any
    types: str

class Grayscale(PillowTransform):
    def __init__(self, num_output_channels: int = 1) -> None: ...
    mode: Any
    pil_only: bool

class RgbToHsv(ImageTransform):
    def __init__(self, is_hwc: bool = False) -> None: ...
    is_hwc: Any
    keeps_pil: bool
    ranks: Any

class HsvToRgb(RgbToHsv):
    def __init__(self, is_hwc: bool = False) -> None: ...

class Invert(BlockTransform):
    channels: Any
    ranks: Any
    types: str

class Posterize(_Ops):
    def __init__(self, bits: int) -> None: ...
    keeps_pil: bool
    types: str

class Solarize(BlockTransform):
    def __init__(self, threshold: Number | Sequence[Number]) -> None: ...
    channels: Any
    keeps_pil: bool
    ranks: Any
    threshold: Any
    types: str

def with_image_docs(target: Any) -> Any: ...
