"""Special functions: gamma and its derivatives, Bessel functions, the inverse error function.

They are computed in float64 and returned in the type of the input, so a float32 result is right to its last bits.
"""

import math
from functools import partial

import numpy as np

from ..core import checks
from ..core.dtype import float32, float64, int32
from ..core.errors import fail
from ..core.op import as_tensor, literal, to
from ..core.tensor import Tensor
from .creation import positions
from .custom_gradient import with_gradient
from .effects import stop_gradient
from .elementwise import (
    abs as abs_,
    cos,
    cosh,
    equal,
    erf,
    exp,
    floor,
    isinf,
    less,
    log,
    log1p,
    logical_or,
    maximum,
    minimum,
    neg,
    pow as pow_,
    select,
    sin,
    sinh,
    sqrt,
    square,
    tan,
)
from .inputs import accumulation_type, float_input
from .large import DOZENS_OF_OPS, as_piece
from .methods import method
from .movement import expand_dims

# Bernoulli's numbers B[2], B[4], ..., for the asymptotic series below
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
_SHIFT = 10  # the series are used at x + 10


def _wide(name, x):
    return to(float_input(name, as_tensor(x)), float64)


def _like(out, x):
    return to(out, x.dtype if x.dtype.is_float else float32)


def _reflected(x):
    """(where x < 1/2, x or 1 - x: at least 1/2)."""
    low = less(x, 0.5)
    return low, select(low, 1.0 - x, x)


def _from_whole(low, x):
    """How far ``x`` is from the nearest integer, which is exact; 1/2 where it is not ``low``."""
    return select(low, x - floor(x + 0.5), 0.5)


@method("lgamma")
def lgamma(input):
    """Logarithm of the magnitude of the gamma function; inf at 0, -1, -2, ...

    By Stirling's series at x + 10 and Euler's reflection.

    Args:
        input (Tensor): any shape; floats.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``input`` does not hold floats.

    >>> import minispore as ms
    >>> print(lgamma(ms.Tensor([1.0, 4.0])).asnumpy().round(5))
    [0.      1.79176]
    """
    x = to(input, float64) if isinstance(input, Tensor) and input.dtype is int32 else _wide("lgamma", input)
    given, far = x, isinf(x)
    x = select(far, 1.0, x)
    low, y = _reflected(x)
    near = minimum(y, 1e25)  # beyond it the product matters no more, and would overflow
    product = near
    for k in range(1, _SHIFT):
        product = product * (near + float(k))
    z = y + float(_SHIFT)
    series, power = 0.0, 1.0 / z
    step = square(power)
    for k, b in enumerate(_BERNOULLI, 1):
        series = power * (b / (2 * k * (2 * k - 1))) + series
        power = power * step
    far_out = (z - 0.5) * log(z) - z + 0.5 * math.log(2 * math.pi) + series
    turn = abs_(sin(_from_whole(low, x) * math.pi))
    rest = log(product) - select(
        low, log(turn) - math.log(math.pi), 0.0
    )  # of pi / turn the second derivative would overflow
    out = select(low, rest - far_out, far_out - rest)
    zero = logical_or(equal(given, 1.0), equal(given, 2.0))
    out = out - stop_gradient(select(zero, out, 0.0))  # exactly 0 there, with the derivatives of the formula
    return _like(select(far, square(given), out), input)


@method("digamma")
def digamma(input):
    """Derivative of ``lgamma``; NaN at 0, -1, -2, ...

    Args:
        input (Tensor): any shape; floats.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``input`` does not hold floats.

    >>> import minispore as ms
    >>> print(digamma(ms.Tensor([1.0])).asnumpy().round(5))
    [-0.57722]
    """
    x = _wide("digamma", input)
    far = x == float("inf")
    x = select(far, 1.0, x)
    low, y = _reflected(x)
    before = 1.0 / y
    for k in range(1, _SHIFT):
        before = before + 1.0 / (y + float(k))
    z = y + float(_SHIFT)
    out = log(z) - 0.5 / z - before
    power = 1.0 / square(z)
    step = power
    for k, b in enumerate(_BERNOULLI, 1):
        out = out - power * (b / (2 * k))
        power = power * step
    part = _from_whole(low, x)
    pole = equal(part, 0.0)
    angle = select(pole, 0.5, part) * math.pi
    mirrored = (out - math.pi * cos(angle) / sin(angle)) * select(pole, float("nan"), 1.0)
    return _like(select(far, float("inf"), select(low, mirrored, out)), input)


@method("zeta")
def zeta(input, other):
    """Hurwitz's zeta function: the sum over k = 0, 1, ... of ``(other + k) ** -input``.

    By the formula of Euler and Maclaurin after 10 terms.

    Args:
        input (Tensor): any shape; floats above 1.
        other (Tensor): a shape that broadcasts; floats above 0.

    Returns:
        Tensor of the broadcast shape; the type of ``input``.

    Raises:
        TypeError: an input does not hold floats.
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(zeta(ms.Tensor([2.0]), ms.Tensor([1.0])).asnumpy().round(5))
    [1.64493]
    """
    s, q = _wide("zeta", input), _wide("zeta", other)
    return _like(_hurwitz(s, q, lambda z: pow_(z, neg(s))), as_tensor(input))


