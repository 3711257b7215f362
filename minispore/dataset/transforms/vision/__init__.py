"""Where MindSpore 1.0 kept ``dataset.vision``."""

from . import c_transforms, py_transforms, utils
from .utils import Border, Inter
