"""Transforms for ``map``: of arrays in general, and combinations of transforms.  Those of images are in ``dataset.vision``."""

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

from ...core.registry import module_getattr as _module_getattr  # isort: skip

__getattr__ = _module_getattr(__name__)

from ...core.boundary import publish as _publish  # isort: skip

_publish(globals())
