"""Communication of objects that can be pickled."""

import pickle

import numpy as np

from ...core.tensor import Tensor
from ...distributed import WORLD
from ...distributed.groups import members, world_rank
from ...ops import comm_func
from ...ops.comm_calls import with_communication_docs
from .collectives import _on


@with_communication_docs
def all_gather_object(object_list, obj, group=None) -> None:
    """The object of each rank, into a list.

    Args:
        object_list: list of an entry for each rank, which take the result.
        obj: an object that can be pickled.
        group: {group}

    {rest}
    >>> found = [None]
    >>> dist.all_gather_object(found, "a")
    >>> found
    ['a']
    """
    for k, found in enumerate(_objects(obj, group, "all_gather_object")):
        object_list[k] = found


@with_communication_docs
def gather_object(obj, object_gather_list=None, dst=0, group=None) -> None:
    """The object of each rank, into a list of one rank.

    Args:
        obj: an object that can be pickled.
        object_gather_list: list of an entry for each rank, which take the result on the root.  Default: None.
        dst: {dst}
        group: {group}

    {rest}
    >>> found = [None]
    >>> dist.gather_object("a", found)
    >>> found
    ['a']
    """
    found = _objects(obj, group, "gather_object")
    if _on(dst, group, "gather_object") and object_gather_list is not None:
        object_gather_list[:] = found


@with_communication_docs
def broadcast_object_list(object_list, src=0, group=None, device=None) -> None:
    """Replaces the objects of a list by those of one rank.

    Args:
        object_list: list of objects that can be pickled.
        src: {src}
        group: {group}
        device: accepted.  Default: None.

    {rest}
    >>> dist.broadcast_object_list(["a"])
    """
    ranks = members(group, "broadcast_object_list")
    object_list[:] = _objects(object_list, group, "broadcast_object_list")[ranks.index(src)]


@with_communication_docs
def scatter_object_list(scatter_object_output_list, scatter_object_input_list, src=0, group=None) -> None:
    """What one rank has for us in its list of objects, into a list.

    Args:
        scatter_object_output_list: list, whose first entry takes the result.
        scatter_object_input_list: list of an object for each rank, on the root.
        src: {src}
        group: {group}

    {rest}
    >>> found = [None]
    >>> dist.scatter_object_list(found, ["a"])
    >>> found
    ['a']
    """
    ranks = members(group, "scatter_object_list")
    found = _objects(scatter_object_input_list, group, "scatter_object_list")[ranks.index(src)]
    scatter_object_output_list[0] = found[ranks.index(world_rank())]


@with_communication_docs
def send_object_list(object_list, dst, group=None, device=None) -> None:
    """Sends objects to a rank, which calls ``recv_object_list``.

    Args:
        object_list: list of objects that can be pickled.
        dst: int, the world rank that gets it.
        group: {group}
        device: accepted.  Default: None.

    {rest}
    >>> if dist.get_world_size() > 1 and dist.get_rank() == 0:
    ...     dist.send_object_list(["a"], 1)
    """
    data = np.frombuffer(pickle.dumps(list(object_list)), np.uint8)
    comm_func.send(Tensor(np.array([data.size])), dst, group)
    comm_func.send(Tensor(data), dst, group)


@with_communication_docs
def recv_object_list(object_list, src=0, group=None, device=None) -> int:
    """Replaces the objects of a list by those that a rank sends.

    Args:
        object_list: list of objects that can be pickled.
        src: {src}
        group: {group}
        device: accepted.  Default: None.

    Returns:
        0.

    {rest}
    >>> if dist.get_world_size() > 1 and dist.get_rank() == 1:
    ...     found = dist.recv_object_list([None], 0)
    """
    size = int(comm_func.recv(Tensor(np.zeros(1, np.int64)), src, group).asnumpy()[0])
    data = comm_func.recv(Tensor(np.zeros(size, np.uint8)), src, group)
    object_list[:] = pickle.loads(data.asnumpy().tobytes())
    return 0


def _objects(thing, group, owner: str) -> list:
    return WORLD.gather(thing, owner, members(group, owner))


__all__ = [
    "all_gather_object", "broadcast_object_list", "gather_object", "recv_object_list", "scatter_object_list",
    "send_object_list",
]  # fmt: skip
