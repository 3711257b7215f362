"""Warps: rotations, affine maps, perspective."""

from typing import Any

import numpy as np

from ...core.errors import fail
from .. import checks
from ..draws import draws
from .base import ImageTransform, check_pair, check_range, is_pil, pillow, with_image_docs
from .geometry import _check_fill, of_channels, pil_filter
from .resample import warp
from .utils import Inter


def _turn(angle: float, translate: tuple[float, float], scale: float, shear: tuple[float, float]) -> np.ndarray:
    """The matrix of a shear, a scaling, a clockwise turn (degrees; y points down) and a shift, about the origin."""
    turn, x, y = np.radians([angle, *shear])
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = np.eye(3)
    matrix[:2, :2] = scale * rotation @ np.array([[1, 0], [-np.tan(y), 1]]) @ np.array([[1, -np.tan(x)], [0, 1]])
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
    if expand:
        corners = matrix[:2, :2] @ (np.array([[1, 1, -1, -1], [1, -1, 1, -1]]) * [[width / 2], [height / 2]])
        extent = 2 * np.abs(corners).max(1)
        shift = np.eye(3)
        shift[:2, 2] = (extent - (width, height)) / 2
        forward = shift @ forward
        width, height = np.rint(extent).astype(int).tolist()
    return warp(array, np.linalg.inv(forward), (height, width), inter, of_channels(fill, array))


@with_image_docs
class Rotate(ImageTransform):
    """A counter-clockwise turn.

    Args:
        degrees: number.
        resample: Inter.  Default: Inter.NEAREST.
        expand: bool, whether the result is so large that it holds all.  Default: False.
        center: (x, y), what stays.  Default: None, for the middle.
        fill_value: number, or a tuple of 3 of them, in [0, 255].  Default: 0.

    {resized}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.Rotate(90)(np.array([[1, 2], [3, 4]], np.uint8))
    array([[2, 4],
           [1, 3]], dtype=uint8)
    """

    types = "uint8 uint16 uint32 uint64 int8 int16 int32 int64 float32 float64 bool"
    keeps_pil = False

    def __init__(self, degrees, resample=Inter.NEAREST, expand=False, center=None, fill_value=0):
        checks.within("Rotate", "[-16777216, 16777216]", degrees=degrees)
        checks.instance("Rotate", Inter, resample=resample)
        checks.boolean("Rotate", expand=expand)
        if center is not None:
            if not isinstance(center, tuple) or len(center) != 2:
                raise fail(ValueError, f"For 'Rotate', 'center' must be a tuple (x, y), but got {center!r}.")
            checks.number("Rotate", center=center[0])
            checks.number("Rotate", center=center[1])
        self.degrees, self.resample, self.expand, self.center = degrees, resample, expand, center
        self.fill = _check_fill("Rotate", fill_value)

    def _apply(self, array):
        return _move(array, _turn(-self.degrees, (0, 0), 1, (0, 0)), self.resample, self.fill, self.expand, self.center)


@with_image_docs
class RandomRotation(ImageTransform):
    """A turn by a random angle.

    Args:
        degrees: (low, high), or a number for (-degrees, degrees).
        resample: Inter.  Default: Inter.NEAREST.
        expand: bool, whether the result is so large that it holds all.  Default: False.
        center: (x, y), what stays.  Default: None, for the middle.
        fill_value: number, or a tuple of 3 of them, in [0, 255].  Default: 0.

    {resized}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomRotation((90, 90))(np.array([[1, 2], [3, 4]], np.uint8))
    array([[2, 4],
           [1, 3]], dtype=uint8)
    """

    types = "uint8 uint16 uint32 uint64 int8 int16 int32 int64 float32 float64 bool"

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


