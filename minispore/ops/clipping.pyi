# Written by tools/stubs from minispore.ops.clipping: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Number
from minispore.core.tensor import Tensor
from typing import Any

__all__ = ['clamp', 'clip', 'clip_by_global_norm', 'clip_by_norm', 'clip_by_value']

def clamp(input: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Tensor: ...

def clip(input: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Tensor: ...

def clip_by_global_norm(x: Tensor | Sequence[Tensor], clip_norm: Number = ..., use_norm: None = None) -> Tensor | Any: ...

def clip_by_norm(x: Tensor | Sequence[Tensor], max_norm: Number, norm_type: Number = ..., error_if_nonfinite: bool = False) -> Tensor | Any: ...

def clip_by_value(x: Tensor | Sequence[Tensor], clip_value_min: Tensor | Number | None = None, clip_value_max: Tensor | Number | None = None) -> Tensor | Any: ...
