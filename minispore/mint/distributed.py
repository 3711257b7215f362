"""``mint.distributed``: communication under PyTorch's names.  Results go into the Tensors that are given for them.

Each function is a thin form of one in ``communication.comm_func``.  With ``async_op`` they return a handle; the result is
there already.
"""

import math
import pickle

import numpy as np

from .. import ops
from ..communication import management
from ..core.errors import fail
from ..core.tensor import Tensor
from ..distributed import WORLD
from ..distributed.groups import GlobalComm, members, ranks_of, world_rank
from ..ops import comm_func
from ..ops.comm_func import CommHandle, P2POp


# ---------------------------------------------------------------- processes and groups
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


# ---------------------------------------------------------------- Tensors
def _put(owner: str, target, value, async_op=False):
    if not isinstance(target, Tensor):
        raise fail(TypeError, f"For '{owner}', the output must be a Tensor, but got {type(target).__name__}.")
    if target.shape != value.shape or target.dtype is not value.dtype:
        raise fail(
            ValueError,
            f"For '{owner}', the output must have the shape {value.shape} and type {value.dtype}, but got {target.shape} and "
            f"{target.dtype}.",
        )
    ops.assign(target, value)
    return CommHandle() if async_op else None


def _put_all(owner: str, targets, values, async_op=False):
    for target, value in zip(targets, values):
        _put(owner, target, value)
    return CommHandle() if async_op else None


def _on(rank, group, owner: str) -> bool:
    members(group, owner)
    return world_rank() == rank


def _stacked(tensors):
    return ops.cat([ops.expand_dims(x, 0) for x in tensors])


def all_reduce(tensor, op="sum", group=None, async_op=False):
    """Replaces a Tensor by the sum (or maximum, minimum, product) of those of all ranks.

    Args:
        tensor: Tensor.
        op: str, how elements combine: "sum", "max", "min" or "prod".  Default: "sum".
        group: str, the name of a group.  Default: None, all processes.
        async_op: bool, whether to give a handle.  Default: False.

    Returns:
        CommHandle, or None without ``async_op``.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> x = ms.Tensor([1.0, 2.0])
    >>> dist.all_reduce(x)
    >>> print(x)
    [1. 2.]
    """
    return _put("all_reduce", tensor, comm_func.all_reduce(tensor, op, group)[0], async_op)


def all_gather_into_tensor(output_tensor, input_tensor, group=None, async_op=False):
    """The Tensors of all ranks along the first axis, into one that is given.

    Args:
        output_tensor: Tensor that takes the result.
        input_tensor: Tensor.
        group: str, the name of a group.  Default: None, all processes.
        async_op: bool, whether to give a handle.  Default: False.

    Returns:
        CommHandle, or None without ``async_op``.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> x, out = ms.Tensor([1.0, 2.0]), ms.ops.zeros((2,))
    >>> dist.all_gather_into_tensor(out, x)
    >>> print(out)
    [1. 2.]
    """
    return _put(
        "all_gather_into_tensor", output_tensor, comm_func.all_gather_into_tensor(input_tensor, group)[0], async_op
    )


def all_gather_into_tensor_uneven(output, input, output_split_sizes=None, group=None, async_op=False):
    """As ``all_gather_into_tensor``, with another number of rows from each rank.

    Args:
        output: Tensor that takes the result.
        input: Tensor.
        output_split_sizes: list of int, the rows that come from each rank.  Default: None, equal ones.
        group: str, the name of a group.  Default: None, all processes.
        async_op: bool, whether to give a handle.  Default: False.

    Returns:
        CommHandle, or None without ``async_op``.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> x, out = ms.Tensor([1.0, 2.0]), ms.ops.zeros((2,))
    >>> dist.all_gather_into_tensor_uneven(out, x, [2])
    >>> print(out)
    [1. 2.]
    """
    ranks = members(group, "all_gather_into_tensor_uneven")
    rows = output_split_sizes or [input.shape[0]] * len(ranks)
    width = math.prod(input.shape[1:])
    shapes = [(n, *input.shape[1:]) for n in rows]
    found, _ = comm_func.all_to_all_with_output_shape(shapes, [input] * len(ranks), group)
    return _put("all_gather_into_tensor_uneven", output, ops.cat([x for x in found if x.size or not width]), async_op)