@with_image_docs
class Affine(ImageTransform):
    """A clockwise turn, a shift, a scaling and a shear.

    Args:
        degrees: number.
        translate: (x, y), shares of width and height in [-1, 1].
        scale: number above 0.
        shear: number (along x) or (x, y), in degrees.
        resample: Inter.  Default: Inter.NEAREST.
        fill_value: number, or a tuple of 3 of them, in [0, 255].  Default: 0.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.Affine(0, (0.5, 0), 1, 0)(np.array([[1, 2], [3, 4]], np.uint8))
    array([[0, 1],
           [0, 3]], dtype=uint8)
    """

    types = "uint8 uint16 uint32 uint64 int8 int16 int32 int64 float32 float64 bool"
    keeps_pil = False

    def __init__(self, degrees, translate, scale, shear, resample=Inter.NEAREST, fill_value=0):
        checks.within("Affine", "[-180, 180]", degrees=degrees)
        self.translate = check_pair("Affine", "translate", translate, -1, 1)
        checks.within("Affine", "(0, inf)", scale=scale)
        self.degrees, self.scale = degrees, scale
        self.shear = check_pair(
            "Affine", "shear", (shear, 0.0) if isinstance(shear, (int, float)) else shear, -180, 180
        )
        checks.instance("Affine", Inter, resample=resample)
        self.resample, self.fill = resample, _check_fill("Affine", fill_value)

    def _apply(self, array):
        height, width = array.shape[:2]
        shift = (self.translate[0] * width, self.translate[1] * height)
        return _move(array, _turn(self.degrees, shift, self.scale, self.shear), self.resample, self.fill)


@with_image_docs
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

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomAffine(15, translate=(-0.1, 0.1))(np.zeros((4, 4, 3), np.uint8)).shape
    (4, 4, 3)
    """

    types = "uint8 uint16 uint32 uint64 int8 int16 int32 int64 float32 float64 bool"

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
        self.options = (resample, 0 if fill_value is None else fill_value)
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
    if len(checks.instance(owner, (list, tuple), **{name: value})) not in (2, 4):
        raise fail(TypeError, f"For '{owner}', '{name}' must be 2 or 4 numbers, but got {value!r}.")
    check = check_pair if name == "translate" else check_range  # MindSpore does not ask for an order there
    pairs = [check(owner, name, value[at : at + 2], low, high) for at in range(0, len(value), 2)]
    return pairs if len(pairs) == 2 else [pairs[0], (0.0, 0.0)]


@with_image_docs
class Perspective(ImageTransform):
    """The projective map that takes four corners to four other points.

    Args:
        start_points: list of four (x, y).
        end_points: list of four (x, y).
        interpolation: Inter.  Default: Inter.BILINEAR.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
    >>> vision.Perspective(corners, corners)(np.array([[1, 2], [3, 4]], np.uint8))
    array([[1, 2],
           [3, 4]], dtype=uint8)
    """

    types = "uint8 uint16 int16 float32 float64 bool"

    def __init__(self, start_points, end_points, interpolation=Inter.BILINEAR):
        checks.instance("Perspective", Inter, interpolation=interpolation)
        for name, points in (("start_points", start_points), ("end_points", end_points)):
            if not isinstance(points, (tuple, list)) or [np.shape(point) for point in points] != [(2,)] * 4:
                raise fail(TypeError, f"For 'Perspective', '{name}' must be four points (x, y), but got {points!r}.")
        self.inverse = _homography(end_points, start_points)
        self.interpolation = interpolation

    def __call__(self, image):
        array = self._checked(image)
        if not is_pil(image):
            return self._apply(array)
        data = self.inverse.ravel()[:8].tolist()
        return image.transform(
            image.size, pillow("Perspective").Transform.PERSPECTIVE, data, pil_filter(self.interpolation)
        )

    def _apply(self, array):
        return warp(array, self.inverse, array.shape[:2], self.interpolation, 0)


def _homography(source: Any, target: Any) -> np.ndarray:
    """The 3 x 3 matrix, its last entry 1, that takes four points to four others."""
    rows, right = [], []
    for (x, y), (u, v) in zip(source, target):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return np.append(np.linalg.solve(np.array(rows, float), np.array(right, float)), 1.0).reshape(3, 3)


@with_image_docs
class RandomPerspective(ImageTransform):
    """The corners moved inwards at random.

    Args:
        distortion_scale: number in [0, 1], by up to this share of half the sides.  Default: 0.5.
        prob: float in [0, 1], how often.  Default: 0.5.
        interpolation: Inter.  Default: Inter.BICUBIC.

    {image}

    {raises}

    >>> import numpy as np
    >>> from minispore.dataset import vision
    >>> vision.RandomPerspective()(np.zeros((4, 4, 3), np.uint8)).shape
    (4, 4, 3)
    """

    def __init__(self, distortion_scale=0.5, prob=0.5, interpolation=Inter.BICUBIC):
        checks.floating("RandomPerspective", distortion_scale=distortion_scale, prob=prob)
        checks.within("RandomPerspective", "[0, 1]", distortion_scale=distortion_scale, prob=prob)
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
