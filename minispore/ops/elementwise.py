"""Elementwise ops: arithmetic, comparison, logic, mathematics, activations.  One expression and one gradient each."""

import numpy as np

from ..core import tree
from ..core.op import LOOPS_IN_PYTHON, as_tensor, elementwise, to
from ..core.samples import away, b, f, i, positive, unit
from ..core.tensor import Tensor
from .complex_parts import conjugated, real_of, real_part
from .methods import method

# ---------------------------------------------------------------- arithmetic
add = method("add", operator="add")(
    elementwise("add", "x + y", "x y", parameters="input other", doc="Sum", vjp=(lambda g, out, x, y: g, lambda g, out, x, y: g),
                samples=[(f(2, 3), f(2, 3)), (f(2, 3), f(3)), (f(2, 1), f(1, 3)), (f(), f(4))])
)  # fmt: skip
sub = method("sub", "subtract", operator="sub")(
    elementwise("sub", "x - y", "x y", parameters="input other", doc="Difference", vjp=(lambda g, out, x, y: g, lambda g, out, x, y: neg(g)),
                samples=[(f(2, 3), f(2, 3)), (f(2, 3), f(1, 3))])
)  # fmt: skip
mul = method("mul", "multiply", operator="mul")(
    elementwise("mul", "x * y", "x y", parameters="input other", doc="Product", weak=True, vjp=(lambda g, out, x, y: g * y, lambda g, out, x, y: g * x),
                samples=[(f(2, 3), f(2, 3)), (f(2, 3), f(2, 1))])
)  # fmt: skip
true_div = elementwise(
    "true_div", "x / y", "x y", parameters="input other", doc="Quotient", types="float", weak=True,
    vjp=(lambda g, out, x, y: g / y, lambda g, out, x, y: neg(g * out / y)),
    samples=[(f(2, 3), positive(2, 3)), (f(3), positive(2, 1))],
)  # fmt: skip
# A quotient by a number that is no variable.  Its gradient, which fusion computes for each element of what was summed, multiplies: divisions
# would take longer there than all the rest.
div_by_count = elementwise(
    "div_by_count", "x / n", "x n", types="float", weak=True, vjp=(lambda g, out, x, n: g * (1.0 / n), None)
)
floor_div = method(operator="floordiv")(
    elementwise(
        "floor_div",
        "floordiv(x, y)",
        "x y",
        parameters="x y",
        doc="Quotient, rounded down",
        samples=[(f(2, 3), away(2, 3)), (i(2, 3), i(3, lo=1))],
    )
)
floor_mod = method("floor_mod", "remainder", operator="mod")(
    elementwise("floor_mod", "floormod(x, y)", "x y", parameters="x y", doc="Remainder with the sign of ``y``", smooth=False,
                vjp=(lambda g, out, x, y: g, lambda g, out, x, y: neg(g * floor_div(x, y))),
                samples=[(f(2, 3), away(2, 3)), (i(2, 3), i(3, lo=1))])
)  # fmt: skip
neg = method("neg", "negative", operator="neg")(
    elementwise(
        "neg", "-x", parameters="input", doc="The negative", vjp=lambda g, out, x: neg(g), samples=[(f(2, 3),), (i(3),)]
    )
)
identity_op = elementwise("identity", "x", vjp=lambda g, out, x: g, samples=[(f(2, 3),)])


@method("_identity")
def identity(x):
    """A copy.

    Args:
        x (Tensor | tuple | list | dict | object): in a structure every Tensor is copied; what is no Tensor stays as it is.

    Returns:
        the same, of the same shapes and types.

    >>> import minispore as ms
    >>> print(identity(ms.Tensor([1.0])))
    [1.]
    """
    return tree.map_leaves(lambda t: identity_op(t) if isinstance(t, Tensor) else t, x)


