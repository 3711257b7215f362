"""Messages from one process to another."""

from ...ops import comm_func
from ...ops.comm_calls import CommHandle, with_communication_docs
from .collectives import _put


@with_communication_docs
def send(tensor, dst=0, group=None, tag=0) -> None:
    """Sends a Tensor to a rank, which calls ``recv``.

    Args:
        tensor: Tensor.
        dst: {dst}
        group: {group}
        tag: int that sender and receiver agree on.  Default: 0.

    {rest}
    >>> if dist.get_world_size() > 1 and dist.get_rank() == 0:
    ...     dist.send(ms.Tensor([1.0]), 1)
    """
    comm_func.send(tensor, dst, group, tag)


@with_communication_docs
def recv(tensor, src=0, group=None, tag=0) -> int:
    """Replaces a Tensor by the one that a rank sends.

    Args:
        tensor: Tensor.
        src: {src}
        group: {group}
        tag: int that sender and receiver agree on.  Default: 0.

    Returns:
        0.

    {rest}
    >>> if dist.get_world_size() > 1 and dist.get_rank() == 1:
    ...     dist.recv(ms.Tensor([0.0]), 0)
    """
    _put("recv", tensor, comm_func.recv(tensor, src, group, tag))
    return 0


@with_communication_docs
def isend(tensor, dst=0, group=None, tag=0) -> CommHandle:
    """Begins to send a Tensor to a rank.

    Args:
        tensor: Tensor.
        dst: {dst}
        group: {group}
        tag: int that sender and receiver agree on.  Default: 0.

    Returns:
        CommHandle, whose ``wait`` returns when the Tensor may be changed.

    {rest}
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


@with_communication_docs
def irecv(tensor, src=0, group=None, tag=0) -> CommHandle:
    """Begins to receive into a Tensor.

    Args:
        tensor: Tensor.
        src: {src}
        group: {group}
        tag: int that sender and receiver agree on.  Default: 0.

    Returns:
        CommHandle, after whose ``wait`` the Tensor has its values.

    {rest}
    >>> if dist.get_world_size() > 1 and dist.get_rank() == 1:
    ...     dist.irecv(ms.Tensor([0.0]), 0).wait()
    """
    return _Into(tensor, *comm_func.irecv(tensor, src, group, tag))


@with_communication_docs
def batch_isend_irecv(p2p_op_list) -> list:
    """All messages of a list at once; what comes goes into their Tensors.

    Args:
        p2p_op_list: list of P2POp.

    Returns:
        list of one CommHandle.

    {rest}
    >>> if dist.get_world_size() > 1 and dist.get_rank() == 0:
    ...     handles = dist.batch_isend_irecv([dist.P2POp("isend", ms.Tensor([1.0]), 1)])
    """
    found = comm_func.batch_isend_irecv(p2p_op_list)
    for p, value in zip(p2p_op_list, found):
        if p.op == "irecv":
            _put("batch_isend_irecv", p.tensor, value)
    return [CommHandle()]


__all__ = [
    "batch_isend_irecv", "irecv", "isend", "recv", "send",
]  # fmt: skip
