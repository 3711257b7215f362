# Written by tools/stubs from minispore.ops.padding: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore.core.tensor import Tensor

__all__ = ['pad']

def pad(input_x: Tensor, padding: Sequence[int] | Tensor, mode: str = 'constant', value: int | float | None = None) -> Tensor: ...
