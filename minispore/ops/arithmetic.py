"""Elementwise mathematics composed of elementwise ops: interpolation, safe quotients, logarithms."""

import math

from ..core.dtype import complex128, float32, float64
from ..core.errors import fail
from ..core.op import as_tensor, elementwise, literal, to
from ..core.samples import positive as positive_sample
from ..core.tensor import Tensor
from .activation import softplus_op
from .complex_parts import real_of
from .effects import stop_gradient
from .elementwise import (
    abs as abs_,
    equal,
    isinf,
    isnan,
    less,
    log,
    logical_and,
    logical_not,
    logical_or,
    maximum,
    minimum,
    mul,
    neg,
    norm_of,
    pow as pow_,
    select,
    sign,
    sin,
    square,
)
from .inputs import any_float, float_input, numbers_as
from .methods import method
from .quotients import with_broadcast_docs


# ---------------------------------------------------------------- sums with weights
@method("lerp")
@with_broadcast_docs
def lerp(input, end, weight):
    """Linear interpolation: ``input + weight * (end - input)``.

    Args:
        input (Tensor): any shape; numbers; the values for weight 0.
        end (Tensor): a shape that broadcasts; numbers; the values for weight 1.
        weight (Tensor | number): a shape that broadcasts.

    {common}

    >>> import minispore as ms
    >>> print(lerp(ms.Tensor([0.0, 1.0]), ms.Tensor([2.0, 3.0]), 0.5))
    [1. 2.]
    """
    return input + (end - input) * weight


@method("addcmul")
@with_broadcast_docs
def addcmul(input, tensor1, tensor2, value=1):
    """Sum with a weighted product: ``input + value * tensor1 * tensor2``.

    Args:
        input (Tensor): any shape; numbers.
        tensor1 (Tensor): a shape that broadcasts; numbers.
        tensor2 (Tensor): a shape that broadcasts; numbers.
        value (number | Tensor): the weight; a shape that broadcasts. Default: 1.

    {common}

    >>> import minispore as ms
    >>> print(addcmul(ms.Tensor([1.0, 1.0]), ms.Tensor([2.0, 3.0]), ms.Tensor([4.0, 5.0]), ms.Tensor(0.5)))
    [5.  8.5]
    """
    return input + tensor1 * tensor2 * value


@method("addcdiv")
@with_broadcast_docs
def addcdiv(input, tensor1, tensor2, value=1):
    """Sum with a weighted quotient: ``input + value * tensor1 / tensor2``.

    Args:
        input (Tensor): any shape; numbers.
        tensor1 (Tensor): a shape that broadcasts; numbers.
        tensor2 (Tensor): a shape that broadcasts; numbers.
        value (number | Tensor): the weight; a shape that broadcasts. Default: 1.

    {quotient}

    >>> import minispore as ms
    >>> print(addcdiv(ms.Tensor([1.0, 1.0]), ms.Tensor([2.0, 3.0]), ms.Tensor([4.0, 2.0]), ms.Tensor(2.0)))
    [2. 4.]
    """
    return input + tensor1 / tensor2 * value


def addn(x):
    """Sum of the Tensors of a list or tuple.

    Args:
        x (list[Tensor] | tuple[Tensor]): at least one; numbers, of shapes that broadcast.

    Returns:
        Tensor of the broadcast shape; the type of the inputs.

    Raises:
        TypeError: ``x`` is not a list or tuple, or the Tensors are of several types.
        ValueError: ``x`` is empty, or the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(addn([ms.Tensor([1.0]), ms.Tensor([2.0])]))
    [3.]
    """
    if isinstance(x, Tensor) or not isinstance(x, (list, tuple)):
        raise fail(TypeError, f"For 'addn', 'x' must be a list or tuple of Tensors, but got {type(x).__name__}.")
    if not x:
        raise fail(ValueError, "For 'addn', 'x' must hold a Tensor, but it is empty.")
    types = {t.dtype for t in x if isinstance(t, Tensor)}
    if len(types) > 1:
        raise fail(TypeError, f"For 'addn', the Tensors must have one type, but got {', '.join(map(str, types))}.")
    total = as_tensor(x[0])
    for t in x[1:]:
        total = total + t
    return total


