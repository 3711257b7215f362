"""MindSpore's ``dataset.vision.py_transforms_util``: the small functions that other projects call."""

import numpy as np

from ...core.errors import fail
from ...dataset import vision


def is_numpy(img) -> bool:
    """Whether ``img`` is an array of numbers."""
    return isinstance(img, np.ndarray)


def is_pil(img) -> bool:
    """Whether ``img`` is an image of Pillow."""
    from PIL import Image

    return isinstance(img, Image.Image)


def hwc_to_chw(img):
    """An image (H, W, C) as (C, H, W)."""
    if not is_numpy(img):
        raise fail(TypeError, f"img should be NumPy array, got {type(img).__name__}.")
    if img.ndim != 3:
        raise fail(TypeError, f"img.ndim should be 3, got {img.ndim}.")
    return img.transpose(2, 0, 1).copy()


def to_tensor(img, output_type=np.float32):
    """An image as (C, H, W) with values between 0 and 1."""
    return vision.ToTensor(output_type)(img)


def to_pil(img):
    """An array as an image of Pillow."""
    return img if is_pil(img) else vision.ToPIL()(img)


def normalize(img, mean, std, pad_channel=False, dtype="float32"):
    """An image (C, H, W) less the mean and over the standard deviation of each channel."""
    return (vision.NormalizePad(mean, std, dtype, False) if pad_channel else vision.Normalize(mean, std, False))(img)