maximum = method("maximum")(
    elementwise("maximum", "maximum(x, y)", "x y", parameters="input other", doc="The larger of the two, NaN if one is NaN", smooth=False,
                vjp=(lambda g, out, x, y: maximum_gradient(g, x, y), lambda g, out, x, y: maximum_gradient(g, y, x)),
                samples=[(f(2, 3), f(3)), (i(3), i(3))])
)  # fmt: skip
minimum = method("minimum")(
    elementwise("minimum", "minimum(x, y)", "x y", parameters="input other", doc="The smaller of the two, NaN if one is NaN", smooth=False,
                vjp=(lambda g, out, x, y: maximum_gradient(g, y, x), lambda g, out, x, y: maximum_gradient(g, x, y)),
                samples=[(f(2, 3), f(3)), (i(3), i(3))])
)  # fmt: skip


def maximum_gradient(g, x, y):
    """``g`` where x is the larger, half of it where they are equal; both have it where one is NaN."""
    return select(x < y, 0.0, select(x == y, g * 0.5, g))


def _base_gradient(g, out, x, y):
    """``g * y * x ** (y - 1)``; ``x ** 0`` is 1 at x = 0 and for NaN, too, so there its gradient is 0."""
    flat = logical_and(y == 0, logical_not(real_of(abs(x)) > 0))
    return select(flat, 0.0, g * y * _pow(select(flat, 1.0, x), y - 1))


def _exponent_gradient(g, out, x, y):
    """``g * x ** y * log(x)``: 0 for x = 0 and y >= 0, NaN for x < 0, where no real function has the values."""
    zero = logical_and(x == 0, real_of(y) >= 0)
    return select(zero, 0.0, g * out * log(select(zero, 1.0, x)))


_pow = elementwise(
    "pow", "pow(x, y)", "x y", vjp=(_base_gradient, _exponent_gradient),
    samples=[(positive(2, 3), f(2, 3)), (positive(3), f(3))],
)  # fmt: skip
atan2 = method("atan2", "arctan2")(
    elementwise("atan2", "atan2(x, y)", "x y", parameters="input other", doc="The angle of the point (other, input), in [-pi, pi]", types="float",
                vjp=(lambda g, out, x, y: _turned(g, y, x), lambda g, out, x, y: neg(_turned(g, x, y))),
                samples=[(away(2, 3), away(2, 3))])
)  # fmt: skip


def _turned(g, x, y):
    """``g * x / (x * x + y * y)``, safe from overflow and underflow; 0 at the point 0, which has no angle."""
    size = abs(x) + abs(y)
    none = size == 0
    size = select(none, 1.0, size)
    a, b = x / size, y / size
    return select(isinf(size), 0.0, g * a / select(none, 1.0, a * a + b * b) / size)


@method("pow", operator="pow")
def pow(input, exponent):
    """Power: ``input ** exponent``. Exponents 1 to 4 become products, 0.5 becomes a square root; an integer with a
    negative exponent loses its fraction.

    Args:
        input (Tensor | number): any shape; numbers.
        exponent (Tensor | number): a shape that broadcasts; numbers.

    Returns:
        Tensor of the broadcast shape; the common type of the inputs.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(pow(ms.Tensor([1.0, 2.0, 3.0]), 2))
    [1. 4. 9.]
    """
    if isinstance(exponent, (int, float)) and not isinstance(exponent, bool) and isinstance(input, Tensor):
        if (
            exponent in (1, 2, 3, 4)
            and (isinstance(exponent, int) or input.dtype.is_inexact)
            and input.dtype.name != "bool"
        ):
            x = input
            return {
                1: lambda: identity(x),
                2: lambda: square(x),
                3: lambda: square(x) * x,
                4: lambda: square(square(x)),
            }[int(exponent)]()
        if exponent == 0.5 and input.dtype.is_inexact:
            return sqrt(input)
    return _pow(input, exponent)


