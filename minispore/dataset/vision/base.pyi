# Written by tools/stubs from minispore.dataset.vision.base: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore.core.boundary import short as short
from minispore.core.docstrings import documented as documented
from minispore.core.tensor import Tensor as Tensor
from minispore.dataset.draws import draws as draws
from minispore.dataset.transforms.base import Transform as Transform
from numpy.typing import NDArray
from typing import Any

__all__ = ['BlockTransform', 'ImageTransform', 'Sometimes', 'Tensor', 'Transform', 'axes', 'check_pair', 'check_range', 'check_size', 'check_square', 'documented', 'draws', 'is_pil', 'pillow', 'rounded', 'short', 'size_of', 'to_kind', 'whole', 'window', 'with_image_docs']

class ImageTransform(Transform):
    def __call__(self, image: Any) -> NDArray[Any]: ...
    channels: Any
    keeps_pil: Any
    pil_only: Any
    ranks: Any
    types: Any

class BlockTransform(ImageTransform):
    def block(self, column: Any, drawn: Any) -> NDArray[Any] | Any: ...
    random: bool
    ranks: tuple[int, ...]
    takes_block: bool

class Sometimes(ImageTransform):
    def __call__(self, image: Any) -> Any: ...
    def __init__(self, change: ImageTransform, prob: float) -> None: ...
    change: Any
    prob: Any

def axes(array: NDArray[Any]) -> tuple[int, int]: ...

def check_pair(owner: str, name: str, value: Any, low: float = ..., high: float = ...) -> tuple[float, float]: ...

def check_range(owner: str, name: str, value: Any, low: float = ..., high: float = ...) -> tuple[float, float]: ...

def check_size(owner: str, size: int | Sequence[int], name: str = 'size') -> tuple[int, int] | int: ...

def check_square(owner: str, size: int | Sequence[int], name: str = 'size') -> tuple[int, int]: ...

def is_pil(image: Any) -> bool: ...

def pillow(owner: str) -> Any: ...

def rounded(values: NDArray[Any], dtype: Any) -> NDArray[Any]: ...

def size_of(array: NDArray[Any]) -> tuple[int, int]: ...

def to_kind(owner: str, array: NDArray[Any], like: Any) -> NDArray[Any]: ...

def whole(owner: str, interval: str, /, **given: Any) -> Any: ...

def window(array: NDArray[Any], top: int, left: int, height: int, width: int) -> NDArray[Any]: ...

def with_image_docs(target: Any) -> Any: ...