def _hurwitz(s, q, reciprocal_power):
    """``zeta`` of float64; ``reciprocal_power(z)`` is ``z ** -s``."""
    out = reciprocal_power(q)
    for k in range(1, _SHIFT):
        out = out + reciprocal_power(q + float(k))
    z = q + float(_SHIFT)
    top = reciprocal_power(z)
    out = out + top * z / (s - 1.0) + top * 0.5
    factor, step = s * top / z, square(1.0 / z)
    for k, b in enumerate(_BERNOULLI, 1):
        out = out + factor * (b / math.factorial(2 * k))
        factor = factor * (s + float(2 * k - 1)) * (s + float(2 * k)) * step
    return select(s > 1.0, select(q > 0.0, out, float("nan")), select(equal(s, 1.0), float("inf"), float("nan")))


@method("polygamma")
def polygamma(n, input):
    """The ``n``-th derivative of ``digamma``: ``(-1) ** (n + 1) * n! * zeta(n + 1, input)`` for n > 0, by reflection below 0.

    Args:
        n (int | Tensor): the order, from 0 to 170; a Tensor of one integer.
        input (Tensor): any shape; floats.

    Returns:
        Tensor of the shape and type of ``input``; at 0, -1, -2, ... inf for an odd ``n`` and NaN for an even one.

    Raises:
        TypeError: ``input`` does not hold floats.
        ValueError: ``n`` is negative, or so large that ``n!`` is no float64.

    >>> import minispore as ms
    >>> print(polygamma(1, ms.Tensor([1.0])).asnumpy().round(5))
    [1.64493]
    """
    order = int(n)
    if order < 0:
        raise fail(ValueError, f"For 'polygamma', 'n' must not be negative, but got {order}.")
    if order > 170:
        raise fail(ValueError, f"For 'polygamma', 'n' must be at most 170 (n! must be a float64), but got {order}.")
    if order == 0:
        return digamma(input)
    sign, x = 1.0 if order % 2 else -1.0, _wide("polygamma", input)
    is_above = x > 0
    s, q = literal(order + 1, float64), select(is_above, x, 1 - x)
    whole = (lambda z: 1.0 / _times_itself(z, order + 1)) if order < 16 else (lambda z: pow_(z, neg(s)))
    out = _hurwitz(s, q, whole) * (sign * math.factorial(order))
    below = select(
        x == floor(x), math.inf if order % 2 else math.nan, -sign * out - _cotangent(order, select(is_above, 0.25, x))
    )
    return _like(select(is_above, out, below), input)


