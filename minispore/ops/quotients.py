"""Quotients and remainders: in floats, rounded down or towards 0."""

from ..core.docstrings import documented
from ..core.dtype import bool_, int64, scalar_result
from ..core.errors import fail
from ..core.op import as_tensor, elementwise, literal, to
from ..core.samples import away, f, i
from ..core.tensor import Tensor
from .elementwise import abs as abs_, floor_div, neg, sign, true_div, trunc
from .inputs import any_float
from .methods import method

with_broadcast_docs = documented(
    common="""\
Returns:
    Tensor of the broadcast shape; the common type of the inputs.

Raises:
    ValueError: the shapes do not broadcast.""",
    quotient="""\
Returns:
    Tensor of the broadcast shape; the common type of the inputs, float32 for integers.

Raises:
    ValueError: the shapes do not broadcast.""",
)


@method("div", "divide", "true_divide", operator="truediv")
def div(input, other, *, rounding_mode=None):
    """Quotient ``input / other``, rounded on request.

    Args:
        input (Tensor | number): any shape; numbers.
        other (Tensor | number): a shape that broadcasts; numbers.
        rounding_mode (str): None for no rounding, "floor" to round down, "trunc" to round towards 0. Default: None.

    Returns:
        Tensor of the broadcast shape; the common type of the inputs, but without rounding float32 for integers.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(div(ms.Tensor([4.0, 5.0]), 2))
    [2.  2.5]
    >>> print(div(ms.Tensor([4, 5]), 2, rounding_mode="floor"))
    [2 2]
    """
    if rounding_mode == "floor":
        return floor_div(input, other)
    if rounding_mode == "trunc":
        return trunc_quotient(input, other)
    return true_div(input, other)


divide = div


@method("true_divide")
@with_broadcast_docs
def true_divide(dividend, divisor):
    """Quotient in floats: ``dividend / divisor``.

    Args:
        dividend (Tensor | number): any shape; numbers.
        divisor (Tensor | number): a shape that broadcasts; numbers.

    {quotient}

    >>> import minispore as ms
    >>> print(true_divide(ms.Tensor([1, 3]), 2))
    [0.5 1.5]
    """
    return true_div(dividend, divisor)


def _beside(x, y):
    """Both as Tensors; a number takes the type that it has beside a Tensor."""
    if isinstance(x, Tensor) and isinstance(y, (int, float)):
        return x, literal(y, scalar_result(x.dtype, y))
    if isinstance(y, Tensor) and isinstance(x, (int, float)):
        return literal(x, scalar_result(y.dtype, x)), y
    return as_tensor(x), as_tensor(y)


@with_broadcast_docs
def trunc_quotient(x, y):
    """Quotient rounded towards 0: ``trunc(x / y)``, in the type of the inputs.

    Args:
        x (Tensor | number): any shape; numbers.
        y (Tensor | number): a shape that broadcasts; numbers.

    {common}

    >>> import minispore as ms
    >>> print(trunc_quotient(ms.Tensor([-7, 7]), 2))
    [-3  3]
    """
    x, y = _beside(x, y)
    if any_float(x, y):
        return trunc(x / y)
    return floor_div(abs_(x), abs_(y)) * (sign(x) * sign(y))


@method("fmod")
def fmod(input, other):
    """Remainder with the sign of ``input``: ``input - trunc(input / other) * other``.

    Args:
        input (Tensor | number): any shape; numbers.
        other (Tensor | number): a shape that broadcasts; numbers.

    Returns:
        Tensor of the broadcast shape; the common type of the inputs.

    Raises:
        TypeError: neither is a Tensor.
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(fmod(ms.Tensor([-5.0, 5.0]), 3))
    [-2.  2.]
    """
    if not isinstance(input, Tensor) and not isinstance(other, Tensor):
        raise fail(TypeError, "For 'fmod', at least one of 'input' and 'other' must be a Tensor.")
    return _fmod(input, other)


_fmod = elementwise(
    "fmod", "fmod(x, y)", "x y", smooth=False,
    vjp=(lambda g, out, x, y: g, lambda g, out, x, y: neg(g * trunc(x / y))),
    samples=[(f(2, 3), away(2, 3)), (i(2, 3), i(3, lo=1))],
)  # fmt: skip


@method("frac")
def frac(x):
    """Fractional part, with the sign of ``x``: ``x - trunc(x)``; 0 for integers.

    Args:
        x (Tensor): any shape; numbers.

    Returns:
        Tensor of the shape and type of ``x``; int64 for bool.

    >>> import minispore as ms
    >>> print(frac(ms.Tensor([-1.25, 2.5])))
    [-0.25  0.5 ]
    """
    return x - trunc(x) if x.dtype.is_float else to(x - x, int64 if x.dtype is bool_ else x.dtype)


__all__ = ["div", "divide", "fmod", "frac", "true_divide"]
