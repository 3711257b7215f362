# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""The regularized incomplete gamma functions, both from one kernel; computed in float64."""

import numpy as np

from ..core.dtype import promote
from ..core.errors import fail
from ..core.kernel import kernel
from ..core.op import LOOPS_IN_PYTHON, broadcast_shapes, library, to
from ..core.tensor import Tensor
from .batch import batch_elementwise
from .effects import stop_gradient
from .elementwise import (
    exp,
    log,
    logical_and,
    select,
)
from .methods import method
from .movement import broadcast_to
from .special import _wide, digamma, lgamma


@kernel
def incomplete_gamma_kernel(a: "T*", x: "T*", lower: "T*", upper: "T*", by_a: "T*", psi: "T*", log_gamma: "T*", lo, hi):
    """P(a, x) = x^a e^-x sum of x^k / gamma(a + k + 1) and its derivative by a; Q by a continued fraction (Lentz)."""
    for k in range(lo, hi):
        s, v = a[k], x[k]
        if not (s > T(0)) or not (v >= T(0)):
            lower[k] = upper[k] = by_a[k] = T(0) * T(inf)
        elif v == T(0) or v == T(inf):
            lower[k] = T(0) if v == T(0) else T(1)
            upper[k], by_a[k] = T(1) - lower[k], T(0)
        else:
            term = exp_float64(s * log_float64(v) - v - log_gamma[k])
            total, slope, rate, j = T(0), T(0), psi[k], 0
            while j < 20000 and (T(j) < v or term > total * T(1e-17)):
                total += term
                slope += term * rate
                j += 1
                rate += T(1) / (s + T(j))
                term = term * v / (s + T(j))
            lower[k] = total if total < T(1) else T(1)
            by_a[k] = total * log_float64(v) - slope
            if v < s + T(1):
                upper[k] = T(1) - lower[k]
            else:
                b = v + T(1) - s
                c, d = T(1e300), T(1) / b
                h, change, n = d, T(0), 1
                while n < 500 and fabs(change - T(1)) > T(1e-16):
                    an = -T(n) * (T(n) - s)
                    b += T(2)
                    d = T(1) / (an * d + b)
                    c = b + an / c
                    change = d * c
                    h *= change
                    n += 1
                upper[k] = h * exp_float64(s * log_float64(v) - v - log_gamma[k]) * s
                lower[k] = T(1) - upper[k]


def _incomplete_numpy(a, x, psi, log_gamma):
    with np.errstate(all="ignore"):
        bad = ~((a > 0) & (x >= 0))
        front = np.exp(a * np.log(x) - x - log_gamma)
        total, slope, rate, term = np.zeros_like(x), np.zeros_like(x), psi.copy(), front.copy()
        for k in range(20000):
            more = ((k < x) | (term > total * 1e-17)) & np.isfinite(x)
            if not more.any():
                break
            total, slope = total + np.where(more, term, 0), slope + np.where(more, term * rate, 0)
            rate = rate + 1 / (a + k + 1)
            term = term * x / (a + k + 1)
        lower = np.minimum(total, 1)
        by_a = total * np.log(x) - slope
        b = x + 1 - a
        c, d = np.full_like(x, 1e300), 1 / b
        h = d
        for n in range(1, 500):
            an = -n * (n - a)
            b = b + 2
            d = 1 / (an * d + b)
            c = b + an / c
            h = h * d * c
        upper = np.where(x < a + 1, 1 - lower, h * front * a)
        lower = np.where(x < a + 1, lower, 1 - upper)
        end = (x == 0) | np.isinf(x)
        out = (np.where(end, x != 0, lower), np.where(end, x == 0, upper), np.where(end, 0, by_a))
        return tuple(np.where(bad, np.nan, o) for o in out)


def _incomplete_lower(build, node):
    inputs = [build.dense(v) for v in node.inputs]
    outs = [build.output(node, k) for k in range(3)]
    source = incomplete_gamma_kernel.bind(T="float64")
    build.call(source, node, [*inputs[:2], *outs, *inputs[2:]], extent=node.inputs[0].size, writes=outs,
               cost=500 * node.inputs[0].size)  # fmt: skip


def _incomplete_vjp(needs, grads, outs, inputs):
    a, x, _, log_gamma = inputs
    inside = logical_and(x > 0.0, x < float("inf"))
    safe = select(inside, x, 1.0)
    by_x = select(inside, exp((a - 1.0) * log(safe) - x - log_gamma) * a, 0.0)
    total = None
    for g, sign in zip(grads[:2], (1.0, -1.0)):
        if g is not None:
            total = g * sign if total is None else total + g * sign
    if total is None:
        return [None] * 4
    return [total * outs[2], total * by_x, None, None]


# inputs: a, x, digamma(a + 1), lgamma(a + 1); outputs: P, Q, dP/da
_incomplete_gamma = library(
    "incomplete_gamma", _incomplete_numpy, lambda a, x, psi, log_gamma: [(x.shape, x.dtype)] * 3, _incomplete_lower,
    vjp=_incomplete_vjp, batch=batch_elementwise, smooth=False, samples=[],
    compiled_from=LOOPS_IN_PYTHON,
)  # fmt: skip


def _incomplete(name, input, other, which):
    if not isinstance(input, Tensor) or not isinstance(other, Tensor):
        raise fail(TypeError, f"For '{name}', both inputs must be Tensors.")
    shape = broadcast_shapes(name, [input.shape, other.shape])
    a, x = (broadcast_to(_wide(name, t), shape) for t in (input, other))
    constant = stop_gradient(a) + 1.0
    return to(_incomplete_gamma(a, x, digamma(constant), lgamma(constant))[which], promote(input.dtype, other.dtype))


@method("igamma")
def igamma(input, other):
    """Regularized lower incomplete gamma function P(a, x), a = input, x = other.

    ``P(a, x) = integral from 0 to x of t ** (a - 1) * exp(-t) dt / gamma(a)``

    Args:
        input (Tensor): any shape; floats above 0.
        other (Tensor): a shape that broadcasts; floats, not negative.

    Returns:
        Tensor of the broadcast shape; the common type of the inputs; NaN outside the domain.

    Raises:
        TypeError: an input is not a Tensor of floats.
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(igamma(ms.Tensor([1.0]), ms.Tensor([2.0])).asnumpy().round(5))
    [0.86466]
    """
    return _incomplete("igamma", input, other, 0)


@method("igammac")
def igammac(input, other):
    """Regularized upper incomplete gamma function: ``1 - igamma(input, other)``, exact also where that is small.

    Args:
        input (Tensor): any shape; floats above 0.
        other (Tensor): a shape that broadcasts; floats, not negative.

    Returns:
        Tensor of the broadcast shape; the common type of the inputs; NaN outside the domain.

    Raises:
        TypeError: an input is not a Tensor of floats.
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(igammac(ms.Tensor([1.0]), ms.Tensor([2.0])).asnumpy().round(5))
    [0.13534]
    """
    return _incomplete("igammac", input, other, 1)


__all__ = ["igamma", "igammac"]