def all_gather(tensor_list, tensor, group=None, async_op=False):
    """The Tensor of each rank, into a list of Tensors.

    Args:
        tensor_list: list of a Tensor for each rank, which take the result.
        tensor: Tensor.
        group: str, the name of a group.  Default: None, all processes.
        async_op: bool, whether to give a handle.  Default: False.

    Returns:
        CommHandle, or None without ``async_op``.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> x, out = ms.Tensor([1.0, 2.0]), ms.ops.zeros((2,))
    >>> dist.all_gather([out], x)
    >>> print(out)
    [1. 2.]
    """
    ranks = members(group, "all_gather")
    found, _ = comm_func.all_gather_into_tensor(ops.expand_dims(tensor, 0), group)
    return _put_all("all_gather", tensor_list, [found[k] for k in range(len(ranks))], async_op)


def reduce_scatter_tensor(output, input, op="sum", group=None, async_op=False):
    """Our part, along the first axis, of the sum over ranks, into a Tensor.

    Args:
        output: Tensor that takes the result.
        input: Tensor.
        op: str, how elements combine: "sum", "max", "min" or "prod".  Default: "sum".
        group: str, the name of a group.  Default: None, all processes.
        async_op: bool, whether to give a handle.  Default: False.

    Returns:
        CommHandle, or None without ``async_op``.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> x, out = ms.Tensor([1.0, 2.0]), ms.ops.zeros((2,))
    >>> dist.reduce_scatter_tensor(out, x)
    >>> print(out)
    [1. 2.]
    """
    return _put("reduce_scatter_tensor", output, comm_func.reduce_scatter_tensor(input, op, group)[0], async_op)


