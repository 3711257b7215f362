"""Interpolation: resizing and warping of arrays.

Resizing is separable and has no antialiasing (as OpenCV): along each axis an output pixel is a weighted sum of input
pixels. Pixel centres are at half-integers.
"""

from functools import lru_cache

import numpy as np

from .base import axes, rounded
from .utils import Inter


def _cubic(x: np.ndarray, a: float = -0.75) -> np.ndarray:
    """The convolution kernel of Keys (1981)."""
    x = np.abs(x)
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = a * (((x - 5) * x + 8) * x - 4)
    return np.where(x <= 1, near, np.where(x < 2, far, 0.0))


@lru_cache(maxsize=256)
def _taps(length: int, made: int, inter: Inter, smaller: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """For each of ``made`` output positions: the indices of the input positions, shape (made, taps), and their weights."""
    scale = length / made
    at = np.arange(made)
    if inter == Inter.NEAREST:
        index = np.floor(at * scale).astype(np.int64)[:, None]
        weight = np.ones(index.shape)
    elif inter == Inter.AREA and smaller:
        first = np.floor(at * scale).astype(np.int64)[:, None]
        index = first + np.arange(int(np.ceil(scale)) + 1)
        weight = np.minimum(index + 1, (at[:, None] + 1) * scale) - np.maximum(index, at[:, None] * scale)
        weight = np.maximum(weight, 0) / scale
    elif inter == Inter.AREA:
        first = np.floor(at * scale).astype(np.int64)
        part = at + 1 - (first + 1) / scale
        part = np.where(part <= 0, 0, part - np.floor(part))
        index, weight = np.stack([first, first + 1], 1), np.stack([1 - part, part], 1)
    else:
        centre = (at + 0.5) * scale - 0.5
        first = np.floor(centre).astype(np.int64)
        offsets = np.arange(2) if inter == Inter.LINEAR else np.arange(-1, 3)
        index = first[:, None] + offsets
        distance = centre[:, None] - index
        weight = 1 - np.abs(distance) if inter == Inter.LINEAR else _cubic(distance)
    return np.clip(index, 0, length - 1), weight.astype(np.float32)


def _along(array: np.ndarray, axis: int, made: int, inter: Inter, smaller: bool) -> np.ndarray:
    index, weight = _taps(array.shape[axis], made, inter, smaller)
    if index.shape[1] == 1:
        return np.take(array, index[:, 0], axis)
    shape = [1] * array.ndim
    shape[axis] = made
    total = np.take(array, index[:, 0], axis) * weight[:, 0].reshape(shape)
    for tap in range(1, index.shape[1]):
        total += np.take(array, index[:, tap], axis) * weight[:, tap].reshape(shape)
    return total


def _two_taps_of_bytes(array: np.ndarray, height: int, width: int, inter: Inter) -> np.ndarray:
    """OpenCV's interpolation of bytes between two: weights of 11 bits, first along the rows; its rounding is part of the values."""
    h, w = axes(array)
    made = array.astype(np.int32)
    for axis, length in ((w, width), (h, height)):
        index, weight = _taps(array.shape[axis], length, inter, False)
        shape = [1] * array.ndim
        shape[axis] = length
        near, far = (np.take(made, index[:, k], axis) for k in range(2))
        low, high = (np.rint(weight[:, k] * 2048).astype(np.int32).reshape(shape) for k in range(2))
        if axis == w:
            made = near * low + far * high
        else:
            made = ((low * (near >> 4) >> 16) + (high * (far >> 4) >> 16) + 2) >> 2
    return made.astype(np.uint8)


def _cubic_bytes(array: np.ndarray, height: int, width: int) -> np.ndarray:
    """The same of four: the sums along the columns are of float32."""
    h, w = axes(array)
    made = array.astype(np.int64)
    for axis, length in ((w, width), (h, height)):
        index, weight = _taps(array.shape[axis], length, Inter.BICUBIC)
        shape = [1] * array.ndim
        shape[axis] = length
        whole = np.rint(weight * 2048)
        if axis == w:
            parts = whole.astype(np.int64)
        else:
            made, parts = made.astype(np.float32), whole.astype(np.float32) * np.float32(2.0**-22)
        made = sum(np.take(made, index[:, k], axis) * parts[:, k].reshape(shape) for k in reversed(range(4)))
    return rounded(made, array.dtype)


def resize(array: np.ndarray, height: int, width: int, inter: Inter) -> np.ndarray:
    """The image in another size and the same type.

    Args:
        array: (H, W) or (..., H, W, C).
        height: int.
        width: int.
        inter: Inter.

    Returns:
        array (height, width) or (..., height, width, C).

    >>> resize(np.array([[0, 4]], np.uint8), 1, 4, Inter.NEAREST)
    array([[0, 0, 4, 4]], dtype=uint8)
    """
    h, w = axes(array)
    order = [(h, height), (w, width)]
    smaller = all(length <= array.shape[axis] for axis, length in order)  # areas: both axes or none
    if array.dtype == np.uint8 and (array.shape[h], array.shape[w]) != (height, width):
        if inter == Inter.LINEAR or (inter == Inter.AREA and not smaller):
            return _two_taps_of_bytes(array, height, width, inter)
        if inter == Inter.BICUBIC:
            return _cubic_bytes(array, height, width)
    order.sort(key=lambda step: step[1] / array.shape[step[0]])  # first the axis that leaves fewer pixels
    made = array
    for axis, length in order:
        if made.shape[axis] != length:
            made = _along(made, axis, length, inter, smaller)
    return made.copy() if made is array else rounded(made, array.dtype)


def _linear(x: np.ndarray) -> np.ndarray:
    return 1 - np.abs(x)


def warp(array: np.ndarray, inverse: np.ndarray, size: tuple[int, int], inter: Inter, fill) -> np.ndarray:
    """Warps an image (H, W[, C]): output pixel (x, y) is the input at ``inverse @ (x, y, 1)``, or ``fill`` outside of it.

    Args:
        array: (H, W) or (H, W, C).
        inverse: array (3, 3).
        size: (height, width) of the result.
        inter: Inter.
        fill: number, or one for each channel: what is beyond the border.

    Returns:
        array of that size and the same dtype.

    >>> warp(np.array([[1, 2]], np.uint8), np.eye(3), (1, 3), Inter.NEAREST, 9)
    array([[1, 2, 9]], dtype=uint8)
    """
    image = array[..., None] if array.ndim == 2 else array
    height, width = image.shape[:2]
    y, x = np.mgrid[: size[0], : size[1]]
    parts = 1 if inter == Inter.NEAREST else 32  # OpenCV places a point at a multiple of 1 / 32 of a pixel
    if np.array_equal(inverse[2], (0, 0, 1)):
        u, v = (
            (np.rint(a * x * 1024) + np.rint((b * y + c) * 1024) + 512 // parts) // (1024 // parts) / parts
            for a, b, c in inverse[:2]
        )
    else:
        u, v, scale = np.tensordot(inverse, np.stack([x, y, np.ones_like(x)]), 1)
        u, v = np.rint(u / scale * parts) / parts, np.rint(v / scale * parts) / parts
    if inter == Inter.NEAREST:
        offsets, kernel = np.arange(1), None  # nearest neighbour
        left, top = u.astype(np.int64), v.astype(np.int64)
    else:
        cubic = inter in (Inter.BICUBIC, Inter.PILCUBIC)
        offsets, kernel = (np.arange(-1, 3), _cubic) if cubic else (np.arange(2), _linear)
        left, top = np.floor(u).astype(np.int64), np.floor(v).astype(np.int64)
    colour = np.broadcast_to(np.asarray(fill, np.float64), image.shape[2:])
    total = np.zeros((*size, image.shape[2]))
    for down in offsets:
        for right in offsets:
            row, column = top + down, left + right
            inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
            pixels = image[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)]
            pixels = np.where(inside[..., None], pixels, colour)
            weight = 1.0 if kernel is None else (kernel(u - column) * kernel(v - row))[..., None]
            total += weight * pixels
    made = rounded(total, array.dtype)
    return made[..., 0] if array.ndim == 2 else made
