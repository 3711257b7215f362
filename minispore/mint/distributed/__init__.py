"""``mint.distributed``: communication under PyTorch's names.  Results go into the Tensors that are given for them.

Each function is a thin form of one in ``communication.comm_func``.  With ``async_op`` they return a handle; the result is
there already.
"""

from ...ops.comm_point_to_point import P2POp
from . import collectives, groups, objects, point_to_point
from .collectives import *  # noqa: F403
from .groups import *  # noqa: F403
from .objects import *  # noqa: F403
from .point_to_point import *  # noqa: F403

__all__ = ["P2POp", *collectives.__all__, *groups.__all__, *objects.__all__, *point_to_point.__all__]

from ...core.registry import module_getattr as _module_getattr  # isort: skip

__getattr__ = _module_getattr(__name__)
