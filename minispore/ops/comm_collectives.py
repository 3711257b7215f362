"""Tensors of all ranks reduced, gathered or spread."""

from ..core.tensor import Tensor
from ..distributed.groups import members
from .collective import collective
from .comm_calls import checked_rank, finished, one_tensor, with_communication_docs


@with_communication_docs
def all_reduce(tensor, op="sum", group=None, async_op=False):
    """The sum (or maximum, minimum, product) of the Tensors of all ranks, on all ranks.

    Sums go over the ranks in a fixed order, ((0 + 1) + (2 + 3)).

    Args:
        tensor: Tensor of numbers, of one shape and type on all ranks.
        op: {op}
        group: {group}
        async_op: {async_op}

    Returns:
        (Tensor, CommHandle or None).

    {raises}

    >>> import minispore as ms
    >>> from minispore.communication import comm_func
    >>> print(comm_func.all_reduce(ms.Tensor([1.0, 2.0]))[0])
    [1. 2.]
    """
    return one_tensor("all_reduce", "all_reduce", tensor, group, op), finished(async_op)


@with_communication_docs
def all_gather_into_tensor(tensor, group=None, async_op=False):
    """The Tensors of all ranks, one after the other along the first axis.

    Args:
        tensor: Tensor.
        group: {group}
        async_op: {async_op}

    Returns:
        (Tensor of shape (n * d0, ...), CommHandle or None).

    {raises}

    >>> import minispore as ms
    >>> from minispore.communication import comm_func
    >>> print(comm_func.all_gather_into_tensor(ms.Tensor([1.0, 2.0]))[0])
    [1. 2.]
    """
    return one_tensor("all_gather", "all_gather_into_tensor", tensor, group), finished(async_op)


@with_communication_docs
def reduce_scatter_tensor(tensor, op="sum", group=None, async_op=False):
    """Part k of the sum of the Tensors of all ranks, on rank k.

    Args:
        tensor: Tensor whose first axis is a multiple of the number of ranks.
        op: {op}
        group: {group}
        async_op: {async_op}

    Returns:
        (Tensor of shape (d0 / n, ...), CommHandle or None).

    {raises}

    >>> import minispore as ms
    >>> from minispore.communication import comm_func
    >>> print(comm_func.reduce_scatter_tensor(ms.Tensor([1.0, 2.0]))[0])
    [1. 2.]
    """
    return one_tensor("reduce_scatter", "reduce_scatter_tensor", tensor, group, op), finished(async_op)


@with_communication_docs
def reduce(tensor, dst, op="sum", group=None):
    """The sum of the Tensors of all ranks, on rank ``dst``; the others get their own back.

    Args:
        tensor: Tensor.
        dst: int, the world rank that gets it.
        op: {op}
        group: {group}

    Returns:
        Tensor.

    {raises}

    >>> import minispore as ms
    >>> from minispore.communication import comm_func
    >>> print(comm_func.reduce(ms.Tensor([1.0, 2.0]), 0))
    [1. 2.]
    """
    return one_tensor("reduce", "reduce", tensor, group, op, checked_rank(dst, group, "reduce"))


@with_communication_docs
def broadcast(tensor, src=0, group=None):
    """Rank ``src``'s Tensor, on all ranks; the others give one of its shape and type.

    Args:
        tensor: Tensor; on the other ranks, of the shape and type of what comes.
        src: {src}
        group: {group}

    Returns:
        Tensor.

    {raises}

    >>> import minispore as ms
    >>> from minispore.communication import comm_func
    >>> print(comm_func.broadcast(ms.Tensor([1.0, 2.0])))
    [1. 2.]
    """
    return one_tensor("broadcast", "broadcast", tensor, group, root=checked_rank(src, group, "broadcast"))


@with_communication_docs
def scatter_tensor(tensor, src=0, group=None):
    """Part k, along the first axis, of rank ``src``'s Tensor, on rank k.

    Args:
        tensor: Tensor whose first axis is a multiple of the number of ranks.
        src: {src}
        group: {group}

    Returns:
        Tensor of shape (d0 / n, ...).

    {raises}

    >>> import minispore as ms
    >>> from minispore.communication import comm_func
    >>> print(comm_func.scatter_tensor(ms.Tensor([1.0, 2.0])))
    [1. 2.]
    """
    return one_tensor("scatter", "scatter_tensor", tensor, group, root=checked_rank(src, group, "scatter_tensor"))


@with_communication_docs
def gather_into_tensor(tensor, dst=0, group=None):
    """The Tensors of all ranks along the first axis, on rank ``dst``; zeros on the others.

    Args:
        tensor: Tensor.
        dst: {dst}
        group: {group}

    Returns:
        Tensor of shape (n * d0, ...).

    {raises}

    >>> import minispore as ms
    >>> from minispore.communication import comm_func
    >>> print(comm_func.gather_into_tensor(ms.Tensor([1.0, 2.0])))
    [1. 2.]
    """
    return one_tensor(
        "gather", "gather_into_tensor", tensor, group, root=checked_rank(dst, group, "gather_into_tensor")
    )


@with_communication_docs
def barrier(group=None) -> None:
    """Returns when all ranks of the group have come here.

    Args:
        group: {group}

    {raises}

    >>> from minispore.communication import comm_func
    >>> comm_func.barrier()
    """
    ranks = members(group, "barrier")
    if len(ranks) > 1:
        collective("all_reduce", [Tensor([0])], ranks, label="a barrier")


__all__ = [
    "all_gather_into_tensor",
    "all_reduce",
    "barrier",
    "broadcast",
    "gather_into_tensor",
    "reduce",
    "reduce_scatter_tensor",
    "scatter_tensor",
]
