# Written by tools/stubs from minispore.ops.exact_numbers: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor

__all__ = ['gcd', 'lcm', 'nextafter']

def gcd(input: Tensor, other: Tensor) -> Tensor: ...

def lcm(input: Tensor, other: Tensor) -> Tensor: ...

def nextafter(input: Tensor, other: Tensor) -> Tensor: ...
