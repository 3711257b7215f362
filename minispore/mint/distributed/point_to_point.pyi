# Written by tools/stubs from minispore.mint.distributed.point_to_point: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import Items
from minispore.core.tensor import Tensor
from minispore.ops.comm_calls import CommHandle
from typing import Any

__all__ = ['batch_isend_irecv', 'irecv', 'isend', 'recv', 'send']

def batch_isend_irecv(p2p_op_list: Items) -> list[Any]: ...

def irecv(tensor: Tensor, src: int = 0, group: str | None = None, tag: int = 0) -> CommHandle: ...

def isend(tensor: Tensor, dst: int = 0, group: str | None = None, tag: int = 0) -> CommHandle: ...

def recv(tensor: Tensor, src: int = 0, group: str | None = None, tag: int = 0) -> int: ...

def send(tensor: Tensor, dst: int = 0, group: str | None = None, tag: int = 0) -> None: ...
