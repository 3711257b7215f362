# Written by tools/stubs from minispore.dataset.vision.convert: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import DTypeLike, Number
from minispore.dataset.transforms.array import numpy_type as numpy_type
from minispore.dataset.transforms.base import Elementwise as Elementwise, Transform as Transform
from minispore.dataset.vision.base import BlockTransform as BlockTransform, ImageTransform as ImageTransform, is_pil as is_pil, pillow as pillow, rounded as rounded
from minispore.dataset.vision.utils import ConvertMode as ConvertMode
from numpy.typing import NDArray
from typing import Any

__all__ = ['BlockTransform', 'ConvertColor', 'ConvertMode', 'Decode', 'Elementwise', 'HWC2CHW', 'ImageTransform', 'LinearTransformation', 'Normalize', 'NormalizePad', 'Rescale', 'ToNumpy', 'ToPIL', 'ToTensor', 'ToType', 'Transform', 'is_pil', 'numpy_type', 'pillow', 'rounded', 'with_image_docs']

class ConvertColor(ImageTransform):
    def __init__(self, convert_mode: ConvertMode) -> None: ...
    keeps_pil: bool
    mode: Any
    types: str

class Decode(Transform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, to_pil: bool = False) -> None: ...
    to_pil: Any

class HWC2CHW(BlockTransform):
    def block(self, column: Any, drawn: Any) -> NDArray[Any] | Any: ...
    keeps_pil: bool
    ranks: Any
    types: str

class LinearTransformation(Transform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, transformation_matrix: Any, mean_vector: Any) -> None: ...
    matrix: Any
    mean: Any

class Normalize(BlockTransform):
    def __init__(self, mean: Sequence[Number], std: Sequence[Number], is_hwc: bool = True) -> None: ...
    def block(self, column: Any, drawn: Any) -> NDArray[Any] | Any: ...
    is_hwc: Any
    keeps_pil: bool
    mean: Any
    std: Any

class NormalizePad(Normalize):
    def __init__(self, mean: Sequence[Number], std: Sequence[Number], dtype: str = 'float32', is_hwc: bool = True) -> None: ...
    dtype: Any

class Rescale(BlockTransform):
    def __init__(self, rescale: Number, shift: Number) -> None: ...
    def block(self, column: Any, drawn: Any) -> NDArray[Any] | Any: ...
    keeps_pil: bool
    ranks: Any
    rescale: Any
    shift: Any

class ToNumpy(Transform):
    def __call__(self, image: Any) -> NDArray[Any]: ...

class ToPIL(Transform):
    def __call__(self, image: Any) -> Any: ...

class ToTensor(BlockTransform):
    def __init__(self, output_type: DTypeLike = ...) -> None: ...
    def block(self, column: Any, drawn: Any) -> NDArray[Any] | Any: ...
    dtype: Any
    keeps_pil: bool
    ranks: Any

class ToType(Elementwise):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    def __init__(self, data_type: DTypeLike) -> None: ...
    dtype: Any

def with_image_docs(target: Any) -> Any: ...
