"""Communication as functions, under MindSpore's names; ``communication.comm_func`` is this module.

All ranks of a group call the same functions in the same order.  A process alone gets its input back.  Results are ready
when a function returns: the handle that stands beside some of them has nothing to wait for, except those of ``isend`` and
``irecv``.
"""

import numpy as np

from ..core.docstrings import documented
from ..core.dtype import to_dtype
from ..core.errors import fail
from ..core.op import to, wrap
from ..core.record import STATE, user_location
from ..core.tensor import Tensor
from ..distributed import WORLD
from ..distributed.groups import members
from ..distributed.moves import Moves
from ..distributed.world import site_of
from .collective import collective
from .collective_lowering import FOLDS
from .concatenation import concat, split, stack
from .movement import reshape

with_communication_docs = documented(
    async_op="bool, whether to give a handle.  Default: False.",
    group="str, the name of a group.  Default: None, all processes.",
    op='str, how elements combine: "sum", "max", "min" or "prod".  Default: "sum".',
    src="int, the world rank that it comes from.  Default: 0.",
    dst="int, the world rank that gets it.  Default: 0.",
    handle_rest="{handle}\n\n{rest}",
    rest="""\
{raises}

>>> import minispore as ms
>>> from minispore.mint import distributed as dist""",
    handle="""\
Returns:
    CommHandle, or None without ``async_op``.""",
    raises="""\
Raises:
    TypeError, ValueError: an argument of the wrong type; there is no such group or rank.
    RuntimeError: another rank failed, ended, or called something else.""",
)


class CommHandle:
    """What is still on its way; ``wait`` returns when it has arrived.

    Args:
        requests: the messages.  Default: none.
        site: where they are waited for.  Default: None.
        kept: memory that must stay until then.  Default: None.

    >>> from minispore.communication import comm_func
    >>> comm_func.CommHandle().wait()
    """

    def __init__(self, requests=(), site=None, kept=None):
        self._requests, self._site, self._kept = list(requests), site, kept

    def wait(self) -> None:
        """Waits."""
        if self._requests:
            WORLD.finish(self._requests, self._site)
            self._requests = []


def _handle(async_op):
    return CommHandle() if async_op else None


def _checked(owner: str, tensor, op: str = "sum"):
    if not isinstance(tensor, Tensor):
        raise fail(TypeError, f"For '{owner}', the input must be a Tensor, but got {type(tensor).__name__}.")
    if op not in FOLDS:
        raise fail(ValueError, f"For '{owner}', 'op' must be one of {sorted(FOLDS)}, but got {op!r}.")
    if tensor.dtype.name == "bool" and owner in ("all_reduce", "reduce", "reduce_scatter_tensor"):
        raise fail(TypeError, f"For '{owner}', the input must be numbers, but got bool.")
    return tensor


def _one(what: str, owner: str, tensor, group, op="sum", root=0, sizes=None):
    ranks = members(group, owner)
    _checked(owner, tensor, op)
    if len(ranks) == 1 and what != "all_to_all":
        return tensor
    return collective(what, [tensor], ranks, op, root, sizes)[0]


def _member(rank, group, owner: str) -> int:
    if isinstance(rank, bool) or not isinstance(rank, int):
        raise fail(TypeError, f"For '{owner}', a rank must be an int, but got {type(rank).__name__}.")
    if rank not in members(group, owner):
        raise fail(ValueError, f"For '{owner}', rank {rank} is not in the group {members(group, owner)}.")
    return rank


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
    return _one("all_reduce", "all_reduce", tensor, group, op), _handle(async_op)


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
    return _one("all_gather", "all_gather_into_tensor", tensor, group), _handle(async_op)


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
    return _one("reduce_scatter", "reduce_scatter_tensor", tensor, group, op), _handle(async_op)


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
    return _one("reduce", "reduce", tensor, group, op, _member(dst, group, "reduce"))


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
    return _one("broadcast", "broadcast", tensor, group, root=_member(src, group, "broadcast"))


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
    return _one("scatter", "scatter_tensor", tensor, group, root=_member(src, group, "scatter_tensor"))


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
    return _one("gather", "gather_into_tensor", tensor, group, root=_member(dst, group, "gather_into_tensor"))


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


