# Written by tools/stubs from minispore.ops.padding: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore.core.tensor import Tensor

__all__ = ['pad', 'padding']

def pad(input_x: Tensor, padding: Sequence[int] | Tensor, mode: str = 'constant', value: int | float | None = None) -> Tensor: ...

def padding(x: Tensor, pad_dim_size: int = 8) -> Tensor: ...
