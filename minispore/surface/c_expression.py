"""MindSpore's module ``_c_expression``: what public projects import from its native library."""

from ..core.tensor import Tensor
from . import types as typing

__all__ = ["Tensor", "typing"]
