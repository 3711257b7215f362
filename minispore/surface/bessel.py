"""Bessel functions J and Y, and modified ones K, of the orders 0 and 1: compositions, so gradients of any order exist.

They are computed in float64.  J and Y up to 25 are sums of cosines or sines at fixed angles, which the trapezoid rule for Bessel's
integral gives (the integrand is periodic: the error falls like an exponential); Y's logarithmic part is Neumann's series
(Abramowitz and Stegun 9.1.88, 9.1.89), whose terms are such sums as well.  Beyond 25 they are Hankel's expansion (ibid. 9.2.5 to 9.2.10).
K up to 2 is its power series (ibid. 9.6.11 and 9.6.13), beyond that the trapezoid rule for ``integral of exp(-x cosh t) cosh(n t)``
after the substitution ``u = sqrt(2 x) sinh(t / 2)``.
"""

from typing import Any

import numpy as np

from .. import ops
from ..core.op import fixed
from ..ops.special import function_of_floats, hankel_coefficients

o: Any = ops

_NEAR = 25.0
_POINTS = 64  # of the half circle
_TERMS = 30  # of Neumann's series: J of order 60 at 25 is below 1e-16
_ANGLES = np.arange(_POINTS // 2 + 1) * np.pi / _POINTS
_SHARES = np.where((_ANGLES == 0) | (_ANGLES == np.pi / 2), 1, 2) / _POINTS  # of each angle and its mirror image


def _at_angles(order: int, x, weights):
    """The weighted sum of cos or sin of ``x sin(angle)`` over the angles."""
    turned = o.expand_dims(x, -1) * fixed(np.sin(_ANGLES))
    return o.sum((o.sin if order else o.cos)(turned) * fixed(weights), -1)


def _j_weights(order: int) -> np.ndarray:
    return _SHARES * (np.sin(_ANGLES) if order else 1)


def _y_weights(order: int) -> np.ndarray:
    """Those with which ``_at_angles`` gives the series that follows the logarithm."""
    k = np.arange(1, _TERMS + 1)[:, None]
    if order == 0:
        series = 2 / k * np.cos(2 * k * _ANGLES)
    else:
        series = (2 * k + 1) / (k * (k + 1)) * np.sin((2 * k + 1) * _ANGLES)
    return -2 / np.pi * _SHARES * ((-1.0) ** k * series).sum(0)


def _far(order: int, x):
    """(the amplitude times P, times Q, the angle): J = P cos(angle) - Q sin(angle), Y = P sin(angle) + Q cos(angle)."""
    a = hankel_coefficients(order, 20)
    over = 1.0 / o.square(x)
    p = q = 0.0
    for k in range(9, -1, -1):
        p = (p * -over if k < 9 else 0.0) + float(a[2 * k])
        q = (q * -over if k < 9 else 0.0) + float(a[2 * k + 1])
    size = o.sqrt(2 / (np.pi * x))
    root = np.sqrt(0.5)
    # cos and sin of x - (2 order + 1) pi / 4 by those of x, which keeps the digits of a large x
    c, s = o.cos(x), o.sin(x)
    cosine, sine = (root * (c + s), root * (s - c)) if order == 0 else (root * (s - c), -root * (s + c))
    return size * p, size * q / x, cosine, sine


def _split(x, edge):
    """(where x is at most ``edge``, x there, x elsewhere); the other elements are ``edge``, where all formulas are finite."""
    near = x <= edge
    return near, o.select(near, x, edge), o.select(near, edge, x)


def _j(order, x):
    near = o.abs(x) <= _NEAR
    low, high = o.select(near, x, _NEAR), o.select(near, _NEAR, o.abs(x))
    p, q, cosine, sine = _far(order, o.select(high < float("inf"), high, _NEAR))
    far = o.select(high < float("inf"), p * cosine - q * sine, 0.0)
    far = o.select(x < 0.0, -far, far) if order else far
    return o.select(o.isnan(x), x, o.select(near, _at_angles(order, low, _j_weights(order)), far))


def _y(order, x):
    inside = x > 0.0
    near, low, high = _split(o.select(inside, x, 1.0), _NEAR)
    p, q, cosine, sine = _far(order, o.select(high < float("inf"), high, _NEAR))
    far = o.select(high < float("inf"), p * sine + q * cosine, 0.0)
    constant = np.euler_gamma - order
    value = 2 / np.pi * (o.log(low * 0.5) + constant) * _at_angles(order, low, _j_weights(order))
    value = value + _at_angles(order, low, _y_weights(order))
    if order:
        value = value - 2 / np.pi * _at_angles(0, low, _j_weights(0)) / low
    outside = o.select(o.isnan(x), x, -float("inf"))
    return o.select(inside, o.select(near, value, far), outside)


_KNOTS = np.arange(22) * 0.3
_KNOT_WEIGHTS = np.where(_KNOTS == 0, 0.3, 0.6) * np.exp(-(_KNOTS**2))


def _k_series(order: int, x):
    """``K`` up to 2: with t = x^2 / 4, I0 and I1 and the sums with harmonic numbers, by Horner's scheme."""
    t = o.square(x) * 0.25
    whole = with_harmonic = 0.0
    for k in range(13, -1, -1):
        size = 1.0
        for j in range(1, k + 1):
            size /= j * (j + order)
        harmonic = sum(1 / j for j in range(1, k + 1)) + (0.5 / (k + 1) if order else 0.0)
        whole = whole * t + size
        with_harmonic = with_harmonic * t + size * harmonic
    log = o.log(x * 0.5) + np.euler_gamma
    if order == 0:
        return with_harmonic - log * whole
    return 1.0 / x + x * 0.5 * (log * whole - with_harmonic)


def _k(order, scaled, x):
    inside = x > 0.0
    near, low, high = _split(o.select(inside, x, 1.0), 2.0)
    bent = fixed(_KNOTS**2)
    wide = o.expand_dims(high, -1)
    terms = fixed(_KNOT_WEIGHTS) * o.rsqrt(2.0 * wide + bent)
    far = o.sum(terms * (1.0 + bent / wide) if order else terms, -1)
    value = _k_series(order, low)
    made = o.select(near, value * o.exp(low), far) if scaled else o.select(near, value, far * o.exp(-high))
    return o.select(inside, made, o.select(o.isnan(x), x, float("inf")))


def _named(name: str, what: str, order: int, formula, *more):
    limits = (
        ["Unlike MindSpore, infinity gives the limit 0, and ``bessel_y1`` is -inf at 0, not NaN."]
        if name[7] in "jy"
        else []
    )
    return function_of_floats(name, lambda x: formula(order, *more, x), f"{what} of order {order}.", *limits)


_FIRST = "Bessel function of the first kind"
_SECOND = "Bessel function of the second kind; -inf where x is not positive,"
_MODIFIED = "Modified Bessel function of the second kind; inf where x is not positive,"
_SCALED = "Modified Bessel function of the second kind, times exp(x); inf where x is not positive,"

bessel_j0, bessel_j1 = (_named(f"bessel_j{n}", _FIRST, n, _j) for n in (0, 1))
bessel_y0, bessel_y1 = (_named(f"bessel_y{n}", _SECOND, n, _y) for n in (0, 1))
bessel_k0, bessel_k1 = (_named(f"bessel_k{n}", _MODIFIED, n, _k, False) for n in (0, 1))
bessel_k0e, bessel_k1e = (_named(f"bessel_k{n}e", _SCALED, n, _k, True) for n in (0, 1))

__all__ = [
    "bessel_j0", "bessel_j1", "bessel_y0", "bessel_y1", "bessel_k0", "bessel_k1", "bessel_k0e", "bessel_k1e",
]  # fmt: skip
