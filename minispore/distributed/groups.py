"""Groups of ranks by name."""

from ..core import checks
from ..core.errors import fail
from .launcher import launched
from .world import WORLD

HCCL_WORLD_COMM_GROUP, NCCL_WORLD_COMM_GROUP, MCCL_WORLD_COMM_GROUP = (
    "hccl_world_group", "nccl_world_group", "mccl_world_group",
)  # fmt: skip
WORLDS = (HCCL_WORLD_COMM_GROUP, NCCL_WORLD_COMM_GROUP, MCCL_WORLD_COMM_GROUP)


class GlobalComm:
    """Names of the backend and of the group of all processes.

    >>> from minispore.communication import GlobalComm
    >>> GlobalComm.BACKEND
    'mccl'
    """

    BACKEND = "mccl"
    WORLD_COMM_GROUP = MCCL_WORLD_COMM_GROUP
    INITED = False


def world_size() -> int:
    """The number of processes; before ``init``, what the launcher says."""
    return WORLD.size if WORLD.joined else max(launched().size, 1)


def world_rank() -> int:
    """The number of this process; before ``init``, what the launcher says."""
    return WORLD.rank if WORLD.joined else launched().rank


def ranks_of(group, owner: str) -> tuple[int, ...]:
    """The world ranks of a group; None is the group of all.

    Raises:
        TypeError: ``group`` is not a str.
        ValueError: there is no such group.
    """
    if group is None:
        return tuple(range(world_size()))
    checks.string(owner, group=group)
    if group in WORLDS:
        return tuple(range(world_size()))
    if group not in WORLD.groups:
        raise fail(ValueError, f"For '{owner}', there is no group '{group}'; create_group makes one.")
    return WORLD.groups[group]


def members(group, owner: str) -> tuple[int, ...]:
    """The world ranks of a group that this process takes part in.

    Raises:
        RuntimeError: this process is not in the group; several processes were started, and ``init`` was not called.
    """
    ranks = ranks_of(group, owner)
    if world_rank() not in ranks:
        raise fail(
            RuntimeError, f"For '{owner}', rank {world_rank()} is not in the group '{group}', whose ranks are {ranks}."
        )
    if len(ranks) > 1 and WORLD.comm is None:
        raise fail(
            RuntimeError,
            f"For '{owner}', {len(ranks)} processes were started, but they are not connected: call "
            "mindspore.communication.init() first.",
        )
    return ranks
