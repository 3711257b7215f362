"""Transforms of an image together with its bounding boxes: rows (x, y, width, height, ...) of float32, in pixels."""

from typing import Any

import numpy as np

from ...core.errors import fail
from .. import checks
from ..draws import draws
from ..transforms.base import Transform
from .base import ImageTransform, size_of, window
from .cropping import RandomCrop, RandomResizedCrop, random_rectangle
from .geometry import HorizontalFlip, Resize, VerticalFlip, _resize_array, pad_image
from .utils import Border, Inter


class _WithBoxes(Transform):
    """The base: subclasses have ``_both(image, boxes)``, of arrays that are theirs."""

    def __call__(self, image: Any, boxes: Any = None) -> Any:
        owner = type(self).__name__
        array = ImageTransform._checked(self, image)  # type: ignore[arg-type]
        if not isinstance(boxes, np.ndarray):
            raise fail(
                RuntimeError, f"For '{owner}', an image and its boxes are needed, but got {type(boxes).__name__}."
            )
        if boxes.ndim != 2 or boxes.shape[1] < 4 or not len(boxes) or boxes.dtype != np.float32:
            raise fail(
                RuntimeError,
                f"For '{owner}', boxes must be float32 (N, 4 or more), but got {boxes.dtype} {boxes.shape}.",
            )
        height, width = size_of(array)
        x, y, w, h = boxes[:, :4].T
        if min(x.min(), y.min(), w.min(), h.min()) < 0 or (x + w).max() > width or (y + h).max() > height:
            raise fail(RuntimeError, f"For '{owner}', boxes must lie within the image, {height} x {width}.")
        return self._both(array, boxes.copy())

    ranks, channels, types, keeps_pil, pil_only = (2, 3), None, None, False, False

    def _both(self, image: np.ndarray, boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        raise NotImplementedError


def _scaled(boxes: np.ndarray, old: tuple[int, int], new: tuple[int, int]) -> np.ndarray:
    boxes[:, :4] *= np.array([new[1] / old[1], new[0] / old[0]] * 2, np.float32)
    return boxes


def _cropped(boxes: np.ndarray, top: int, left: int, height: int, width: int) -> np.ndarray:
    """Boxes within a rectangle of the image, those outside left out; one of zeros where none is left."""
    low = np.maximum(boxes[:, :2] - np.array([left, top], np.float32), 0)
    high = np.minimum(
        boxes[:, :2] + boxes[:, 2:4] - np.array([left, top], np.float32), np.array([width, height], np.float32)
    )
    boxes[:, :2], boxes[:, 2:4] = low, high - low
    kept = boxes[(high > low).all(1)]
    return kept if len(kept) else np.zeros((1, boxes.shape[1]), np.float32)


class ResizeWithBBox(_WithBoxes):
    """``Resize`` of an image and of its boxes.

    Args:
        size: int for the shorter side, or (height, width).
        interpolation: Inter.  Default: Inter.LINEAR.

    Inputs:
        image: array (H, W) or (H, W, C).
        boxes: array (N, 4 or more) of float32.

    Returns:
        tuple of the two.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: a size out of range.
        RuntimeError: no image, boxes that are none or lie outside.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.ResizeWithBBox((4, 8))(np.zeros((2, 2, 3), np.uint8), np.float32([[0, 0, 1, 2]]))[1]
    array([[0., 0., 4., 4.]], dtype=float32)
    """

    def __init__(self, size, interpolation=Inter.LINEAR):
        self.resizes = [Resize(size, interpolation)]

    def _both(self, image, boxes):
        made = self.resizes[draws().below(len(self.resizes))](image)
        return made, _scaled(boxes, size_of(image), size_of(made))


class RandomResizeWithBBox(ResizeWithBBox):
    """``RandomResize`` of an image and of its boxes.

    Args:
        size: int for the shorter side, or (height, width).

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: a size out of range.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomResizeWithBBox(4)(np.zeros((2, 2, 3), np.uint8), np.float32([[0, 0, 1, 2]]))[0].shape
    (4, 4, 3)
    """

    def __init__(self, size):
        self.resizes = [Resize(size, inter) for inter in (Inter.NEAREST, Inter.LINEAR, Inter.CUBIC)]


class RandomHorizontalFlipWithBBox(_WithBoxes):
    """``RandomHorizontalFlip`` of an image and of its boxes.

    Args:
        prob: float in [0, 1], how often.  Default: 0.5.

    Raises:
        TypeError: ``prob`` is no number.
        ValueError: it is out of range.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomHorizontalFlipWithBBox(1.0)(np.zeros((2, 4, 3), np.uint8), np.float32([[0, 0, 1, 2]]))[1]
    array([[3., 0., 1., 2.]], dtype=float32)
    """

    _flip: ImageTransform = HorizontalFlip()
    _axis = 0

    def __init__(self, prob=0.5):
        checks.within(type(self).__name__, "[0, 1]", prob=prob)
        self.prob = prob

    def _both(self, image, boxes):
        if draws().uniform() >= self.prob:
            return image, boxes
        at = self._axis
        boxes[:, at] = size_of(image)[1 - at] - boxes[:, at] - boxes[:, at + 2]
        return self._flip(image), boxes


class RandomVerticalFlipWithBBox(RandomHorizontalFlipWithBBox):
    """``RandomVerticalFlip`` of an image and of its boxes.

    Args:
        prob: float in [0, 1], how often.  Default: 0.5.

    Raises:
        TypeError: ``prob`` is no number.
        ValueError: it is out of range.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomVerticalFlipWithBBox(1.0)(np.zeros((3, 4, 3), np.uint8), np.float32([[0, 0, 1, 2]]))[1]
    array([[0., 1., 1., 2.]], dtype=float32)
    """

    _flip = VerticalFlip()
    _axis = 1


class RandomCropWithBBox(_WithBoxes):
    """``RandomCrop`` of an image and of its boxes; boxes outside of the part are left out.

    Args:
        size: int, or (height, width).
        padding: int, or 2 or 4 ints.  Default: None.
        pad_if_needed: bool, whether to pad an image that is too small.  Default: False.
        fill_value: int or tuple of 3.  Default: 0.
        padding_mode: Border.  Default: Border.CONSTANT.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.
        RuntimeError: the image is too small.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomCropWithBBox(2)(np.zeros((2, 2, 3), np.uint8), np.float32([[0, 0, 1, 2]]))[1]
    array([[0., 0., 1., 2.]], dtype=float32)
    """

    def __init__(self, size, padding=None, pad_if_needed=False, fill_value=0, padding_mode=Border.CONSTANT):
        self.crop = RandomCrop(size, padding, pad_if_needed, fill_value, padding_mode)

    def _both(self, image, boxes):
        before = size_of(image)
        if self.crop.sides is not None:
            boxes[:, :2] += np.array(self.crop.sides[:2], np.float32)
            before = size_of(pad_image(image, self.crop.sides, 0, Border.CONSTANT))
        padded = self.crop._padded(image)
        down, right = (after - length for after, length in zip(size_of(padded), before))
        boxes[:, :2] += np.array([right // 2, down // 2], np.float32)
        top, left = self.crop._corner(padded, draws())
        place = (int(top), int(left), *self.crop.size)
        return window(padded, *place), _cropped(boxes, *place)


class RandomResizedCropWithBBox(_WithBoxes):
    """``RandomResizedCrop`` of an image and of its boxes.

    Args:
        size: int, or (height, width).
        scale: two numbers, the share of the area.  Default: (0.08, 1.0).
        ratio: two numbers, width by height.  Default: (3 / 4, 4 / 3).
        interpolation: Inter.  Default: Inter.BILINEAR.
        max_attempts: int.  Default: 10.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: an argument out of range.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomResizedCropWithBBox(2)(np.zeros((8, 8, 3), np.uint8), np.float32([[0, 0, 8, 8]]))[1]
    array([[0., 0., 2., 2.]], dtype=float32)
    """

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3), interpolation=Inter.BILINEAR, max_attempts=10):
        self.crop = RandomResizedCrop(size, scale, ratio, interpolation, max_attempts)

    def _both(self, image, boxes):
        crop = self.crop
        place = random_rectangle(*size_of(image), crop.scale, crop.ratio, crop.attempts)
        part = _resize_array(window(image, *place), crop.size, crop.interpolation)
        return part, _scaled(_cropped(boxes, *place), place[2:], crop.size)


class BoundingBoxAugment(_WithBoxes):
    """A transform of the parts of an image that are in some of its boxes.

    Args:
        transform: transform of images.
        ratio: float in [0, 1], the share of the boxes that it is done to.  Default: 0.3.

    Raises:
        TypeError: ``transform`` is no transform, ``ratio`` no number.
        ValueError: ``ratio`` is out of range.

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> augment = vision.BoundingBoxAugment(vision.Invert(), 1.0)
    >>> augment(np.zeros((1, 3, 3), np.uint8), np.float32([[0, 0, 2, 1]]))[0][0, :, 0]
    array([255, 255,   0], dtype=uint8)
    """

    def __init__(self, transform, ratio=0.3):
        checks.within("BoundingBoxAugment", "[0, 1]", ratio=ratio)
        self.transform, self.ratio = checks.instance("BoundingBoxAugment", Transform, transform=transform), ratio

    def _both(self, image, boxes):
        made = image.copy()
        for at in draws().generator().permutation(len(boxes))[: round(self.ratio * len(boxes))]:
            x, y, w, h = boxes[at, :4].astype(int).tolist()
            part = window(made, y, x, h, w)
            if part.size:
                changed = np.asarray(self.transform(part.copy()))
                part[...] = changed if changed.shape == part.shape else _resize_array(changed, (h, w), Inter.LINEAR)
        return made, boxes
