# Written by tools/stubs from minispore.ops.incomplete_gamma: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor

__all__ = ['igamma', 'igammac']

def igamma(input: Tensor, other: Tensor) -> Tensor: ...

def igammac(input: Tensor, other: Tensor) -> Tensor: ...
