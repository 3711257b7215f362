# Written by tools/stubs from minispore.core.checks: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.boundary import short as short
from minispore.core.tensor import Tensor as Tensor
from numbers import Real as Real

__all__ = ['Real', 'Tensor', 'short']
