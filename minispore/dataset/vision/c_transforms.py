"""The names of MindSpore 1.x for transforms of arrays (H, W, C)."""

from .augment import UniformAugment as UniformAug  # noqa: F401
from .convert import ConvertColor as CvtColor  # noqa: F401
from .transforms import *  # noqa: F403