# ---------------------------------------------------------------- comparison and logic
def _compare(name, sign, *methods, operator):
    doc = f"Whether ``input {sign} other``"
    return method(*methods, operator=operator)(
        elementwise(
            name,
            f"x {sign} y",
            "x y",
            parameters="input other",
            doc=doc,
            types="compare",
            samples=[(f(2, 3), f(3)), (i(3), i(3)), (b(3), b(3))],
        )
    )


equal = _compare("equal", "==", "equal", "eq", operator="eq")
not_equal = _compare("not_equal", "!=", "not_equal", "ne", operator="ne")
less = _compare("less", "<", "less", "lt", operator="lt")
less_equal = _compare("less_equal", "<=", "less_equal", "le", operator="le")
greater = _compare("greater", ">", "greater", "gt", operator="gt")
greater_equal = _compare("greater_equal", ">=", "greater_equal", "ge", operator="ge")
logical_and = method("logical_and")(
    elementwise(
        "logical_and",
        "x & y",
        "x y",
        parameters="input other",
        doc="Whether both are true",
        types="logical",
        samples=[(b(2, 3), b(3))],
    )
)
logical_or = method("logical_or")(
    elementwise(
        "logical_or",
        "x | y",
        "x y",
        parameters="input other",
        doc="Whether one is true",
        types="logical",
        samples=[(b(2, 3), b(3))],
    )
)
logical_xor = method("logical_xor")(
    elementwise(
        "logical_xor",
        "x ^ y",
        "x y",
        parameters="input other",
        doc="Whether exactly one is true",
        types="logical",
        samples=[(b(2, 3), b(3))],
    )
)
logical_not = method("logical_not", operator="invert")(
    elementwise(
        "logical_not",
        "logical_not(x)",
        parameters="input",
        doc="Whether it is false",
        types="logical",
        samples=[(b(2, 3),)],
    )
)
bitwise_and = method("bitwise_and", operator="and")(
    elementwise(
        "bitwise_and",
        "x & y",
        "x y",
        parameters="input other",
        doc="Bitwise and",
        types="int",
        samples=[(i(2, 3), i(3)), (b(3), b(3))],
    )
)
bitwise_or = method("bitwise_or", operator="or")(
    elementwise(
        "bitwise_or",
        "x | y",
        "x y",
        parameters="input other",
        doc="Bitwise or",
        types="int",
        samples=[(i(2, 3), i(3)), (b(3), b(3))],
    )
)
bitwise_xor = method("bitwise_xor", operator="xor")(
    elementwise(
        "bitwise_xor",
        "x ^ y",
        "x y",
        parameters="input other",
        doc="Bitwise exclusive or",
        types="int",
        samples=[(i(2, 3), i(3))],
    )
)
_invert = elementwise("invert", "invert(x)", types="int", samples=[(i(3),)])


@method("bitwise_not", "invert")
def invert(x):
    """Bitwise not; the logical one for bool.

    Args:
        x (Tensor): any shape; integers or bool.

    Returns:
        Tensor of the shape and type of ``x``. It has no gradient.

    Raises:
        TypeError: ``x`` holds floats.

    >>> import minispore as ms
    >>> print(invert(ms.Tensor([0, 5])))
    [-1 -6]
    """
    return logical_not(x) if x.dtype.name == "bool" else _invert(x)


bitwise_not = invert
isnan = method("isnan")(
    elementwise("isnan", "isnan(x)", parameters="input", doc="Whether it is NaN", types="test", samples=[(f(3),)])
)
isinf = method("isinf")(
    elementwise("isinf", "isinf(x)", parameters="input", doc="Whether it is infinite", types="test", samples=[(f(3),)])
)


@method("isfinite")
def isfinite(input):
    """Where ``input`` is neither infinite nor NaN.

    Args:
        input (Tensor): any shape; numbers.

    Returns:
        Tensor of the shape of ``input``; bool.

    >>> import minispore as ms
    >>> print(isfinite(ms.Tensor([1.0, float("inf"), float("nan")])))
    [ True False False]
    """
    return logical_not(logical_or(isnan(input), isinf(input)))


