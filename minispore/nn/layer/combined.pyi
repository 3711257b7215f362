# Written by tools/stubs from minispore.nn.layer.combined: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable, Sequence
from minispore._types import Number
from minispore.core.initializer import Initializer
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['Conv2dBnAct', 'DenseBnAct', 'TimeDistributed']

class _WithNormAndActivation(Cell):
    activation: Any
    after_fake: Any
    batchnorm: Any
    has_bn: Any

class Conv2dBnAct(_WithNormAndActivation):
    def __init__(self, in_channels: int, out_channels: int, kernel_size: int | Sequence[int], stride: int | Sequence[int] = 1, pad_mode: str = 'same', padding: int | Sequence[int] = 0, dilation: int | Sequence[int] = 1, group: int = 1, has_bias: bool = False, weight_init: Initializer | str | Number | Tensor = 'normal', bias_init: Any = 'zeros', has_bn: bool = False, momentum: float = ..., eps: float = ..., activation: str | Cell | Callable[..., Any] | None = None, alpha: float = ..., after_fake: Any = True) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...
    conv: Any

class DenseBnAct(_WithNormAndActivation):
    def __init__(self, in_channels: int, out_channels: int, weight_init: Initializer | str | Number | Tensor = 'normal', bias_init: Any = 'zeros', has_bias: bool = True, has_bn: bool = False, momentum: float = ..., eps: float = ..., activation: str | Cell | Callable[..., Any] | None = None, alpha: float = ..., after_fake: Any = True) -> None: ...
    def construct(self, x: Tensor) -> Tensor: ...
    dense: Any

class TimeDistributed(Cell):
    def __init__(self, layer: Cell | Callable[..., Any] | Tensor, time_axis: int, reshape_with_axis: Any = None) -> None: ...
    def construct(self, inputs: Tensor) -> Tensor: ...
    layer: Any
    reshape_with_axis: Any
    time_axis: Any
