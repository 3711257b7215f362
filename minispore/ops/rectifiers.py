"""Activations that are linear on one side of a point or between two."""

from ..core import checks
from ..core.docstrings import documented
from ..core.dtype import float32, int8, int32
from ..core.errors import fail
from ..core.op import literal, to
from ..core.tensor import Tensor
from .elementwise import (
    abs as abs_,
    div_by_count,
    expm1,
    maximum,
    minimum,
    relu,
    select,
)
from .inputs import float_input, number_input
from .methods import method
from .movement import reshape
from .random import uniform01

with_activation_docs = documented(
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
@with_activation_docs
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
    elif x.ndim == 0:
        w = reshape(w, ())
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


# ---------------------------------------------------------------- piecewise linear ones
@with_activation_docs
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
    return _rounded_once(lambda x: select(x >= 3.0, 1.0, div_by_count(relu(x + 3.0), 6.0)), x)


@with_activation_docs
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
    return select(x > 3.0, x, select(x < -3.0, 0.0, div_by_count(inside * (inside + 3.0), 6.0) + (x - inside)))


@with_activation_docs
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
@with_activation_docs
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
@with_activation_docs
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


__all__ = [
    "celu",
    "elu",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "leaky_relu",
    "prelu",
    "relu6",
    "rrelu",
    "selu",
    "softshrink",
    "threshold",
]
