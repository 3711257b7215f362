# Written by tools/stubs from minispore.ops.clipping: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Number
from minispore.core.tensor import Tensor
from typing import overload

__all__ = ['clamp', 'clip', 'clip_by_global_norm', 'clip_by_norm', 'clip_by_value']

def clamp(input: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Tensor: ...

def clip(input: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Tensor: ...

def clip_by_global_norm(
    x: Sequence[Tensor], clip_norm: Number = 1.0, use_norm: Tensor | None = None
) -> tuple[Tensor, ...]: ...

@overload
def clip_by_norm(x: Tensor, max_norm: Number, norm_type: Number = 2.0, error_if_nonfinite: bool = False) -> Tensor: ...
@overload
def clip_by_norm(
    x: Sequence[Tensor], max_norm: Number, norm_type: Number = 2.0, error_if_nonfinite: bool = False
) -> tuple[Tensor, ...]: ...

@overload
def clip_by_value(
    x: Tensor, clip_value_min: Tensor | Number | None = None, clip_value_max: Tensor | Number | None = None
) -> Tensor: ...
@overload
def clip_by_value(
    x: Sequence[Tensor], clip_value_min: Tensor | Number | None = None, clip_value_max: Tensor | Number | None = None
) -> tuple[Tensor, ...]: ...
