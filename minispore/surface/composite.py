"""MindSpore's ``ops.composite``: functions of higher order and, as there, everything else of ``ops``."""

from .. import ops
from ..ops import higher_order
from ..ops.higher_order import *  # noqa: F403
from ..ops.higher_order import add_flags, core  # noqa: F401

__all__ = higher_order.__all__


def __getattr__(name: str):
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(ops, name)
