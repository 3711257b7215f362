"""Collectives whose results go into the Tensors that are given."""

import math

from ... import ops
from ...core.errors import fail
from ...core.tensor import Tensor
from ...distributed.groups import members, world_rank
from ...ops import comm_func
from ...ops.comm_calls import CommHandle, with_communication_docs


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


@with_communication_docs
def all_reduce(tensor, op="sum", group=None, async_op=False):
    """Replaces a Tensor by the sum (or maximum, minimum, product) of those of all ranks.

    Args:
        tensor: Tensor.
        op: {op}
        group: {group}
        async_op: {async_op}

    {handle_rest}
    >>> x = ms.Tensor([1.0, 2.0])
    >>> dist.all_reduce(x)
    >>> print(x)
    [1. 2.]
    """
    return _put("all_reduce", tensor, comm_func.all_reduce(tensor, op, group)[0], async_op)


@with_communication_docs
def all_gather_into_tensor(output_tensor, input_tensor, group=None, async_op=False):
    """The Tensors of all ranks along the first axis, into one that is given.

    Args:
        output_tensor: Tensor that takes the result.
        input_tensor: Tensor.
        group: {group}
        async_op: {async_op}

    {handle_rest}
    >>> x, out = ms.Tensor([1.0, 2.0]), ms.ops.zeros((2,))
    >>> dist.all_gather_into_tensor(out, x)
    >>> print(out)
    [1. 2.]
    """
    return _put(
        "all_gather_into_tensor", output_tensor, comm_func.all_gather_into_tensor(input_tensor, group)[0], async_op
    )


@with_communication_docs
def all_gather_into_tensor_uneven(output, input, output_split_sizes=None, group=None, async_op=False):
    """As ``all_gather_into_tensor``, with another number of rows from each rank.

    Args:
        output: Tensor that takes the result.
        input: Tensor.
        output_split_sizes: list of int, the rows that come from each rank.  Default: None, equal ones.
        group: {group}
        async_op: {async_op}

    {handle_rest}
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


@with_communication_docs
def all_gather(tensor_list, tensor, group=None, async_op=False):
    """The Tensor of each rank, into a list of Tensors.

    Args:
        tensor_list: list of a Tensor for each rank, which take the result.
        tensor: Tensor.
        group: {group}
        async_op: {async_op}

    {handle_rest}
    >>> x, out = ms.Tensor([1.0, 2.0]), ms.ops.zeros((2,))
    >>> dist.all_gather([out], x)
    >>> print(out)
    [1. 2.]
    """
    ranks = members(group, "all_gather")
    found, _ = comm_func.all_gather_into_tensor(ops.expand_dims(tensor, 0), group)
    return _put_all("all_gather", tensor_list, [found[k] for k in range(len(ranks))], async_op)


@with_communication_docs
def reduce_scatter_tensor(output, input, op="sum", group=None, async_op=False):
    """Our part, along the first axis, of the sum over ranks, into a Tensor.

    Args:
        output: Tensor that takes the result.
        input: Tensor.
        op: {op}
        group: {group}
        async_op: {async_op}

    {handle_rest}
    >>> x, out = ms.Tensor([1.0, 2.0]), ms.ops.zeros((2,))
    >>> dist.reduce_scatter_tensor(out, x)
    >>> print(out)
    [1. 2.]
    """
    return _put("reduce_scatter_tensor", output, comm_func.reduce_scatter_tensor(input, op, group)[0], async_op)


@with_communication_docs
def reduce_scatter_tensor_uneven(output, input, input_split_sizes=None, op="sum", group=None, async_op=False):
    """As ``reduce_scatter_tensor``, with another number of rows for each rank.

    Args:
        output: Tensor that takes the result.
        input: Tensor.
        input_split_sizes: list of int, the rows that go to each rank.  Default: None, equal ones.
        op: {op}
        group: {group}
        async_op: {async_op}

    {handle_rest}
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


@with_communication_docs
def reduce_scatter(output, input_list, op="sum", group=None, async_op=False):
    """The sum over ranks of what they have for us in their lists, into a Tensor.

    Args:
        output: Tensor that takes the result.
        input_list: list of a Tensor for each rank.
        op: {op}
        group: {group}
        async_op: {async_op}

    {handle_rest}
    >>> x, out = ms.Tensor([1.0, 2.0]), ms.ops.zeros((2,))
    >>> dist.reduce_scatter(out, [x])
    >>> print(out)
    [1. 2.]
    """
    found, _ = comm_func.reduce_scatter_tensor(_stacked(input_list), op, group)
    return _put("reduce_scatter", output, found[0], async_op)


