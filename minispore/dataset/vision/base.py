"""The base classes of image transforms, and checks of their arguments."""

from typing import Any

import numpy as np

from ...core.boundary import short
from ...core.docstrings import documented
from ...core.errors import fail, not_installed
from ...core.tensor import Tensor
from .. import checks
from ..draws import draws
from ..transforms.base import Transform

with_image_docs = documented(
    image="""\
Inputs:
    image: array (H, W) or (H, W, C), or Pillow image.

Returns:
    array of the same shape and dtype, or Pillow image.""",
    resized="""\
Inputs:
    image: array (H, W) or (H, W, C), or Pillow image.

Returns:
    array of the same dtype, or Pillow image.""",
    raises="""\
Raises:
    TypeError: an argument or input of the wrong type.
    ValueError: an argument out of range.
    RuntimeError: an image of other dimensions.""",
)


def is_pil(image: Any) -> bool:
    """Whether ``x`` is a Pillow image, without importing Pillow.

    Args:
        image: anything.

    Returns:
        bool.
    """
    return any(kind.__module__ == "PIL.Image" for kind in type(image).__mro__)


def pillow(owner: str):
    """The module PIL.Image.

    Args:
        owner: str, the transform's name for the message.

    Returns:
        module.

    Raises:
        ImportError: Pillow is not installed.
    """
    try:
        from PIL import Image
    except ImportError:
        raise not_installed(f"'{owner}'", "Pillow", "pillow") from None
    return Image


def axes(array: np.ndarray) -> tuple[int, int]:
    """The axes of height and width.

    Args:
        array: (H, W) or (..., H, W, C).

    Returns:
        tuple of two ints.
    """
    return (0, 1) if array.ndim == 2 else (array.ndim - 3, array.ndim - 2)


def size_of(array: np.ndarray) -> tuple[int, int]:
    """The height and width.

    Args:
        array: (H, W) or (..., H, W, C).

    Returns:
        tuple of two ints.
    """
    height, width = axes(array)
    return array.shape[height], array.shape[width]


def window(array: np.ndarray, top: int, left: int, height: int, width: int) -> np.ndarray:
    """A rectangle of the image; a view.

    Args:
        array: (H, W) or (..., H, W, C).
        top: int.
        left: int.
        height: int.
        width: int.

    Returns:
        array.
    """
    h, _ = axes(array)
    return array[(slice(None),) * h + (slice(top, top + height), slice(left, left + width))]


def to_kind(owner: str, array: np.ndarray, like: Any) -> Any:
    """An array as a Pillow image if another image is one.

    Args:
        owner: str, the transform's name for the message.
        array: the array.
        like: the other image.

    Returns:
        array or Pillow image.
    """
    return pillow(owner).fromarray(np.ascontiguousarray(array)) if is_pil(like) else array


class ImageTransform(Transform):
    """The base of transforms of one image; subclasses have ``_apply(array)``.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array, or Pillow image for one.

    Raises:
        TypeError: the input is neither an array nor a Pillow image.
        RuntimeError: its dimensions do not suit, or it is empty.
    """

    ranks: tuple[int, ...] = (2, 3)
    channels: tuple[int, ...] | None = None  # how many an array may have; None: any number
    types: str | None = None  # the NumPy types of arrays, "uint8 float32"; None: all
    keeps_pil = True
    pil_only = False  # as in MindSpore, where Pillow does it

    def __call__(self, image: Any) -> Any:
        array = self._checked(image)
        result = self._apply(array)
        return to_kind(type(self).__name__, result, image) if self.keeps_pil and is_pil(image) else result

    def _checked(self, image: Any) -> np.ndarray:
        as_pil = is_pil(image)
        if not isinstance(image, np.ndarray) or self.pil_only:
            if not as_pil:
                raise fail(
                    TypeError,
                    f"For '{type(self).__name__}', the input must be {'' if self.pil_only else 'an array or '}a Pillow image, but got {type(image).__name__}"
                    f"{': give tensor.asnumpy()' if isinstance(image, Tensor) else ': put ToPIL() before' if self.pil_only else ''}.",
                )
            image = np.asarray(image)
        if image.ndim not in self.ranks:
            raise fail(
                RuntimeError,
                f"For '{type(self).__name__}', the image must have one of {list(self.ranks)} dimensions, but got the shape {image.shape}.",
            )
        if image.size == 0:
            raise fail(RuntimeError, f"For '{type(self).__name__}', the image is empty: its shape is {image.shape}.")
        if as_pil and self.keeps_pil:
            return image  # Pillow does it, for the modes that it knows
        if self.types is not None and image.dtype.name not in self.types.split():
            raise fail(
                RuntimeError,
                f"For '{type(self).__name__}', the image must have one of the types {self.types}, but got {image.dtype}.",
            )
        if self.channels is not None and (1 if image.ndim == 2 else image.shape[-1]) not in self.channels:
            raise fail(
                RuntimeError,
                f"For '{type(self).__name__}', the image must have {' or '.join(map(str, self.channels))} channels, "
                f"but got the shape {image.shape}.",
            )
        return image

    def _apply(self, array: np.ndarray) -> np.ndarray:
        raise NotImplementedError


