"""``dataset.transforms.py_transforms`` of MindSpore 1."""

from ...dataset.transforms import *  # noqa: F403
from ...dataset.transforms import OneHot as OneHotOp  # noqa: F401
