"""Checks of the inputs of functions, in MindSpore's words."""

import warnings
from functools import wraps

from ..core import checks, hints
from ..core.dtype import float32, float64
from ..core.errors import fail
from ..core.op import as_tensor, literal, to
from ..core.record import user_level
from ..core.tensor import Tensor


def any_float(*tensors) -> bool:
    """Whether one of the Tensors holds floats."""
    return any(t.dtype.is_inexact for t in tensors)


def tensor_input(name: str, argument: str, x):
    """``x`` if it is a Tensor; else a TypeError."""
    return checks.tensor(name, **{argument: x})


def float_input(name: str, x, argument="input"):
    """``x`` if it is a Tensor of floats; else a TypeError."""
    if not checks.tensor(name, **{argument: x}).dtype.is_float:
        raise fail(
            TypeError,
            f"For '{name}', the '{argument}' must be a Tensor of floats, but got {x.dtype}.{hints.floats(argument)}",
        )
    return x


def numbers_as(x, y):
    """Two inputs as Tensors; an int takes the type of the Tensor of integers beside it."""
    if isinstance(x, int) and not isinstance(x, bool) and isinstance(y, Tensor) and y.dtype.is_int:
        return literal(x, y.dtype), y
    if isinstance(y, int) and not isinstance(y, bool) and isinstance(x, Tensor) and x.dtype.is_int:
        return x, literal(y, x.dtype)
    return as_tensor(x), as_tensor(y)


def warn_of_broadcast(name: str, first, second) -> None:
    """A warning where a loss compares each element of a Tensor with several of the other: (8, 1) with (8,) makes 64 differences."""
    if first.shape != second.shape and first.size > 1 and second.size > 1:
        warnings.warn(
            f"For '{name}', the inputs of the shapes {first.shape} and {second.shape} are broadcast against each other, so that elements "
            "of different rows are compared. If that is not meant, make the shapes equal: reshape, squeeze or expand_dims.",
            UserWarning,
            stacklevel=user_level(),
        )


def accumulation_type(x):
    """``x`` in the type that sums of it are computed in: float32 for 16-bit types, else its own."""
    return to(x, float32) if x.dtype.itemsize == 2 else x


def same_floats(name: str, **tensors) -> None:
    """A TypeError if float64 meets another type of floats, which MindSpore does not multiply either."""
    (first, x), (second, y) = tensors.items()
    if x.dtype is not y.dtype and float64 in (x.dtype, y.dtype) and x.dtype.is_float and y.dtype.is_float:
        wide = first if x.dtype is float64 else second
        raise fail(
            TypeError,
            f"For '{name}', the type of '{second}' should be same as '{first}', but got '{first}' with type {x.dtype} "
            f"and '{second}' with type {y.dtype}. Convert one: {wide}.astype(ms.float32).",
        )


def sums_in_float32(function):
    """``function`` with 16-bit floats computed in float32, so that no square and no sum on the way overflows.

    The result has the type of the inputs, as before.
    """

    @wraps(function)
    def call(*args, **kwargs):
        given = {x.dtype for x in (*args, *kwargs.values()) if isinstance(x, Tensor) and x.dtype.is_float}
        if len(given) != 1 or next(iter(given)).itemsize != 2:
            return function(*args, **kwargs)

        def wider(x):
            return accumulation_type(x) if isinstance(x, Tensor) and x.dtype in given else x

        out = function(*map(wider, args), **{name: wider(x) for name, x in kwargs.items()})
        dtype = given.pop()
        return tuple(to(x, dtype) for x in out) if isinstance(out, tuple) else to(out, dtype)

    return call


def number_input(name: str, argument: str, value) -> None:
    """A TypeError if ``value`` is not a Python number."""
    checks.number(name, **{argument: value})


__all__ = [
    "accumulation_type",
    "any_float",
    "float_input",
    "number_input",
    "numbers_as",
    "same_floats",
    "sums_in_float32",
    "tensor_input",
]
