"""Geometric transforms: resizing, padding and flips."""

from typing import Any

import numpy as np

from ...core.errors import fail
from .. import checks
from ..draws import draws
from .base import (
    BlockTransform,
    ImageTransform,
    Sometimes,
    axes,
    check_size,
    check_square,
    is_pil,
    pillow,
    size_of,
    whole,
    with_image_docs,
)
from .resample import resize
from .utils import Border, Inter

_PILLOW = {Inter.NEAREST: "NEAREST", Inter.ANTIALIAS: "LANCZOS", Inter.BILINEAR: "BILINEAR", Inter.BICUBIC: "BICUBIC"}


@with_image_docs
class Resize(BlockTransform):
    """Another size.  Arrays are interpolated without antialiasing, as OpenCV does; Pillow images by Pillow.

    Args:
        size: (height, width), or an int for the shorter side.
        interpolation: Inter, how pixels between pixels are made.  Default: Inter.LINEAR.

    {resized}

    Raises:
        TypeError: an argument of the wrong type; Inter.ANTIALIAS with an array, Inter.AREA or Inter.PILCUBIC with a
            Pillow image.
        ValueError: ``size`` out of range.
        RuntimeError: an image of other dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.Resize((4, 6))(np.zeros((2, 3, 3), np.uint8)).shape
    (4, 6, 3)
    """

    types = "uint8 uint16 int16 float32 float64 bool"

    def __init__(self, size, interpolation=Inter.LINEAR):
        self.size = check_size(type(self).__name__, size)
        checks.instance(type(self).__name__, Inter, interpolation=interpolation)
        self.interpolation = interpolation

    def _target(self, height: int, width: int) -> tuple[int, int]:
        if not isinstance(self.size, int):
            return self.size
        if height < width:
            return self.size, int(self.size * width / height)
        return int(self.size * height / width), self.size

    def __call__(self, image):
        self._checked(image)
        if not is_pil(image):
            return self._apply(image)
        return _resize_pillow(image, self._target(image.height, image.width), self.interpolation)

    def _apply(self, array):
        return _resize_array(array, self._target(*size_of(array)), self.interpolation)


def _resize_pillow(image: Any, size: tuple[int, int], inter: Inter) -> Any:
    return image.resize((size[1], size[0]), pil_filter(inter))


def pil_filter(inter: Inter) -> Any:
    """Pillow's name for a kind of interpolation.

    Args:
        inter: Inter.

    Returns:
        PIL.Image.Resampling.

    Raises:
        TypeError: Pillow has no such.
    """
    if inter not in _PILLOW:
        raise fail(TypeError, f"For 'Resize', {inter.name} is not supported with Pillow images: use ToNumpy before.")
    return getattr(pillow("Resize").Resampling, _PILLOW[inter])


def _resize_array(array: np.ndarray, size: tuple[int, int], inter: Inter) -> np.ndarray:
    if inter == Inter.ANTIALIAS:
        raise fail(TypeError, "For 'Resize', ANTIALIAS needs a Pillow image: use ToPIL before.")
    if inter == Inter.PILCUBIC:
        if array.ndim != 3 or array.shape[2] != 3 or array.dtype != np.uint8:
            raise fail(
                RuntimeError, f"For 'Resize', PILCUBIC needs uint8 (H, W, 3), but got {array.dtype} {array.shape}."
            )
        return np.array(_resize_pillow(pillow("Resize").fromarray(array), size, Inter.BICUBIC))
    return resize(array, *size, inter)