select = elementwise(
    "select", "where(c, x, y)", "c x y", parameters="condition input other", doc="``input`` where ``condition`` holds, else ``other``", types="select",
    vjp=(None, lambda g, out, c, x, y: select(c, g, 0.0), lambda g, out, c, x, y: select(c, 0.0, g)),
    samples=[(b(2, 3), f(2, 3), f(3)), (b(3), f(2, 1), f())],
)  # fmt: skip


@method()
def where(condition, input, other):
    """Chooses elements: ``input`` where ``condition`` holds, else ``other``.

    Args:
        condition (Tensor): any shape; taken as bool.
        input (Tensor | number): a shape that broadcasts; numbers.
        other (Tensor | number): a shape that broadcasts; numbers.

    Returns:
        Tensor of the broadcast shape; the common type of ``input`` and ``other``.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> x = ms.Tensor([-1.0, 2.0])
    >>> print(where(x > 0, x, 0.25))
    [0.25 2.  ]
    """
    return select(condition, input, other)


# ---------------------------------------------------------------- mathematics
def _unary(name, expression, sample=None, types="float", methods=(), parameters="input", **more):
    """A function of one Tensor, which is a method of Tensor too."""
    samples = [(sample or f(2, 3),)]
    return method(name, *methods)(
        elementwise(name, expression, types=types, samples=samples, parameters=parameters, **more)
    )