@with_communication_docs
def reduce(tensor, dst, op="sum", group=None, async_op=False):
    """Replaces the Tensor of one rank by the sum over ranks.

    Args:
        tensor: Tensor.
        dst: int, the world rank that gets it.
        op: {op}
        group: {group}
        async_op: {async_op}

    {handle_rest}
    >>> dist.reduce(ms.Tensor([1.0, 2.0]), 0)
    """
    return _put("reduce", tensor, comm_func.reduce(tensor, dst, op, group), async_op)


@with_communication_docs
def broadcast(tensor, src, group=None, async_op=False):
    """Replaces a Tensor by that of one rank.

    Args:
        tensor: Tensor.
        src: int, the world rank that it comes from.
        group: {group}
        async_op: {async_op}

    {handle_rest}
    >>> dist.broadcast(ms.Tensor([1.0, 2.0]), 0)
    """
    return _put("broadcast", tensor, comm_func.broadcast(tensor, src, group), async_op)


@with_communication_docs
def scatter_tensor(output_tensor, input_tensor, src=0, group=None, async_op=False):
    """Our part of the Tensor of one rank, into a Tensor.

    Args:
        output_tensor: Tensor that takes the result.
        input_tensor: Tensor.
        src: {src}
        group: {group}
        async_op: {async_op}

    {handle_rest}
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


@with_communication_docs
def scatter(tensor, scatter_list, src=0, group=None, async_op=False):
    """What one rank has for us in its list, into a Tensor.

    Args:
        tensor: Tensor that takes the result.
        scatter_list: list of a Tensor for each rank, on the root; None elsewhere.
        src: {src}
        group: {group}
        async_op: {async_op}

    {handle_rest}
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


@with_communication_docs
def gather_into_tensor(output_tensor, input_tensor, dst=0, group=None, async_op=False):
    """The Tensors of all ranks along the first axis, into one of one rank.

    Args:
        output_tensor: Tensor that takes the result.
        input_tensor: Tensor.
        dst: {dst}
        group: {group}
        async_op: {async_op}

    {handle_rest}
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


@with_communication_docs
def gather(tensor, gather_list, dst=0, group=None, async_op=False):
    """The Tensor of each rank, into a list of one rank.

    Args:
        tensor: Tensor.
        gather_list: list of a Tensor for each rank, which take the result on the root.
        dst: {dst}
        group: {group}
        async_op: {async_op}

    {handle_rest}
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


@with_communication_docs
def all_to_all(output_tensor_list, input_tensor_list, group=None, async_op=False):
    """A Tensor of a list goes to each rank; what comes goes into another list.

    Args:
        output_tensor_list: list of a Tensor for each rank, which take the result.
        input_tensor_list: list of a Tensor for each rank.
        group: {group}
        async_op: {async_op}

    {handle_rest}
    >>> x, out = ms.Tensor([1.0, 2.0]), ms.ops.zeros((2,))
    >>> dist.all_to_all([out], [x])
    >>> print(out)
    [1. 2.]
    """
    found, _ = comm_func.all_to_all_with_output_shape(output_tensor_list, input_tensor_list, group)
    return _put_all("all_to_all", output_tensor_list, found, async_op)


@with_communication_docs
def all_to_all_single(output, input, output_split_sizes=None, input_split_sizes=None, group=None, async_op=False):
    """Rows of a Tensor go to each rank in turn; what comes goes into another.

    Args:
        output: Tensor that takes the result.
        input: Tensor.
        output_split_sizes: list of int, the rows that come from each rank.  Default: None, equal ones.
        input_split_sizes: list of int, the rows that go to each rank.  Default: None, equal ones.
        group: {group}
        async_op: {async_op}

    {handle_rest}
    >>> x, out = ms.Tensor([1.0, 2.0]), ms.ops.zeros((2,))
    >>> dist.all_to_all_single(out, x)
    >>> print(out)
    [1. 2.]
    """
    found, _ = comm_func.all_to_all_single_with_output_shape(
        output, input, output_split_sizes, input_split_sizes, group
    )
    return _put("all_to_all_single", output, found, async_op)


__all__ = [
    "all_gather", "all_gather_into_tensor", "all_gather_into_tensor_uneven", "all_reduce", "all_to_all",
    "all_to_all_single", "broadcast", "gather", "gather_into_tensor", "reduce", "reduce_scatter",
    "reduce_scatter_tensor", "reduce_scatter_tensor_uneven", "scatter", "scatter_tensor",
]  # fmt: skip
