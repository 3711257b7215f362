"""Smooth activations: compositions of elementwise ops, one formula each."""

import math

from ..core import checks
from ..core.dtype import float32
from ..core.errors import fail
from ..core.op import elementwise, literal, to
from ..core.samples import f
from .elementwise import (
    abs as abs_,
    erf as erf_,
    exp,
    log,
    maximum,
    minimum,
    neg,
    select,
    sigmoid,
    square,
    tanh,
)
from .inputs import float_input
from .methods import method
from .rectifiers import _rounded_once, with_activation_docs

softplus_op = elementwise(
    "softplus", "maximum(x, 0) + log1p(exp(-fabs(x)))", types="float",
    vjp=lambda g, out, x: g * sigmoid(x), samples=[(f(2, 3),)],
)  # fmt: skip


@with_activation_docs
def softplus(input, beta=1, threshold=20):
    """``log(1 + exp(beta * x)) / beta``, a smooth rectifier, safe from overflow.

    Args:
        input (Tensor): any shape; floats.
        beta (int | float): how sharp the bend at 0 is, not 0. Default: 1.
        threshold (int | float): where ``beta * x`` is above it, the result is ``x`` itself. Default: 20.

    {floats}
        ValueError: ``beta`` is 0.

    >>> import minispore as ms
    >>> print(softplus(ms.Tensor([0.0, 100.0])))
    [  0.6931472 100.       ]
    """
    x = float_input("softplus", input)
    if beta == 0:
        raise fail(ValueError, "For 'softplus', 'beta' must not be 0.")
    scaled = x if beta == 1 else x * beta
    out = softplus_op(scaled) if beta == 1 else softplus_op(scaled) * (1.0 / beta)
    if threshold >= 20 and x.dtype.name != "float64":
        return out  # they differ by less than the type resolves
    return select(scaled > threshold, x, out)


@with_activation_docs
def logsigmoid(x):
    """``log(1 / (1 + exp(-x)))``, safe from overflow.

    {x}

    >>> import minispore as ms
    >>> print(logsigmoid(ms.Tensor([-100.0, 0.0])))
    [-100.          -0.6931472]
    """
    return neg(softplus_op(neg(float_input("logsigmoid", x, "x"))))  # of 16-bit floats, too, this is rounded once


def _gelu_vjp(g, out, x, e):
    return g * ((e + 1.0) * 0.5 + x * exp(square(x) * -0.5) * (2.0 * math.pi) ** -0.5)


def _tanh_gelu_vjp(g, out, x, t):
    inner = (square(x) * (3.0 * 0.044715) + 1.0) * math.sqrt(0.5 / math.pi)
    return g * ((t + 1.0) * 0.5 + x * (1.0 - square(t)) * inner)


def _silu_vjp(g, out, x, s):
    return g * (s * (x * (1.0 - s) + 1.0))


# The gradients are those by x alone, of which the second operand is a function: g times a factor, so that the factor is all that is
# kept for the gradient.
_gelu = elementwise("gelu", "x * (y + 1.0) * 0.5", "x y", types="float", vjp=(_gelu_vjp, None))
_silu = elementwise("silu", "x * y", "x y", types="float", vjp=(_silu_vjp, None))
_tanh_gelu = elementwise("tanh_gelu", "x * (y + 1.0) * 0.5", "x y", types="float", vjp=(_tanh_gelu_vjp, None))


def _erf_of_gelu(x):
    return erf_(x * math.sqrt(0.5))


def _tanh_of_gelu(x):
    return tanh((x + x * square(x) * 0.044715) * math.sqrt(2.0 / math.pi))


def _in_one(op, inner):
    """The function ``x -> op(x, inner(x))``; 16-bit floats are computed in float32, and the result and the factor of the
    gradient are rounded once each: more exact than a rounding after each step, and less work."""
    factor = op.op.vjp[0]

    def gradient(g, out, x, y):
        wide = to(x, float32)
        return g * to(factor(literal(1.0, float32), None, wide, inner(wide)), x.dtype)

    rounded = elementwise(f"rounded_{op.op.name}", "y", "x y", types="float", vjp=(gradient, None))

    def function(x):
        if x.dtype.itemsize != 2:
            return op(x, inner(x))
        wide = to(x, float32)
        return rounded(x, to(op(wide, inner(wide)), x.dtype))

    return function


