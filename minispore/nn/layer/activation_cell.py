"""The base class of activations, and what their docstrings share."""

from collections.abc import Callable

from ...core import checks
from ...core.docstrings import documented
from ..cell import Cell

_INPUTS = """\
Inputs:
    x: Tensor of floats, any shape.

Returns:
    Tensor of the shape and dtype of x."""


_ELEMENTWISE = f"""\
{_INPUTS}

Raises:
    TypeError: x is not a Tensor."""


class Activation(Cell):
    """``function(x, *arguments)`` with the arguments of the constructor."""

    is_piece = True

    function: Callable
    arguments: tuple = ()

    def __init_subclass__(cls, **more):
        super().__init_subclass__(**more)
        documented(elementwise=_ELEMENTWISE, inputs=_INPUTS)(cls)

    def __init__(self):
        super().__init__()

    def construct(self, x):
        return self.function(checks.tensor(type(self).__name__, input=x), *self.arguments)


def of(function):
    """``function`` as a static method."""
    return staticmethod(function)
