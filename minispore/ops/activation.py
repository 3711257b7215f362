"""Activations: compositions of elementwise ops and row reductions, one formula each."""

import math

from ..core.dtype import to_dtype
from ..core.errors import fail
from ..core.op import elementwise, literal, to
from ..core.samples import f
from ..core.tensor import Tensor
from .effects import stop_gradient
from .elementwise import (
    abs as abs_,
    erf as erf_,
    exp,
    expm1,
    log,
    maximum,
    minimum,
    neg,
    relu,
    select,
    sigmoid,
    square,
    tanh,
)
from .inputs import accumulation_type, float_input, number_input
from .methods import method
from .movement import axis_of, reshape, slice_along
from .random import uniform01
from .reduction import argmax, reduce_max_keep, reduce_sum_keep


# ---------------------------------------------------------------- rectifiers
def relu6(x):
    """``min(max(x, 0), 6)``."""
    x = float_input("relu6", x, "x")
    return select(x > 6.0, 6.0, relu(x))


def leaky_relu(input, alpha=0.2):
    """``x`` where positive, ``alpha * x`` elsewhere (for ``alpha`` above 1 the other way round).

    >>> import minispore as ms
    >>> print(leaky_relu(ms.Tensor([-1.0, 2.0]), 0.1))
    [-0.1  2. ]
    """
    if not isinstance(input, Tensor):
        float_input("leaky_relu", input)
    number_input("leaky_relu", "alpha", alpha)
    choose = minimum if alpha > 1 else maximum
    return choose(input * literal(alpha, input.dtype), input)


def prelu(input, weight):
    """``x`` where positive, ``weight * x`` elsewhere; ``weight`` has one element, or one for each channel (axis 1)."""
    x, w = float_input("prelu", input), float_input("prelu", weight, "weight")
    channels = x.shape[1] if x.ndim > 1 else 1
    if w.ndim != 1 or w.size not in (1, channels):
        raise fail(
            ValueError,
            f"For 'prelu', 'weight' must have the shape (1,) or ({channels},), one a channel, but got {w.shape}.",
        )
    if w.size > 1:
        w = reshape(w, tuple(-1 if a == 1 else 1 for a in range(x.ndim)))
    return select(x > 0, x, x * w)


def rrelu(input, lower=1.0 / 8, upper=1.0 / 3):
    """``x`` where not negative, elsewhere ``x`` times a slope drawn anew for each element from [lower, upper)."""
    x = float_input("rrelu", input)
    number_input("rrelu", "lower", lower)
    number_input("rrelu", "upper", upper)
    if lower > upper:
        raise fail(ValueError, f"For 'rrelu', 'upper' must not be below 'lower', but got {upper} and {lower}.")
    return select(x >= 0, x, x * (uniform01(x.shape, x.dtype) * (upper - lower) + lower))


def elu(input_x, alpha=1.0):
    """``x`` where positive, ``alpha * (exp(x) - 1)`` elsewhere."""
    x = float_input("elu", input_x, "input_x")
    return select(x > 0, x, expm1(_negative_part(x)) * alpha)


def _negative_part(x):
    """``x`` where it is not positive, else 0: what keeps ``exp`` and its gradient finite where they are not used."""
    return select(x > 0, 0.0, x)


def celu(x, alpha=1.0):
    """``max(x, 0) + min(alpha * (exp(x / alpha) - 1), 0)``."""
    x = float_input("celu", x, "x")
    if alpha == 0:
        raise fail(ValueError, "For 'celu', 'alpha' must not be 0.")
    return select(x > 0, x, expm1(_negative_part(x) / alpha) * alpha)


def selu(input_x):
    """``scale * elu(x, alpha)`` with the constants that keep mean and variance."""
    x = float_input("selu", input_x, "input_x")
    scale, alpha = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
    return select(x > 0, x * scale, expm1(_negative_part(x)) * (scale * alpha))


def threshold(input, thr, value):
    """``x`` where it is above ``thr``, ``value`` elsewhere."""
    if not isinstance(input, Tensor):
        float_input("threshold", input)
    number_input("threshold", "thr", thr)
    number_input("threshold", "value", value)
    return select(input > thr, input, literal(value, input.dtype))


