# Written by tools/stubs from minispore.train.thor: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.nn.cell import Cell
from minispore.train.model import Model
from typing import Any

__all__ = ['ConvertModelUtils', 'ConvertNetUtils']

class ConvertModelUtils:
    @staticmethod
    def convert_to_thor_model(model: Model, network: Any, loss_fn: Any = None, optimizer: Any = None, metrics: Any = None, amp_level: Any = 'O0', loss_scale_manager: Any = None, keep_batchnorm_fp32: Any = False) -> Any: ...

class ConvertNetUtils:
    def convert_to_thor_net(self, net: Cell) -> None: ...
