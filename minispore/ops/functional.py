"""MindSpore's ``ops.functional``: the functions of ``ops`` under their older path."""

from minispore import ops
from minispore.ops import *  # noqa: F403

__all__ = ops.__all__  # the same list: it grows with what higher layers add


def __getattr__(name: str):
    return getattr(ops, name)
