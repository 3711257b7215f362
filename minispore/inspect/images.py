"""Tensors as pictures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..core.errors import fail

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST = 128  # pixels of the shorter side: smaller pictures are enlarged


def picture(x) -> Image:
    """A Tensor as an image, for notebooks and ``.save(path)``: the least value black, the greatest white.

    Args:
        x (Tensor | numpy.ndarray): shape (H, W), (C, H, W) with 1 or 3 channels, or (N, C, H, W), of which N images are put
            side by side.

    Returns:
        ``PIL.Image.Image``, enlarged by a whole factor where it is small. uint8 values are shown as they are.

    Raises:
        ValueError: another shape.

    >>> import minispore as ms
    >>> picture(ms.ops.ones((6, 1, 28, 28))).size
    (261, 174)
    """
    from PIL import Image

    array = np.asarray(x.asnumpy() if hasattr(x, "asnumpy") else x)
    shape = array.shape
    array = array.reshape((1,) * (4 - array.ndim) + shape) if 2 <= array.ndim <= 4 else array
    if array.ndim != 4 or array.shape[1] not in (1, 3) or 0 in shape:
        raise fail(
            ValueError,
            f"For 'picture', the shape must be (H, W), (C, H, W) or (N, C, H, W) with 1 or 3 channels, but got {shape}.",
        )
    if array.dtype != np.uint8:
        array = array.astype(np.float64)
        low, high = np.nanmin(array), np.nanmax(array)
        array = np.nan_to_num((array - low) / ((high - low) or 1.0) * 255).astype(np.uint8)
    n, channels, height, width = array.shape
    columns = math.ceil(math.sqrt(n))
    rows = math.ceil(n / columns)
    gap = 1 if n > 1 else 0
    sheet = np.zeros((rows * (height + gap), columns * (width + gap), channels), np.uint8)
    for k in range(n):
        top, left = k // columns * (height + gap), k % columns * (width + gap)
        sheet[top : top + height, left : left + width] = array[k].transpose(1, 2, 0)
    image = Image.fromarray(sheet[:, :, 0] if channels == 1 else sheet)
    factor = math.ceil(LEAST / min(image.size))
    return (
        image.resize((image.width * factor, image.height * factor), Image.Resampling.NEAREST) if factor > 1 else image
    )
