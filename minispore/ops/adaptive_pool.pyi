# Written by tools/stubs from minispore.ops.adaptive_pool: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore.core.tensor import Tensor

__all__ = ['adaptive_avg_pool2d', 'adaptive_max_pool2d']

def adaptive_avg_pool2d(input: Tensor, output_size: int | Sequence[int | None]) -> Tensor: ...

def adaptive_max_pool2d(input: Tensor, output_size: int | Sequence[int | None], return_indices: bool = False) -> Tensor: ...
