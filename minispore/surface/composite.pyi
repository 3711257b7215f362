# Written by tools/stubs from minispore.surface.composite: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from functools import partial as partial
from minispore.ops.higher_order import HyperMap as HyperMap, Map as Map, MultitypeFuncGraph as MultitypeFuncGraph

__all__ = ['HyperMap', 'Map', 'MultitypeFuncGraph', 'partial']
