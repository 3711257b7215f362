"""``experimental``: optimizers with parameter groups that may be changed at any time, and their schedulers."""

from ..nn import optim_ex as optim

__all__ = ["optim"]
