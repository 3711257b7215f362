# Written by tools/stubs from minispore.dataset.vision.color: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Number
from minispore.dataset.draws import draws as draws
from minispore.dataset.vision.base import BlockTransform as BlockTransform, ImageTransform as ImageTransform, Sometimes as Sometimes, check_range as check_range, check_square as check_square, is_pil as is_pil, pillow as pillow, rounded as rounded
from numpy.typing import NDArray
from typing import Any

__all__ = ['AdjustBrightness', 'AdjustContrast', 'AdjustGamma', 'AdjustHue', 'AdjustSaturation', 'AdjustSharpness', 'AutoContrast', 'BlockTransform', 'Equalize', 'GaussianBlur', 'Grayscale', 'HsvToRgb', 'ImageTransform', 'Invert', 'PillowTransform', 'Posterize', 'RandomAdjustSharpness', 'RandomAutoContrast', 'RandomColor', 'RandomColorAdjust', 'RandomEqualize', 'RandomGrayscale', 'RandomInvert', 'RandomLighting', 'RandomPosterize', 'RandomSharpness', 'RandomSolarize', 'RgbToHsv', 'Solarize', 'Sometimes', 'check_range', 'check_square', 'draws', 'is_pil', 'pillow', 'rounded']

class PillowTransform(ImageTransform):
    def __call__(self, image: Any) -> Any: ...

class _Enhance(PillowTransform):
    def __init__(self, factor: Any) -> None: ...
    factor: Any

class AdjustBrightness(_Enhance):
    def __init__(self, brightness_factor: Number) -> None: ...

class AdjustContrast(_Enhance):
    def __init__(self, contrast_factor: Number) -> None: ...

class AdjustGamma(PillowTransform):
    def __init__(self, gamma: Number, gain: Number = 1) -> None: ...
    gain: Any
    gamma: Any

class AdjustHue(PillowTransform):
    def __init__(self, hue_factor: Number) -> None: ...
    factor: Any

class AdjustSaturation(_Enhance):
    def __init__(self, saturation_factor: Number) -> None: ...

class AdjustSharpness(_Enhance):
    def __init__(self, sharpness_factor: Number) -> None: ...

class _Ops(PillowTransform):
    ...

class AutoContrast(_Ops):
    def __init__(self, cutoff: Number = ..., ignore: Any = None) -> None: ...

class Equalize(_Ops):
    ...

class GaussianBlur(ImageTransform):
    def __init__(self, kernel_size: Any, sigma: Number | Sequence[Any] | None = None) -> None: ...
    kernels: Any

class Grayscale(PillowTransform):
    def __init__(self, num_output_channels: Any = 1) -> None: ...
    mode: Any

class RgbToHsv(ImageTransform):
    def __init__(self, is_hwc: bool = False) -> None: ...
    is_hwc: Any
    keeps_pil: bool
    ranks: Any

class HsvToRgb(RgbToHsv):
    ...

class Invert(BlockTransform):
    ranks: Any

class Posterize(_Ops):
    def __init__(self, bits: int) -> None: ...

class RandomAdjustSharpness(Sometimes):
    def __init__(self, degree: Number, prob: float = ...) -> None: ...

class RandomAutoContrast(Sometimes):
    def __init__(self, cutoff: Number = ..., ignore: Any = None, prob: float = ...) -> None: ...

class _RandomAmount(ImageTransform):
    def __call__(self, image: Any) -> Any: ...
    def __init__(self, between: Any) -> None: ...
    between: Any

class RandomColor(_RandomAmount):
    def __init__(self, degrees: Any = ...) -> None: ...

class RandomColorAdjust(ImageTransform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, brightness: Any = ..., contrast: Any = ..., saturation: Any = ..., hue: Any = ...) -> None: ...
    factors: Any
    hue: Any
    ranks: Any

class RandomEqualize(Sometimes):
    def __init__(self, prob: float = ...) -> None: ...

class RandomGrayscale(Sometimes):
    def __init__(self, prob: float = ...) -> None: ...

class RandomInvert(Sometimes):
    def __init__(self, prob: float = ...) -> None: ...

class RandomLighting(ImageTransform):
    def __init__(self, alpha: Number = ...) -> None: ...
    alpha: Any
    ranks: Any

class RandomPosterize(_RandomAmount):
    def __init__(self, bits: Any = ...) -> None: ...

class RandomSharpness(_RandomAmount):
    def __init__(self, degrees: Any = ...) -> None: ...

class RandomSolarize(ImageTransform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, threshold: Any = ...) -> None: ...
    threshold: Any

class Solarize(BlockTransform):
    def __init__(self, threshold: Any) -> None: ...
    ranks: Any
    threshold: Any