def pad_image(array: np.ndarray, sides: tuple[int, int, int, int], fill: Any, mode: Border) -> np.ndarray:
    """An image with more pixels around.

    Args:
        array: (H, W) or (..., H, W, C).
        sides: (left, top, right, bottom), how many.
        fill: number or tuple of 3, for Border.CONSTANT.
        mode: Border.

    Returns:
        array of the same dtype.

    >>> pad_image(np.ones((1, 2), np.uint8), (1, 0, 0, 0), 9, Border.CONSTANT)
    array([[9, 1, 1]], dtype=uint8)
    """
    left, top, right, bottom = sides
    h, w = axes(array)
    widths = [(0, 0)] * array.ndim
    widths[h], widths[w] = (top, bottom), (left, right)
    if mode != Border.CONSTANT:
        return np.pad(array, widths, mode.value)
    shape = [n + a + b for n, (a, b) in zip(array.shape, widths)]
    made = np.empty(shape, array.dtype)
    made[...] = of_channels(fill, array)
    made[tuple(slice(a, a + n) for n, (a, _) in zip(array.shape, widths))] = array
    return made


def _check_padding(owner: str, padding: Any) -> tuple[int, int, int, int]:
    listed: Any = (padding,) if isinstance(padding, int) and not isinstance(padding, bool) else padding
    checks.instance(owner, (int, tuple, list), padding=padding)
    if len(listed) not in (2, 4) and listed is padding:
        raise fail(ValueError, f"For '{owner}', 'padding' must be an int, or 2 or 4 ints, but got {padding!r}.")
    for value in listed:
        whole(owner, "[0, 2147483647]", padding=value)
    if len(listed) == 1:
        return (listed[0],) * 4
    return (listed[0], listed[1], listed[0], listed[1]) if len(listed) == 2 else tuple(listed)


def of_channels(fill: Any, array: np.ndarray) -> Any:
    """The fill of an image: of a tuple of 3 colours, an image with another number of channels has the first."""
    return fill[0] if isinstance(fill, tuple) and array.shape[2:] != (len(fill),) else fill


def _check_fill(owner: str, fill: Any) -> Any:
    if isinstance(fill, tuple) and len(fill) != 3:
        raise fail(TypeError, f"For '{owner}', 'fill_value' must be a number or 3 of them, but got {fill!r}.")
    for value in fill if isinstance(fill, tuple) else (fill,):
        whole(owner, "[0, 255]", fill_value=value)
    return fill


def _check_offset(owner: str, offset: Any) -> tuple[int, int] | None:
    checks.instance(owner, (int, tuple, list, type(None)), offset=offset)
    listed = [offset, offset] if isinstance(offset, int) else list(offset or ())
    if len(listed) not in (0, 2):
        raise fail(ValueError, f"For '{owner}', 'offset' must be an int or (top, left), but got {offset!r}.")
    for value in listed:
        whole(owner, "[0, 2147483647]", offset=value)
    return (listed[0], listed[1]) if listed else None


@with_image_docs
class Pad(ImageTransform):
    """More pixels around.

    Args:
        padding: int for all sides, (left and right, top and bottom), or (left, top, right, bottom).
        fill_value: number, or a tuple of 3 of them, in [0, 255].  Default: 0.
        padding_mode: Border, what is beyond the border.  Default: Border.CONSTANT, ``fill_value``.

    {resized}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.Pad((1, 0, 0, 0), fill_value=9)(np.array([[1, 2]], np.uint8))
    array([[9, 1, 2]], dtype=uint8)
    """

    channels = (1, 3)

    def __init__(self, padding, fill_value=0, padding_mode=Border.CONSTANT):
        self.sides = _check_padding("Pad", padding)
        self.fill = _check_fill("Pad", fill_value)
        checks.instance("Pad", Border, padding_mode=padding_mode)
        self.mode = padding_mode

    def _apply(self, array):
        return pad_image(array, self.sides, self.fill, self.mode)


