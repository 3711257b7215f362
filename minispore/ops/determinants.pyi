# Written by tools/stubs from minispore.ops.determinants: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor

__all__ = ['det', 'logdet', 'slogdet']

def det(input: Tensor) -> Tensor: ...

def logdet(input: Tensor) -> Tensor: ...

def slogdet(input: Tensor) -> tuple[Tensor, Tensor]: ...
