# Written by tools/stubs from minispore.ops.histograms: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore._types import Number
from minispore.core.tensor import Tensor

__all__ = ['histc']

def histc(input: Tensor, bins: int = 100, min: Number = ..., max: Number = ...) -> Tensor: ...
