"""Crops: at a place, in the middle, at random, resized afterwards, several of one image."""

import inspect
from typing import Any

import numpy as np

from ...core.errors import fail
from .. import checks
from ..draws import draws
from .base import (
    BlockTransform,
    ImageTransform,
    check_range,
    check_square,
    is_pil,
    size_of,
    to_kind,
    whole,
    window,
    with_image_docs,
)
from .convert import Decode
from .geometry import (
    HorizontalFlip,
    Resize,
    VerticalFlip,
    _check_fill,
    _check_padding,
    _resize_array,
    _resize_pillow,
    pad_image,
)
from .utils import Border, Inter, SliceMode


@with_image_docs
class Crop(ImageTransform):
    """A rectangle of the image.

    Args:
        coordinates: (y, x) of the top left corner.
        size: (height, width), or an int for both.

    {resized}

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: the rectangle is not inside the image.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.Crop((0, 1), 1)(np.array([[1, 2], [3, 4]], np.uint8))
    array([[2]], dtype=uint8)
    """

    keeps_pil = False

    def __init__(self, coordinates, size):
        if len(checks.instance("Crop", (list, tuple), coordinates=coordinates)) != 2:
            raise fail(TypeError, f"For 'Crop', 'coordinates' must be (y, x), but got {coordinates!r}.")
        for value in coordinates:
            whole("Crop", "[0, 2147483647]", coordinates=value)
        self.top, self.left = coordinates
        self.size = check_square("Crop", size)

    def _apply(self, array):
        height, width = size_of(array)
        if self.top + self.size[0] > height or self.left + self.size[1] > width:
            raise fail(
                RuntimeError, f"For 'Crop', the rectangle must be inside the image, but that is {height} x {width}."
            )
        return window(array, self.top, self.left, *self.size)


