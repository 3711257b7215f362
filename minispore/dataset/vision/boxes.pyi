# Written by tools/stubs from minispore.dataset.vision.boxes: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Sequence
from minispore.dataset.draws import draws as draws
from minispore.dataset.transforms.base import Transform as Transform
from minispore.dataset.vision.base import ImageTransform as ImageTransform, size_of as size_of, window as window
from minispore.dataset.vision.cropping import RandomCrop as RandomCrop, RandomResizedCrop as RandomResizedCrop, random_rectangle as random_rectangle
from minispore.dataset.vision.geometry import HorizontalFlip as HorizontalFlip, Resize as Resize, VerticalFlip as VerticalFlip, pad_image as pad_image
from minispore.dataset.vision.utils import Border as Border, Inter as Inter
from typing import Any

__all__ = ['Border', 'BoundingBoxAugment', 'HorizontalFlip', 'ImageTransform', 'Inter', 'RandomCrop', 'RandomCropWithBBox', 'RandomHorizontalFlipWithBBox', 'RandomResizeWithBBox', 'RandomResizedCrop', 'RandomResizedCropWithBBox', 'RandomVerticalFlipWithBBox', 'Resize', 'ResizeWithBBox', 'Transform', 'VerticalFlip', 'draws', 'pad_image', 'random_rectangle', 'size_of', 'window']

class _WithBoxes(Transform):
    def __call__(self, image: Any, boxes: Any = None) -> Any: ...
    channels: Any
    keeps_pil: bool
    pil_only: bool
    ranks: Any
    types: Any

class BoundingBoxAugment(_WithBoxes):
    def __init__(self, transform: Callable[..., Any], ratio: float = ...) -> None: ...
    ratio: Any
    transform: Any

class RandomCropWithBBox(_WithBoxes):
    def __init__(self, size: int | Sequence[int], padding: int | None = None, pad_if_needed: bool = False, fill_value: int | Sequence[int] = 0, padding_mode: Border = ...) -> None: ...
    crop: Any

class RandomHorizontalFlipWithBBox(_WithBoxes):
    def __init__(self, prob: float = ...) -> None: ...
    prob: Any

class ResizeWithBBox(_WithBoxes):
    def __init__(self, size: int | Sequence[int], interpolation: Inter = ...) -> None: ...
    resizes: Any

class RandomResizeWithBBox(ResizeWithBBox):
    def __init__(self, size: int | Sequence[int]) -> None: ...

class RandomResizedCropWithBBox(_WithBoxes):
    def __init__(self, size: int | Sequence[int], scale: Any = ..., ratio: Any = ..., interpolation: Inter = ..., max_attempts: int = 10) -> None: ...
    crop: Any

class RandomVerticalFlipWithBBox(RandomHorizontalFlipWithBBox):
    def __init__(self, prob: float = ...) -> None: ...
