"""The names of MindSpore 1.x for transforms of Pillow images; after ``ToTensor`` the channels are first."""

from . import transforms as _all
from .augment import CutOut as _CutOut, UniformAugment as UniformAug  # noqa: F401
from .transforms import *  # noqa: F403


class Decode(_all.Decode):  # type: ignore[no-redef]
    """The bytes of an image file to a Pillow image."""

    def __init__(self, to_pil=True):
        super().__init__(to_pil)


class Normalize(_all.Normalize):  # type: ignore[no-redef]
    """As ``vision.Normalize``, for arrays (C, H, W)."""

    def __init__(self, mean, std, is_hwc=False):
        super().__init__(mean, std, is_hwc)


class Cutout(_CutOut):
    """As ``vision.CutOut``, for arrays (C, H, W)."""

    def __init__(self, length, num_patches=1, is_hwc=False):
        super().__init__(length, num_patches, is_hwc)
