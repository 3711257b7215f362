"""What OpenCV computes of bytes in whole numbers: its rounding is part of the values of MindSpore's transforms."""

import numpy as np

_SHIFT = 12  # bits of the tables of quotients
_DIVISORS = np.arange(1, 256)
_OF_VALUE = np.concatenate([[0], np.rint((255 << _SHIFT) / _DIVISORS)]).astype(np.int64)
_OF_SPREAD = np.concatenate([[0], np.rint((256 << _SHIFT) / (6.0 * _DIVISORS))]).astype(np.int64)
# which of (value, lowest, falling, rising) is red, green and blue in each sixth of the circle
_SIXTHS = np.array([[0, 3, 1], [2, 0, 1], [1, 0, 3], [1, 2, 0], [3, 1, 0], [0, 1, 2]])


def hsv_of_bytes(image: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hue, saturation and value of an RGB image, each int64 in 0..255; 256 would be the whole circle.

    Args:
        image: array (H, W, 3), uint8.

    Returns:
        tuple of three arrays (H, W).

    >>> [int(part[0, 0]) for part in hsv_of_bytes(np.full((1, 1, 3), (0, 255, 0), np.uint8))]
    [85, 255, 255]
    """
    red, green, blue = np.moveaxis(image.astype(np.int64), -1, 0)
    value = np.maximum(np.maximum(red, green), blue)
    spread = value - np.minimum(np.minimum(red, green), blue)
    half = 1 << _SHIFT - 1
    saturation = (spread * _OF_VALUE[value] + half) >> _SHIFT
    hue = np.where(
        value == red,
        green - blue,
        np.where(value == green, blue - red + 2 * spread, red - green + 4 * spread),
    )
    hue = (hue * _OF_SPREAD[spread] + half) >> _SHIFT
    return np.clip(np.where(hue < 0, hue + 256, hue), 0, 255), saturation, value


def bytes_of_hsv(hue: np.ndarray, saturation: np.ndarray, value: np.ndarray) -> np.ndarray:
    """The RGB image of ``hsv_of_bytes``, though with a circle of 255, as OpenCV has it on the way back.

    Args:
        hue: array (H, W) in 0..255, like the others.
        saturation: likewise.
        value: likewise.

    Returns:
        array (H, W, 3), uint8.

    >>> part = np.full((1, 1), 85), np.full((1, 1), 255), np.full((1, 1), 9)
    >>> bytes_of_hsv(*part)[0, 0].tolist()
    [0, 9, 0]
    """
    unit = np.float32(1 / 255)
    turn = hue.astype(np.float32) * np.float32(6 / 255)
    s, v = saturation.astype(np.float32) * unit, value.astype(np.float32) * unit
    sixth = np.floor(turn).astype(np.int64)
    part = turn - sixth.astype(np.float32)
    levels = np.stack([v, v * (1 - s), v * (1 - s * part), v * (1 - s * (1 - part))], -1)
    chosen = np.take_along_axis(levels, _SIXTHS[sixth % 6], -1)
    return np.clip(np.rint(chosen * np.float32(255)), 0, 255).astype(np.uint8)


def whole_weights(kernel: np.ndarray, bits: int) -> np.ndarray:
    """A symmetric kernel of odd length in units of ``2**-bits``: what rounding leaves goes to the next weight, and the
    middle one makes the sum exact.

    Args:
        kernel: array (n,) whose sum is 1.
        bits: int.

    Returns:
        array (n,), int64, whose sum is ``2**bits``.

    >>> whole_weights(np.array([0.3, 0.4, 0.3]), 8).tolist()
    [77, 102, 77]
    """
    made, left = np.zeros(len(kernel), np.int64), 0.0
    middle = len(kernel) // 2
    for at in range(middle):
        wanted = kernel[at] * 2**bits + left
        made[at] = made[-1 - at] = round(wanted)
        left = wanted - made[at]
    made[middle] = 2**bits - 2 * made[:middle].sum()
    return made
