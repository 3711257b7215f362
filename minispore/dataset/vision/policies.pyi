# Written by tools/stubs from minispore.dataset.vision.policies: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from enum import Enum as Enum
from minispore.core.docstrings import documented as documented
from minispore.dataset.draws import draws as draws
from minispore.dataset.vision.base import ImageTransform as ImageTransform, whole as whole
from minispore.dataset.vision.color import AdjustBrightness as AdjustBrightness, AdjustContrast as AdjustContrast, AdjustSaturation as AdjustSaturation, AdjustSharpness as AdjustSharpness, AutoContrast as AutoContrast, Equalize as Equalize, Invert as Invert, Posterize as Posterize, Solarize as Solarize
from minispore.dataset.vision.utils import Inter as Inter
from minispore.dataset.vision.warping import Affine as Affine, Rotate as Rotate
from typing import Any

__all__ = ['AdjustBrightness', 'AdjustContrast', 'AdjustSaturation', 'AdjustSharpness', 'Affine', 'AutoAugment', 'AutoAugmentPolicy', 'AutoContrast', 'Enum', 'Equalize', 'ImageTransform', 'Inter', 'Invert', 'Posterize', 'RandAugment', 'Rotate', 'Solarize', 'TrivialAugmentWide', 'documented', 'draws', 'whole']

class _Policy(ImageTransform):
    def __init__(self, interpolation: Any, fill_value: Any) -> None: ...
    channels: Any
    fill: Any
    inter: Any
    keeps_pil: bool
    random: bool
    types: str

class AutoAugment(_Policy):
    def __init__(self, policy: AutoAugmentPolicy = ..., interpolation: Inter = ..., fill_value: Sequence[int] | int = 0) -> None: ...
    policy: Any

class AutoAugmentPolicy(str, Enum):
    IMAGENET = 'imagenet'
    CIFAR10 = 'cifar10'
    SVHN = 'svhn'

class RandAugment(_Policy):
    def __init__(self, num_ops: int = 2, magnitude: int = 9, num_magnitude_bins: int = 31, interpolation: Inter = ..., fill_value: Sequence[int] | int = 0) -> None: ...
    count: Any
    share: Any

class TrivialAugmentWide(_Policy):
    def __init__(self, num_magnitude_bins: int = 31, interpolation: Inter = ..., fill_value: Sequence[int] | int = 0) -> None: ...
    bins: Any
