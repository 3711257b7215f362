"""MindSpore's module ``_c_expression``: what public projects import from its native library."""

from ..core.tensor import Tensor
from . import types as typing


class MSContext:
    """The settings object of MindSpore's library, as far as projects ask it which accelerator there is: none."""

    @staticmethod
    def get_instance() -> "MSContext":
        """The one object."""
        return _CONTEXT

    def get_ascend_soc_version(self) -> str:
        """The model of the accelerator; empty."""
        return ""


_CONTEXT = MSContext()

__all__ = ["MSContext", "Tensor", "typing"]