class BlockTransform(ImageTransform):
    """A transform whose ``_apply`` also takes a batch of images (N, H, W, C)."""

    ranks: tuple[int, ...] = (2, 3, 4)
    takes_block = True
    random = False

    def block(self, column, drawn):
        """The result for all rows.

        Args:
            column: array of the rows' images.
            drawn: the random numbers of the rows.

        Returns:
            array, or None if the rows must be done one by one.
        """
        if column.ndim == 4:
            return self._apply(column)
        return self._apply(column[..., None])[..., 0] if column.ndim == 3 else None


class Sometimes(ImageTransform):
    """Applies ``change`` with probability ``prob``.

    Args:
        change: ImageTransform.
        prob: float in [0, 1], how often.
    """

    def __init__(self, change: ImageTransform, prob: float):
        checks.within(type(self).__name__, "[0.0, 1.0]", prob=prob)
        self.change, self.prob = change, prob

    def __call__(self, image):
        if draws().uniform() < self.prob:
            made = self.change(image)
        else:
            self._checked(image)
            made = image
        if not is_pil(image):
            return made
        return to_kind(type(self).__name__, np.asarray(made), image) if self.keeps_pil else np.asarray(made)


def check_size(owner: str, size: Any, name: str = "size") -> tuple[int, int] | int:
    """A size, checked.

    Args:
        owner: str, the transform's name for the message.
        size: int or (height, width).
        name: str, of the argument.  Default: "size".

    Returns:
        int, or tuple (height, width).

    Raises:
        TypeError: other types.
        ValueError: a length out of [1, 16777216].
    """
    checks.instance(owner, (int, list, tuple), **{name: size})
    listed = size if isinstance(size, (tuple, list)) else (size,)
    if len(listed) not in (1, 2) or (len(listed) == 1 and listed is size):
        raise fail(TypeError, f"For '{owner}', '{name}' must be an int or (height, width), but got {short(size)}.")
    for length in listed:
        checks.within(owner, "[1, 16777216]", **{name: checks.instance(owner, (int, np.integer), **{name: length})})
    return int(listed[0]) if len(listed) == 1 else (int(listed[0]), int(listed[1]))


def whole(owner: str, interval: str, /, **given: Any) -> Any:
    """Ints within an interval, checked.

    Args:
        owner: str, the transform's name for the message.
        interval: str, such as "[0, 255]".
        **given: the arguments.

    Returns:
        the value; of several, a tuple.

    Raises:
        TypeError: no int.
        ValueError: out of the interval.

    >>> whole("Erase", "[0, 255]", value=3)
    3
    """
    checks.instance(owner, (int, np.integer), **given)
    return checks.within(owner, interval, **given)


def check_square(owner: str, size: Any, name: str = "size") -> tuple[int, int]:
    """A size, checked; one int is both lengths.

    Args:
        owner: str, the transform's name for the message.
        size: int or (height, width).
        name: str, of the argument.  Default: "size".

    Returns:
        tuple (height, width).

    Raises:
        TypeError: other types.
        ValueError: a length out of [1, 16777216].
    """
    checked = check_size(owner, size, name)
    return (checked, checked) if isinstance(checked, int) else checked


def check_pair(owner: str, name: str, value: Any, low: float = -np.inf, high: float = np.inf) -> tuple[float, float]:
    """Two numbers, checked.

    Args:
        owner: str, the transform's name for the message.
        name: str, of the argument.
        value: what was given.
        low: number, the least allowed.
        high: number, the largest allowed.

    Returns:
        tuple of two numbers.

    Raises:
        TypeError: not two numbers.
        ValueError: one out of range.
    """
    if len(checks.instance(owner, (tuple, list), **{name: value})) != 2:
        raise fail(TypeError, f"For '{owner}', '{name}' must be a sequence of two numbers, but got {value!r}.")
    for number in value:
        checks.within(owner, f"[{low}, {high}]", **{name: number})
    return value[0], value[1]


def check_range(owner: str, name: str, value: Any, low: float = -np.inf, high: float = np.inf) -> tuple[float, float]:
    """A pair of numbers, the first not above the second, checked.

    Args:
        owner: str, the transform's name for the message.
        name: str, of the argument.
        value: what was given.
        low: number, the least allowed.
        high: number, the largest allowed.

    Returns:
        tuple of two numbers.

    Raises:
        TypeError: not two numbers.
        ValueError: one out of range, or the first above the second.
    """
    first, second = check_pair(owner, name, value, low, high)
    if first > second:
        raise fail(ValueError, f"For '{owner}', '{name}' must be (low, high), but got {value!r}.")
    return first, second


def rounded(values: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Converts computed pixels to the type of the image: rounds and clips them to its range.

    Args:
        values: array of numbers.
        dtype: numpy.dtype.

    Returns:
        array of that type.

    >>> rounded(np.array([1.5, 300.0]), np.dtype(np.uint8)).tolist()
    [2, 255]
    """
    if dtype.kind not in "iu":
        return values.astype(dtype, copy=False)
    info = np.iinfo(dtype)
    return np.clip(np.floor(values + 0.5), info.min, info.max).astype(dtype)