# ---------------------------------------------------------------- blocks to each rank
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
    sent = concat([reshape(_checked("all_to_all_with_output_shape", x), (-1,)) for x in input_tensor_list])
    found = _exchanged(sent, [x.size for x in input_tensor_list], counts, ranks)
    return tuple(reshape(x, s) for x, s in zip(_cut(found, counts), shapes)), _handle(async_op)


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
    _checked("all_to_all_single_with_output_shape", tensor)

    def counts(rows, sizes, width):
        if sizes:
            return [int(s) * width for s in sizes]
        if rows % len(ranks):
            raise fail(ValueError, f"{rows} rows cannot be shared equally by {len(ranks)} ranks: give the split sizes.")
        return [rows // len(ranks) * width] * len(ranks)

    width = int(np.prod(tensor.shape[1:], dtype=np.int64))
    gives = counts(tensor.shape[0], input_split_sizes, width)
    takes = counts(shape[0], output_split_sizes, width)
    return reshape(_exchanged(reshape(tensor, (-1,)), gives, takes, ranks), shape), _handle(async_op)


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
    return _exchanged(reshape(input, (-1,)), gives, takes, ranks), _handle(async_op)


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


# ---------------------------------------------------------------- from one rank to another
@with_communication_docs
def send(tensor, dst=0, group=None, tag=0) -> None:
    """Sends a Tensor to a rank, which calls ``recv``.

    Args:
        tensor: Tensor.
        dst: {dst}
        group: {group}
        tag: int that sender and receiver agree on.  Default: 0.

    {raises}

    >>> import minispore as ms
    >>> from minispore.communication import comm_func
    >>> if ms.communication.get_group_size() > 1 and ms.communication.get_rank() == 0:
    ...     comm_func.send(ms.Tensor([1.0]), 1)
    """
    _peer_to_peer("send", tensor, dst, group, tag)


@with_communication_docs
def recv(tensor, src=0, group=None, tag=0):
    """A Tensor from a rank, which calls ``send``.

    Args:
        tensor: Tensor of the shape and type of what comes.
        src: {src}
        group: {group}
        tag: int that sender and receiver agree on.  Default: 0.

    Returns:
        Tensor.

    {raises}

    >>> import minispore as ms
    >>> from minispore.communication import comm_func
    >>> if ms.communication.get_group_size() > 1 and ms.communication.get_rank() == 1:
    ...     x = comm_func.recv(ms.Tensor([0.0]), 0)
    """
    return _peer_to_peer("receive", tensor, src, group, tag)


def _peer_to_peer(what: str, tensor, rank, group, tag):
    _member(rank, group, what)
    if rank == WORLD.rank:
        raise fail(ValueError, f"For '{what}', the other rank must not be this one, but got {rank}.")
    return _one(what, what, tensor, group, root=rank, sizes=(int(tag),))


@with_communication_docs
def isend(tensor, dst=0, group=None, tag=0) -> CommHandle:
    """Begins to send a Tensor to a rank, which calls ``recv`` or ``irecv``.

    Args:
        tensor: Tensor.
        dst: {dst}
        group: {group}
        tag: int that sender and receiver agree on.  Default: 0.

    Returns:
        CommHandle, whose ``wait`` returns when the Tensor may be changed.

    {raises}

    >>> import minispore as ms
    >>> from minispore.communication import comm_func
    >>> if ms.communication.get_group_size() > 1 and ms.communication.get_rank() == 0:
    ...     comm_func.isend(ms.Tensor([1.0]), 1).wait()
    """
    send(tensor, dst, group, tag)  # of a copy
    return CommHandle()


@with_communication_docs
def irecv(tensor, src=0, group=None, tag=0):
    """Begins to receive a Tensor from a rank.

    Args:
        tensor: Tensor of the shape and type of what comes.
        src: {src}
        group: {group}
        tag: int that sender and receiver agree on.  Default: 0.

    Returns:
        (Tensor, CommHandle); the Tensor has its values after the handle's ``wait``.

    {raises}

    >>> import minispore as ms
    >>> from minispore.communication import comm_func
    >>> if ms.communication.get_group_size() > 1 and ms.communication.get_rank() == 1:
    ...     x, handle = comm_func.irecv(ms.Tensor([0.0]), 0)
    ...     handle.wait()
    """
    if STATE.recorder is not None:
        return recv(tensor, src, group, tag), CommHandle()
    _member(src, group, "irecv")
    _checked("irecv", tensor)
    out = np.zeros(tensor.shape, tensor.dtype.np)
    ranks = members(group, "irecv")
    site = site_of("receive", "sum", ranks, src, tensor.size, out.dtype, user_location(), (int(tag),))
    moves = Moves((), ((src, 0, tensor.size),))
    flat = out.reshape(-1)
    return wrap(out), CommHandle(WORLD.begin(moves, flat[:0], flat, site), site, flat)


class P2POp:
    """One message of ``batch_isend_irecv``.

    Args:
        op: "isend" or "irecv", or the function of that name.
        tensor: Tensor that is sent or that gives the shape and type of what comes; or a tuple, the shape of what comes.
        peer: int, the other rank.
        group: str, the name of a group.  Default: None, all processes.
        tag: int that sender and receiver agree on.  Default: 0.
        recv_dtype: the type of what comes, where ``tensor`` is a shape.  Default: None.

    Raises:
        TypeError, ValueError: an argument of the wrong type; another op.

    >>> import minispore as ms
    >>> from minispore.communication import comm_func
    >>> comm_func.P2POp("isend", ms.Tensor([1.0]), 1).peer
    1
    """

    def __init__(self, op, tensor, peer, group=None, tag=0, *, recv_dtype=None):
        name = op if isinstance(op, str) else getattr(op, "__name__", None)
        if name not in ("isend", "irecv"):
            raise fail(ValueError, f"For 'P2POp', 'op' must be 'isend' or 'irecv', but got {op!r}.")
        if not isinstance(tensor, (Tensor, tuple)):
            raise fail(
                TypeError, f"For 'P2POp', 'tensor' must be a Tensor or a shape, but got {type(tensor).__name__}."
            )
        if not isinstance(peer, int):
            raise fail(TypeError, f"For 'P2POp', 'peer' must be an int, but got {type(peer).__name__}.")
        self.op, self.tensor, self.peer, self.group, self.tag, self.recv_dtype = (
            name,
            tensor,
            peer,
            group,
            tag,
            recv_dtype,
        )


def batch_isend_irecv(p2p_op_list) -> tuple:
    """All messages of a list at once.

    Args:
        p2p_op_list: list of P2POp.

    Returns:
        tuple: what came, and a 0 in the place of each send.

    Raises:
        TypeError: not a list of P2POp.
        ValueError: a P2POp that receives a shape has no ``recv_dtype``.
        RuntimeError: another rank failed, ended, or called something else.

    >>> import minispore as ms
    >>> from minispore.communication import comm_func
    >>> if ms.communication.get_group_size() > 1 and ms.communication.get_rank() == 0:
    ...     comm_func.batch_isend_irecv([comm_func.P2POp("isend", ms.Tensor([1.0]), 1)])
    """
    if not isinstance(p2p_op_list, list) or not p2p_op_list or not all(isinstance(p, P2POp) for p in p2p_op_list):
        raise fail(TypeError, "For 'batch_isend_irecv', a list of P2POp is needed.")
    out: list = [None] * len(p2p_op_list)
    for k, p in enumerate(p2p_op_list):
        if p.op == "isend":
            send(p.tensor, p.peer, p.group, p.tag)
            out[k] = Tensor(0.0)
    for k, p in enumerate(p2p_op_list):
        if p.op == "irecv":
            like = p.tensor
            if not isinstance(like, Tensor):
                if p.recv_dtype is None:
                    raise fail(ValueError, "For 'batch_isend_irecv', an 'irecv' of a shape needs 'recv_dtype'.")
                like = wrap(np.zeros(like, to_dtype(p.recv_dtype).np))
            out[k] = recv(like, p.peer, p.group, p.tag)
    return tuple(out)


__all__ = [
    "CommHandle", "P2POp", "all_gather_into_tensor", "all_reduce", "all_to_all_single_with_output_shape",
    "all_to_all_v_c", "all_to_all_with_output_shape", "barrier", "batch_isend_irecv", "broadcast", "gather_into_tensor",
    "irecv", "isend", "recv", "reduce", "reduce_scatter_tensor", "scatter_tensor", "send",
]  # fmt: skip
