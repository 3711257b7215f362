"""Joining the processes of a job, and the groups among them."""

from ..core import checks, random
from ..core.context import check_data_parallel
from ..core.errors import fail
from ..core.tensor import Tensor
from ..distributed import WORLD
from ..distributed.groups import (
    HCCL_WORLD_COMM_GROUP,
    MCCL_WORLD_COMM_GROUP,
    NCCL_WORLD_COMM_GROUP,
    GlobalComm,
    ranks_of,
    world_rank,
    world_size,
)
from ..distributed.launcher import launched
from ..ops.collective import collective


def init(backend_name=None) -> None:
    """Joins the processes that a launcher has started: ``minispore launch -n 4 train.py``, ``mpiexec -n 4 python train.py``.

    In one process there is nothing to join, and MPI is not loaded.  Without ``set_seed``, Parameters made from here on have
    the initial values of rank 0 on all ranks.

    Args:
        backend_name: "hccl", "nccl", "mccl" or None; MPI in any case.  Default: None.

    Raises:
        TypeError: ``backend_name`` is not a str.
        RuntimeError: it is none of these; several processes were started and there is no MPI to connect them, or it does
            not see them; tensor or pipeline parallelism was asked for.

    >>> import minispore as ms
    >>> ms.communication.init()
    """
    if backend_name is not None:
        checks.string("init", backend_name=backend_name)
        if backend_name not in ("hccl", "nccl", "mccl"):
            raise fail(
                RuntimeError, f"For 'init', 'backend_name' must be 'hccl', 'nccl' or 'mccl', but got {backend_name!r}."
            )
    if not GlobalComm.INITED:
        WORLD.start()
        check_data_parallel()
        if WORLD.size > 1:
            random.share_seed(WORLD.agreed)
    GlobalComm.INITED = True


def release() -> None:
    """Waits until all processes have come here.  The end of the program does it too.

    >>> import minispore as ms
    >>> ms.communication.release()
    """
    GlobalComm.INITED = False
    WORLD.groups.clear()
    if WORLD.size > 1 and WORLD.broken is None:
        collective("all_reduce", [Tensor([0])], range(WORLD.size), label="a barrier")


def create_group(group, rank_ids, options=None) -> None:
    """Gives some of the processes a name, under which they communicate among themselves.

    Args:
        group: str, the name.
        rank_ids: list of world ranks.
        options: accepted, without effect.  Default: None.

    Raises:
        TypeError: an argument of the wrong type.
        ValueError: ``rank_ids`` is empty, holds a rank twice or one that does not exist.

    >>> import minispore as ms
    >>> ms.communication.create_group("mine", [0])
    >>> ms.communication.get_group_size("mine")
    1
    >>> ms.communication.destroy_group("mine")
    """
    checks.string("create_group", group=group)
    checks.instance("create_group", list, rank_ids=rank_ids)
    size = world_size()
    good = rank_ids and all(isinstance(r, int) and 0 <= r < size for r in rank_ids)
    if not good or len(set(rank_ids)) != len(rank_ids):
        raise fail(
            ValueError,
            f"For 'create_group', 'rank_ids' must be different ones of {list(range(size))}, but got {rank_ids}.",
        )
    WORLD.groups[group] = tuple(sorted(rank_ids))


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
    ranks_of(group, "destroy_group")
    WORLD.groups.pop(group, None)


def get_rank(group=HCCL_WORLD_COMM_GROUP) -> int:
    """The number of this process in a group.

    Args:
        group: str.  Default: the group of all processes.

    Returns:
        int; 0 in a single process.  Before ``init``, what the launcher says.

    Raises:
        TypeError: ``group`` is not a str.
        ValueError: there is no such group.
        RuntimeError: this process is not in the group.

    >>> import minispore as ms
    >>> ms.communication.get_rank()
    0
    """
    ranks = ranks_of(group, "get_rank")
    if world_rank() not in ranks:
        raise fail(
            RuntimeError, f"For 'get_rank', rank {world_rank()} is not in the group '{group}' of the ranks {ranks}."
        )
    return ranks.index(world_rank())


