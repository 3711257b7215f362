# Written by tools/stubs from minispore.ops.loss_probabilities: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor

__all__ = ['binary_cross_entropy', 'binary_cross_entropy_with_logits', 'kl_div']

def binary_cross_entropy(logits: Tensor, labels: Tensor, weight: Tensor | None = None, reduction: str = 'mean') -> Tensor: ...

def binary_cross_entropy_with_logits(input: Tensor, target: Tensor, weight: Tensor | None = None, pos_weight: Tensor | None = None, reduction: str = 'mean') -> Tensor: ...

def kl_div(logits: Tensor, labels: Tensor, reduction: str = 'mean') -> Tensor: ...
