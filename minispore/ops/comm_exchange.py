"""Blocks from each rank to each other one."""

import numpy as np

from ..core.dtype import to_dtype
from ..core.errors import fail
from ..core.op import to, wrap
from ..core.tensor import Tensor
from ..distributed import WORLD
from ..distributed.groups import members
from .collective import collective
from .comm_calls import checked_tensor, finished, with_communication_docs
from .concatenation import concat, split, stack
from .movement import reshape


@with_communication_docs
def all_to_all_with_output_shape(output_shape_list, input_tensor_list, group=None, async_op=False):
    """Tensor k goes to rank k; of what comes, the shapes are given.

    Args:
        output_shape_list: list of a shape, or a Tensor of it, for each rank: of what it sends.
        input_tensor_list: list of a Tensor for each rank.
        group: {group}
        async_op: {async_op}

    Returns:
        (tuple of Tensors, CommHandle or None).

    {raises}

    >>> import minispore as ms
    >>> from minispore.communication import comm_func
    >>> comm_func.all_to_all_with_output_shape([(2,)], [ms.Tensor([1.0, 2.0])])[0]
    (Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00]),)
    """
    ranks = members(group, "all_to_all_with_output_shape")
    shapes = [tuple(s.shape) if isinstance(s, Tensor) else tuple(s) for s in output_shape_list]
    if not len(shapes) == len(input_tensor_list) == len(ranks):
        raise fail(
            ValueError,
            f"For 'all_to_all_with_output_shape', {len(ranks)} Tensors and shapes are needed, but got "
            f"{len(input_tensor_list)} and {len(shapes)}.",
        )
    counts = [int(np.prod(s, dtype=np.int64)) for s in shapes]
    sent = concat([reshape(checked_tensor("all_to_all_with_output_shape", x), (-1,)) for x in input_tensor_list])
    found = _exchanged(sent, [x.size for x in input_tensor_list], counts, ranks)
    return tuple(reshape(x, s) for x, s in zip(_cut(found, counts), shapes)), finished(async_op)