# ---------------------------------------------------------------- smooth ones
softplus_op = elementwise(
    "softplus", "maximum(x, 0) + log1p(exp(-fabs(x)))", types="float",
    vjp=lambda g, out, x: g * sigmoid(x), samples=[(f(2, 3),)],
)  # fmt: skip


def softplus(input, beta=1, threshold=20):
    """``log(1 + exp(beta x)) / beta``; ``x`` itself where ``beta x`` is above ``threshold``.  Safe from overflow.

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


def logsigmoid(x):
    """``log(1 / (1 + exp(-x)))``."""
    return neg(softplus_op(neg(float_input("logsigmoid", x, "x"))))


def gelu(input, approximate="none"):
    """``x * Phi(x)`` with the normal distribution ``Phi``; ``approximate="tanh"`` by its approximation.

    >>> import minispore as ms
    >>> print(gelu(ms.Tensor([-1.0, 0.0, 1.0])))
    [-0.15865526  0.          0.8413447 ]
    """
    x = float_input("gelu", input)
    if approximate not in ("none", "tanh"):
        raise fail(ValueError, f"For 'gelu', 'approximate' must be 'none' or 'tanh', but got {approximate!r}.")
    if approximate == "none":
        return x * (erf_(x * math.sqrt(0.5)) + 1.0) * 0.5
    return x * (tanh((x + x * square(x) * 0.044715) * math.sqrt(2.0 / math.pi)) + 1.0) * 0.5


def fast_gelu(x):
    """``x * sigmoid(1.702 x)``."""
    x = float_input("fast_gelu", x, "x")
    return x * sigmoid(x * 1.702)


def silu(input):
    """``x * sigmoid(x)``.

    >>> import minispore as ms
    >>> print(silu(ms.Tensor([0.0, 100.0])))
    [  0. 100.]
    """
    x = float_input("silu", input)
    return x * sigmoid(x)


def swish(x):
    """The same as ``silu``."""
    return silu(x)


def mish(x):
    """``x * tanh(softplus(x))``."""
    x = float_input("mish", x, "x")
    return x * tanh(softplus_op(x))


def softsign(x):
    """``x / (1 + |x|)``."""
    x = float_input("softsign", x, "x")
    return x / (abs_(x) + 1.0)


def tanhshrink(input):
    """``x - tanh(x)``."""
    x = float_input("tanhshrink", input)
    return x - tanh(x)


@method("logit")
def logit(input, eps=None):
    """``log(x / (1 - x))``, with ``x`` first kept inside [eps, 1 - eps] when ``eps`` is given."""
    x = float_input("logit", input)
    if eps is not None and eps >= 0:
        x = minimum(maximum(x, eps), 1.0 - eps)
    return log(x / (1.0 - x))


# ---------------------------------------------------------------- piecewise linear ones
def hardsigmoid(input):
    """``min(max(x / 6 + 1/2, 0), 1)``."""
    x = float_input("hardsigmoid", input)
    return select(x >= 3.0, 1.0, relu(x + 3.0) * (1.0 / 6.0))


def hardswish(input):
    """``x * hardsigmoid(x)``."""
    x = float_input("hardswish", input)
    return select(x > 3.0, x, select(x < -3.0, 0.0, x * (x + 3.0) * (1.0 / 6.0)))


def hardtanh(input, min_val=-1.0, max_val=1.0):
    """``x`` kept inside [min_val, max_val]."""
    x = float_input("hardtanh", input)
    return minimum(maximum(x, min_val), max_val)


@method("hardshrink")
def hardshrink(input, lambd=0.5):
    """``x`` where ``|x| > lambd``, 0 elsewhere."""
    x = float_input("hardshrink", input)
    return select(abs_(x) > lambd, x, 0.0)


@method("soft_shrink")
def softshrink(input, lambd=0.5):
    """``x`` moved towards 0 by ``lambd``, 0 where ``|x| <= lambd``."""
    x = float_input("softshrink", input)
    return select(x > lambd, x - lambd, select(x < -lambd, x + lambd, 0.0))


# ---------------------------------------------------------------- over an axis
def glu(x, axis=-1):
    """``a * sigmoid(b)`` for the halves ``a, b`` of ``axis``."""
    a, b = _halves("glu", float_input("glu", x, "x"), axis)
    return a * sigmoid(b)


def swiglu(input, dim=-1):
    """``silu(a) * b`` for the halves ``a, b`` of ``dim``."""
    a, b = _halves("swiglu", float_input("swiglu", input), dim)
    return silu(a) * b


def _halves(name, x, axis):
    a = axis_of(name, x.ndim, axis)
    n = x.shape[a]
    if n % 2:
        raise fail(ValueError, f"For '{name}', the axis {axis} must be of even length, but the shape is {x.shape}.")
    return slice_along(x, a, 0, n // 2), slice_along(x, a, n // 2, n // 2)


def _softmax_vjp(g, out, x, e, s):
    axes = tuple(a for a in range(x.ndim) if s.shape[a] != x.shape[a])
    return out * (g - reduce_sum_keep(g * out, axes)) if axes else g * 0.0


# e = exp(x - max) and its sum s come from the forward pass; the gradient with respect to x needs the result alone.
_softmax = elementwise("softmax", "e / s", "x e s", types="float", vjp=(_softmax_vjp, None, None))


@method("softmax")
def softmax(input, axis=-1, *, dtype=None):
    """``exp(x) / sum(exp(x))`` along ``axis``, safe from overflow.

    Raises:
        TypeError: ``input`` is not a Tensor of floats, or ``axis`` not an int.
        ValueError: there is no such axis.

    >>> import minispore as ms
    >>> print(softmax(ms.Tensor([[0.0, 0.0], [0.0, 1000.0]])))
    [[0.5 0.5]
     [0.  1. ]]
    """
    x = float_input("softmax", input if dtype is None else to(input, to_dtype(dtype)))
    axes = (axis_of("softmax", x.ndim, axis),)
    given, x = x.dtype, accumulation_type(x)
    e = exp(x - reduce_max_keep(x, axes))
    return to(_softmax(x, e, reduce_sum_keep(e, axes)), given)


def softmin(x, axis=-1, *, dtype=None):
    """``softmax(-x)``."""
    return softmax(neg(x), axis, dtype=dtype)


def log_softmax(logits, axis=-1):
    """``x - log(sum(exp(x)))`` along ``axis``, safe from overflow.

    >>> import minispore as ms
    >>> print(log_softmax(ms.Tensor([0.0, 0.0])))
    [-0.6931472 -0.6931472]
    """
    x = float_input("log_softmax", logits, "logits")
    axes = (axis_of("log_softmax", x.ndim, axis),)
    given, x = x.dtype, accumulation_type(x)
    z = x - stop_gradient(reduce_max_keep(x, axes))
    return to(z - log(reduce_sum_keep(exp(z), axes)), given)


def gumbel_softmax(logits, tau=1.0, hard=False, dim=-1):
    """``softmax((logits + Gumbel noise) / tau)``; ``hard``: the one-hot choice, with the gradient of the soft one."""
    from .creation import positions

    x = float_input("gumbel_softmax", logits, "logits")
    if not isinstance(tau, (int, float)) or tau <= 0:
        raise fail(ValueError, f"For 'gumbel_softmax', 'tau' must be a positive float, but got {tau!r}.")
    noise = neg(log(neg(log(maximum(uniform01(x.shape), 2.0**-25)))))
    soft = softmax((x + to(noise, x.dtype)) / tau, dim)
    if not hard:
        return soft
    a = axis_of("gumbel_softmax", x.ndim, dim)
    chosen = to(positions(x.shape[a], a, x.ndim) == argmax(soft, a, True), x.dtype)
    return stop_gradient(chosen - soft) + soft


__all__ = [
    "celu", "elu", "fast_gelu", "gelu", "glu", "gumbel_softmax", "hardshrink", "hardsigmoid", "hardswish",
    "hardtanh", "leaky_relu", "log_softmax", "logit", "logsigmoid", "mish", "prelu", "relu6", "rrelu", "selu",
    "silu", "softmax", "softmin", "softplus", "softshrink", "softsign", "swiglu", "tanhshrink", "threshold",
]  # fmt: skip
