# Written by tools/stubs from minispore.nn.optim.scheduled: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor
from minispore.nn.optim.around import Wrapping
from minispore.nn.optim.optimizer import Optimizer
from typing import Any

__all__ = ['Scheduled']

class Scheduled(Wrapping):
    def __init__(self, optimizer: Optimizer, **schedules: Any) -> None: ...
    def construct(self, gradients: Any) -> Tensor | Any: ...
    def get_numbers(self) -> dict[str, Tensor]: ...
    scheduled: Any
