"""Activations: compositions of elementwise ops and row reductions, one formula each."""

import math

from ..core import checks
from ..core.docstrings import documented
from ..core.dtype import float32, int8, int32, to_dtype
from ..core.errors import fail
from ..core.op import elementwise, literal, to
from ..core.samples import f
from ..core.tensor import Tensor
from .arg_reduction import argmax
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
from .large import as_piece
from .methods import method
from .movement import axis_of, reshape, slice_along
from .random import uniform01
from .reduction import reduce_max_keep, reduce_sum_keep

_with_shared_docs = documented(
    x="""\
Args:
    x (Tensor): any shape; floats.

Returns:
    Tensor of the shape and type of ``x``.

Raises:
    TypeError: ``x`` is not a Tensor of floats.""",
    floats="""\
Returns:
    Tensor of the shape and type of ``input``.

Raises:
    TypeError: ``input`` is not a Tensor of floats.""",
)


# ---------------------------------------------------------------- rectifiers
@_with_shared_docs
def relu6(x):
    """``min(max(x, 0), 6)``, elementwise.

    {x}

    >>> import minispore as ms
    >>> print(relu6(ms.Tensor([-1.0, 2.0, 8.0])))
    [0. 2. 6.]
    """
    x = float_input("relu6", x, "x")
    return select(x > 6.0, 6.0, relu(x))


def leaky_relu(input, alpha=0.2):
    """``input`` where positive, ``alpha * input`` elsewhere (for ``alpha`` above 1 the other way round).

    ``max(input, alpha * input)``, and ``min`` of the two for ``alpha`` above 1.

    Args:
        input (Tensor): any shape; numbers.
        alpha (int | float): the slope of the other part, cut to an integer if ``input`` holds integers. Default: 0.2.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``input`` is not a Tensor, or ``alpha`` not a number.

    >>> import minispore as ms
    >>> print(leaky_relu(ms.Tensor([-1.0, 2.0]), 0.1))
    [-0.1  2. ]
    """
    if not isinstance(input, Tensor):
        float_input("leaky_relu", input)
    number_input("leaky_relu", "alpha", alpha)
    sloped = input * literal(alpha, input.dtype)
    return select(input > 0, input, sloped)


def prelu(input, weight):
    """``input`` where positive, ``weight * input`` elsewhere: a rectifier whose slope is learned.

    He et al., "Delving Deep into Rectifiers" (2015).

    Args:
        input (Tensor): any shape; floats; axis 1 holds the channels (one channel without that axis).
        weight (Tensor): shape (1,) or (channels,); floats; the slope for all channels, or one for each.

    Returns:
        Tensor of the shape of ``input``; the common type of the two.

    Raises:
        TypeError: an input is not a Tensor of floats.
        ValueError: ``weight`` is of another shape.

    >>> import minispore as ms
    >>> print(prelu(ms.Tensor([[-1.0, -1.0]]), ms.Tensor([0.5, 0.25])))
    [[-0.5  -0.25]]
    """
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
    """``input`` where not negative, elsewhere ``input`` times a random slope.

    The slopes are drawn anew in every call, one for each element, uniformly from [lower, upper).

    Args:
        input (Tensor): any shape; floats.
        lower (int | float): the smallest slope. Default: 1.0 / 8.
        upper (int | float): the bound of the slopes, not below ``lower``. Default: 1.0 / 3.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``input`` is not a Tensor of floats, or a bound not a number.
        ValueError: ``lower`` is above ``upper``.

    >>> import minispore as ms
    >>> print(rrelu(ms.Tensor([-1.0, 2.0]), 0.25, 0.25))
    [-0.25  2.  ]
    """
    x = float_input("rrelu", input)
    number_input("rrelu", "lower", lower)
    number_input("rrelu", "upper", upper)
    if lower > upper:
        raise fail(ValueError, f"For 'rrelu', 'upper' must not be below 'lower', but got {upper} and {lower}.")
    return select(x >= 0, x, x * (uniform01(x.shape, x.dtype) * (upper - lower) + lower))


