# Written by tools/stubs from minispore.dataset.vision.random_color: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Number
from minispore.dataset.draws import draws as draws
from minispore.dataset.vision.base import ImageTransform as ImageTransform, Sometimes as Sometimes, check_range as check_range, is_pil as is_pil, rounded as rounded, to_kind as to_kind
from minispore.dataset.vision.color import AdjustBrightness as AdjustBrightness, AdjustContrast as AdjustContrast, AdjustHue as AdjustHue, AdjustSaturation as AdjustSaturation, AdjustSharpness as AdjustSharpness, AutoContrast as AutoContrast, Equalize as Equalize, Grayscale as Grayscale, Invert as Invert, Posterize as Posterize, Solarize as Solarize
from numpy.typing import NDArray
from typing import Any

__all__ = ['AdjustBrightness', 'AdjustContrast', 'AdjustHue', 'AdjustSaturation', 'AdjustSharpness', 'AutoContrast', 'Equalize', 'Grayscale', 'ImageTransform', 'Invert', 'Posterize', 'RandomAdjustSharpness', 'RandomAutoContrast', 'RandomColor', 'RandomColorAdjust', 'RandomEqualize', 'RandomGrayscale', 'RandomInvert', 'RandomLighting', 'RandomPosterize', 'RandomSharpness', 'RandomSolarize', 'Solarize', 'Sometimes', 'check_range', 'draws', 'is_pil', 'rounded', 'to_kind', 'with_image_docs']

class RandomAdjustSharpness(Sometimes):
    def __init__(self, degree: Number, prob: float = ...) -> None: ...
    keeps_pil: bool

class RandomAutoContrast(Sometimes):
    def __init__(self, cutoff: Number = ..., ignore: Any = None, prob: float = ...) -> None: ...
    keeps_pil: bool

class _RandomAmount(ImageTransform):
    def __call__(self, image: Any) -> Any: ...
    def __init__(self, name: Any, between: Any) -> None: ...
    between: Any

class RandomColor(_RandomAmount):
    def __init__(self, degrees: Sequence[Number] = ...) -> None: ...

class RandomColorAdjust(ImageTransform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, brightness: Number | Sequence[Number] = ..., contrast: Number | Sequence[Number] = ..., saturation: Number | Sequence[Number] = ..., hue: Number | Sequence[Number] = ...) -> None: ...
    channels: Any
    factors: Any
    hue: Any
    ranks: Any
    types: str

class RandomEqualize(Sometimes):
    def __init__(self, prob: float = ...) -> None: ...
    keeps_pil: bool

class RandomGrayscale(Sometimes):
    def __init__(self, prob: float = ...) -> None: ...

class RandomInvert(Sometimes):
    def __init__(self, prob: float = ...) -> None: ...
    keeps_pil: bool

class RandomLighting(ImageTransform):
    def __init__(self, alpha: Number = ...) -> None: ...
    alpha: Any
    channels: Any
    ranks: Any

class RandomPosterize(_RandomAmount):
    def __init__(self, bits: int | Sequence[int] = ...) -> None: ...
    keeps_pil: bool

class RandomSharpness(_RandomAmount):
    def __init__(self, degrees: Sequence[Number] = ...) -> None: ...

class RandomSolarize(ImageTransform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, threshold: Sequence[Number] = ...) -> None: ...
    threshold: Any

def with_image_docs(target: Any) -> Any: ...
