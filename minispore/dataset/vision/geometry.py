"""Geometric transforms: resizing, cropping, padding, flips, rotations and warps."""

from typing import Any

import numpy as np

from ...core import checks
from ...core.errors import fail
from ..draws import draws
from ..transforms.base import Transform
from .base import (
    BlockTransform,
    ImageTransform,
    Sometimes,
    axes,
    check_range,
    check_size,
    check_square,
    is_pil,
    pillow,
    size_of,
    to_kind,
    window,
)
from .convert import Decode
from .resample import resize, warp
from .utils import Border, Inter, SliceMode

_PILLOW = {Inter.NEAREST: "NEAREST", Inter.ANTIALIAS: "LANCZOS", Inter.BILINEAR: "BILINEAR", Inter.BICUBIC: "BICUBIC"}


class Resize(BlockTransform):
    """Another size.  Arrays are interpolated without antialiasing, as OpenCV does; Pillow images by Pillow.

    Args:
        size: (height, width), or an int for the shorter side.
        interpolation: Inter, how pixels between pixels are made.  Default: Inter.LINEAR.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same dtype, or Pillow image.

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
    if inter not in _PILLOW:
        raise fail(TypeError, f"For 'Resize', {inter.name} is not supported with Pillow images: use ToNumpy before.")
    return image.resize((size[1], size[0]), getattr(pillow("Resize").Resampling, _PILLOW[inter]))


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


class Crop(ImageTransform):
    """A rectangle of the image.

    Args:
        coordinates: (y, x) of the top left corner.
        size: (height, width), or an int for both.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same dtype, or Pillow image.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: the rectangle is not inside the image.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.Crop((0, 1), 1)(np.array([[1, 2], [3, 4]], np.uint8))
    array([[2]], dtype=uint8)
    """

    def __init__(self, coordinates, size):
        if not isinstance(coordinates, (list, tuple)) or len(coordinates) != 2:
            raise fail(TypeError, f"For 'Crop', 'coordinates' must be (y, x), but got {coordinates!r}.")
        for value in coordinates:
            checks.within("Crop", "[0, 2147483647]", coordinates=value)
        self.top, self.left = coordinates
        self.size = check_square("Crop", size)

    def _apply(self, array):
        height, width = size_of(array)
        if self.top + self.size[0] > height or self.left + self.size[1] > width:
            raise fail(
                RuntimeError, f"For 'Crop', the rectangle must be inside the image, but that is {height} x {width}."
            )
        return window(array, self.top, self.left, *self.size)


class CenterCrop(BlockTransform):
    """The rectangle in the middle; where the image is smaller it is filled with 0.

    Args:
        size: (height, width), or an int for both.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same dtype, or Pillow image.

    Raises:
        TypeError: an argument or input of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: an image of other dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.CenterCrop(2)(np.arange(16, dtype=np.uint8).reshape(4, 4))
    array([[ 5,  6],
           [ 9, 10]], dtype=uint8)
    """

    def __init__(self, size):
        self.size = check_square("CenterCrop", size)

    def _apply(self, array):
        height, width = size_of(array)
        down, right = max(self.size[0] - height, 0), max(self.size[1] - width, 0)
        if down or right:
            array = pad_image(array, (right // 2, down // 2, right - right // 2, down - down // 2), 0, Border.CONSTANT)
            height, width = size_of(array)
        return window(array, (height - self.size[0]) // 2, (width - self.size[1]) // 2, *self.size)


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
    made[...] = fill if not isinstance(fill, tuple) or array.ndim > 2 else fill[0]
    made[tuple(slice(a, a + n) for n, (a, _) in zip(array.shape, widths))] = array
    return made


def _check_padding(owner: str, padding: Any) -> tuple[int, int, int, int]:
    listed = (padding,) if isinstance(padding, int) and not isinstance(padding, bool) else padding
    if not isinstance(listed, (tuple, list)) or len(listed) not in (1, 2, 4):
        raise fail(TypeError, f"For '{owner}', 'padding' must be an int, or 2 or 4 ints, but got {padding!r}.")
    for value in listed:
        checks.within(owner, "[0, 2147483647]", padding=value)
    if len(listed) == 1:
        return (listed[0],) * 4
    return (listed[0], listed[1], listed[0], listed[1]) if len(listed) == 2 else tuple(listed)


def _check_fill(owner: str, fill: Any) -> Any:
    for value in fill if isinstance(fill, tuple) else (fill,):
        checks.within(owner, "[0, 255]", fill_value=value)
    if isinstance(fill, tuple) and len(fill) != 3:
        raise fail(TypeError, f"For '{owner}', 'fill_value' must be a number or 3 of them, but got {fill!r}.")
    return fill


class Pad(ImageTransform):
    """More pixels around.

    Args:
        padding: int for all sides, (left and right, top and bottom), or (left, top, right, bottom).
        fill_value: number, or a tuple of 3 of them, in [0, 255].  Default: 0.
        padding_mode: Border, what is beyond the border.  Default: Border.CONSTANT, ``fill_value``.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same dtype, or Pillow image.

    Raises:
        TypeError: an argument or input of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: an image of other dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.Pad((1, 0, 0, 0), fill_value=9)(np.array([[1, 2]], np.uint8))
    array([[9, 1, 2]], dtype=uint8)
    """

    def __init__(self, padding, fill_value=0, padding_mode=Border.CONSTANT):
        self.sides = _check_padding("Pad", padding)
        self.fill = _check_fill("Pad", fill_value)
        checks.instance("Pad", Border, padding_mode=padding_mode)
        self.mode = padding_mode

    def _apply(self, array):
        return pad_image(array, self.sides, self.fill, self.mode)


class PadToSize(ImageTransform):
    """More pixels up to a size.

    Args:
        size: (height, width), or an int for both.
        offset: int or (top, left), how many of them are before.  Default: None, for half of them.
        fill_value: number, or a tuple of 3 of them, in [0, 255].  Default: 0.
        padding_mode: Border, what is beyond the border.  Default: Border.CONSTANT, ``fill_value``.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same dtype, or Pillow image.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: the image is larger.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.PadToSize((1, 4))(np.array([[1, 2]], np.uint8))
    array([[0, 1, 2, 0]], dtype=uint8)
    """

    def __init__(self, size, offset=None, fill_value=0, padding_mode=Border.CONSTANT):
        self.size = check_square("PadToSize", size)
        self.offset = (offset, offset) if isinstance(offset, int) else offset or None
        self.fill, self.mode = _check_fill("PadToSize", fill_value), padding_mode

    def _apply(self, array):
        down, right = (wanted - length for wanted, length in zip(self.size, size_of(array)))
        top, left = self.offset or (down // 2, right // 2)
        if min(down - top, right - left) < 0:
            raise fail(RuntimeError, f"For 'PadToSize', the image {array.shape} must fit into {self.size}.")
        return pad_image(array, (left, top, right - left, down - top), self.fill, self.mode)


class RandomCrop(ImageTransform):
    """A rectangle at a random place, after padding.

    Args:
        size: (height, width), or an int for both.
        padding: as for ``Pad``.  Default: None.
        pad_if_needed: bool, whether to pad a side that is shorter than ``size``.  Default: False.
        fill_value: number, or a tuple of 3 of them, in [0, 255].  Default: 0.
        padding_mode: Border, what is beyond the border.  Default: Border.CONSTANT, ``fill_value``.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same dtype, or Pillow image.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: the image is smaller than ``size`` (ValueError for a Pillow image).

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomCrop(2, padding=1)(np.zeros((4, 4, 3), np.uint8)).shape
    (2, 2, 3)
    """

    takes_block = True
    ranks = (2, 3, 4)

    def __init__(self, size, padding=None, pad_if_needed=False, fill_value=0, padding_mode=Border.CONSTANT):
        self.size = check_square("RandomCrop", size)
        self.sides = None if padding is None else _check_padding("RandomCrop", padding)
        checks.boolean("RandomCrop", pad_if_needed=pad_if_needed)
        self.fill = _check_fill("RandomCrop", fill_value)
        checks.instance("RandomCrop", Border, padding_mode=padding_mode)
        self.pad_if_needed, self.mode = pad_if_needed, padding_mode

    def _padded(self, array: np.ndarray, error: type[Exception] = RuntimeError) -> np.ndarray:
        if self.sides is not None:
            array = pad_image(array, self.sides, self.fill, self.mode)
        height, width = size_of(array)
        down, right = max(self.size[0] - height, 0), max(self.size[1] - width, 0)
        if down or right:
            if not self.pad_if_needed:
                raise fail(
                    error,
                    f"For 'RandomCrop', 'size' {self.size} must not exceed the image, but that is {height} x {width}.",
                )
            array = pad_image(array, (right, down, right, down), self.fill, self.mode)
        return array

    def _corner(self, array: np.ndarray, drawn: Any) -> tuple[Any, Any]:
        height, width = size_of(array)
        return drawn.below(height - self.size[0] + 1), drawn.below(width - self.size[1] + 1)

    def __call__(self, image):
        padded = self._padded(self._checked(image), ValueError if is_pil(image) else RuntimeError)
        return to_kind("RandomCrop", window(padded, *self._corner(padded, draws()), *self.size), image)

    def block(self, column, drawn):
        if column.ndim != 4:
            return None
        padded = self._padded(column)
        made = np.empty((len(column), *self.size, column.shape[3]), column.dtype)
        tops, lefts = self._corner(padded, drawn)
        height, width = self.size
        for number, (top, left) in enumerate(zip(tops.tolist(), lefts.tolist())):
            made[number] = padded[number, top : top + height, left : left + width]
        return made


def random_rectangle(height: int, width: int, scale, ratio, attempts: int) -> tuple[int, int, int, int]:
    """A random part of an image: a random share of the area, with a random ratio of width to height.

    If none fits after so many attempts: the largest in the middle whose ratio is allowed.

    Args:
        height: int, of the image.
        width: int.
        scale: (low, high), the share of the area.
        ratio: (low, high), width / height.
        attempts: int.

    Returns:
        tuple (top, left, height, width) of ints.
    """
    drawn = draws()
    for _ in range(attempts):
        area = height * width * drawn.uniform(*scale)
        shape = np.exp(drawn.uniform(*np.log(ratio)))
        w, h = round(np.sqrt(area * shape)), round(np.sqrt(area / shape))
        if 0 < w <= width and 0 < h <= height:
            return drawn.below(height - h + 1), drawn.below(width - w + 1), h, w
    shape = min(max(width / height, ratio[0]), ratio[1])
    w, h = max(min(width, round(height * shape)), 1), max(min(height, round(width / shape)), 1)
    return (height - h) // 2, (width - w) // 2, h, w


class RandomResizedCrop(ImageTransform):
    """A random part of the image, resized.

    Args:
        size: (height, width), or an int for both.
        scale: (low, high), the share of the image's area.  Default: (0.08, 1.0).
        ratio: (low, high), width / height of the part.  Default: (3/4, 4/3).
        interpolation: Inter.  Default: Inter.BILINEAR.
        max_attempts: int, so many times a part is drawn that may not fit; then the middle is taken.  Default: 10.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same dtype, or Pillow image.

    Raises:
        TypeError: an argument or input of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: an image of other dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomResizedCrop((2, 3))(np.zeros((8, 8, 3), np.uint8)).shape
    (2, 3, 3)
    """

    ranks = (2, 3, 4)

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), interpolation=Inter.BILINEAR, max_attempts=10):
        owner = type(self).__name__
        self.size = check_square(owner, size)
        self.scale = check_range(owner, "scale", scale, 0)
        self.ratio = check_range(owner, "ratio", ratio, 0)
        if self.ratio[0] <= 0 or self.scale[1] <= 0:
            raise fail(ValueError, f"For '{owner}', 'ratio' and 'scale' must be positive, but got {ratio} and {scale}.")
        checks.instance(owner, Inter, interpolation=interpolation)
        checks.within(owner, "[1, inf)", max_attempts=max_attempts)
        self.interpolation, self.attempts = interpolation, max_attempts

    def __call__(self, image):
        array = self._checked(image)
        top, left, height, width = random_rectangle(*size_of(array), self.scale, self.ratio, self.attempts)
        if is_pil(image):
            return _resize_pillow(image.crop((left, top, left + width, top + height)), self.size, self.interpolation)
        return _resize_array(window(array, top, left, height, width), self.size, self.interpolation)


class RandomCropDecodeResize(RandomResizedCrop):
    """``Decode``, then ``RandomResizedCrop``.

    Args:
        size: (height, width), or an int for both, and the rest as in ``RandomResizedCrop``.
        scale: (low, high).  Default: (0.08, 1.0).
        ratio: (low, high).  Default: (3/4, 4/3).
        interpolation: Inter.  Default: Inter.BILINEAR.
        max_attempts: int.  Default: 10.

    Inputs:
        image: array (n,) of uint8, the bytes of an image file.

    Returns:
        array (height, width, 3) of uint8.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: the bytes are no image.

    >>> import io
    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> file = io.BytesIO()
    >>> vision.ToPIL()(np.zeros((8, 8, 3), np.uint8)).save(file, "PNG")
    >>> vision.RandomCropDecodeResize(2)(np.frombuffer(file.getvalue(), np.uint8)).shape
    (2, 2, 3)
    """

    def __call__(self, image):
        return super().__call__(Decode()(image))


class ResizedCrop(ImageTransform):
    """A rectangle of the image, resized.

    Args:
        top: int.
        left: int.
        height: int, of the rectangle.
        width: int.
        size: (height, width) of the result, or an int for both.
        interpolation: Inter.  Default: Inter.BILINEAR.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same dtype, or Pillow image.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: the rectangle is not inside the image.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.ResizedCrop(0, 0, 2, 2, (4, 6))(np.zeros((8, 8, 3), np.uint8)).shape
    (4, 6, 3)
    """

    def __init__(self, top, left, height, width, size, interpolation=Inter.BILINEAR):
        self.crop = Crop((top, left), (height, width))
        self.resize = Resize(check_square("ResizedCrop", size), interpolation)

    def __call__(self, image):
        return self.resize(self.crop(image))


class RandomResize(ImageTransform):
    """``Resize`` with an interpolation drawn at random.

    Args:
        size: (height, width), or an int for the shorter side.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same dtype, or Pillow image.

    Raises:
        TypeError: an argument or input of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: an image of other dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomResize(4)(np.zeros((2, 3, 3), np.uint8)).shape
    (4, 6, 3)
    """

    def __init__(self, size):
        self.resizes = [Resize(size, inter) for inter in (Inter.NEAREST, Inter.LINEAR, Inter.CUBIC)]

    def __call__(self, image):
        return self.resizes[draws().below(len(self.resizes))](image)


class HorizontalFlip(BlockTransform):
    """Left and right exchanged.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same shape and dtype, or Pillow image.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.HorizontalFlip()(np.array([[1, 2], [3, 4]], np.uint8))
    array([[2, 1],
           [4, 3]], dtype=uint8)
    """

    def _apply(self, array):
        return np.flip(array, axes(array)[1])


class VerticalFlip(BlockTransform):
    """Top and bottom exchanged.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same shape and dtype, or Pillow image.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.VerticalFlip()(np.array([[1, 2], [3, 4]], np.uint8))
    array([[3, 4],
           [1, 2]], dtype=uint8)
    """

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


class RandomHorizontalFlip(_RandomFlip):
    """Left and right exchanged, at random.

    Args:
        prob: float in [0, 1], how often.  Default: 0.5.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same shape and dtype, or Pillow image.

    Raises:
        TypeError: an argument or input of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: an image of other dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomHorizontalFlip(1.0)(np.array([[1, 2], [3, 4]], np.uint8))
    array([[2, 1],
           [4, 3]], dtype=uint8)
    """

    def __init__(self, prob=0.5):
        super().__init__(HorizontalFlip(), prob)


class RandomVerticalFlip(_RandomFlip):
    """Top and bottom exchanged, at random.

    Args:
        prob: float in [0, 1], how often.  Default: 0.5.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same shape and dtype, or Pillow image.

    Raises:
        TypeError: an argument or input of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: an image of other dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomVerticalFlip(1.0)(np.array([[1, 2], [3, 4]], np.uint8))
    array([[3, 4],
           [1, 2]], dtype=uint8)
    """

    def __init__(self, prob=0.5):
        super().__init__(VerticalFlip(), prob)


def _turn(angle: float, translate: tuple[float, float], scale: float, shear: tuple[float, float]) -> np.ndarray:
    """The matrix of a shear, a scaling, a clockwise turn (degrees; y points down) and a shift, about the origin."""
    turn, x, y = np.radians([angle, *shear])
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = np.eye(3)
    matrix[:2, :2] = scale * rotation @ np.array([[1, np.tan(x)], [np.tan(y), 1]])
    matrix[:2, 2] = translate
    return matrix


def _move(
    array: np.ndarray, matrix: np.ndarray, inter: Inter, fill: Any, expand: bool = False, center: Any = None
) -> np.ndarray:
    """Warps the image by ``matrix`` about its centre or ``center`` = (x, y); ``expand``: the output size holds the whole image."""
    height, width = array.shape[:2]
    middle = np.eye(3)
    middle[:2, 2] = ((width - 1) / 2, (height - 1) / 2) if center is None else center
    forward = middle @ matrix @ np.linalg.inv(middle)
    if expand and center is None:
        corners = matrix[:2, :2] @ (np.array([[1, 1, -1, -1], [1, -1, 1, -1]]) * [[width / 2], [height / 2]])
        new_width, new_height = (int(np.ceil(round(2 * extent, 6))) for extent in np.abs(corners).max(1))
        shift = np.eye(3)
        shift[:2, 2] = (new_width - width) / 2, (new_height - height) / 2
        forward, height, width = shift @ forward, new_height, new_width
    return warp(array, np.linalg.inv(forward), (height, width), inter, fill)


class Rotate(ImageTransform):
    """A counter-clockwise turn.

    Args:
        degrees: number.
        resample: Inter.  Default: Inter.NEAREST.
        expand: bool, whether the result is so large that it holds all.  Default: False.
        center: (x, y), what stays.  Default: None, for the middle.
        fill_value: number, or a tuple of 3 of them, in [0, 255].  Default: 0.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same dtype, or Pillow image.

    Raises:
        TypeError: an argument or input of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: an image of other dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.Rotate(90)(np.array([[1, 2], [3, 4]], np.uint8))
    array([[2, 4],
           [1, 3]], dtype=uint8)
    """

    def __init__(self, degrees, resample=Inter.NEAREST, expand=False, center=None, fill_value=0):
        checks.number("Rotate", degrees=degrees)
        checks.instance("Rotate", Inter, resample=resample)
        self.degrees, self.resample, self.expand, self.center = degrees, resample, expand, center
        self.fill = _check_fill("Rotate", fill_value)

    def _apply(self, array):
        return _move(array, _turn(-self.degrees, (0, 0), 1, (0, 0)), self.resample, self.fill, self.expand, self.center)


class RandomRotation(ImageTransform):
    """A turn by a random angle.

    Args:
        degrees: (low, high), or a number for (-degrees, degrees).
        resample: Inter.  Default: Inter.NEAREST.
        expand: bool, whether the result is so large that it holds all.  Default: False.
        center: (x, y), what stays.  Default: None, for the middle.
        fill_value: number, or a tuple of 3 of them, in [0, 255].  Default: 0.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same dtype, or Pillow image.

    Raises:
        TypeError: an argument or input of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: an image of other dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomRotation((90, 90))(np.array([[1, 2], [3, 4]], np.uint8))
    array([[2, 4],
           [1, 3]], dtype=uint8)
    """

    def __init__(self, degrees, resample=Inter.NEAREST, expand=False, center=None, fill_value=0):
        self.degrees = _degrees("RandomRotation", degrees)
        self.options = (resample, expand, center, fill_value)
        Rotate(0, *self.options)

    def _apply(self, array):
        return Rotate(draws().uniform(*self.degrees), *self.options)._apply(array)


def _degrees(owner: str, degrees: Any) -> tuple[float, float]:
    if isinstance(degrees, (tuple, list)):
        return check_range(owner, "degrees", degrees)
    checks.within(owner, "[0, 16777216]", degrees=degrees)
    return -degrees, degrees


class Affine(ImageTransform):
    """A clockwise turn, a shift, a scaling and a shear.

    Args:
        degrees: number.
        translate: (x, y), shares of width and height in [-1, 1].
        scale: number above 0.
        shear: number (along x) or (x, y), in degrees.
        resample: Inter.  Default: Inter.NEAREST.
        fill_value: number, or a tuple of 3 of them, in [0, 255].  Default: 0.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same shape and dtype, or Pillow image.

    Raises:
        TypeError: an argument or input of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: an image of other dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.Affine(0, (0.5, 0), 1, 0)(np.array([[1, 2], [3, 4]], np.uint8))
    array([[0, 1],
           [0, 3]], dtype=uint8)
    """

    def __init__(self, degrees, translate, scale, shear, resample=Inter.NEAREST, fill_value=0):
        checks.number("Affine", degrees=degrees)
        self.translate = check_pair("Affine", "translate", translate, -1, 1)
        checks.within("Affine", "(0, inf)", scale=scale)
        self.degrees, self.scale = degrees, scale
        self.shear = (shear, 0.0) if isinstance(shear, (int, float)) else check_pair("Affine", "shear", shear)
        checks.instance("Affine", Inter, resample=resample)
        self.resample, self.fill = resample, _check_fill("Affine", fill_value)

    def _apply(self, array):
        height, width = array.shape[:2]
        shift = (self.translate[0] * width, self.translate[1] * height)
        return _move(array, _turn(self.degrees, shift, self.scale, self.shear), self.resample, self.fill)


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
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise fail(TypeError, f"For '{owner}', '{name}' must be two numbers, but got {value!r}.")
    for number in value:
        checks.within(owner, f"[{low}, {high}]", **{name: number})
    return value[0], value[1]


class RandomAffine(ImageTransform):
    """``Affine`` by random amounts.

    Args:
        degrees: (low, high), or a number for (-degrees, degrees).
        translate: (low x, high x[, low y, high y]) as shares of width and height.  Default: None, for no shift.
        scale: (low, high).  Default: None, for 1.
        shear: number for (-shear, shear), (low x, high x), or (low x, high x, low y, high y), in degrees.  Default:
            None.
        resample: Inter.  Default: Inter.NEAREST.
        fill_value: number, or a tuple of 3 of them, in [0, 255].  Default: 0.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same shape and dtype, or Pillow image.

    Raises:
        TypeError: an argument or input of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: an image of other dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomAffine(15, translate=(-0.1, 0.1))(np.zeros((4, 4, 3), np.uint8)).shape
    (4, 4, 3)
    """

    def __init__(self, degrees, translate=None, scale=None, shear=None, resample=Inter.NEAREST, fill_value=0):
        owner = "RandomAffine"
        self.degrees = _degrees(owner, degrees)
        self.translate = _ranges(owner, "translate", translate, -1, 1)
        self.scale = (1.0, 1.0) if scale is None else check_range(owner, "scale", scale, 0)
        if self.scale[1] <= 0:
            raise fail(ValueError, f"For '{owner}', 'scale' must be positive, but got {scale}.")
        if isinstance(shear, (int, float)):
            checks.within(owner, "(0, inf)", shear=shear)
            shear = (-shear, shear)
        self.shear = _ranges(owner, "shear", shear)
        self.options = (resample, fill_value)
        Affine(0, (0, 0), 1, 0, *self.options)

    def _apply(self, array):
        drawn = draws()
        degrees = drawn.uniform(*self.degrees)
        translate = tuple(drawn.uniform(*pair) for pair in self.translate)
        scale = max(drawn.uniform(*self.scale), 1e-9)
        shear = tuple(drawn.uniform(*pair) for pair in self.shear)
        return Affine(degrees, translate, scale, shear, *self.options)._apply(array)


def _ranges(owner: str, name: str, value: Any, low: float = -np.inf, high: float = np.inf) -> list[tuple[float, float]]:
    """(low, high) for x and for y; where none are given for y (or at all), no change."""
    if value is None:
        return [(0.0, 0.0)] * 2
    if not isinstance(value, (tuple, list)) or len(value) not in (2, 4):
        raise fail(TypeError, f"For '{owner}', '{name}' must be 2 or 4 numbers, but got {value!r}.")
    pairs = [check_range(owner, name, value[at : at + 2], low, high) for at in range(0, len(value), 2)]
    return pairs if len(pairs) == 2 else [pairs[0], (0.0, 0.0)]


class Perspective(ImageTransform):
    """The projective map that takes four corners to four other points.

    Args:
        start_points: list of four (x, y).
        end_points: list of four (x, y).
        interpolation: Inter.  Default: Inter.BILINEAR.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same shape and dtype, or Pillow image.

    Raises:
        TypeError: an argument or input of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: an image of other dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
    >>> vision.Perspective(corners, corners)(np.array([[1, 2], [3, 4]], np.uint8))
    array([[1, 2],
           [3, 4]], dtype=uint8)
    """

    def __init__(self, start_points, end_points, interpolation=Inter.BILINEAR):
        checks.instance("Perspective", Inter, interpolation=interpolation)
        self.inverse = _homography(end_points, start_points)
        self.interpolation = interpolation

    def _apply(self, array):
        return warp(array, self.inverse, array.shape[:2], self.interpolation, 0)


def _homography(source: Any, target: Any) -> np.ndarray:
    """The 3 x 3 matrix, its last entry 1, that takes four points to four others."""
    rows, right = [], []
    for (x, y), (u, v) in zip(source, target):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return np.append(np.linalg.solve(np.array(rows, float), np.array(right, float)), 1.0).reshape(3, 3)


class RandomPerspective(ImageTransform):
    """The corners moved inwards at random.

    Args:
        distortion_scale: number in [0, 1], by up to this share of half the sides.  Default: 0.5.
        prob: float in [0, 1], how often.  Default: 0.5.
        interpolation: Inter.  Default: Inter.BICUBIC.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        array of the same shape and dtype, or Pillow image.

    Raises:
        TypeError: an argument or input of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: an image of other dimensions.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomPerspective()(np.zeros((4, 4, 3), np.uint8)).shape
    (4, 4, 3)
    """

    def __init__(self, distortion_scale=0.5, prob=0.5, interpolation=Inter.BICUBIC):
        checks.within("RandomPerspective", "[0, 1]", distortion_scale=distortion_scale)
        checks.within("RandomPerspective", "[0, 1]", prob=prob)
        checks.instance("RandomPerspective", Inter, interpolation=interpolation)
        self.distortion, self.prob, self.interpolation = distortion_scale, prob, interpolation

    def _apply(self, array):
        drawn = draws()
        if drawn.uniform() >= self.prob:
            return array
        height, width = array.shape[:2]
        right, bottom = width - 1, height - 1
        x = [int(drawn.uniform(0, self.distortion * width / 2)) for _ in range(4)]
        y = [int(drawn.uniform(0, self.distortion * height / 2)) for _ in range(4)]
        start = [(0, 0), (right, 0), (right, bottom), (0, bottom)]
        end = [(x[0], y[0]), (right - x[1], y[1]), (right - x[2], bottom - y[2]), (x[3], bottom - y[3])]
        return Perspective(start, end, self.interpolation)._apply(array)


class FiveCrop(Transform):
    """The four corners and the middle.

    Args:
        size: (height, width), or an int for both.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        tuple of five arrays or Pillow images.

    Raises:
        TypeError: ``size`` of the wrong type.
        ValueError: ``size`` out of range, or larger than the image.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> [int(part[0, 0]) for part in vision.FiveCrop(1)(np.arange(9, dtype=np.uint8).reshape(3, 3))]
    [0, 2, 6, 8, 4]
    """

    def __init__(self, size):
        self.size = check_square("FiveCrop", size)

    def __call__(self, image):
        height, width = size_of(np.asarray(image))
        h, w = self.size
        if h > height or w > width:
            raise fail(
                ValueError,
                f"For 'FiveCrop', 'size' {self.size} must not exceed the image, but that is {height} x {width}.",
            )
        corners = [(0, 0), (0, width - w), (height - h, 0), (height - h, width - w)]
        return (*[Crop(corner, self.size)(image) for corner in corners], CenterCrop(self.size)(image))


class TenCrop(Transform):
    """``FiveCrop`` of the image and of its mirror image.

    Args:
        size: (height, width), or an int for both.
        use_vertical_flip: bool, whether top and bottom are mirrored in place of left and right.  Default: False.

    Inputs:
        image: array (H, W) or (H, W, C), or Pillow image.

    Returns:
        tuple of ten arrays or Pillow images.

    Raises:
        TypeError: ``size`` of the wrong type.
        ValueError: ``size`` out of range, or larger than the image.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> len(vision.TenCrop(1)(np.zeros((3, 3), np.uint8)))
    10
    """

    def __init__(self, size, use_vertical_flip=False):
        self.crops = FiveCrop(size)
        self.flip: ImageTransform = VerticalFlip() if use_vertical_flip else HorizontalFlip()

    def __call__(self, image):
        return (*self.crops(image), *self.crops(self.flip(image)))


class SlicePatches(Transform):
    """The image cut into ``num_height`` x ``num_width`` patches.

    Args:
        num_height: int above 0.  Default: 1.
        num_width: int above 0.  Default: 1.
        slice_mode: SliceMode, what happens to what does not divide: SliceMode.PAD (the default) fills it up with
            ``fill_value``, SliceMode.DROP leaves it out.
        fill_value: number.  Default: 0.

    Inputs:
        image: array (H, W) or (H, W, C).

    Returns:
        tuple of arrays.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.SlicePatches(1, 2)(np.array([[1, 2], [3, 4]], np.uint8))
    (array([[1],
           [3]], dtype=uint8), array([[2],
           [4]], dtype=uint8))
    """

    def __init__(self, num_height=1, num_width=1, slice_mode=SliceMode.PAD, fill_value=0):
        checks.within("SlicePatches", "[1, inf)", num_height=num_height)
        checks.within("SlicePatches", "[1, inf)", num_width=num_width)
        checks.instance("SlicePatches", SliceMode, slice_mode=slice_mode)
        self.counts, self.mode, self.fill = (num_height, num_width), slice_mode, fill_value

    def __call__(self, image):
        array = np.asarray(image)
        lengths = size_of(array)
        if self.mode == SliceMode.PAD:
            down, right = (-length % count for length, count in zip(lengths, self.counts))
            array = pad_image(array, (0, 0, right, down), self.fill, Border.CONSTANT)
            lengths = size_of(array)
        height, width = (length // count for length, count in zip(lengths, self.counts))
        places = [(row * height, column * width) for row in range(self.counts[0]) for column in range(self.counts[1])]
        return tuple(window(array, top, left, height, width) for top, left in places)