def get_local_rank(group=HCCL_WORLD_COMM_GROUP) -> int:
    """The number of this process among those of its machine.

    Args:
        group: str.  Default: the group of all processes.

    Returns:
        int; 0 in a single process.

    Raises:
        TypeError: ``group`` is not a str.
        ValueError: there is no such group.
        RuntimeError: this process is not in the group.

    >>> import minispore as ms
    >>> ms.communication.get_local_rank()
    0
    """
    get_rank(group)
    return WORLD.local_rank if WORLD.joined else launched().local_rank


def get_group_size(group=HCCL_WORLD_COMM_GROUP) -> int:
    """The number of processes of a group.

    Args:
        group: str.  Default: the group of all processes.

    Returns:
        int; 1 in a single process.  Before ``init``, what the launcher says.

    Raises:
        TypeError: ``group`` is not a str.
        ValueError: there is no such group.

    >>> import minispore as ms
    >>> ms.communication.get_group_size()
    1
    """
    return len(ranks_of(group, "get_group_size"))


def get_local_rank_size(group=HCCL_WORLD_COMM_GROUP) -> int:
    """The number of processes on this machine.

    Args:
        group: str.  Default: the group of all processes.

    Returns:
        int; 1 in a single process.

    Raises:
        TypeError: ``group`` is not a str.
        ValueError: there is no such group.

    >>> import minispore as ms
    >>> ms.communication.get_local_rank_size()
    1
    """
    ranks_of(group, "get_local_rank_size")
    return WORLD.local_size if WORLD.joined else launched().local_size


def get_world_rank_from_group_rank(group, group_rank_id) -> int:
    """The world rank of a member of a group.

    Args:
        group: str.
        group_rank_id: int, the number of the member.

    Returns:
        int.

    Raises:
        TypeError: ``group`` is not a str, ``group_rank_id`` not an int.
        ValueError: there is no such group or member.

    >>> import minispore as ms
    >>> ms.communication.get_world_rank_from_group_rank("hccl_world_group", 0)
    0
    """
    checks.integer("get_world_rank_from_group_rank", group_rank_id=group_rank_id)
    ranks = ranks_of(group, "get_world_rank_from_group_rank")
    if not 0 <= group_rank_id < len(ranks):
        raise fail(ValueError, f"The group '{group}' has the members 0 to {len(ranks) - 1}, but got {group_rank_id}.")
    return ranks[group_rank_id]


def get_group_rank_from_world_rank(world_rank_id, group) -> int:
    """The number of a world rank in a group.

    Args:
        world_rank_id: int.
        group: str.

    Returns:
        int.

    Raises:
        TypeError: ``group`` is not a str, ``world_rank_id`` not an int.
        ValueError: there is no such group, or the rank is not in it.

    >>> import minispore as ms
    >>> ms.communication.get_group_rank_from_world_rank(0, "hccl_world_group")
    0
    """
    checks.integer("get_group_rank_from_world_rank", world_rank_id=world_rank_id)
    ranks = ranks_of(group, "get_group_rank_from_world_rank")
    if world_rank_id not in ranks:
        raise fail(ValueError, f"The group '{group}' has the ranks {ranks}, but got {world_rank_id}.")
    return ranks.index(world_rank_id)


def get_process_group_ranks(group=HCCL_WORLD_COMM_GROUP) -> list[int]:
    """The world ranks of a group.

    Args:
        group: str.  Default: the group of all processes.

    Returns:
        list of int.

    Raises:
        TypeError: ``group`` is not a str.
        ValueError: there is no such group.

    >>> import minispore as ms
    >>> ms.communication.get_process_group_ranks()
    [0]
    """
    return list(ranks_of(group, "get_process_group_ranks"))


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
    ranks_of(group, "get_comm_name")
    return group


__all__ = [
    "HCCL_WORLD_COMM_GROUP", "MCCL_WORLD_COMM_GROUP", "NCCL_WORLD_COMM_GROUP", "GlobalComm", "create_group",
    "destroy_group", "get_comm_name", "get_group_rank_from_world_rank", "get_group_size", "get_local_rank",
    "get_local_rank_size", "get_process_group_ranks", "get_rank", "get_world_rank_from_group_rank", "init", "release",
]  # fmt: skip
