"""``mint.optim``: optimizers with PyTorch's arguments, as ``experimental.optim``."""

from ..experimental.optim import SGD, Adam, AdamW

FusedAdamW = AdamW

__all__ = ["SGD", "Adam", "AdamW", "FusedAdamW"]
