"""The process group of distributed training, which here is one process: rank 0 of 1."""

from ..core import checks
from ..core.errors import fail

HCCL_WORLD_COMM_GROUP, NCCL_WORLD_COMM_GROUP, MCCL_WORLD_COMM_GROUP = (
    "hccl_world_group", "nccl_world_group", "mccl_world_group",
)  # fmt: skip
_WORLDS = {HCCL_WORLD_COMM_GROUP, NCCL_WORLD_COMM_GROUP, MCCL_WORLD_COMM_GROUP}
_groups: set[str] = set()


class GlobalComm:
    """Names of the backend and of the group of all processes.

    >>> from minispore.communication import GlobalComm
    >>> GlobalComm.BACKEND
    'mccl'
    """

    BACKEND = "mccl"
    WORLD_COMM_GROUP = MCCL_WORLD_COMM_GROUP
    INITED = False


def init(backend_name=None) -> None:
    """Accepted: there is one process, which has rank 0 in a group of 1.

    Args:
        backend_name: "hccl", "nccl" or "mccl".  Default: None.

    Raises:
        TypeError: ``backend_name`` is not a str.
        RuntimeError: it is none of these.

    >>> import minispore as ms
    >>> ms.communication.init()
    """
    if backend_name is not None:
        checks.string("init", backend_name=backend_name)
        if backend_name not in ("hccl", "nccl", "mccl"):
            raise fail(
                RuntimeError, f"For 'init', 'backend_name' must be 'hccl', 'nccl' or 'mccl', but got {backend_name!r}."
            )
    GlobalComm.INITED = True


def release() -> None:
    """Accepted: there is nothing to release.

    >>> import minispore as ms
    >>> ms.communication.release()
    """
    GlobalComm.INITED = False
    _groups.clear()


def _known(group, owner: str) -> None:
    checks.string(owner, group=group)
    if group not in _WORLDS and group not in _groups:
        raise fail(ValueError, f"For '{owner}', there is no group '{group}'; create_group makes one.")


def create_group(group, rank_ids, options=None) -> None:
    """Notes a group; its only possible member is rank 0.

    Args:
        group: str.
        rank_ids: [0].
        options: ignored.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: ``rank_ids`` is not [0]: there is one process.

    >>> import minispore as ms
    >>> ms.communication.create_group("mine", [0])
    >>> ms.communication.get_group_size("mine")
    1
    >>> ms.communication.destroy_group("mine")
    """
    checks.string("create_group", group=group)
    checks.instance("create_group", list, rank_ids=rank_ids)
    if rank_ids != [0]:
        raise fail(
            ValueError,
            f"For 'create_group', there is one process, of rank 0, so 'rank_ids' must be [0], but got {rank_ids}.",
        )
    _groups.add(group)


def destroy_group(group) -> None:
    """Forgets a group.

    Args:
        group: str.

    Raises:
        TypeError: ``group`` is not a str.
        ValueError: there is no such group.

    >>> from minispore import communication
    >>> communication.create_group("pair", [0])
    >>> communication.destroy_group("pair")
    """
    _known(group, "destroy_group")
    _groups.discard(group)


def get_rank(group=HCCL_WORLD_COMM_GROUP) -> int:
    """The rank of this process.

    Args:
        group: str.  Default: the group of all processes.

    Returns:
        0.

    Raises:
        TypeError: ``group`` is not a str.
        ValueError: there is no such group.

    >>> import minispore as ms
    >>> ms.communication.get_rank()
    0
    """
    _known(group, "get_rank")
    return 0


def get_local_rank(group=HCCL_WORLD_COMM_GROUP) -> int:
    """The rank of this process on its machine.

    Args:
        group: str.  Default: the group of all processes.

    Returns:
        0.

    Raises:
        TypeError: ``group`` is not a str.
        ValueError: there is no such group.

    >>> import minispore as ms
    >>> ms.communication.get_local_rank()
    0
    """
    return get_rank(group)


def get_group_size(group=HCCL_WORLD_COMM_GROUP) -> int:
    """The number of processes of a group.

    Args:
        group: str.  Default: the group of all processes.

    Returns:
        1.

    Raises:
        TypeError: ``group`` is not a str.
        ValueError: there is no such group.

    >>> import minispore as ms
    >>> ms.communication.get_group_size()
    1
    """
    _known(group, "get_group_size")
    return 1


def get_local_rank_size(group=HCCL_WORLD_COMM_GROUP) -> int:
    """The number of processes on this machine.

    Args:
        group: str.  Default: the group of all processes.

    Returns:
        1.

    Raises:
        TypeError: ``group`` is not a str.
        ValueError: there is no such group.

    >>> import minispore as ms
    >>> ms.communication.get_local_rank_size()
    1
    """
    return get_group_size(group)


def get_world_rank_from_group_rank(group, group_rank_id) -> int:
    """The rank itself, which is 0.

    Args:
        group: str.
        group_rank_id: int.

    Returns:
        int.

    Raises:
        TypeError: ``group`` is not a str.
        ValueError: there is no such group.

    >>> import minispore as ms
    >>> ms.communication.get_world_rank_from_group_rank("hccl_world_group", 0)
    0
    """
    _known(group, "get_world_rank_from_group_rank")
    return group_rank_id


def get_group_rank_from_world_rank(world_rank_id, group) -> int:
    """The rank itself, which is 0.

    Args:
        world_rank_id: int.
        group: str.

    Returns:
        int.

    Raises:
        TypeError: ``group`` is not a str.
        ValueError: there is no such group.

    >>> import minispore as ms
    >>> ms.communication.get_group_rank_from_world_rank(0, "hccl_world_group")
    0
    """
    return get_world_rank_from_group_rank(group, world_rank_id)


def get_process_group_ranks(group=HCCL_WORLD_COMM_GROUP) -> list[int]:
    """The ranks of a group.

    Args:
        group: str.  Default: the group of all processes.

    Returns:
        [0].

    Raises:
        TypeError: ``group`` is not a str.
        ValueError: there is no such group.

    >>> import minispore as ms
    >>> ms.communication.get_process_group_ranks()
    [0]
    """
    _known(group, "get_process_group_ranks")
    return [0]


def get_comm_name(group=HCCL_WORLD_COMM_GROUP) -> str:
    """The name of a group.

    Args:
        group: str.  Default: the group of all processes.

    Returns:
        str.

    Raises:
        TypeError: ``group`` is not a str.
        ValueError: there is no such group.

    >>> import minispore as ms
    >>> ms.communication.get_comm_name()
    'hccl_world_group'
    """
    _known(group, "get_comm_name")
    return group


__all__ = [
    "HCCL_WORLD_COMM_GROUP", "MCCL_WORLD_COMM_GROUP", "NCCL_WORLD_COMM_GROUP", "GlobalComm", "create_group",
    "destroy_group", "get_comm_name", "get_group_rank_from_world_rank", "get_group_size", "get_local_rank",
    "get_local_rank_size", "get_process_group_ranks", "get_rank", "get_world_rank_from_group_rank", "init", "release",
]  # fmt: skip