def _times_itself(x, n: int):
    """``x ** n`` by products, for n > 0."""
    half = _times_itself(square(x), n // 2) if n > 1 else None
    return x if half is None else half * x if n % 2 else half


def _cotangent(order, x):
    """The derivative of ``pi * cot(pi * x)`` of an order: a polynomial of the cotangent, as its own derivative is -pi (1 + cot ** 2)."""
    coefficients = np.polynomial.Polynomial([0.0, 1.0])
    with np.errstate(all="ignore"):
        for _ in range(order):
            coefficients = -coefficients.deriv() * np.polynomial.Polynomial([1.0, 0.0, 1.0])
    cotangent, total = 1 / tan(x * math.pi), literal(0.0, float64)
    for c in coefficients.coef[::-1]:
        total = total * cotangent + float(c)
    return total * math.pi ** (order + 1)


@method("mvlgamma")
def mvlgamma(input, p):
    """Logarithm of the ``p``-dimensional gamma function.

    ``log(pi) * p * (p - 1) / 4 + sum over k < p of lgamma(input - k / 2)``

    Args:
        input (Tensor): any shape; floats above (p - 1) / 2.
        p (int): the dimension, at least 1.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``p`` is not an int, or ``input`` does not hold floats.
        ValueError: ``p`` is below 1.

    >>> import minispore as ms
    >>> print(mvlgamma(ms.Tensor([3.0, 4.0]), 2).asnumpy().round(4))
    [1.5502 3.5651]
    """
    checks.positive_int("mvlgamma", p=p)
    parts = lgamma(expand_dims(as_tensor(input), -1) - 0.5 * positions(p, 0, 1))
    return parts.sum(-1) + math.log(math.pi) * p * (p - 1) / 4


# ---------------------------------------------------------------- Bessel functions
def hankel_coefficients(order, count):
    """Those of the expansions in 1 / x of Bessel functions: the product over j <= k of (4 order^2 - (2 j - 1)^2) / (8 j)."""
    out = [1.0]
    for k in range(1, count):
        out.append(out[-1] * (4 * order * order - (2 * k - 1) ** 2) / (8 * k))
    return out


def _bessel_i(order, x, scaled):
    """The mean over theta of exp(x cos theta) cos(order theta), by the trapezoid rule, which converges like an exponential;
    beyond 30 by the expansion in 1 / x (Abramowitz and Stegun 9.7.1)."""
    size = abs_(x)
    near = size <= 30.0
    beyond = size > (math.inf if scaled else 800.0)  # what float64 holds; exp alone has the right gradients there
    low, high = select(near, x, 30.0), select(near, 30.0, select(beyond, 800.0, size))
    points, out = 64, 0.0  # of the half circle; a point and its mirror image together are a cosh or sinh
    for k in range(points // 2 + 1):
        turn = math.pi * k / points
        weight = (1.0 if k in (0, points // 2) else 2.0) * math.cos(order * turn) / points
        out = (sinh if order else cosh)(low * math.cos(turn)) * weight + out
    out = out * exp(neg(abs_(low))) if scaled else out
    series, over = 0.0, -1.0 / high
    for c in hankel_coefficients(order, 20)[::-1]:
        series = series * over + c
    far = series / sqrt(2 * math.pi * high)
    if not scaled:
        half = exp(high * 0.5)  # exp(high) is beyond float64 before the quotient is
        far = select(beyond, exp(select(beyond, size, 0.0)), far * half * half)
    far = select(x < 0.0, neg(far), far) if order else far
    return select(near, out, far)


def function_of_floats(name: str, formula, *about: str, example: str = ""):
    """A public function of one Tensor: ``formula`` is given it in float64, ``about`` are the paragraphs that describe it."""

    def function(x):
        return _like(formula(_wide(name, x)), x)

    function.__name__ = function.__qualname__ = name
    arguments = """Args:
        x (Tensor): any shape; floats.

    Returns:
        Tensor of the shape and type of ``x``.

    Raises:
        TypeError: ``x`` does not hold floats."""
    function.__doc__ = "\n\n    ".join([*about, arguments, *([example] if example else [])]) + "\n    "
    return function


def _named_bessel(order, scaled):
    name, what = (f"bessel_i{order}e", ", times exp(-|x|)") if scaled else (f"bessel_i{order}", "")
    return function_of_floats(
        name, lambda x: _bessel_i(order, x, scaled),
        f"Modified Bessel function of the first kind of order {order}{what}.",
        f"The mean over t in [0, pi] of ``exp(x * cos(t)) * cos({order} * t)``.",
        example=f""">>> import minispore as ms
    >>> print({name}(ms.Tensor([0.0])).asnumpy().round(4))
    [{1 - order}.]""",
    )  # fmt: skip


bessel_i0, bessel_i0e = _named_bessel(0, False), _named_bessel(0, True)
bessel_i1, bessel_i1e = _named_bessel(1, False), _named_bessel(1, True)
method("i0")(bessel_i0)


# ---------------------------------------------------------------- inverse error function
@method("erfinv")
@partial(as_piece, start=DOZENS_OF_OPS)
def erfinv(input):
    """Inverse of the error function: ``erf(erfinv(x)) = x``; NaN outside [-1, 1].

    By a polynomial (Giles, 2010) and one step of Newton's method.

    Args:
        input (Tensor): any shape; floats.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``input`` does not hold floats.

    >>> import minispore as ms
    >>> print(erfinv(ms.Tensor([0.0, 0.5, 1.0])).asnumpy().round(5))
    [0.      0.47694     inf]
    """
    x = float_input("erfinv", input)

    def gradient(needs, grads, inputs):
        return [None, grads[0] * exp(square(erfinv(inputs[1]))) * (0.5 * math.sqrt(math.pi))]

    return with_gradient(_erfinv(stop_gradient(x)), [x], gradient)


def _erfinv(x):
    given, x = x.dtype, accumulation_type(x)
    inside = abs_(x) < 1.0
    within = select(inside, x, 0.0)
    w = neg(log1p(neg(square(within))))
    near = _polynomial(w - 2.5, _ERFINV_NEAR)
    far = _polynomial(sqrt(maximum(w, 5.0)) - 3.0, _ERFINV_FAR)
    y = select(w < 5.0, near, far) * within
    y = y - (erf(y) - within) * exp(square(y)) * (0.5 * math.sqrt(math.pi))
    return to(select(inside, y, select(equal(abs_(x), 1.0), x * math.inf, math.nan)), given)


_ERFINV_NEAR = (
    2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503, -0.00417768164,
    0.246640727, 1.50140941,
)  # fmt: skip


_ERFINV_FAR = (
    -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
    1.00167406, 2.83297682,
)  # fmt: skip


def _polynomial(x, coefficients):
    """``coefficients[0] x^n + ... + coefficients[n]`` by Horner's rule."""
    out = x * coefficients[0] + coefficients[1]
    for c in coefficients[2:]:
        out = out * x + c
    return out


__all__ = [
    "bessel_i0", "bessel_i0e", "bessel_i1", "bessel_i1e", "digamma", "erfinv", "lgamma",
    "mvlgamma", "polygamma", "zeta",
]  # fmt: skip
