"""``dataset.vision.py_transforms`` of MindSpore 1: transforms of Pillow images, and of arrays (C, H, W) after ``ToTensor``."""

from ...dataset import vision as _vision
from ...dataset.vision import UniformAugment as UniformAug  # noqa: F401
from ...dataset.vision.transforms import *  # noqa: F403


class Decode(_vision.Decode):  # type: ignore[no-redef]
    """Decodes the bytes of an image file to a Pillow image."""

    def __init__(self, to_pil=True):
        super().__init__(to_pil)


class Normalize(_vision.Normalize):  # type: ignore[no-redef]
    """Like ``vision.Normalize``, for arrays (C, H, W)."""

    def __init__(self, mean, std, is_hwc=False):
        super().__init__(mean, std, is_hwc)


class Cutout(_vision.CutOut):
    """Like ``vision.CutOut``, for arrays (C, H, W)."""

    def __init__(self, length, num_patches=1, is_hwc=False):
        super().__init__(length, num_patches, is_hwc)
