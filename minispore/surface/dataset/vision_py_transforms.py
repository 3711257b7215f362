"""``dataset.vision.py_transforms`` of MindSpore 1: transforms of Pillow images, and of arrays (C, H, W) after ``ToTensor``."""

from ...dataset import vision as _vision
from ...dataset.vision import UniformAugment as UniformAug  # noqa: F401
from ...dataset.vision.transforms import *  # noqa: F403


class Decode(_vision.Decode):  # type: ignore[no-redef]
    """Decodes the bytes of an image file to a Pillow image.

    Args:
        to_pil: bool, whether to give a Pillow image, not an array.  Default: True.

    >>> from minispore.surface.dataset.vision_py_transforms import Decode
    >>> Decode().to_pil
    True
    """

    def __init__(self, to_pil=True):
        super().__init__(to_pil)


class Normalize(_vision.Normalize):  # type: ignore[no-redef]
    """Like ``vision.Normalize``, for arrays (C, H, W).

    Args:
        mean: list of numbers, one for each channel.
        std: list of numbers, one for each channel.
        is_hwc: bool, whether the arrays are (H, W, C).  Default: False.

    >>> import numpy as np
    >>> from minispore.surface.dataset.vision_py_transforms import Normalize
    >>> Normalize([1.0], [2.0])(np.full((1, 1, 2), 3.0, np.float32))
    array([[[1., 1.]]], dtype=float32)
    """

    def __init__(self, mean, std, is_hwc=False):
        super().__init__(mean, std, is_hwc)


class Cutout(_vision.CutOut):
    """Like ``vision.CutOut``, for arrays (C, H, W).

    Args:
        length: int, the side of a square.
        num_patches: int, how many squares.  Default: 1.
        is_hwc: bool, whether the arrays are (H, W, C).  Default: False.

    >>> import numpy as np
    >>> from minispore.surface.dataset.vision_py_transforms import Cutout
    >>> Cutout(2)(np.ones((1, 4, 4), np.float32)).shape
    (1, 4, 4)
    """

    def __init__(self, length, num_patches=1, is_hwc=False):
        super().__init__(length, num_patches, is_hwc)