# ---------------------------------------------------------------- exponentials and trigonometry
@method("logaddexp")
def logaddexp(input, other):
    """Logarithm of the sum of the exponentials: ``log(exp(input) + exp(other))``, safe from overflow.

    Args:
        input (Tensor): any shape; floats.
        other (Tensor): a shape that broadcasts; floats.

    Returns:
        Tensor of the broadcast shape; the common type of the inputs.

    Raises:
        TypeError: an input is not a Tensor of floats.
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(logaddexp(ms.Tensor([0.0, 1000.0]), ms.Tensor([0.0, 1.0])))
    [6.931472e-01 1.000000e+03]
    """
    x, y = float_input("logaddexp", input), float_input("logaddexp", other, "other")
    high, difference = _apart(x, y)
    return high + softplus_op(difference)


@method("logaddexp2")
def logaddexp2(input, other):
    """Logarithm to base 2 of the sum of the powers of 2: ``log2(2 ** input + 2 ** other)``, safe from overflow.

    Args:
        input (Tensor): any shape; floats.
        other (Tensor): a shape that broadcasts; floats.

    Returns:
        Tensor of the broadcast shape; the common type of the inputs.

    Raises:
        TypeError: an input is not a Tensor of floats.
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(logaddexp2(ms.Tensor([2.0, 1000.0]), ms.Tensor([2.0, 1.0])))
    [   3. 1000.]
    """
    x, y = float_input("logaddexp2", input), float_input("logaddexp2", other, "other")
    high, difference = _apart(x, y)
    return high + softplus_op(difference * math.log(2.0)) * (1.0 / math.log(2.0))


def _apart(x, y):
    """(the larger one, the smaller one minus it), the difference of equal infinities being 0."""
    larger = x > y
    high, low = select(larger, x, y), select(larger, y, x)
    same = logical_and(equal(x, y), isinf(x))
    return high, select(same, 0.0, low - select(same, 0.0, high))


@method("xlogy")
@with_broadcast_docs
def xlogy(input, other):
    """Product with a logarithm: ``input * log(other)``; 0 where ``input`` is 0 and ``other`` is not NaN.

    Args:
        input (Tensor | number): any shape; numbers.
        other (Tensor | number): a shape that broadcasts; numbers.

    {quotient}

    >>> import minispore as ms
    >>> print(xlogy(ms.Tensor([0.0, 2.0]), ms.Tensor([0.0, 1.0])))
    [0. 0.]
    """
    return _xlogy(input, other)


# The gradient for ``input`` is log(other) where ``input`` is 0, too; nothing flows from 0 * log(0) and 0 * log(-1).
_xlogy = elementwise(
    "xlogy", "where((x == 0) & (y == y), 0, x * log(y))", "x y", types="float",
    vjp=(lambda g, out, x, y: select(_out_of_log(x, y), 0.0, g * log(select(_out_of_log(x, y), 1.0, y))),
         lambda g, out, x, y: select(_out_of_log(x, y), 0.0, g * x / select(_out_of_log(x, y), 1.0, y))),
    samples=[(positive_sample(2, 3), positive_sample(2, 3))],
)  # fmt: skip


def _out_of_log(x, y):
    return logical_and(equal(x, 0), equal(y, 0) if y.dtype.is_complex else y <= 0)


@method("xdivy")
@with_broadcast_docs
def xdivy(x, y):
    """Quotient that is 0 where ``x`` is 0, also for ``y`` 0: ``x / y``.

    Args:
        x (Tensor | number): any shape; numbers.
        y (Tensor | number): a shape that broadcasts; numbers.

    {quotient}

    >>> import minispore as ms
    >>> print(xdivy(ms.Tensor([0.0, 2.0]), ms.Tensor([0.0, 4.0])))
    [0.  0.5]
    """
    x, y = as_tensor(x), as_tensor(y)
    # 0 / y is 0 by itself, with the gradient 1 / y, but where y is 0 or NaN
    zero = logical_and(equal(x, 0), logical_not(real_of(abs_(y)) > 0))
    return select(zero, 0.0, x / select(zero, 1, y))


def div_no_nan(x, y):
    """``x / y``; 0 where ``y`` is 0."""
    zero = equal(y, 0)
    return select(zero, 0.0, as_tensor(x) / select(zero, 1, y))


def mul_no_nan(x, y):
    """``x * y``; 0 where ``y`` is 0, whatever ``x`` is."""
    zero = equal(y, 0)
    return select(zero, 0, select(zero, 0, x) * y)


