# Written by tools/stubs from minispore.ops.comm_point_to_point: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import DTypeLike, Items
from minispore.core.tensor import Tensor
from minispore.ops.comm_calls import CommHandle
from typing import Any

__all__ = ['P2POp', 'batch_isend_irecv', 'irecv', 'isend', 'recv', 'send']

class P2POp:
    def __init__(self, op: Any, tensor: Tensor | DTypeLike | Items, peer: int, group: str | None = None, tag: int = 0, *, recv_dtype: DTypeLike | None = None) -> None: ...
    group: Any
    op: Any
    peer: Any
    recv_dtype: Any
    tag: Any
    tensor: Any

def batch_isend_irecv(p2p_op_list: Items) -> tuple[Any, ...]: ...

def irecv(tensor: Tensor, src: int = 0, group: str | None = None, tag: int = 0) -> Any: ...

def isend(tensor: Tensor, dst: int = 0, group: str | None = None, tag: int = 0) -> CommHandle: ...

def recv(tensor: Tensor, src: int = 0, group: str | None = None, tag: int = 0) -> Tensor: ...

def send(tensor: Tensor, dst: int = 0, group: str | None = None, tag: int = 0) -> None: ...