_gelu_of_erf, _gelu_of_tanh, _silu_of = (
    _in_one(_gelu, _erf_of_gelu),
    _in_one(_tanh_gelu, _tanh_of_gelu),
    _in_one(_silu, sigmoid),
)


@with_activation_docs
def gelu(input, approximate="none"):
    """``x * Phi(x)`` with the normal distribution function ``Phi``: the Gaussian error linear unit.

    "tanh" computes ``x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x ** 3))) / 2`` (Hendrycks and Gimpel, "Gaussian
    Error Linear Units", 2016).

    Args:
        input (Tensor): any shape; floats.
        approximate (str): "none" or "tanh". Default: "none".

    {floats}
        ValueError: ``approximate`` is neither "none" nor "tanh".

    >>> import minispore as ms
    >>> print(gelu(ms.Tensor([-1.0, 0.0, 1.0])))
    [-0.15865526  0.          0.8413447 ]
    """
    x = float_input("gelu", input)
    if approximate not in ("none", "tanh"):
        raise fail(ValueError, f"For 'gelu', 'approximate' must be 'none' or 'tanh', but got {approximate!r}.")
    return _gelu_of_erf(x) if approximate == "none" else _gelu_of_tanh(x)


@with_activation_docs
def fast_gelu(x):
    """``x * sigmoid(1.702 * x)``: a quick approximation of ``gelu``.

    {x}

    >>> import minispore as ms
    >>> print(fast_gelu(ms.Tensor([-1.0, 0.0, 1.0])))
    [-0.15420423  0.          0.8457958 ]
    """
    x = float_input("fast_gelu", x, "x")
    return _rounded_once(lambda x: x * sigmoid(x * 1.702), x)


@with_activation_docs
def silu(input):
    """``x * sigmoid(x)``: the sigmoid linear unit, also called swish.

    Args:
        input (Tensor): any shape; floats.

    {floats}

    >>> import minispore as ms
    >>> print(silu(ms.Tensor([0.0, 100.0])))
    [  0. 100.]
    """
    x = float_input("silu", input)
    return _silu_of(x)


def swish(x):
    """The same as ``silu``."""
    return silu(x)


@with_activation_docs
def mish(x):
    """``x * tanh(softplus(x))``.

    Misra, "Mish: A Self Regularized Non-Monotonic Activation Function" (2019).

    {x}

    >>> import minispore as ms
    >>> print(mish(ms.Tensor([-1.0, 0.0, 1.0])).asnumpy().round(4))
    [-0.3034  0.      0.8651]
    """
    x = float_input("mish", x, "x")
    return _rounded_once(lambda x: x * tanh(softplus_op(x)), x)


@with_activation_docs
def softsign(x):
    """``x / (1 + |x|)``.

    {x}

    >>> import minispore as ms
    >>> print(softsign(ms.Tensor([-1.0, 0.0, 3.0])))
    [-0.5   0.    0.75]
    """
    x = float_input("softsign", x, "x")
    return _rounded_once(lambda x: x / (abs_(x) + 1.0), x)


@with_activation_docs
def tanhshrink(input):
    """``x - tanh(x)``.

    Args:
        input (Tensor): any shape; numbers.

    {floats}

    >>> import minispore as ms
    >>> print(tanhshrink(ms.Tensor([-1.0, 0.0, 1.0])))
    [-0.23840582  0.          0.23840582]
    """
    x = (
        to(input, float32)
        if checks.tensor("tanhshrink", input=input).dtype.is_int
        else float_input("tanhshrink", input)
    )
    return _rounded_once(lambda x: x - tanh(x), x)


@method("logit")
def logit(input, eps=None):
    """``log(x / (1 - x))``: the inverse of ``sigmoid``.

    Args:
        input (Tensor): any shape; floats.
        eps (float | None): if given and not negative, ``input`` is first limited to [eps, 1 - eps]. Default: None.

    Returns:
        Tensor of the shape and type of ``input``; without ``eps``, nan outside [0, 1].

    Raises:
        TypeError: ``input`` is not a Tensor of floats.

    >>> import minispore as ms
    >>> print(logit(ms.Tensor([0.5, 1.0]), eps=0.25))
    [0.        1.0986123]
    """
    x = float_input("logit", input)
    if eps is not None and eps >= 0:
        x = minimum(maximum(x, eps), 1.0 - eps)
    return log(x / (1.0 - x))


__all__ = ["fast_gelu", "gelu", "logit", "logsigmoid", "mish", "silu", "softplus", "softsign", "tanhshrink"]
