"""Processes, their groups and ranks."""

from ...communication import management
from ...core.errors import fail
from ...distributed.groups import GlobalComm, ranks_of, world_rank
from ...ops import comm_func
from ...ops.comm_calls import with_communication_docs
from .collectives import _none


def is_available() -> bool:
    """True: one process can always talk to itself.

    Returns:
        bool.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> dist.is_available()
    True
    """
    return True


def is_initialized() -> bool:
    """Whether ``init_process_group`` (or ``communication.init``) was called.

    Returns:
        bool.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> dist.init_process_group()
    >>> dist.is_initialized()
    True
    """
    return GlobalComm.INITED


def init_process_group(backend="mccl", init_method=None, timeout=None, world_size=-1, rank=-1, store=None,
                       group_name="", pg_options=None, device_id=None) -> None:  # fmt: skip
    """Joins the processes that a launcher has started, as ``communication.init``.  MPI knows the rest.

    Args:
        backend: accepted.  Default: 'mccl'.
        init_method: accepted.  Default: None.
        timeout: accepted.  Default: None.
        world_size: accepted.  Default: -1.
        rank: accepted.  Default: -1.
        store: accepted.  Default: None.
        group_name: accepted.  Default: "".
        pg_options: accepted.  Default: None.
        device_id: accepted.  Default: None.

    Raises:
        RuntimeError: several processes were started and there is no MPI to connect them.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> dist.init_process_group()
    """
    management.init()


def destroy_process_group(group=None) -> None:
    """Forgets a group; without one, leaves all processes.

    Args:
        group: str.  Default: None.

    Raises:
        ValueError: there is no such group.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> dist.destroy_process_group()
    """
    if group is None:
        management.release()
    else:
        management.destroy_group(group)


def get_rank(group=None) -> int:
    """The number of this process in a group; -1 if it is not in it.

    Args:
        group: str, the name of a group.  Default: None, all processes.

    Returns:
        int.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> dist.get_rank()
    0
    """
    ranks = ranks_of(group, "get_rank")
    return ranks.index(world_rank()) if world_rank() in ranks else -1


def get_world_size(group=None) -> int:
    """The number of processes in a group; -1 if this one is not in it.

    Args:
        group: str, the name of a group.  Default: None, all processes.

    Returns:
        int.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> dist.get_world_size()
    1
    """
    ranks = ranks_of(group, "get_world_size")
    return len(ranks) if world_rank() in ranks else -1


def new_group(
    ranks=None, timeout=None, backend=None, pg_options=None, use_local_synchronization=False, group_desc=None
) -> str:
    """Makes a group of ranks, under a name of its own.

    Args:
        ranks: list of int, world ranks.  Default: None, all.
        timeout: accepted.  Default: None.
        backend: accepted.  Default: None.
        pg_options: accepted.  Default: None.
        use_local_synchronization: accepted.  Default: False.
        group_desc: accepted.  Default: None.

    Returns:
        str, the name.

    Raises:
        TypeError: a rank twice.
        ValueError: a rank that does not exist.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> dist.get_world_size(dist.new_group([0]))
    1
    """
    chosen = list(ranks_of(None, "new_group")) if ranks is None else list(ranks)
    if len(set(chosen)) != len(chosen):
        raise fail(TypeError, f"For 'new_group', 'ranks' must be different, but got {chosen}.")
    name = f"group_{'_'.join(map(str, sorted(chosen)))}"
    management.create_group(name, chosen)
    return name


def get_backend(group=None) -> str:
    """The name of the backend.

    Args:
        group: str, the name of a group.  Default: None, all processes.

    Returns:
        str.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> dist.get_backend()
    'mccl'
    """
    ranks_of(group, "get_backend")
    return GlobalComm.BACKEND


def get_global_rank(group, group_rank) -> int:
    """The world rank of a member of a group.

    Args:
        group: str, the name of a group.
        group_rank: int, the number of a member.

    Returns:
        int.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> dist.get_global_rank(None, 0)
    0
    """
    return management.get_world_rank_from_group_rank(group or GlobalComm.WORLD_COMM_GROUP, group_rank)


def get_group_rank(group, global_rank) -> int:
    """Which member of a group a world rank is.

    Args:
        group: str, the name of a group.
        global_rank: int, a world rank.

    Returns:
        int.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> dist.get_group_rank(None, 0)
    0
    """
    return management.get_group_rank_from_world_rank(global_rank, group or GlobalComm.WORLD_COMM_GROUP)


def get_process_group_ranks(group=None) -> list[int]:
    """The world ranks of a group.

    Args:
        group: str, the name of a group.  Default: None, all processes.

    Returns:
        list of int.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> dist.get_process_group_ranks()
    [0]
    """
    return list(ranks_of(group, "get_process_group_ranks"))


@with_communication_docs
def barrier(group=None, async_op=False, device_ids=None):
    """Returns when all ranks of the group have come here.

    Args:
        group: {group}
        async_op: {async_op}
        device_ids: accepted.  Default: None.

    {handle_rest}
    >>> dist.barrier()
    """
    comm_func.barrier(group)
    return _none(async_op)


__all__ = [
    "barrier", "destroy_process_group", "get_backend", "get_global_rank", "get_group_rank",
    "get_process_group_ranks", "get_rank", "get_world_size", "init_process_group", "is_available",
    "is_initialized", "new_group",
]  # fmt: skip
