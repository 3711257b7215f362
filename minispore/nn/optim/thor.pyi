# Written by tools/stubs from minispore.nn.optim.thor: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Callable
from minispore._types import Number
from minispore.core.tensor import Tensor
from minispore.nn.cell import Cell
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['thor']

def thor(net: Cell, learning_rate: Tensor, damping: Tensor, momentum: float, weight_decay: float = ..., loss_scale: Number = ..., batch_size: int = 32, use_nesterov: bool = False, decay_filter: Callable[..., Any] = ..., split_indices: Any = None, enable_clip_grad: bool = False, frequency: int = 100) -> Optimizer: ...
