"""``experimental``: optimizers with parameter groups that may be changed at any time, and their schedulers."""

from . import optim

__all__ = ["optim"]
