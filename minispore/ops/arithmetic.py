"""Elementwise mathematics composed of elementwise ops: interpolation, safe quotients, remainders, logarithms."""

import math

from ..core.dtype import bool_, float32, float64, scalar_result
from ..core.errors import fail
from ..core.op import as_tensor, literal, to
from ..core.tensor import Tensor
from .activation import softplus_op
from .elementwise import (
    abs as abs_,
    equal,
    floor_div,
    isinf,
    isnan,
    less,
    log,
    logical_and,
    logical_not,
    maximum,
    minimum,
    mul,
    neg,
    pow as pow_,
    select,
    sign,
    sin,
    sqrt,
    square,
    true_div,
    trunc,
)
from .inputs import any_float, float_input
from .methods import method


# ---------------------------------------------------------------- sums with weights
@method("lerp")
def lerp(input, end, weight):
    """``input + weight * (end - input)``."""
    return input + (end - input) * weight


@method("addcmul")
def addcmul(input, tensor1, tensor2, value=1):
    """``input + value * tensor1 * tensor2``."""
    return input + tensor1 * tensor2 * value


@method("addcdiv")
def addcdiv(input, tensor1, tensor2, value=1):
    """``input + value * tensor1 / tensor2``."""
    return input + tensor1 / tensor2 * value


def addn(x):
    """The sum of a list or tuple of Tensors.

    >>> import minispore as ms
    >>> print(addn([ms.Tensor([1.0]), ms.Tensor([2.0])]))
    [3.]
    """
    if isinstance(x, Tensor) or not isinstance(x, (list, tuple)) or not x:
        raise fail(TypeError, f"For 'addn', 'x' must be a list or tuple of Tensors, but got {type(x).__name__}.")
    total = as_tensor(x[0])
    for t in x[1:]:
        total = total + t
    return total


# ---------------------------------------------------------------- exponentials and trigonometry
@method("logaddexp")
def logaddexp(input, other):
    """``log(exp(input) + exp(other))``, safe from overflow."""
    x, y = float_input("logaddexp", input), float_input("logaddexp", other, "other")
    return y + softplus_op(x - y)


@method("logaddexp2")
def logaddexp2(input, other):
    """``log2(2 ** input + 2 ** other)``, safe from overflow."""
    x, y = float_input("logaddexp2", input), float_input("logaddexp2", other, "other")
    return y + softplus_op((x - y) * math.log(2.0)) * (1.0 / math.log(2.0))


@method("xlogy")
def xlogy(input, other):
    """``input * log(other)``; 0 where ``input`` is 0 (and ``other`` not NaN)."""
    x, y = as_tensor(input), as_tensor(other)
    zero = logical_and(equal(x, 0), logical_not(isnan(y))) if y.dtype.is_float else equal(x, 0)
    return select(zero, 0.0, x * log(select(zero, 1, y)))


@method("xdivy")
def xdivy(input, other):
    """``input / other``; 0 where ``input`` is 0."""
    x, y = as_tensor(input), as_tensor(other)
    zero = equal(x, 0)
    return select(zero, 0.0, x / select(zero, 1, y))


def div_no_nan(x, y):
    """``x / y``; 0 where ``y`` is 0."""
    zero = equal(y, 0)
    return select(zero, 0.0, as_tensor(x) / select(zero, 1, y))


def mul_no_nan(x, y):
    """``x * y``; 0 where ``y`` is 0, whatever ``x`` is."""
    zero = equal(y, 0)
    return select(zero, 0, select(zero, 0, x) * y)


def norm_of(total, p: float):
    """The norm from the sum of the p-th powers, with gradient 0 where that sum is 0."""
    some = total > 0
    root = select(some, total, 1.0)
    return select(some, sqrt(root) if p == 2 else pow_(root, 1.0 / p), 0.0)


@method("hypot")
def hypot(input, other):
    """``sqrt(input ** 2 + other ** 2)``."""
    return norm_of(square(input) + square(other), 2.0)


@method("deg2rad")
def deg2rad(x):
    """Degrees as radians."""
    return float_input("deg2rad", x, "x") * (math.pi / 180.0)


@method("rad2deg")
def rad2deg(x):
    """Radians as degrees."""
    return float_input("rad2deg", x, "x") * (180.0 / math.pi)


@method("sinc")
def sinc(input):
    """``sin(pi x) / (pi x)``, 1 at 0."""
    x = (input if input.dtype.is_float else to(input, float32)) * math.pi
    zero = equal(x, 0)
    return select(zero, 1.0, sin(x) / select(zero, 1.0, x))