@method("hypot")
@with_broadcast_docs
def hypot(input, other):
    """Length of the hypotenuse: ``sqrt(input ** 2 + other ** 2)``; its gradient at (0, 0) is 0.

    Args:
        input (Tensor): any shape; numbers.
        other (Tensor): a shape that broadcasts; numbers.

    {quotient}

    >>> import minispore as ms
    >>> print(hypot(ms.Tensor([3.0, 5.0]), ms.Tensor([4.0, 12.0])))
    [ 5. 13.]
    """
    x, y = as_tensor(input), as_tensor(other)
    scale = stop_gradient(maximum(abs_(x), abs_(y)))
    far = logical_or(isinf(x), isinf(y))  # an infinite side makes it infinite, whatever the other is
    scale = select(logical_and(scale > 0, logical_not(far)), scale, 1.0)
    return select(far, float("inf"), norm_of(square(x / scale) + square(y / scale), 2.0) * scale)


@method("deg2rad")
def deg2rad(x):
    """Degrees as radians: ``x * pi / 180``.

    Args:
        x (Tensor): any shape; floats.

    Returns:
        Tensor of the shape and type of ``x``.

    Raises:
        TypeError: ``x`` is not a Tensor of floats.

    >>> import minispore as ms
    >>> print(deg2rad(ms.Tensor([0.0, 180.0])))
    [0.        3.1415927]
    """
    return float_input("deg2rad", x, "x") * math.pi / 180.0


@method("rad2deg")
def rad2deg(x):
    """Radians as degrees: ``x * 180 / pi``.

    Args:
        x (Tensor): any shape; floats.

    Returns:
        Tensor of the shape and type of ``x``.

    Raises:
        TypeError: ``x`` is not a Tensor of floats.

    >>> import minispore as ms
    >>> print(rad2deg(ms.Tensor([0.0, 1.0])))
    [ 0.       57.295776]
    """
    return float_input("rad2deg", x, "x") * 180.0 / math.pi


@method("sinc")
def sinc(input):
    """Normalized sinc: ``sin(pi * input) / (pi * input)``, 1 at 0.

    Args:
        input (Tensor): any shape; numbers.

    Returns:
        Tensor of the shape of ``input``; its type, float32 for integers.

    >>> import minispore as ms
    >>> print(sinc(ms.Tensor([0.0, 0.5])))
    [1.         0.63661975]
    """
    x = (input if input.dtype.is_inexact else to(input, float32)) * math.pi
    zero = equal(x, 0)
    return select(zero, 1.0, sin(x) / select(zero, 1.0, x))


@method("heaviside")
@with_broadcast_docs
def heaviside(input, values):
    """Step function: 0 where ``input`` is negative, 1 where it is positive, ``values`` where it is 0.

    Args:
        input (Tensor): any shape; numbers.
        values (Tensor | number): a shape that broadcasts; numbers.

    {common}

    >>> import minispore as ms
    >>> print(heaviside(ms.Tensor([-2.0, 0.0, 3.0]), 0.5))
    [0.  0.5 1. ]
    """
    return select(equal(input, 0), values, to(input > 0, input.dtype))


@method("float_power")
def float_power(input, exponent):
    """Power in float64: ``input ** exponent``.

    Args:
        input (Tensor | number): any shape; numbers.
        exponent (Tensor | number): a shape that broadcasts; numbers.

    Returns:
        Tensor of the broadcast shape; float64, of complex numbers complex128.

    Raises:
        TypeError: neither is a Tensor.
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(float_power(ms.Tensor([1, 2, 3]), 2))
    [1. 4. 9.]
    """
    if not isinstance(input, Tensor) and not isinstance(exponent, Tensor):
        raise fail(TypeError, "For 'float_power', at least one of 'input' and 'exponent' must be a Tensor.")
    return pow_(_double(input), _double(exponent))


def _double(x):
    if isinstance(x, Tensor):
        return to(x, complex128 if x.dtype.is_complex else float64)
    return x if isinstance(x, complex) else float(x)


@method("copysign")
def copysign(x, other):
    """Magnitude of ``x`` with the sign of ``other``, which -0.0 has, too.

    Args:
        x (Tensor): any shape; numbers.
        other (Tensor | number): a shape that broadcasts; numbers.

    Returns:
        Tensor of the broadcast shape; the type of ``x``, float32 for integers.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(copysign(ms.Tensor([1.0, -2.0]), ms.Tensor([-3.0, 4.0])))
    [-1.  2.]
    """
    x = x if x.dtype.is_inexact else to(x, float32)
    y = as_tensor(other)
    below = less(y, 0)
    if y.dtype.is_float:  # -0.0 has a sign, too
        below = logical_or(below, logical_and(equal(y, 0), less(1.0 / y, 0)))
    return select(below, neg(abs_(x)), abs_(x))