exp = _unary("exp", "exp(x)", doc="The exponential function", vjp=lambda g, out, x: g * out)
expm1 = _unary(
    "expm1", "expm1(x)", doc="``exp(input) - 1``, exact for small inputs", vjp=lambda g, out, x: g * (out + 1.0)
)
exp2 = _unary("exp2", "exp2(x)", doc="2 to the power of the input", vjp=lambda g, out, x: g * out * float(np.log(2.0)))
log = _unary(
    "log",
    "log(x)",
    doc="The natural logarithm; NaN below 0, -inf at 0",
    vjp=lambda g, out, x: g / x,
    sample=positive(2, 3),
)
log1p = _unary(
    "log1p",
    "log1p(x)",
    doc="``log(1 + input)``, exact for small inputs",
    vjp=lambda g, out, x: g / (x + 1.0),
    sample=positive(2, 3),
)
log2 = _unary(
    "log2",
    "log2(x)",
    doc="The logarithm to base 2",
    vjp=lambda g, out, x: g / (x * float(np.log(2.0))),
    sample=positive(2, 3),
)
log10 = _unary(
    "log10",
    "log10(x)",
    doc="The logarithm to base 10",
    vjp=lambda g, out, x: g / (x * float(np.log(10.0))),
    sample=positive(2, 3),
)
sqrt = _unary(
    "sqrt",
    "sqrt(x)",
    parameters="x",
    doc="The square root; NaN below 0",
    vjp=lambda g, out, x: g * 0.5 / out,
    sample=positive(2, 3),
)
rsqrt = _unary(
    "rsqrt",
    "1 / sqrt(x)",
    doc="One over the square root",
    vjp=lambda g, out, x: g * -0.5 * out / x,
    sample=positive(2, 3),
)
square = _unary("square", "x * x", doc="The square", vjp=lambda g, out, x: g * x * 2.0, types="same")
reciprocal = _unary(
    "reciprocal", "1 / x", doc="One over the input", vjp=lambda g, out, x: neg(g * out * out), sample=away(2, 3)
)
abs = method(operator="abs")(
    _unary(
        "abs",
        "fabs(x)",
        doc="The absolute value",
        vjp=lambda g, out, x: real_part(g) * sign(x) if x.dtype.is_complex else g * sign(x),
        sample=away(2, 3),
        types="same",
        methods=("absolute",),
        holomorphic=False,
    )
)
sign = _unary(
    "sign", "sign(x)", doc="The sign: -1, 0 or 1", sample=away(2, 3), types="same", vjp=lambda g, out, x: None
)
floor = _unary("floor", "floor(x)", doc="Rounds down to a whole number", sample=f(2, 3))
ceil = _unary("ceil", "ceil(x)", doc="Rounds up to a whole number", sample=f(2, 3))
_trunc = _unary("trunc", "trunc(x)", doc="Rounds towards 0 to a whole number", sample=f(2, 3))
rint = _unary("rint", "rint(x)", doc="Rounds to the nearest whole number, halves to even", sample=f(2, 3))
sin = _unary("sin", "sin(x)", doc="The sine", vjp=lambda g, out, x: g * cos(x))
cos = _unary("cos", "cos(x)", doc="The cosine", vjp=lambda g, out, x: neg(g * sin(x)))
tan = _unary("tan", "tan(x)", doc="The tangent", vjp=lambda g, out, x: g * (out * out + 1.0), sample=unit(2, 3))
asin = _unary(
    "asin",
    "asin(x)",
    doc="The inverse sine, in [-pi/2, pi/2]",
    vjp=lambda g, out, x: g * rsqrt(1.0 - x * x),
    sample=unit(2, 3),
    methods=("arcsin",),
)
acos = _unary(
    "acos",
    "acos(x)",
    doc="The inverse cosine, in [0, pi]",
    vjp=lambda g, out, x: neg(g * rsqrt(1.0 - x * x)),
    sample=unit(2, 3),
    methods=("arccos",),
)
atan = _unary(
    "atan",
    "atan(x)",
    doc="The inverse tangent, in [-pi/2, pi/2]",
    vjp=lambda g, out, x: g / (x * x + 1.0),
    methods=("arctan",),
)
sinh = _unary("sinh", "sinh(x)", doc="The hyperbolic sine", vjp=lambda g, out, x: g * cosh(x))
cosh = _unary("cosh", "cosh(x)", doc="The hyperbolic cosine", vjp=lambda g, out, x: g * sinh(x))
tanh = _unary("tanh", "tanh(x)", doc="The hyperbolic tangent", vjp=lambda g, out, x: g * (1.0 - out * out))
asinh = _unary(
    "asinh",
    "asinh(x)",
    doc="The inverse hyperbolic sine",
    vjp=lambda g, out, x: g * rsqrt(x * x + 1.0),
    methods=("arcsinh",),
)
acosh = _unary(
    "acosh",
    "acosh(x)",
    doc="The inverse hyperbolic cosine; NaN below 1",
    vjp=lambda g, out, x: g * (rsqrt(x - 1.0) * rsqrt(x + 1.0) if x.dtype.is_complex else rsqrt(x * x - 1.0)),
    sample=positive(2, 3, lo=1.2),
    methods=("arccosh",),
)
atanh = _unary(
    "atanh",
    "atanh(x)",
    doc="The inverse hyperbolic tangent; NaN outside [-1, 1]",
    vjp=lambda g, out, x: g / (1.0 - x * x),
    sample=unit(2, 3),
    methods=("arctanh",),
)
erf = _unary(
    "erf",
    "erf(x)",
    compiled_from=LOOPS_IN_PYTHON,
    doc="The error function",
    vjp=lambda g, out, x: g * exp(neg(x * x)) * float(2.0 / np.sqrt(np.pi)),
)
erfc = _unary(
    "erfc",
    "erfc(x)",
    compiled_from=LOOPS_IN_PYTHON,
    doc="The complementary error function, ``1 - erf(input)``",
    vjp=lambda g, out, x: g * exp(neg(x * x)) * float(-2.0 / np.sqrt(np.pi)),
)
sigmoid = _unary(
    "sigmoid",
    "sigmoid(x)",
    doc="The logistic function, ``1 / (1 + exp(-input))``",
    vjp=lambda g, out, x: g * out * (1.0 - out),
)
relu = _unary(
    "relu",
    "maximum(x, 0)",
    doc="The rectified linear unit",
    vjp=lambda g, out, x: select(out > 0, g, 0.0),
    sample=away(2, 3),
    types="same",
    smooth=False,
)


