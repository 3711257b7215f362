"""Communication as functions, under MindSpore's names; ``communication.comm_func`` is this module.

All ranks of a group call the same functions in the same order.  A process alone gets its input back.  Results are ready
when a function returns: the handle that stands beside some of them has nothing to wait for, except those of ``isend`` and
``irecv``.
"""

from .comm_calls import *  # noqa: F403
from .comm_collectives import *  # noqa: F403
from .comm_exchange import *  # noqa: F403
from .comm_point_to_point import *  # noqa: F403

__all__ = [name for name, value in globals().items() if getattr(value, "__module__", "").startswith(__package__)]
