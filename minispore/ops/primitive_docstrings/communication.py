"""Written docstrings of primitive classes: communication between processes."""

DOCSTRINGS = {
    "AllReduce": """The sum (or maximum, minimum, product) of the Tensors of all processes, on all of them.

Args:
    op (str): "sum", "max", "min" or "prod".
    group (str): the processes that take part.
    x (Tensor): numbers, of one shape and type on all processes.

Returns:
    Tensor of the shape and dtype of x.

>>> import minispore as ms
>>> print(AllReduce()(ms.Tensor([1.0, 2.0])))
[1. 2.]
""",
    "AllGather": """The Tensors of all processes, one after the other along the first axis.

Args:
    group (str): the processes that take part.
    x (Tensor): of one shape and type on all processes.

Returns:
    Tensor of shape (n * d0, ...).

>>> import minispore as ms
>>> print(AllGather()(ms.Tensor([1.0, 2.0])))
[1. 2.]
""",
    "ReduceScatter": """Each process's part, along the first axis, of the sum over all.

Args:
    op (str): "sum", "max", "min" or "prod".
    group (str): the processes that take part.
    x (Tensor): numbers; the first axis is a multiple of the number of processes.

Returns:
    Tensor of shape (d0 / n, ...).

Raises:
    ValueError: the first axis does not fit.

>>> import minispore as ms
>>> print(ReduceScatter()(ms.Tensor([1.0, 2.0])))
[1. 2.]
""",
    "Reduce": """The sum (or maximum, minimum, product) of the Tensors of all processes, on one; the others get their own back.

Args:
    dest_rank (int): the member of the group that gets it.
    op (str): "sum", "max", "min" or "prod".
    group (str): the processes that take part.
    x (Tensor): numbers, of one shape and type on all processes.

Returns:
    Tensor of the shape and dtype of x.

>>> import minispore as ms
>>> print(Reduce(0)(ms.Tensor([1.0, 2.0])))
[1. 2.]
""",
    "Broadcast": """The Tensors of one process, on all of them.

Args:
    root_rank (int): the member of the group that sends.
    group (str): the processes that take part.
    xs (tuple[Tensor]): on the other processes, of the shapes and types of what comes.

Returns:
    tuple of Tensors.

>>> import minispore as ms
>>> print(*Broadcast(0)((ms.Tensor([1.0, 2.0]),)))
[1. 2.]
""",
    "CollectiveScatter": """A part of the Tensor of one process, along the first axis, for each.

Args:
    src_rank (int): the member of the group that sends.
    group (str): the processes that take part.
    x (Tensor): the first axis is a multiple of the number of processes.

Returns:
    Tensor of shape (d0 / n, ...).

>>> import minispore as ms
>>> print(CollectiveScatter()(ms.Tensor([1.0, 2.0])))
[1. 2.]
""",
    "CollectiveGather": """The Tensors of all processes along the first axis, on one; zeros on the others.

Args:
    dest_rank (int): the member of the group that gets them.
    group (str): the processes that take part.
    x (Tensor): of one shape and type on all processes.

Returns:
    Tensor of shape (n * d0, ...).

>>> import minispore as ms
>>> print(CollectiveGather(0)(ms.Tensor([1.0, 2.0])))
[1. 2.]
""",
    "Barrier": """Waits until all processes have come here.

Args:
    group (str): the processes that take part.

>>> import minispore as ms
>>> Barrier()()
""",
    "AlltoAll": """Block k of a Tensor goes to process k; what comes is joined.

Args:
    split_count (int): the number of blocks, which is that of the processes.
    split_dim (int): the axis that is cut.
    concat_dim (int): the axis along which what comes is joined.
    group (str): the processes that take part.
    x (Tensor): any type.

Returns:
    Tensor.

Raises:
    ValueError: ``split_count`` is not the number of processes, or does not divide the axis.

>>> import minispore as ms
>>> print(AlltoAll(1, 0, 0)(ms.Tensor([1.0, 2.0])))
[1. 2.]
""",
    "NeighborExchange": """Tensors go to some processes and come from some.

Args:
    send_rank_ids (list[int]): the member of the group that each Tensor goes to.
    recv_rank_ids (list[int]): the members that something comes from.
    recv_shapes (tuple[list[int]]): the shapes of what comes.
    send_shapes (tuple[list[int]]): the shapes of what goes.
    recv_type (dtype): the type of what comes.
    group (str): the processes that take part.
    xs (tuple[Tensor]): what goes.

Returns:
    tuple of Tensors.

>>> import minispore as ms
>>> ring = NeighborExchange([0], [0], ([2],), ([2],), ms.float32)
>>> print(ring((ms.Tensor([1.0, 2.0]),))[0])
[1. 2.]
""",
    "Send": """Sends a Tensor to another process, which has a ``Receive``.

Args:
    sr_tag (int): a number that sender and receiver agree on.
    dest_rank (int): the member of the group that gets it.
    group (str): the processes that take part.
    group_back (str): no effect.
    x (Tensor): any type.

>>> import minispore as ms
>>> if ms.communication.get_group_size() > 1 and ms.communication.get_rank() == 0:
...     Send(0, 1)(ms.Tensor([1.0]))
""",
    "Receive": """A Tensor from another process, which has a ``Send``.

Args:
    sr_tag (int): a number that sender and receiver agree on.
    src_rank (int): the member of the group that sends.
    shape (list[int]): of what comes.
    dtype (dtype): of what comes.
    group (str): the processes that take part.
    group_back (str): no effect.
    x (Tensor): no effect.

Returns:
    Tensor.

>>> import minispore as ms
>>> if ms.communication.get_group_size() > 1 and ms.communication.get_rank() == 1:
...     x = Receive(0, 0, [1], ms.float32)()
""",
}