@method("ldexp")
@with_broadcast_docs
def ldexp(x, other):
    """Product with a power of 2: ``x * 2 ** other``.

    Args:
        x (Tensor): any shape; numbers.
        other (Tensor): a shape that broadcasts; numbers.

    {quotient}

    >>> import minispore as ms
    >>> print(ldexp(ms.Tensor([1.0, 3.0]), ms.Tensor([2, 3])))
    [ 4. 24.]
    """
    floats = isinstance(other, Tensor) and other.dtype.is_float
    return mul(x, pow_(2.0 if floats else as_tensor(2.0), other))


@method("nan_to_num")
def nan_to_num(input, nan=None, posinf=None, neginf=None):
    """Replaces NaN and infinities.

    Args:
        input (Tensor): any shape; floats.
        nan (number): what NaN becomes; None for 0. Default: None.
        posinf (number): what +inf becomes; None for the largest finite number of the type. Default: None.
        neginf (number): what -inf becomes; None for the smallest finite number of the type. Default: None.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``input`` is not a Tensor of floats.

    >>> import minispore as ms
    >>> print(nan_to_num(ms.Tensor([float("nan"), 1.0, float("inf")]), nan=2.0, posinf=9.0))
    [2. 1. 9.]
    """
    import numpy as np

    x = float_input("nan_to_num", input)
    limits = np.finfo(x.dtype.np if x.dtype.np is not None else np.float32)
    high = float(limits.max) if posinf is None else posinf
    low = float(limits.min) if neginf is None else neginf
    finite = select(isinf(x), select(x > 0, literal(high, x.dtype), literal(low, x.dtype)), x)
    return select(isnan(x), literal(0.0 if nan is None else nan, x.dtype), finite)


@method("positive", operator="pos")
def positive(input):
    """The input itself: ``+input``.

    Args:
        input (Tensor): any shape; any type.

    Returns:
        Tensor: ``input`` itself.

    >>> import minispore as ms
    >>> print(positive(ms.Tensor([-1.0, 2.0])))
    [-1.  2.]
    """
    return input


@method("sgn")
def sgn(input):
    """Sign of each element: -1, 0 or 1.

    Args:
        input (Tensor): any shape; numbers.

    Returns:
        Tensor of the shape and type of ``input``.

    >>> import minispore as ms
    >>> print(sgn(ms.Tensor([-2.0, 0.0, 3.0])))
    [-1.  0.  1.]
    """
    return sign(input)


@method("fmax")
@with_broadcast_docs
def fmax(input, other):
    """Larger of the two; where one is NaN, the other.

    Args:
        input (Tensor | number): any shape; numbers.
        other (Tensor | number): a shape that broadcasts; numbers.

    {common}

    >>> import minispore as ms
    >>> print(fmax(ms.Tensor([1.0, float("nan")]), ms.Tensor([3.0, 4.0])))
    [3. 4.]
    """
    return _extreme(maximum, input, other)


@method("fmin")
@with_broadcast_docs
def fmin(input, other):
    """Smaller of the two; where one is NaN, the other.

    Args:
        input (Tensor | number): any shape; numbers.
        other (Tensor | number): a shape that broadcasts; numbers.

    {common}

    >>> import minispore as ms
    >>> print(fmin(ms.Tensor([1.0, float("nan")]), ms.Tensor([3.0, 4.0])))
    [1. 4.]
    """
    return _extreme(minimum, input, other)


def _extreme(op, x, y):
    x, y = numbers_as(x, y)
    if not any_float(x, y):
        return op(x, y)
    return select(isnan(x), y, select(isnan(y), x, op(x, y)))


__all__ = [
    "addcdiv", "addcmul", "addn", "copysign", "deg2rad", "float_power", "fmax", "fmin", "heaviside",
    "hypot", "ldexp", "lerp", "logaddexp", "logaddexp2", "nan_to_num", "positive", "rad2deg", "sgn", "sinc",
    "xdivy", "xlogy",
]  # fmt: skip
