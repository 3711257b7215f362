# Written by tools/stubs from minispore.dataset.vision.augment: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Sequence
from minispore._types import Items, Number
from minispore.dataset.draws import draws as draws
from minispore.dataset.transforms.base import Transform as Transform, check_transforms as check_transforms
from minispore.dataset.vision.base import ImageTransform as ImageTransform, check_range as check_range, whole as whole
from minispore.dataset.vision.utils import ImageBatchFormat as ImageBatchFormat
from numpy.typing import NDArray
from typing import Any

__all__ = ['CutMixBatch', 'CutOut', 'Erase', 'ImageBatchFormat', 'ImageTransform', 'MixUp', 'MixUpBatch', 'RandomErasing', 'RandomSelectSubpolicy', 'Transform', 'UniformAugment', 'check_range', 'check_transforms', 'draws', 'whole', 'with_image_docs']

class _MixedBatch(Transform):
    def __init__(self, alpha: Any) -> None: ...
    alpha: Any

class CutMixBatch(_MixedBatch):
    def __call__(self, images: Any, labels: Any) -> tuple[Any, ...]: ...
    def __init__(self, image_batch_format: ImageBatchFormat, alpha: Number = ..., prob: float = ...) -> None: ...
    format: Any
    prob: Any

class CutOut(ImageTransform):
    def __init__(self, length: int, num_patches: int = 1, is_hwc: bool = True) -> None: ...
    is_hwc: Any
    keeps_pil: bool
    length: Any
    patches: Any
    ranks: Any

class Erase(ImageTransform):
    def __init__(self, top: int, left: int, height: int, width: int, value: Number | Sequence[Number] = 0, inplace: bool = False) -> None: ...
    channels: Any
    inplace: Any
    keeps_pil: bool
    place: Any
    size: Any
    value: Any

class MixUp(Transform):
    def __call__(self, image: Any, label: Any) -> tuple[Any, ...]: ...
    def __init__(self, batch_size: int, alpha: Number, is_single: bool = True) -> None: ...
    alpha: Any
    batch_size: Any
    is_single: Any

class MixUpBatch(_MixedBatch):
    def __call__(self, images: Any, labels: Any) -> tuple[Any, ...]: ...
    def __init__(self, alpha: Number = ...) -> None: ...

class RandomErasing(Transform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, prob: float = ..., scale: Sequence[Number] = ..., ratio: Sequence[Number] = ..., value: Number | Sequence[Number] | str = 0, inplace: bool = False, max_attempts: int = 10) -> None: ...
    attempts: Any
    inplace: Any
    prob: Any
    ratio: Any
    scale: Any
    value: Any

class RandomSelectSubpolicy(Transform):
    def __call__(self, image: Any) -> Any: ...
    def __init__(self, policy: Items) -> None: ...
    policy: Any

class UniformAugment(Transform):
    def __call__(self, image: Any) -> Any: ...
    def __init__(self, transforms: Sequence[Callable[..., Any]], num_ops: int = 2) -> None: ...
    count: Any
    transforms: Any

def with_image_docs(target: Any) -> Any: ...