def elu(input_x, alpha=1.0):
    """``x`` where positive, ``alpha * (exp(x) - 1)`` elsewhere: the exponential linear unit.

    Clevert et al., "Fast and Accurate Deep Network Learning by Exponential Linear Units" (2015).

    Args:
        input_x (Tensor): any shape; floats.
        alpha (int | float): minus the limit towards minus infinity. Default: 1.0.

    Returns:
        Tensor of the shape and type of ``input_x``.

    Raises:
        TypeError: ``input_x`` is not a Tensor of floats.

    >>> import minispore as ms
    >>> print(elu(ms.Tensor([-1.0, 2.0])))
    [-0.63212055  2.        ]
    """
    x = float_input("elu", input_x, "input_x")
    return _rounded_once(lambda x: select(x > 0, x, expm1(_negative_part(x)) * alpha), x)


def _rounded_once(formula, x):
    """``formula(x)``, of 16-bit floats computed in float32: more exact than a rounding after each step, and less work."""
    return to(formula(to(x, float32)), x.dtype) if x.dtype.itemsize == 2 else formula(x)


def _negative_part(x):
    """``x`` where it is not positive, else 0: what keeps ``exp`` and its gradient finite where they are not used."""
    return select(x > 0, 0.0, x)


def celu(x, alpha=1.0):
    """``max(x, 0) + min(alpha * (exp(x / alpha) - 1), 0)``: the exponential linear unit with a continuous derivative.

    Barron, "Continuously Differentiable Exponential Linear Units" (2017).

    Args:
        x (Tensor): any shape; floats.
        alpha (int | float): the scale of the negative part, not 0. Default: 1.0.

    Returns:
        Tensor of the shape and type of ``x``.

    Raises:
        TypeError: ``x`` is not a Tensor of floats.
        ValueError: ``alpha`` is 0.

    >>> import minispore as ms
    >>> print(celu(ms.Tensor([-2.0, 2.0]), 2.0))
    [-1.2642411  2.       ]
    """
    x = float_input("celu", x, "x")
    if alpha == 0:
        raise fail(ValueError, "For 'celu', 'alpha' must not be 0.")
    return _rounded_once(lambda x: select(x > 0, x, expm1(_negative_part(x) / alpha) * alpha), x)


def selu(input_x):
    """``scale * elu(x, alpha)`` with the constants that keep mean and variance from layer to layer.

    ``scale`` is 1.0507009873554805 and ``alpha`` 1.6732632423543772 (Klambauer et al., "Self-Normalizing Neural
    Networks", 2017).

    Args:
        input_x (Tensor): any shape; floats. Also int8 and int32, with ``scale`` and the results cut to integers: ``relu``.

    Returns:
        Tensor of the shape and type of ``input_x``.

    Raises:
        TypeError: ``input_x`` is not a Tensor of these types.

    >>> import minispore as ms
    >>> print(selu(ms.Tensor([-1.0, 2.0])))
    [-1.1113307  2.101402 ]
    """
    if isinstance(input_x, Tensor) and input_x.dtype in (int8, int32):
        return relu(input_x)
    x = float_input("selu", input_x, "input_x")
    scale, alpha = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
    return _rounded_once(lambda x: select(x > 0, x * scale, expm1(_negative_part(x)) * (scale * alpha)), x)


def threshold(input, thr, value):
    """``input`` where it is above ``thr``, ``value`` elsewhere.

    Args:
        input (Tensor): any shape; numbers.
        thr (int | float): the threshold.
        value (int | float): what stands for the other elements, cut to an integer if ``input`` holds integers.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``input`` is not a Tensor, or ``thr`` or ``value`` not a number.

    >>> import minispore as ms
    >>> print(threshold(ms.Tensor([0.5, 1.5]), 1, -3))
    [-3.   1.5]
    """
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


@_with_shared_docs
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


@_with_shared_docs
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


@_with_shared_docs
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


@_with_shared_docs
def fast_gelu(x):
    """``x * sigmoid(1.702 * x)``: a quick approximation of ``gelu``.

    {x}

    >>> import minispore as ms
    >>> print(fast_gelu(ms.Tensor([-1.0, 0.0, 1.0])))
    [-0.15420423  0.          0.8457958 ]
    """
    x = float_input("fast_gelu", x, "x")
    return _rounded_once(lambda x: x * sigmoid(x * 1.702), x)


@_with_shared_docs
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


@_with_shared_docs
def mish(x):
    """``x * tanh(softplus(x))``.

    Misra, "Mish: A Self Regularized Non-Monotonic Activation Function" (2019).

    {x}

    >>> import minispore as ms
    >>> print(mish(ms.Tensor([-1.0, 0.0, 1.0])))
    [-0.3034014  0.         0.8650984]
    """
    x = float_input("mish", x, "x")
    return _rounded_once(lambda x: x * tanh(softplus_op(x)), x)