@with_image_docs
class CenterCrop(BlockTransform):
    """The rectangle in the middle; where the image is smaller it is filled with 0.

    Args:
        size: (height, width), or an int for both.

    {resized}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.CenterCrop(2)(np.arange(16, dtype=np.uint8).reshape(4, 4))
    array([[ 5,  6],
           [ 9, 10]], dtype=uint8)
    """

    def __init__(self, size):
        self.size = check_square("CenterCrop", size)

    def __call__(self, image):
        if is_pil(image) and image.height >= self.size[0] and image.width >= self.size[1]:
            top, left = round((image.height - self.size[0]) / 2), round((image.width - self.size[1]) / 2)
            return image.crop(
                (left, top, left + self.size[1], top + self.size[0])
            )  # as Pillow's, not as arrays' middle
        return super().__call__(image)

    def _apply(self, array):
        height, width = size_of(array)
        down, right = max(self.size[0] - height, 0), max(self.size[1] - width, 0)
        if down >= 3 * height or right >= 3 * width:
            raise fail(
                RuntimeError,
                f"For 'CenterCrop', 'size' {self.size} must be below 4 times the image, {height} x {width}.",
            )
        if down or right:
            array = pad_image(array, (right - right // 2, down - down // 2, right // 2, down // 2), 0, Border.CONSTANT)
            height, width = size_of(array)
        return window(array, (height - self.size[0]) // 2, (width - self.size[1]) // 2, *self.size)


@with_image_docs
class RandomCrop(ImageTransform):
    """A rectangle at a random place, after padding.

    Args:
        size: (height, width), or an int for both.
        padding: as for ``Pad``.  Default: None.
        pad_if_needed: bool, whether to pad a side that is shorter than ``size``.  Default: False.
        fill_value: number, or a tuple of 3 of them, in [0, 255].  Default: 0.
        padding_mode: Border, what is beyond the border.  Default: Border.CONSTANT, ``fill_value``.

    {resized}

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: the image is smaller than ``size`` (ValueError for a Pillow image).

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomCrop(2, padding=1)(np.zeros((4, 4, 3), np.uint8)).shape
    (2, 2, 3)
    """

    channels = (1, 3)
    takes_block = True
    ranks = (2, 3, 4)

    def __init__(self, size, padding=None, pad_if_needed=False, fill_value=0, padding_mode=Border.CONSTANT):
        self.size = check_square("RandomCrop", size)
        self.sides = None if padding is None else _check_padding("RandomCrop", padding)
        checks.boolean("RandomCrop", pad_if_needed=pad_if_needed)
        self.fill = _check_fill("RandomCrop", 0 if fill_value is None else fill_value)
        self.pad_if_needed, self.mode = pad_if_needed, Border.CONSTANT if padding_mode is None else padding_mode
        checks.instance("RandomCrop", Border, padding_mode=self.mode)

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


@with_image_docs
class RandomResizedCrop(ImageTransform):
    """A random part of the image, resized.

    Args:
        size: (height, width), or an int for both.
        scale: (low, high), the share of the image's area.  Default: (0.08, 1.0).
        ratio: (low, high), width / height of the part.  Default: (3/4, 4/3).
        interpolation: Inter.  Default: Inter.BILINEAR.
        max_attempts: int, so many times a part is drawn that may not fit; then the middle is taken.  Default: 10.

    {resized}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomResizedCrop((2, 3))(np.zeros((8, 8, 3), np.uint8)).shape
    (2, 3, 3)
    """

    types = "uint8 uint16 int16 float32 float64 bool"
    ranks = (2, 3, 4)

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), interpolation=Inter.BILINEAR, max_attempts=10):
        owner = type(self).__name__
        self.size = check_square(owner, size)
        given = {"scale": scale, "ratio": ratio, "interpolation": interpolation, "max_attempts": max_attempts}
        scale, ratio, interpolation, max_attempts = (  # None stands for the default, as in MindSpore
            inspect.signature(RandomResizedCrop).parameters[name].default if value is None else value
            for name, value in given.items()
        )
        self.scale = check_range(owner, "scale", scale, 0)
        self.ratio = check_range(owner, "ratio", ratio, 0)
        if self.ratio[0] <= 0 or self.scale[1] <= 0:
            raise fail(ValueError, f"For '{owner}', 'ratio' and 'scale' must be positive, but got {ratio} and {scale}.")
        checks.instance(owner, Inter, interpolation=interpolation)
        whole(owner, "[1, 2147483647]", max_attempts=max_attempts)
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


@with_image_docs
class ResizedCrop(ImageTransform):
    """A rectangle of the image, resized.

    Args:
        top: int.
        left: int.
        height: int, of the rectangle.
        width: int.
        size: (height, width) of the result, or an int for both.
        interpolation: Inter.  Default: Inter.BILINEAR.

    {resized}

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
        whole("ResizedCrop", "[0, 2147483647]", top=top, left=left)
        whole("ResizedCrop", "[1, 2147483647]", height=height, width=width)
        self.crop = Crop((top, left), (height, width))
        self.resize = Resize(check_square("ResizedCrop", size), interpolation)

    def __call__(self, image):
        return self.resize(self.crop(image))


class FiveCrop(ImageTransform):
    """The four corners and the middle.

    Args:
        size: (height, width), or an int for both.

    Inputs:
        image: Pillow image.

    Returns:
        tuple of five Pillow images.

    Raises:
        TypeError: ``size`` of the wrong type, or the input is no Pillow image.
        ValueError: ``size`` out of range, or larger than the image.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> image = vision.ToPIL()(np.arange(9, dtype=np.uint8).reshape(3, 3))
    >>> [part.getpixel((0, 0)) for part in vision.FiveCrop(1)(image)]
    [0, 2, 6, 8, 4]
    """

    pil_only = True

    def __init__(self, size):
        self.size = check_square("FiveCrop", size)

    def __call__(self, image):
        array = self._checked(image)
        height, width = size_of(array)
        h, w = self.size
        if h > height or w > width:
            raise fail(
                ValueError,
                f"For 'FiveCrop', 'size' {self.size} must not exceed the image, but that is {height} x {width}.",
            )
        corners = [(0, 0), (0, width - w), (height - h, 0), (height - h, width - w)]
        corners.append((round((height - h) / 2), round((width - w) / 2)))
        return tuple(to_kind("FiveCrop", window(array, *corner, h, w), image) for corner in corners)


class TenCrop(ImageTransform):
    """``FiveCrop`` of the image and of its mirror image.

    Args:
        size: (height, width), or an int for both.
        use_vertical_flip: bool, whether top and bottom are mirrored in place of left and right.  Default: False.

    Inputs:
        image: Pillow image.

    Returns:
        tuple of ten Pillow images.

    Raises:
        TypeError: ``size`` of the wrong type, or the input is no Pillow image.
        ValueError: ``size`` out of range, or larger than the image.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> len(vision.TenCrop(1)(vision.ToPIL()(np.zeros((3, 3), np.uint8))))
    10
    """

    def __init__(self, size, use_vertical_flip=False):
        checks.boolean("TenCrop", use_vertical_flip=use_vertical_flip)
        self.crops = FiveCrop(size)
        self.flip: ImageTransform = VerticalFlip() if use_vertical_flip else HorizontalFlip()

    def __call__(self, image):
        turned = to_kind("TenCrop", self.flip(image), image)
        return (*self.crops(image), *self.crops(turned))


class SlicePatches(ImageTransform):
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
        self.counts = (1 if num_height is None else num_height, 1 if num_width is None else num_width)
        whole("SlicePatches", "[1, 16777216]", num_height=self.counts[0], num_width=self.counts[1])
        self.mode = SliceMode.PAD if slice_mode is None else slice_mode
        checks.instance("SlicePatches", SliceMode, slice_mode=self.mode)
        self.fill = whole("SlicePatches", "[0, 255]", fill_value=fill_value)

    def __call__(self, image):
        array = self._checked(image)
        lengths = size_of(array)
        if self.mode == SliceMode.PAD:
            down, right = (-length % count for length, count in zip(lengths, self.counts))
            array = pad_image(array, (0, 0, right, down), self.fill, Border.CONSTANT)
            lengths = size_of(array)
        height, width = (length // count for length, count in zip(lengths, self.counts))
        places = [(row * height, column * width) for row in range(self.counts[0]) for column in range(self.counts[1])]
        return tuple(window(array, top, left, height, width) for top, left in places)
