# Written by tools/stubs from minispore.surface.dataset.py_transforms: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.dataset.transforms.array import Concatenate as Concatenate, Duplicate as Duplicate, Fill as Fill, Mask as Mask, OneHot as OneHot, OneHot as OneHotOp, PadEnd as PadEnd, Plugin as Plugin, Relational as Relational, Slice as Slice, TypeCast as TypeCast, Unique as Unique
from minispore.dataset.transforms.base import Compose as Compose, RandomApply as RandomApply, RandomChoice as RandomChoice, RandomOrder as RandomOrder

__all__ = ['Compose', 'Concatenate', 'Duplicate', 'Fill', 'Mask', 'OneHot', 'OneHotOp', 'PadEnd', 'Plugin', 'RandomApply', 'RandomChoice', 'RandomOrder', 'Relational', 'Slice', 'TypeCast', 'Unique']
