# Written by tools/stubs from minispore.train.checkpoint.into_net: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Mapping
from minispore.nn.cell import Cell
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['load_param_into_net']

def load_param_into_net(net: Cell | Optimizer, parameter_dict: Mapping[Any, Any], strict_load: bool = False, remove_redundancy: bool = False) -> tuple[Any, ...]: ...
