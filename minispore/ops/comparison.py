"""Comparisons within a tolerance, and questions about a Tensor."""

from ..core.op import as_tensor
from .creation import positions
from .elementwise import (
    abs as abs_,
    equal,
    isfinite,
    isinf,
    isnan,
    logical_and,
    logical_or,
)
from .inputs import any_float, tensor_input
from .methods import method
from .movement import expand_dims
from .reduction import amax


@method("isclose")
def isclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Where ``|input - other| <= atol + rtol * |other|``; infinities are close to themselves.

    >>> import minispore as ms
    >>> print(isclose(ms.Tensor([1.0, 2.0]), ms.Tensor([1.0, 2.1])))
    [ True False]
    """
    x, y = as_tensor(input), as_tensor(other)
    near = abs_(x - y) <= abs_(y) * rtol + atol
    if not any_float(x, y):
        return near
    close = logical_or(equal(x, y), logical_and(isfinite(y), near))
    return logical_or(close, logical_and(isnan(x), isnan(y))) if equal_nan else close


@method("allclose")
def allclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether ``isclose`` holds everywhere."""
    from .reduction import all as all_

    return all_(isclose(input, other, rtol, atol, equal_nan))


@method("isneginf")
def isneginf(input):
    """Where ``input`` is -inf."""
    return logical_and(isinf(input), input < 0)


@method("isposinf")
def isposinf(input):
    """Where ``input`` is +inf."""
    return logical_and(isinf(input), input > 0)


@method("signbit")
def signbit(input):
    """Where ``input`` is negative."""
    return input < 0


@method("is_floating_point")
def is_floating_point(input):
    """Whether ``input`` holds floats (a Python bool)."""
    return tensor_input("is_floating_point", "input", input).dtype.is_float


@method("is_complex")
def is_complex(input):
    """False: there are no complex Tensors."""
    return False


def numel(input):
    """The number of elements (a Python int)."""
    return tensor_input("numel", "input", input).size


def sequence_mask(lengths, maxlen=None):
    """True where the position (along a new last axis of length ``maxlen``) is below the length."""
    if maxlen is None:
        maxlen = int(amax(lengths))
    return positions(int(maxlen), lengths.ndim, lengths.ndim + 1) < expand_dims(lengths, -1)


__all__ = [
    "is_complex", "is_floating_point", "isclose", "isneginf", "isposinf", "numel", "sequence_mask", "signbit",
]  # fmt: skip
