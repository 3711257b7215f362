"""Checks of the inputs of functions, in MindSpore's words."""

from ..core import checks
from ..core.dtype import float32
from ..core.errors import fail
from ..core.op import to


def any_float(*tensors) -> bool:
    """Whether one of the Tensors holds floats."""
    return any(t.dtype.is_float for t in tensors)


def tensor_input(name: str, argument: str, x):
    """``x`` if it is a Tensor; else a TypeError."""
    return checks.tensor(name, **{argument: x})


def float_input(name: str, x, argument="input"):
    """``x`` if it is a Tensor of floats; else a TypeError."""
    if not checks.tensor(name, **{argument: x}).dtype.is_float:
        raise fail(TypeError, f"For '{name}', the '{argument}' must be a Tensor of floats, but got {x.dtype}.")
    return x


def accumulation_type(x):
    """``x`` in the type that sums of it are computed in: float32 for 16-bit types, else its own."""
    return to(x, float32) if x.dtype.itemsize == 2 else x


def number_input(name: str, argument: str, value) -> None:
    """A TypeError if ``value`` is not a Python number."""
    checks.number(name, **{argument: value})


__all__ = ["accumulation_type", "any_float", "float_input", "number_input", "tensor_input"]