@with_communication_docs
def all_to_all_single_with_output_shape(output_shape, tensor, output_split_sizes=None, input_split_sizes=None,
                                        group=None, async_op=False):  # fmt: skip
    """Rows of a Tensor go to each rank in turn.

    Args:
        output_shape: tuple, or a Tensor of that shape: of all that comes.
        tensor: Tensor.
        output_split_sizes: list of int, the rows that come from each rank.  Default: None, equal ones.
        input_split_sizes: list of int, the rows that go to each rank.  Default: None, equal ones.
        group: {group}
        async_op: {async_op}

    Returns:
        (Tensor of shape output_shape, CommHandle or None).

    {raises}

    >>> import minispore as ms
    >>> from minispore.communication import comm_func
    >>> print(comm_func.all_to_all_single_with_output_shape((2,), ms.Tensor([1.0, 2.0]))[0])
    [1. 2.]
    """
    ranks = members(group, "all_to_all_single_with_output_shape")
    shape = tuple(output_shape.shape) if isinstance(output_shape, Tensor) else tuple(output_shape)
    checked_tensor("all_to_all_single_with_output_shape", tensor)

    def counts(rows, sizes, width):
        if sizes:
            return [int(s) * width for s in sizes]
        if rows % len(ranks):
            raise fail(ValueError, f"{rows} rows cannot be shared equally by {len(ranks)} ranks: give the split sizes.")
        return [rows // len(ranks) * width] * len(ranks)

    width = int(np.prod(tensor.shape[1:], dtype=np.int64))
    gives = counts(tensor.shape[0], input_split_sizes, width)
    takes = counts(shape[0], output_split_sizes, width)
    return reshape(_exchanged(reshape(tensor, (-1,)), gives, takes, ranks), shape), finished(async_op)


@with_communication_docs
def all_to_all_v_c(output, input, send_count_matrix, group=None, async_op=False):
    """Elements of a flat Tensor go to each rank in turn, as many as a matrix says.

    Args:
        output: accepted: the result is returned.
        input: Tensor.
        send_count_matrix: list of n * n int: element i * n + j is how many elements go from rank i to rank j.
        group: {group}
        async_op: {async_op}

    Returns:
        (Tensor of shape (elements that come,), CommHandle or None).

    {raises}

    >>> import minispore as ms
    >>> from minispore.communication import comm_func
    >>> x = ms.Tensor([1.0, 2.0])
    >>> print(comm_func.all_to_all_v_c(x, x, [2])[0])
    [1. 2.]
    """
    ranks = members(group, "all_to_all_v_c")
    n, me = len(ranks), ranks.index(WORLD.rank)
    gives = [int(c) for c in send_count_matrix[me * n : (me + 1) * n]]
    takes = [int(send_count_matrix[k * n + me]) for k in range(n)]
    return _exchanged(reshape(input, (-1,)), gives, takes, ranks), finished(async_op)


def _exchanged(flat, gives, takes, ranks):
    return collective("all_to_all", [flat], ranks, sizes=(tuple(gives), tuple(takes)))[0]


def _cut(flat, counts) -> list:
    ends = np.cumsum(counts).tolist()
    return [flat[end - n : end] for end, n in zip(ends, counts)]


@with_communication_docs
def blocks_exchanged(x, count: int, split_dim: int, concat_dim: int, group=None):
    """``ops.AlltoAll``: block k along an axis goes to rank k; what comes is joined along another.

    Args:
        x: Tensor.
        count: int, the number of blocks, which is that of the ranks.
        split_dim: int, the axis that is cut.
        concat_dim: int, the axis along which what comes is joined.
        group: {group}

    Returns:
        Tensor.

    {raises}

    >>> import minispore as ms
    >>> print(ms.ops.AlltoAll(1, 0, 0)(ms.Tensor([1.0, 2.0])))
    [1. 2.]
    """
    ranks = members(group, "AlltoAll")
    if count != len(ranks) or x.shape[split_dim] % count:
        raise fail(
            ValueError,
            f"For 'AlltoAll', 'split_count' must be the number of ranks, {len(ranks)}, and divide the axis of "
            f"{x.shape[split_dim]}, but got {count}.",
        )
    if count == 1:
        return x
    sent = stack(split(x, x.shape[split_dim] // count, split_dim))
    part = (x.size // count,) * count
    found = reshape(_exchanged(reshape(sent, (-1,)), part, part, ranks), sent.shape)
    return concat([found[k] for k in range(count)], concat_dim)


@with_communication_docs
def neighbours_exchanged(tensors, to_ranks, from_ranks, shapes, dtype, group=None) -> tuple:
    """``ops.NeighborExchange``: Tensors go to some ranks and come from some.

    Args:
        tensors: tuple of Tensors.
        to_ranks: list of int, where each goes.
        from_ranks: list of int, where something comes from.
        shapes: list of shapes of what comes.
        dtype: the type of what comes.
        group: {group}

    Returns:
        tuple of Tensors of the given shapes.

    {raises}

    >>> import minispore as ms
    >>> ring = ms.ops.NeighborExchange([0], [0], ([2],), ([2],), ms.float32)
    >>> print(ring((ms.Tensor([1.0, 2.0]),))[0])
    [1. 2.]
    """
    ranks = members(group, "NeighborExchange")
    sent: dict = {r: [] for r in ranks}
    for r, x in zip(to_ranks, tensors):
        sent[ranks[r]].append(reshape(x, (-1,)))
    counts = [int(np.prod(s, dtype=np.int64)) for s in shapes]
    takes = {r: sum(n for q, n in zip(from_ranks, counts) if ranks[q] == r) for r in ranks}
    flat = [x for r in ranks for x in sent[r]]
    dtype = to_dtype(dtype)
    flat_sent = to(concat(flat), dtype) if flat else wrap(np.zeros(0, dtype.np))
    gives = [sum(x.size for x in sent[r]) for r in ranks]
    found = _exchanged(flat_sent, gives, [takes[r] for r in ranks], ranks)
    order = sorted(range(len(shapes)), key=lambda k: ranks.index(ranks[from_ranks[k]]))
    cut = dict(zip(order, _cut(found, [counts[k] for k in order])))
    return tuple(reshape(cut[k], tuple(shapes[k])) for k in range(len(shapes)))


__all__ = ["all_to_all_single_with_output_shape", "all_to_all_v_c", "all_to_all_with_output_shape"]
