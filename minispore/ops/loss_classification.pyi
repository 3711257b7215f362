# Written by tools/stubs from minispore.ops.loss_classification: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from minispore.core.tensor import Tensor

__all__ = ['cross_entropy', 'nll_loss']

def cross_entropy(input: Tensor, target: Tensor, weight: Tensor | None = None, ignore_index: int = -100, reduction: str = 'mean', label_smoothing: int | float = ...) -> Tensor: ...

def nll_loss(inputs: Tensor, target: Tensor, weight: Tensor | None = None, ignore_index: int = -100, reduction: str = 'mean', label_smoothing: int | float = ...) -> Tensor: ...
