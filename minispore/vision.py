"""MindSpore 1's other name of ``dataset.vision``: the same transforms and modules."""

import sys

from .dataset.vision import *  # noqa: F403
from .dataset.vision import c_transforms, py_transforms, transforms, utils

for _module in (c_transforms, py_transforms, transforms, utils):
    sys.modules[f"{__name__}.{_module.__name__.rpartition('.')[2]}"] = _module
