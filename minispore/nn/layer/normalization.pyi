# Written by tools/stubs from minispore.nn.layer.normalization: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import DTypeLike, Items, Number
from minispore.core.initializer import Initializer
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['BatchNorm1d', 'BatchNorm2d', 'BatchNorm3d', 'GroupNorm', 'InstanceNorm1d', 'InstanceNorm2d', 'InstanceNorm3d', 'LayerNorm', 'LayerNormExt', 'SyncBatchNorm']

class _BatchNorm(Cell):
    def __init__(self, num_features: Any, eps: Any = ..., momentum: Any = ..., affine: bool = True, gamma_init: Any = 'ones', beta_init: Any = 'zeros', moving_mean_init: Any = 'zeros', moving_var_init: Any = 'ones', use_batch_statistics: Any = None, data_format: Any = 'NCHW', dtype: Any = ...) -> None: ...
    def construct(self, x: Any) -> Tensor | Any: ...
    def extend_repr(self) -> str: ...
    beta: Parameter
    eps: Any
    gamma: Parameter
    is_piece: bool
    momentum: Any
    moving_mean: Parameter
    moving_variance: Parameter
    num_features: Any
    processes: Any
    ranks: Any
    use_batch_statistics: Any

class BatchNorm1d(_BatchNorm):
    def __init__(self, num_features: int, eps: float = ..., momentum: Number = ..., affine: bool = True, gamma_init: Initializer | str | Number | Tensor = 'ones', beta_init: Initializer | str | Number | Tensor = 'zeros', moving_mean_init: Initializer | str | Number | Tensor = 'zeros', moving_var_init: Initializer | str | Number | Tensor = 'ones', use_batch_statistics: bool | None = None, data_format: str = 'NCHW', dtype: DTypeLike = ...) -> None: ...
    ranks: Any

class BatchNorm2d(_BatchNorm):
    def __init__(self, num_features: int, eps: float = ..., momentum: Number = ..., affine: bool = True, gamma_init: Initializer | str | Number | Tensor = 'ones', beta_init: Initializer | str | Number | Tensor = 'zeros', moving_mean_init: Initializer | str | Number | Tensor = 'zeros', moving_var_init: Initializer | str | Number | Tensor = 'ones', use_batch_statistics: bool | None = None, data_format: str = 'NCHW', dtype: DTypeLike = ...) -> None: ...
    ranks: Any

class BatchNorm3d(Cell):
    def __init__(self, num_features: int, eps: float = ..., momentum: Number = ..., affine: bool = True, gamma_init: Initializer | str | Number | Tensor = 'ones', beta_init: Initializer | str | Number | Tensor = 'zeros', moving_mean_init: Initializer | str | Number | Tensor = 'zeros', moving_var_init: Initializer | str | Number | Tensor = 'ones', use_batch_statistics: bool | None = None, dtype: DTypeLike = ...) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...
    bn2d: Any
    is_piece: bool

class GroupNorm(Cell):
    def __init__(self, num_groups: int, num_channels: int, eps: float = ..., affine: bool = True, gamma_init: Initializer | str | Number | Tensor = 'ones', beta_init: Initializer | str | Number | Tensor = 'zeros', dtype: DTypeLike = ...) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...
    def extend_repr(self) -> str: ...
    affine: Any
    beta: Parameter
    eps: Any
    gamma: Parameter
    is_piece: bool
    num_channels: Any
    num_groups: Any

class _InstanceNorm(Cell):
    def __init__(self, num_features: Any, eps: Any = ..., momentum: Any = ..., affine: bool = True, gamma_init: Any = 'ones', beta_init: Any = 'zeros', dtype: Any = ...) -> None: ...
    def construct(self, x: Any) -> Tensor | Any: ...
    def extend_repr(self) -> str: ...
    beta: Parameter
    eps: Any
    gamma: Parameter
    is_piece: bool
    momentum: Any
    moving_mean: Parameter
    moving_variance: Parameter
    num_features: Any
    rank: Any

class InstanceNorm1d(_InstanceNorm):
    def __init__(self, num_features: int, eps: float = ..., momentum: float = ..., affine: bool = True, gamma_init: Initializer | str | Number | Tensor = 'ones', beta_init: Initializer | str | Number | Tensor = 'zeros', dtype: DTypeLike = ...) -> None: ...
    rank: int

class InstanceNorm2d(_InstanceNorm):
    def __init__(self, num_features: int, eps: float = ..., momentum: float = ..., affine: bool = True, gamma_init: Initializer | str | Number | Tensor = 'ones', beta_init: Initializer | str | Number | Tensor = 'zeros', dtype: DTypeLike = ...) -> None: ...
    rank: int

class InstanceNorm3d(_InstanceNorm):
    def __init__(self, num_features: int, eps: float = ..., momentum: float = ..., affine: bool = True, gamma_init: Initializer | str | Number | Tensor = 'ones', beta_init: Initializer | str | Number | Tensor = 'zeros', dtype: DTypeLike = ...) -> None: ...
    rank: int

class LayerNorm(Cell):
    def __init__(self, normalized_shape: Sequence[int], begin_norm_axis: int = -1, begin_params_axis: int = -1, gamma_init: Initializer | str | Number | Tensor = 'ones', beta_init: Initializer | str | Number | Tensor = 'zeros', epsilon: float = ..., dtype: DTypeLike = ...) -> None: ...
    def construct(self, input_x: Tensor) -> Tensor: ...
    def extend_repr(self) -> str: ...
    begin_norm_axis: Any
    begin_params_axis: Any
    beta: Parameter
    epsilon: Any
    gamma: Parameter
    is_piece: bool
    normalized_shape: Any

class LayerNormExt(Cell):
    def __init__(self, normalized_shape: Sequence[int] | int, eps: float = ..., elementwise_affine: bool = True, bias: bool = True, dtype: DTypeLike | None = None) -> None: ...
    def construct(self, input: Tensor) -> Tensor: ...
    def extend_repr(self) -> str: ...
    bias: Parameter | Any
    elementwise_affine: Any
    eps: Any
    is_piece: bool
    normalized_shape: Any
    weight: Parameter

class SyncBatchNorm(_BatchNorm):
    def __init__(self, num_features: int, eps: float = ..., momentum: Number = ..., affine: bool = True, gamma_init: Initializer | str | Number | Tensor = 'ones', beta_init: Initializer | str | Number | Tensor = 'zeros', moving_mean_init: Initializer | str | Number | Tensor = 'zeros', moving_var_init: Initializer | str | Number | Tensor = 'ones', use_batch_statistics: bool | None = None, process_groups: Items | None = None, dtype: DTypeLike = ...) -> None: ...
    process_groups: Any
    ranks: Any