@_with_shared_docs
def softsign(x):
    """``x / (1 + |x|)``.

    {x}

    >>> import minispore as ms
    >>> print(softsign(ms.Tensor([-1.0, 0.0, 3.0])))
    [-0.5   0.    0.75]
    """
    x = float_input("softsign", x, "x")
    return _rounded_once(lambda x: x / (abs_(x) + 1.0), x)


@_with_shared_docs
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


# ---------------------------------------------------------------- piecewise linear ones
@_with_shared_docs
def hardsigmoid(input):
    """``min(max(x / 6 + 1/2, 0), 1)``: a piecewise linear sigmoid.

    Args:
        input (Tensor): any shape; numbers.

    {floats}

    >>> import minispore as ms
    >>> print(hardsigmoid(ms.Tensor([-4.0, 0.0, 1.5])))
    [0.   0.5  0.75]
    """
    if checks.tensor("hardsigmoid", input=input).dtype.is_int:
        return to(hardsigmoid(to(input, float32)), input.dtype)
    x = float_input("hardsigmoid", input)
    return _rounded_once(lambda x: select(x >= 3.0, 1.0, relu(x + 3.0) * (1.0 / 6.0)), x)


@_with_shared_docs
def hardswish(input):
    """``x * hardsigmoid(x)``.

    Howard et al., "Searching for MobileNetV3" (2019).

    Args:
        input (Tensor): any shape; numbers.

    {floats}

    >>> import minispore as ms
    >>> print(hardswish(ms.Tensor([-4.0, 1.5, 4.0])))
    [0.    1.125 4.   ]
    """
    if checks.tensor("hardswish", input=input).dtype.is_int:
        return to(hardswish(to(input, float32)), input.dtype)
    return _rounded_once(_hardswish, float_input("hardswish", input))


def _hardswish(x):
    inside = select(abs_(x) <= 3.0, x, 0.0)
    return select(x > 3.0, x, select(x < -3.0, 0.0, inside * (inside + 3.0) * (1.0 / 6.0) + (x - inside)))


@_with_shared_docs
def hardtanh(input, min_val=-1.0, max_val=1.0):
    """``min(max(x, min_val), max_val)``.

    Args:
        input (Tensor): any shape; numbers.
        min_val (int | float): the lower limit. Default: -1.0.
        max_val (int | float): the upper limit. Default: 1.0.

    {floats}

    >>> import minispore as ms
    >>> print(hardtanh(ms.Tensor([-2.0, 0.5, 2.0])))
    [-1.   0.5  1. ]
    """
    if checks.tensor("hardtanh", input=input).dtype.is_int:
        return minimum(maximum(input, int(min_val)), int(max_val))
    x = float_input("hardtanh", input)
    return minimum(maximum(x, min_val), max_val)


@method("hardshrink")
@_with_shared_docs
def hardshrink(input, lambd=0.5):
    """``x`` where ``|x| > lambd``, 0 elsewhere.

    Args:
        input (Tensor): any shape; floats.
        lambd (int | float): the threshold. Default: 0.5.

    {floats}

    >>> import minispore as ms
    >>> print(hardshrink(ms.Tensor([-1.0, 0.25, 2.0])))
    [-1.  0.  2.]
    """
    x = float_input("hardshrink", input)
    return select(abs_(x) <= lambd, 0.0, x)  # NaN stays


@method("soft_shrink")
@_with_shared_docs
def softshrink(input, lambd=0.5):
    """``x`` moved towards 0 by ``lambd``, and 0 where ``|x| <= lambd``.

    Args:
        input (Tensor): any shape; floats.
        lambd (int | float): how far. Default: 0.5.

    {floats}

    >>> import minispore as ms
    >>> print(softshrink(ms.Tensor([-1.0, 0.25, 2.0])))
    [-0.5  0.   1.5]
    """
    x = float_input("softshrink", input)
    return select(x > lambd, x - lambd, select(x < -lambd, x + lambd, x * 0.0))


