# Written by tools/stubs from minispore.nn.optim.param_groups: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Mapping
from minispore.core.parameter import Parameter
from minispore.nn.cell import Cell
from typing import Any

__all__ = ['Grouped']

class Grouped(Cell):
    def add_param_group(self, param_group: Mapping[Any, Any]) -> None: ...
    def change_group(self, group: Any, key: str, value: Any) -> None: ...
    decay_flags: Any
    decays_by_name: Any
    dynamic_lr: Any
    dynamic_weight_decay: Any
    exec_weight_decay: Any
    grad_centralization_flags: Any
    is_group: Any
    is_group_lr: Any
    loss_scale: Any
    optim_filter: Any
    param_groups: Any
    param_length: Any
    parameters: Any
    weight_decay: Parameter | Any