@method("heaviside")
def heaviside(input, values):
    """0 where ``input`` is negative, 1 where it is positive, ``values`` where it is 0."""
    return select(equal(input, 0), values, to(input > 0, input.dtype))


@method("float_power")
def float_power(input, exponent):
    """``input ** exponent`` in float64."""
    if not isinstance(input, Tensor) and not isinstance(exponent, Tensor):
        raise fail(TypeError, "For 'float_power', at least one of 'input' and 'exponent' must be a Tensor.")
    return pow_(_double(input), _double(exponent))


def _double(x):
    return to(x, float64) if isinstance(x, Tensor) else float(x)


@method("copysign")
def copysign(x, other):
    """``|x|`` with the sign of ``other``."""
    x = x if x.dtype.is_float else to(x, float32)
    return select(less(other, 0) if isinstance(other, Tensor) else as_tensor(other < 0), neg(abs_(x)), abs_(x))


@method("ldexp")
def ldexp(x, other):
    """``x * 2 ** other``."""
    return mul(x, pow_(as_tensor(2.0), other))


@method("nan_to_num")
def nan_to_num(input, nan=None, posinf=None, neginf=None):
    """NaN, +inf and -inf replaced: by default with 0 and the largest and smallest finite numbers.

    >>> import minispore as ms
    >>> print(nan_to_num(ms.Tensor([float("nan"), 1.0]), nan=2.0))
    [2. 1.]
    """
    import numpy as np

    x = float_input("nan_to_num", input)
    limits = np.finfo(x.dtype.np if x.dtype.np is not None else np.float32)
    high = float(limits.max) if posinf is None else posinf
    low = float(limits.min) if neginf is None else neginf
    finite = select(isinf(x), select(x > 0, literal(high, x.dtype), literal(low, x.dtype)), x)
    return select(isnan(x), literal(0.0 if nan is None else nan, x.dtype), finite)


@method("positive")
def positive(input):
    """``input``; not for bool."""
    if input.dtype is bool_:
        raise fail(TypeError, "For 'positive', the input must not be bool.")
    return input


@method("sgn")
def sgn(input):
    """The sign of each element."""
    return sign(input)


@method("true_divide")
def true_divide(dividend, divisor):
    """``dividend / divisor`` in floats."""
    return true_div(dividend, divisor)


# ---------------------------------------------------------------- quotients and remainders
def _beside(x, y):
    """Both as Tensors; a number takes the type that it has beside a Tensor."""
    if isinstance(x, Tensor) and isinstance(y, (int, float)):
        return x, literal(y, scalar_result(x.dtype, y))
    if isinstance(y, Tensor) and isinstance(x, (int, float)):
        return literal(x, scalar_result(y.dtype, x)), y
    return as_tensor(x), as_tensor(y)


def trunc_quotient(x, y):
    """``x / y`` rounded towards 0, in the type of the inputs."""
    x, y = _beside(x, y)
    if any_float(x, y):
        return trunc(x / y)
    return floor_div(abs_(x), abs_(y)) * (sign(x) * sign(y))


@method("fmod")
def fmod(input, other):
    """The remainder with the sign of ``input``: ``input - trunc(input / other) * other``.

    >>> import minispore as ms
    >>> print(fmod(ms.Tensor([-5.0, 5.0]), 3))
    [-2.  2.]
    """
    if not isinstance(input, Tensor) and not isinstance(other, Tensor):
        raise fail(TypeError, "For 'fmod', at least one of 'input' and 'other' must be a Tensor.")
    x, y = _beside(input, other)
    return x - trunc_quotient(x, y) * y


@method("frac")
def frac(x):
    """``x - trunc(x)``."""
    return x - trunc(x) if x.dtype.is_float else x - x


@method("fmax")
def fmax(input, other):
    """The larger one; where one is NaN, the other."""
    return _extreme(maximum, input, other)


@method("fmin")
def fmin(input, other):
    """The smaller one; where one is NaN, the other."""
    return _extreme(minimum, input, other)


def _extreme(op, x, y):
    x, y = as_tensor(x), as_tensor(y)
    if not any_float(x, y):
        return op(x, y)
    return select(isnan(x), y, select(isnan(y), x, op(x, y)))


__all__ = [
    "addcdiv", "addcmul", "addn", "copysign", "deg2rad", "float_power", "fmax", "fmin", "fmod", "frac", "heaviside",
    "hypot", "ldexp", "lerp", "logaddexp", "logaddexp2", "nan_to_num", "positive", "rad2deg", "sgn", "sinc",
    "true_divide", "xdivy", "xlogy",
]  # fmt: skip
