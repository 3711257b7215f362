"""``dataset.vision.c_transforms`` of MindSpore 1: transforms of arrays (H, W, C)."""

from ...dataset.vision import ConvertColor as CvtColor, UniformAugment as UniformAug  # noqa: F401
from ...dataset.vision.transforms import *  # noqa: F403
