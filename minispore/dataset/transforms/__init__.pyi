# Written by tools/stubs from minispore.dataset.transforms: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from . import array as array, base as base
from minispore.dataset.transforms.array import Concatenate as Concatenate, Duplicate as Duplicate, Fill as Fill, Mask as Mask, OneHot as OneHot, PadEnd as PadEnd, Plugin as Plugin, Relational as Relational, Slice as Slice, TypeCast as TypeCast, Unique as Unique
from minispore.dataset.transforms.base import Compose as Compose, RandomApply as RandomApply, RandomChoice as RandomChoice, RandomOrder as RandomOrder

__all__ = ['Compose', 'Concatenate', 'Duplicate', 'Fill', 'Mask', 'OneHot', 'PadEnd', 'Plugin', 'RandomApply', 'RandomChoice', 'RandomOrder', 'Relational', 'Slice', 'TypeCast', 'Unique', 'array', 'base']