def reduce_scatter_tensor_uneven(output, input, input_split_sizes=None, op="sum", group=None, async_op=False):
    """As ``reduce_scatter_tensor``, with another number of rows for each rank.

    Args:
        output: Tensor that takes the result.
        input: Tensor.
        input_split_sizes: list of int, the rows that go to each rank.  Default: None, equal ones.
        op: str, how elements combine: "sum", "max", "min" or "prod".  Default: "sum".
        group: str, the name of a group.  Default: None, all processes.
        async_op: bool, whether to give a handle.  Default: False.

    Returns:
        CommHandle, or None without ``async_op``.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> x, out = ms.Tensor([1.0, 2.0]), ms.ops.zeros((2,))
    >>> dist.reduce_scatter_tensor_uneven(out, x, [2])
    >>> print(out)
    [1. 2.]
    """
    ranks = members(group, "reduce_scatter_tensor_uneven")
    rows = input_split_sizes or [input.shape[0] // len(ranks)] * len(ranks)
    me = ranks.index(world_rank())
    total = comm_func.all_reduce(input, op, group)[0]
    first = sum(rows[:me])
    return _put("reduce_scatter_tensor_uneven", output, total[first : first + rows[me]], async_op)


def reduce_scatter(output, input_list, op="sum", group=None, async_op=False):
    """The sum over ranks of what they have for us in their lists, into a Tensor.

    Args:
        output: Tensor that takes the result.
        input_list: list of a Tensor for each rank.
        op: str, how elements combine: "sum", "max", "min" or "prod".  Default: "sum".
        group: str, the name of a group.  Default: None, all processes.
        async_op: bool, whether to give a handle.  Default: False.

    Returns:
        CommHandle, or None without ``async_op``.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> x, out = ms.Tensor([1.0, 2.0]), ms.ops.zeros((2,))
    >>> dist.reduce_scatter(out, [x])
    >>> print(out)
    [1. 2.]
    """
    found, _ = comm_func.reduce_scatter_tensor(_stacked(input_list), op, group)
    return _put("reduce_scatter", output, found[0], async_op)


def reduce(tensor, dst, op="sum", group=None, async_op=False):
    """Replaces the Tensor of one rank by the sum over ranks.

    Args:
        tensor: Tensor.
        dst: int, the world rank that gets it.
        op: str, how elements combine: "sum", "max", "min" or "prod".  Default: "sum".
        group: str, the name of a group.  Default: None, all processes.
        async_op: bool, whether to give a handle.  Default: False.

    Returns:
        CommHandle, or None without ``async_op``.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> dist.reduce(ms.Tensor([1.0, 2.0]), 0)
    """
    return _put("reduce", tensor, comm_func.reduce(tensor, dst, op, group), async_op)


def broadcast(tensor, src, group=None, async_op=False):
    """Replaces a Tensor by that of one rank.

    Args:
        tensor: Tensor.
        src: int, the world rank that it comes from.
        group: str, the name of a group.  Default: None, all processes.
        async_op: bool, whether to give a handle.  Default: False.

    Returns:
        CommHandle, or None without ``async_op``.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> dist.broadcast(ms.Tensor([1.0, 2.0]), 0)
    """
    return _put("broadcast", tensor, comm_func.broadcast(tensor, src, group), async_op)


def scatter_tensor(output_tensor, input_tensor, src=0, group=None, async_op=False):
    """Our part of the Tensor of one rank, into a Tensor.

    Args:
        output_tensor: Tensor that takes the result.
        input_tensor: Tensor.
        src: int, the world rank that it comes from.  Default: 0.
        group: str, the name of a group.  Default: None, all processes.
        async_op: bool, whether to give a handle.  Default: False.

    Returns:
        CommHandle, or None without ``async_op``.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> x, out = ms.Tensor([1.0, 2.0]), ms.ops.zeros((2,))
    >>> dist.scatter_tensor(out, x)
    >>> print(out)
    [1. 2.]
    """
    ranks = members(group, "scatter_tensor")
    if not _on(src, group, "scatter_tensor"):  # only the shape of the input counts here
        shape = (output_tensor.shape[0] * len(ranks), *output_tensor.shape[1:])
        input_tensor = ops.zeros(shape, output_tensor.dtype)
    return _put("scatter_tensor", output_tensor, comm_func.scatter_tensor(input_tensor, src, group), async_op)


def scatter(tensor, scatter_list, src=0, group=None, async_op=False):
    """What one rank has for us in its list, into a Tensor.

    Args:
        tensor: Tensor that takes the result.
        scatter_list: list of a Tensor for each rank, on the root; None elsewhere.
        src: int, the world rank that it comes from.  Default: 0.
        group: str, the name of a group.  Default: None, all processes.
        async_op: bool, whether to give a handle.  Default: False.

    Returns:
        CommHandle, or None without ``async_op``.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> x, out = ms.Tensor([1.0, 2.0]), ms.ops.zeros((2,))
    >>> dist.scatter(out, [x])
    >>> print(out)
    [1. 2.]
    """
    ranks = members(group, "scatter")
    ours = (
        _stacked(scatter_list) if _on(src, group, "scatter") else ops.zeros((len(ranks), *tensor.shape), tensor.dtype)
    )
    return _put("scatter", tensor, comm_func.scatter_tensor(ours, src, group)[0], async_op)


def gather_into_tensor(output_tensor, input_tensor, dst=0, group=None, async_op=False):
    """The Tensors of all ranks along the first axis, into one of one rank.

    Args:
        output_tensor: Tensor that takes the result.
        input_tensor: Tensor.
        dst: int, the world rank that gets it.  Default: 0.
        group: str, the name of a group.  Default: None, all processes.
        async_op: bool, whether to give a handle.  Default: False.

    Returns:
        CommHandle, or None without ``async_op``.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> x, out = ms.Tensor([1.0, 2.0]), ms.ops.zeros((2,))
    >>> dist.gather_into_tensor(out, x)
    >>> print(out)
    [1. 2.]
    """
    found = comm_func.gather_into_tensor(input_tensor, dst, group)
    return (
        _put("gather_into_tensor", output_tensor, found, async_op)
        if _on(dst, group, "gather_into_tensor")
        else _none(async_op)
    )


def gather(tensor, gather_list, dst=0, group=None, async_op=False):
    """The Tensor of each rank, into a list of one rank.

    Args:
        tensor: Tensor.
        gather_list: list of a Tensor for each rank, which take the result on the root.
        dst: int, the world rank that gets it.  Default: 0.
        group: str, the name of a group.  Default: None, all processes.
        async_op: bool, whether to give a handle.  Default: False.

    Returns:
        CommHandle, or None without ``async_op``.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> x, out = ms.Tensor([1.0, 2.0]), ms.ops.zeros((2,))
    >>> dist.gather(x, [out])
    >>> print(out)
    [1. 2.]
    """
    found = comm_func.gather_into_tensor(ops.expand_dims(tensor, 0), dst, group)
    if not _on(dst, group, "gather"):
        return _none(async_op)
    return _put_all("gather", gather_list, [found[k] for k in range(found.shape[0])], async_op)


def _none(async_op):
    return CommHandle() if async_op else None


def all_to_all(output_tensor_list, input_tensor_list, group=None, async_op=False):
    """A Tensor of a list goes to each rank; what comes goes into another list.

    Args:
        output_tensor_list: list of a Tensor for each rank, which take the result.
        input_tensor_list: list of a Tensor for each rank.
        group: str, the name of a group.  Default: None, all processes.
        async_op: bool, whether to give a handle.  Default: False.

    Returns:
        CommHandle, or None without ``async_op``.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> x, out = ms.Tensor([1.0, 2.0]), ms.ops.zeros((2,))
    >>> dist.all_to_all([out], [x])
    >>> print(out)
    [1. 2.]
    """
    found, _ = comm_func.all_to_all_with_output_shape(output_tensor_list, input_tensor_list, group)
    return _put_all("all_to_all", output_tensor_list, found, async_op)


def all_to_all_single(output, input, output_split_sizes=None, input_split_sizes=None, group=None, async_op=False):
    """Rows of a Tensor go to each rank in turn; what comes goes into another.

    Args:
        output: Tensor that takes the result.
        input: Tensor.
        output_split_sizes: list of int, the rows that come from each rank.  Default: None, equal ones.
        input_split_sizes: list of int, the rows that go to each rank.  Default: None, equal ones.
        group: str, the name of a group.  Default: None, all processes.
        async_op: bool, whether to give a handle.  Default: False.

    Returns:
        CommHandle, or None without ``async_op``.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> x, out = ms.Tensor([1.0, 2.0]), ms.ops.zeros((2,))
    >>> dist.all_to_all_single(out, x)
    >>> print(out)
    [1. 2.]
    """
    found, _ = comm_func.all_to_all_single_with_output_shape(
        output, input, output_split_sizes, input_split_sizes, group
    )
    return _put("all_to_all_single", output, found, async_op)


def barrier(group=None, async_op=False, device_ids=None):
    """Returns when all ranks of the group have come here.

    Args:
        group: str, the name of a group.  Default: None, all processes.
        async_op: bool, whether to give a handle.  Default: False.
        device_ids: accepted.  Default: None.

    Returns:
        CommHandle, or None without ``async_op``.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> dist.barrier()
    """
    comm_func.barrier(group)
    return _none(async_op)


def send(tensor, dst=0, group=None, tag=0) -> None:
    """Sends a Tensor to a rank, which calls ``recv``.

    Args:
        tensor: Tensor.
        dst: int, the world rank that gets it.  Default: 0.
        group: str, the name of a group.  Default: None, all processes.
        tag: int that sender and receiver agree on.  Default: 0.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> if dist.get_world_size() > 1 and dist.get_rank() == 0:
    ...     dist.send(ms.Tensor([1.0]), 1)
    """
    comm_func.send(tensor, dst, group, tag)


def recv(tensor, src=0, group=None, tag=0) -> int:
    """Replaces a Tensor by the one that a rank sends.

    Args:
        tensor: Tensor.
        src: int, the world rank that it comes from.  Default: 0.
        group: str, the name of a group.  Default: None, all processes.
        tag: int that sender and receiver agree on.  Default: 0.

    Returns:
        0.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> if dist.get_world_size() > 1 and dist.get_rank() == 1:
    ...     dist.recv(ms.Tensor([0.0]), 0)
    """
    _put("recv", tensor, comm_func.recv(tensor, src, group, tag))
    return 0


def isend(tensor, dst=0, group=None, tag=0) -> CommHandle:
    """Begins to send a Tensor to a rank.

    Args:
        tensor: Tensor.
        dst: int, the world rank that gets it.  Default: 0.
        group: str, the name of a group.  Default: None, all processes.
        tag: int that sender and receiver agree on.  Default: 0.

    Returns:
        CommHandle, whose ``wait`` returns when the Tensor may be changed.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> if dist.get_world_size() > 1 and dist.get_rank() == 0:
    ...     dist.isend(ms.Tensor([1.0]), 1).wait()
    """
    return comm_func.isend(tensor, dst, group, tag)


class _Into(CommHandle):
    """Puts what has come into a Tensor when it is waited for."""

    def __init__(self, target, found, handle):
        super().__init__()
        self._target, self._found, self._handle = target, found, handle

    def wait(self) -> None:
        """Waits."""
        self._handle.wait()
        _put("irecv", self._target, self._found)


def irecv(tensor, src=0, group=None, tag=0) -> CommHandle:
    """Begins to receive into a Tensor.

    Args:
        tensor: Tensor.
        src: int, the world rank that it comes from.  Default: 0.
        group: str, the name of a group.  Default: None, all processes.
        tag: int that sender and receiver agree on.  Default: 0.

    Returns:
        CommHandle, after whose ``wait`` the Tensor has its values.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> if dist.get_world_size() > 1 and dist.get_rank() == 1:
    ...     dist.irecv(ms.Tensor([0.0]), 0).wait()
    """
    return _Into(tensor, *comm_func.irecv(tensor, src, group, tag))


def batch_isend_irecv(p2p_op_list) -> list:
    """All messages of a list at once; what comes goes into their Tensors.

    Args:
        p2p_op_list: list of P2POp.

    Returns:
        list of one CommHandle.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> if dist.get_world_size() > 1 and dist.get_rank() == 0:
    ...     handles = dist.batch_isend_irecv([dist.P2POp("isend", ms.Tensor([1.0]), 1)])
    """
    found = comm_func.batch_isend_irecv(p2p_op_list)
    for p, value in zip(p2p_op_list, found):
        if p.op == "irecv":
            _put("batch_isend_irecv", p.tensor, value)
    return [CommHandle()]


# ---------------------------------------------------------------- objects that can be pickled
def all_gather_object(object_list, obj, group=None) -> None:
    """The object of each rank, into a list.

    Args:
        object_list: list of an entry for each rank, which take the result.
        obj: an object that can be pickled.
        group: str, the name of a group.  Default: None, all processes.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> found = [None]
    >>> dist.all_gather_object(found, "a")
    >>> found
    ['a']
    """
    for k, found in enumerate(_objects(obj, group, "all_gather_object")):
        object_list[k] = found


def gather_object(obj, object_gather_list=None, dst=0, group=None) -> None:
    """The object of each rank, into a list of one rank.

    Args:
        obj: an object that can be pickled.
        object_gather_list: list of an entry for each rank, which take the result on the root.  Default: None.
        dst: int, the world rank that gets it.  Default: 0.
        group: str, the name of a group.  Default: None, all processes.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> found = [None]
    >>> dist.gather_object("a", found)
    >>> found
    ['a']
    """
    found = _objects(obj, group, "gather_object")
    if _on(dst, group, "gather_object") and object_gather_list is not None:
        object_gather_list[:] = found


def broadcast_object_list(object_list, src=0, group=None, device=None) -> None:
    """Replaces the objects of a list by those of one rank.

    Args:
        object_list: list of objects that can be pickled.
        src: int, the world rank that it comes from.  Default: 0.
        group: str, the name of a group.  Default: None, all processes.
        device: accepted.  Default: None.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> dist.broadcast_object_list(["a"])
    """
    ranks = members(group, "broadcast_object_list")
    object_list[:] = _objects(object_list, group, "broadcast_object_list")[ranks.index(src)]


def scatter_object_list(scatter_object_output_list, scatter_object_input_list, src=0, group=None) -> None:
    """What one rank has for us in its list of objects, into a list.

    Args:
        scatter_object_output_list: list, whose first entry takes the result.
        scatter_object_input_list: list of an object for each rank, on the root.
        src: int, the world rank that it comes from.  Default: 0.
        group: str, the name of a group.  Default: None, all processes.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> found = [None]
    >>> dist.scatter_object_list(found, ["a"])
    >>> found
    ['a']
    """
    ranks = members(group, "scatter_object_list")
    found = _objects(scatter_object_input_list, group, "scatter_object_list")[ranks.index(src)]
    scatter_object_output_list[0] = found[ranks.index(world_rank())]


def send_object_list(object_list, dst, group=None, device=None) -> None:
    """Sends objects to a rank, which calls ``recv_object_list``.

    Args:
        object_list: list of objects that can be pickled.
        dst: int, the world rank that gets it.
        group: str, the name of a group.  Default: None, all processes.
        device: accepted.  Default: None.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
    >>> if dist.get_world_size() > 1 and dist.get_rank() == 0:
    ...     dist.send_object_list(["a"], 1)
    """
    data = np.frombuffer(pickle.dumps(list(object_list)), np.uint8)
    comm_func.send(Tensor(np.array([data.size])), dst, group)
    comm_func.send(Tensor(data), dst, group)


def recv_object_list(object_list, src=0, group=None, device=None) -> int:
    """Replaces the objects of a list by those that a rank sends.

    Args:
        object_list: list of objects that can be pickled.
        src: int, the world rank that it comes from.  Default: 0.
        group: str, the name of a group.  Default: None, all processes.
        device: accepted.  Default: None.

    Returns:
        0.

    Raises:
        TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.mint import distributed as dist
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
    "P2POp", "all_gather", "all_gather_into_tensor", "all_gather_into_tensor_uneven", "all_gather_object", "all_reduce",
    "all_to_all", "all_to_all_single", "barrier", "batch_isend_irecv", "broadcast", "broadcast_object_list",
    "destroy_process_group", "gather", "gather_into_tensor", "gather_object", "get_backend", "get_global_rank",
    "get_group_rank", "get_process_group_ranks", "get_rank", "get_world_size", "init_process_group", "irecv", "is_available",
    "is_initialized", "isend", "new_group", "recv", "recv_object_list", "reduce", "reduce_scatter", "reduce_scatter_tensor",
    "reduce_scatter_tensor_uneven", "scatter", "scatter_object_list", "scatter_tensor", "send", "send_object_list",
]  # fmt: skip