def norm_of(total, p: float):
    """The norm from the sum of the p-th powers, with gradient 0 where that sum is 0."""
    none = equal(total, 0.0)
    root = select(none, 1.0, total)
    return select(none, 0.0, sqrt(root) if p == 2 else pow(root, 1.0 / p))


@method("trunc")
def trunc(input):
    """Rounds towards 0 to a whole number; integers are returned as they are.

    Args:
        input (Tensor): any shape; numbers.

    Returns:
        Tensor of the shape and type of ``input``. It has no gradient.

    >>> import minispore as ms
    >>> print(trunc(ms.Tensor([1.7, -1.7])), trunc(ms.Tensor([3])))
    [ 1. -1.] [3]
    """
    return _trunc(input) if as_tensor(input).dtype.is_inexact else identity(input)


@method("round", operator="round")
def round(input, *, decimals=0):
    """Rounds to the nearest whole number, halves to even; integers are returned as they are.

    Args:
        input (Tensor): any shape; numbers.
        decimals (int): digits kept after the point; negative ones round before it. Default: 0.

    Returns:
        Tensor of the shape and type of ``input``. It has no gradient.

    >>> import minispore as ms
    >>> print(round(ms.Tensor([0.5, 1.5, -0.7])), round(ms.Tensor([1.26]), decimals=1))
    [ 0.  2. -1.] [1.3]
    """
    if not input.dtype.is_inexact:
        return identity(input)
    if decimals:
        scale = 10.0**decimals
        return rint(input * scale) / scale
    return rint(input)


def subtract(input, other, *, alpha=1):
    """``input - alpha * other``.

    Args:
        input (Tensor | number): any shape.
        other (Tensor | number): of a shape that broadcasts.
        alpha (number): the factor of ``other``. Default: 1.

    Returns:
        Tensor of the common shape and type.

    >>> import minispore as ms
    >>> print(subtract(ms.Tensor([4.0, 5.0]), ms.Tensor([1.0, 2.0]), alpha=2))
    [2. 1.]
    """
    return sub(input, other if alpha == 1 else other * alpha)


def squared_magnitude(x):
    """``|x| ** 2`` in the type of ``x``; for real numbers the square."""
    return x * conjugated(x) if x.dtype.is_complex else square(x)


negative, multiply, absolute = neg, mul, abs
eq, ne, lt, le, gt, ge = equal, not_equal, less, less_equal, greater, greater_equal
arccos, arctan, arctan2, arcsinh, arccosh, arctanh = acos, atan, atan2, asinh, acosh, atanh


@method()
def tensor_cast(input, dtype):
    """``input`` converted to ``dtype``."""
    from ..core.dtype import to_dtype

    return to(as_tensor(input), to_dtype(dtype))


__all__ = [
    "abs", "absolute", "acos", "acosh", "add", "arccos", "arccosh", "arcsinh", "arctan", "arctan2",
    "arctanh", "asin", "asinh", "atan", "atan2", "atanh", "bitwise_and", "bitwise_or", "bitwise_xor", "ceil", "cos",
    "cosh", "eq", "equal", "erf", "erfc", "exp", "exp2", "expm1", "floor", "floor_div",
    "floor_mod", "ge", "greater", "greater_equal", "gt", "identity", "invert", "isfinite",
    "isinf", "isnan", "le", "less", "less_equal", "log", "log10", "log1p", "log2", "logical_and", "logical_not",
    "logical_or", "logical_xor", "lt", "maximum", "minimum", "mul", "multiply", "ne", "neg", "negative",
    "not_equal", "pow", "reciprocal", "round", "rsqrt", "select", "sigmoid", "sign", "sin",
    "sinh", "sqrt", "square", "sub", "subtract", "tan", "tanh", "trunc", "where",
]  # fmt: skip
