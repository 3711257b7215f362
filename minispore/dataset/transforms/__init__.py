"""Transforms for ``map``: of arrays of any meaning, and combinations. Those of images are in ``dataset.vision``."""

from . import vision
from .array import (
    Concatenate,
    Duplicate,
    Fill,
    Mask,
    OneHot,
    PadEnd,
    Plugin,
    Relational,
    Slice,
    TypeCast,
    Unique,
)
from .base import Compose, RandomApply, RandomChoice, RandomOrder

# modules of MindSpore 1.x
from . import c_transforms, py_transforms, transforms  # isort: skip

from ...core.registry import module_getattr as _module_getattr  # isort: skip

__getattr__ = _module_getattr(__name__)
