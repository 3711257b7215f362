# Written by tools/stubs from minispore.nn.wrap.loss_scale: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore._types import Number
from minispore.core.parameter import Parameter
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.optim.optimizer import Optimizer
from minispore.nn.wrap.cell_wrapper import TrainOneStepCell
from typing import Any

__all__ = ['DynamicLossScaleUpdateCell', 'FixedLossScaleUpdateCell', 'TrainOneStepWithLossScaleCell']

class DynamicLossScaleUpdateCell(Cell):
    def __init__(self, loss_scale_value: Number, scale_factor: Number, scale_window: int) -> None: ...
    def construct(self, loss_scale: Parameter, overflow: Tensor) -> Tensor: ...
    def get_loss_scale(self) -> Any: ...
    cur_iter: Any
    last_overflow_iter: Any
    loss_scale_value: Any
    scale_factor: Any
    scale_window: Any

class FixedLossScaleUpdateCell(Cell):
    def __init__(self, loss_scale_value: Number) -> None: ...
    def construct(self, _: Any, overflow: Tensor) -> Tensor: ...
    def get_loss_scale(self) -> Any: ...
    loss_scale_value: Any

class TrainOneStepWithLossScaleCell(TrainOneStepCell):
    def __init__(self, network: Cell, optimizer: Optimizer, scale_sense: Any) -> None: ...
    def construct(self, *args: Any, **kwargs: Any) -> tuple[Any, ...]: ...
    def get_overflow_status(self, status: Any, compute_output: Sequence[Tensor]) -> Tensor: ...
    def process_loss_scale(self, overflow: Tensor) -> Tensor: ...
    def set_sense_scale(self, sens: Tensor) -> None: ...
    def start_overflow_check(self, pre_cond: Any, compute_input: Any) -> tuple[Any, ...]: ...
    hyper_map: Any
    loss_scaling_manager: Any
    optimizer: Any
    scale_sense: Any
