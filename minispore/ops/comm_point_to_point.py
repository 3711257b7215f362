"""Tensors from one rank to another."""

import numpy as np

from ..core.dtype import to_dtype
from ..core.errors import fail
from ..core.op import wrap
from ..core.record import STATE, user_location
from ..core.tensor import Tensor
from ..distributed import WORLD
from ..distributed.groups import members
from ..distributed.moves import Moves
from ..distributed.sites import site_of
from .comm_calls import CommHandle, checked_rank, checked_tensor, one_tensor, with_communication_docs


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
    checked_rank(rank, group, what)
    if rank == WORLD.rank:
        raise fail(ValueError, f"For '{what}', the other rank must not be this one, but got {rank}.")
    return one_tensor(what, what, tensor, group, root=rank, sizes=(int(tag),))


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
    checked_rank(src, group, "irecv")
    checked_tensor("irecv", tensor)
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


__all__ = ["P2POp", "batch_isend_irecv", "irecv", "isend", "recv", "send"]