@with_image_docs
class PadToSize(ImageTransform):
    """More pixels up to a size.

    Args:
        size: (height, width), or an int for both.
        offset: int or (top, left), how many of them are before.  Default: None, for half of them.
        fill_value: number, or a tuple of 3 of them, in [0, 255].  Default: 0.
        padding_mode: Border, what is beyond the border.  Default: Border.CONSTANT, ``fill_value``.

    {resized}

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: the image is larger.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.PadToSize((1, 4))(np.array([[1, 2]], np.uint8))
    array([[0, 1, 2, 0]], dtype=uint8)
    """

    channels = (1, 3)
    keeps_pil = False

    def __init__(self, size, offset=None, fill_value=0, padding_mode=Border.CONSTANT):
        if isinstance(size, (tuple, list)) and len(size) != 2:
            raise fail(ValueError, f"For 'PadToSize', 'size' must be an int or (height, width), but got {size!r}.")
        self.size = check_square("PadToSize", size)
        self.offset = _check_offset("PadToSize", offset)
        checks.instance("PadToSize", Border, padding_mode=padding_mode)
        self.fill, self.mode = _check_fill("PadToSize", fill_value), padding_mode

    def _apply(self, array):
        down, right = (wanted - length for wanted, length in zip(self.size, size_of(array)))
        top, left = self.offset or (down // 2, right // 2)
        if min(down - top, right - left) < 0:
            raise fail(RuntimeError, f"For 'PadToSize', the image {array.shape} must fit into {self.size}.")
        return pad_image(array, (left, top, right - left, down - top), self.fill, self.mode)


@with_image_docs
class RandomResize(ImageTransform):
    """``Resize`` with an interpolation drawn at random.

    Args:
        size: (height, width), or an int for the shorter side.

    {resized}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomResize(4)(np.zeros((2, 3, 3), np.uint8)).shape
    (4, 6, 3)
    """

    def __init__(self, size):
        self.resizes = [Resize(size, inter) for inter in (Inter.NEAREST, Inter.LINEAR, Inter.CUBIC)]

    def __call__(self, image):
        return self.resizes[draws().below(len(self.resizes))](image)


@with_image_docs
class HorizontalFlip(BlockTransform):
    """Left and right exchanged.

    {image}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.HorizontalFlip()(np.array([[1, 2], [3, 4]], np.uint8))
    array([[2, 1],
           [4, 3]], dtype=uint8)
    """

    keeps_pil = False

    def _apply(self, array):
        return np.flip(array, axes(array)[1])


@with_image_docs
class VerticalFlip(BlockTransform):
    """Top and bottom exchanged.

    {image}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.VerticalFlip()(np.array([[1, 2], [3, 4]], np.uint8))
    array([[3, 4],
           [1, 2]], dtype=uint8)
    """

    keeps_pil = False

    def _apply(self, array):
        return np.flip(array, axes(array)[0])


class _RandomFlip(Sometimes):
    takes_block = True
    ranks = (2, 3, 4)

    def block(self, column, drawn):
        if column.ndim != 4:
            return None
        chosen = drawn.uniform() < self.prob
        made = np.array(column, order="C")
        # a pixel as one item: NumPy copies these faster than single channels
        pixels = made.view(f"V{made.shape[3] * made.itemsize}")
        pixels[chosen] = self.change._apply(pixels[chosen])
        return made


@with_image_docs
class RandomHorizontalFlip(_RandomFlip):
    """Left and right exchanged, at random.

    Args:
        prob: float in [0, 1], how often.  Default: 0.5.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomHorizontalFlip(1.0)(np.array([[1, 2], [3, 4]], np.uint8))
    array([[2, 1],
           [4, 3]], dtype=uint8)
    """

    def __init__(self, prob=0.5):
        super().__init__(HorizontalFlip(), prob)


@with_image_docs
class RandomVerticalFlip(_RandomFlip):
    """Top and bottom exchanged, at random.

    Args:
        prob: float in [0, 1], how often.  Default: 0.5.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomVerticalFlip(1.0)(np.array([[1, 2], [3, 4]], np.uint8))
    array([[3, 4],
           [1, 2]], dtype=uint8)
    """

    def __init__(self, prob=0.5):
        super().__init__(VerticalFlip(), prob)
