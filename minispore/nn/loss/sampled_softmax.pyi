# Written by tools/stubs from minispore.nn.loss.sampled_softmax: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore.core.tensor import Tensor
from minispore.nn.loss.base import LossBase
from typing import Any

__all__ = ['SampledSoftmaxLoss']

class SampledSoftmaxLoss(LossBase):
    def __init__(self, num_sampled: int, num_classes: int, num_true: int = 1, sampled_values: Sequence[Tensor] | None = None, remove_accidental_hits: bool = True, seed: Any = 0, reduction: str = 'none') -> None: ...
    def construct(self, weights: Tensor, biases: Tensor, labels: Tensor, logits: Tensor) -> Tensor: ...
    num_classes: Any
    num_sampled: Any
    num_true: Any
    remove_accidental_hits: Any
    sampled_values: Any
    seed: Any
