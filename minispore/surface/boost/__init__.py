"""MindSpore's module ``boost``, as far as it is not about several devices: accumulation of gradients."""

from .grad_accumulation import GradientAccumulation

__all__ = ["GradientAccumulation"]
