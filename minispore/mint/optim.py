"""``mint.optim``: optimizers with PyTorch's arguments, as ``experimental.optim``."""

from ..nn.optim_ex import SGD, Adam, AdamW

FusedAdamW = AdamW

__all__ = ["SGD", "Adam", "AdamW", "FusedAdamW"]