# ---------------------------------------------------------------- over an axis
def glu(x, axis=-1):
    """``a * sigmoid(b)`` for the two halves ``a, b`` of an axis: the gated linear unit.

    Dauphin et al., "Language Modeling with Gated Convolutional Networks" (2016).

    Args:
        x (Tensor): any shape with at least one axis; floats.
        axis (int): the axis that is halved, of even length. Default: -1.

    Returns:
        Tensor of the shape of ``x``, ``axis`` half as long; the type of ``x``.

    Raises:
        TypeError: ``x`` is not a Tensor of floats, or ``axis`` not an int.
        ValueError: there is no such axis, or its length is odd.

    >>> import minispore as ms
    >>> print(glu(ms.Tensor([2.0, 4.0, 0.0, 100.0])))
    [1. 4.]
    """
    a, b = _halves("glu", float_input("glu", x, "x"), axis)
    return a * sigmoid(b)


def swiglu(input, dim=-1):
    """``silu(a) * b`` for the two halves ``a, b`` of an axis.

    Shazeer, "GLU Variants Improve Transformer" (2020).

    Args:
        input (Tensor): any shape with at least one axis; floats.
        dim (int): the axis that is halved, of even length. Default: -1.

    Returns:
        Tensor of the shape of ``input``, ``dim`` half as long; the type of ``input``.

    Raises:
        TypeError: ``input`` is not a Tensor of floats, or ``dim`` not an int.
        ValueError: there is no such axis, or its length is odd.

    >>> import minispore as ms
    >>> print(swiglu(ms.Tensor([0.0, 100.0, 3.0, 2.0])))
    [  0. 200.]
    """
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
    return out * (g - reduce_sum_keep(g * out, axes)) if axes else None


# e = exp(x - max) and its sum s come from the forward pass; the gradient with respect to x needs the result alone.
_softmax = elementwise("softmax", "e / s", "x e s", types="float", vjp=(_softmax_vjp, None, None))


@method("softmax")
@as_piece
def softmax(input, axis=-1, *, dtype=None):
    """``exp(x) / sum(exp(x))`` along an axis, safe from overflow.

    Args:
        input (Tensor): any shape with at least one axis; floats.
        axis (int): the axis along which the result sums to 1. Default: -1.
        dtype (dtype | None): what ``input`` is cast to first. Default: None, its own type.

    Returns:
        Tensor of the shape of ``input``; of the type ``dtype``, or that of ``input``.

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


@as_piece
def softmin(x, axis=-1, *, dtype=None):
    """``softmax(-x)``: the larger an element, the smaller its share.

    Args:
        x (Tensor): any shape with at least one axis; floats.
        axis (int): the axis along which the result sums to 1. Default: -1.
        dtype (dtype | None): what ``-x`` is cast to first. Default: None, its own type.

    Returns:
        Tensor of the shape of ``x``; of the type ``dtype``, or that of ``x``.

    Raises:
        TypeError: ``x`` is not a Tensor of floats, or ``axis`` not an int.
        ValueError: there is no such axis.

    >>> import minispore as ms
    >>> print(softmin(ms.Tensor([[0.0, 0.0], [0.0, 1000.0]])))
    [[0.5 0.5]
     [1.  0. ]]
    """
    return softmax(neg(x), axis, dtype=dtype)


@as_piece
def log_softmax(logits, axis=-1):
    """``x - log(sum(exp(x)))`` along an axis: the logarithm of ``softmax``, safe from overflow.

    Args:
        logits (Tensor): any shape with at least one axis; floats.
        axis (int): the axis of the sum. Default: -1.

    Returns:
        Tensor of the shape and type of ``logits``.

    Raises:
        TypeError: ``logits`` is not a Tensor of floats, or ``axis`` not an int.
        ValueError: there is no such axis.

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
    """``softmax((logits + noise) / tau)`` with noise from the Gumbel distribution: a class drawn, with a gradient.

    Jang et al., "Categorical Reparameterization with Gumbel-Softmax" (2016).

    Args:
        logits (Tensor): any shape with at least one axis; floats; log-probabilities up to a constant.
        tau (int | float): the temperature, above 0; the smaller, the closer to one-hot. Default: 1.0.
        hard (bool): whether the result is one-hot, with the gradient of the soft sample. Default: False.
        dim (int): the axis of the classes. Default: -1.

    Returns:
        Tensor of the shape and type of ``logits``.

    Raises:
        TypeError: ``logits`` is not a Tensor of floats, or ``dim`` not an int.
        ValueError: ``tau`` is not a positive number, or there is no such axis.

    >>> import minispore as ms
    >>> print(gumbel_softmax(ms.Tensor([[0.0, 1000.0]]), hard=True))
    [[0. 1.]]
    """
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
