"""MindSpore's ``ops.functional``: the functions of ``ops`` under their older path."""

from minispore.ops import *  # noqa: F403
