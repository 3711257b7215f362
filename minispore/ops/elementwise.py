"""Elementwise ops: arithmetic, comparison, logic, mathematics, activations.  One expression and one gradient each."""

import numpy as np

from ..core.op import as_tensor, elementwise, to
from ..core.samples import away, b, f, i, positive, unit
from ..core.tensor import Tensor
from .methods import method

# ---------------------------------------------------------------- arithmetic
add = method("add", operator="add")(
    elementwise("add", "x + y", "x y", vjp=(lambda g, out, x, y: g, lambda g, out, x, y: g),
                samples=[(f(2, 3), f(2, 3)), (f(2, 3), f(3)), (f(2, 1), f(1, 3)), (f(), f(4))])
)  # fmt: skip
sub = method("sub", "subtract", operator="sub")(
    elementwise("sub", "x - y", "x y", vjp=(lambda g, out, x, y: g, lambda g, out, x, y: neg(g)),
                samples=[(f(2, 3), f(2, 3)), (f(2, 3), f(1, 3))])
)  # fmt: skip
mul = method("mul", "multiply", operator="mul")(
    elementwise("mul", "x * y", "x y", weak=True, vjp=(lambda g, out, x, y: g * y, lambda g, out, x, y: g * x),
                samples=[(f(2, 3), f(2, 3)), (f(2, 3), f(2, 1))])
)  # fmt: skip
true_div = elementwise(
    "true_div", "x / y", "x y", types="float", weak=True,
    vjp=(lambda g, out, x, y: g / y, lambda g, out, x, y: neg(g * out / y)),
    samples=[(f(2, 3), positive(2, 3)), (f(3), positive(2, 1))],
)  # fmt: skip
floor_div = method(operator="floordiv")(
    elementwise("floor_div", "floordiv(x, y)", "x y", samples=[(f(2, 3), away(2, 3)), (i(2, 3), i(3, lo=1))])
)
floor_mod = method("floor_mod", "remainder", operator="mod")(
    elementwise("floor_mod", "floormod(x, y)", "x y", smooth=False,
                vjp=(lambda g, out, x, y: g, lambda g, out, x, y: neg(g * floor_div(x, y))),
                samples=[(f(2, 3), away(2, 3)), (i(2, 3), i(3, lo=1))])
)  # fmt: skip
neg = method("neg", "negative", operator="neg")(
    elementwise("neg", "-x", vjp=lambda g, out, x: neg(g), samples=[(f(2, 3),), (i(3),)])
)
identity = method("_identity")(elementwise("identity", "x", vjp=lambda g, out, x: g, samples=[(f(2, 3),)]))
maximum = method("maximum")(
    elementwise("maximum", "maximum(x, y)", "x y", smooth=False,
                vjp=(lambda g, out, x, y: _larger_share(g, x, y), lambda g, out, x, y: _larger_share(g, y, x)),
                samples=[(f(2, 3), f(3)), (i(3), i(3))])
)  # fmt: skip
minimum = method("minimum")(
    elementwise("minimum", "minimum(x, y)", "x y", smooth=False,
                vjp=(lambda g, out, x, y: _larger_share(g, y, x), lambda g, out, x, y: _larger_share(g, x, y)),
                samples=[(f(2, 3), f(3)), (i(3), i(3))])
)  # fmt: skip


def _larger_share(g, x, y):
    """``g`` where x is the larger, half of it where they are equal."""
    return select(x > y, g, select(x == y, g * 0.5, 0.0))


_pow = elementwise(
    "pow", "pow(x, y)", "x y",
    vjp=(lambda g, out, x, y: g * y * _pow(x, y - 1), lambda g, out, x, y: g * out * log(select(x > 0, x, 1.0))),
    samples=[(positive(2, 3), f(2, 3)), (positive(3), f(3))],
)  # fmt: skip
atan2 = method("atan2", "arctan2")(
    elementwise("atan2", "atan2(x, y)", "x y", types="float",
                vjp=(lambda g, out, x, y: g * y / (x * x + y * y), lambda g, out, x, y: neg(g * x / (x * x + y * y))),
                samples=[(away(2, 3), away(2, 3))])
)  # fmt: skip


@method("pow", operator="pow")
def pow(input, exponent):
    """``input ** exponent``.  Small whole exponents become products.

    >>> import minispore as ms
    >>> print(pow(ms.Tensor([1.0, 2.0, 3.0]), 2))
    [1. 4. 9.]
    """
    if isinstance(exponent, (int, float)) and not isinstance(exponent, bool) and isinstance(input, Tensor):
        if (
            exponent in (1, 2, 3, 4)
            and (isinstance(exponent, int) or input.dtype.is_float)
            and input.dtype.name != "bool"
        ):
            x = input
            return {
                1: lambda: identity(x),
                2: lambda: square(x),
                3: lambda: square(x) * x,
                4: lambda: square(square(x)),
            }[int(exponent)]()
        if exponent == 0.5 and input.dtype.is_float:
            return sqrt(input)
    return _pow(input, exponent)


@method("div", "divide", "true_divide", operator="truediv")
def div(input, other, *, rounding_mode=None):
    """``input / other``; ``rounding_mode`` None, "floor" or "trunc".  Integers give float32.

    >>> import minispore as ms
    >>> print(div(ms.Tensor([4, 5]), 2))
    [2.  2.5]
    """
    if rounding_mode == "floor":
        return floor_div(input, other)
    if rounding_mode == "trunc":
        from .math import trunc_quotient

        return trunc_quotient(input, other)
    return true_div(input, other)


# ---------------------------------------------------------------- comparison and logic
def _compare(name, sign, *methods, operator):
    return method(*methods, operator=operator)(
        elementwise(name, f"x {sign} y", "x y", types="compare", samples=[(f(2, 3), f(3)), (i(3), i(3)), (b(3), b(3))])
    )


equal = _compare("equal", "==", "equal", "eq", operator="eq")
not_equal = _compare("not_equal", "!=", "not_equal", "ne", operator="ne")
less = _compare("less", "<", "less", "lt", operator="lt")
less_equal = _compare("less_equal", "<=", "less_equal", "le", operator="le")
greater = _compare("greater", ">", "greater", "gt", operator="gt")
greater_equal = _compare("greater_equal", ">=", "greater_equal", "ge", operator="ge")
logical_and = method("logical_and")(
    elementwise("logical_and", "x & y", "x y", types="logical", samples=[(b(2, 3), b(3))])
)
logical_or = method("logical_or")(elementwise("logical_or", "x | y", "x y", types="logical", samples=[(b(2, 3), b(3))]))
logical_xor = method("logical_xor")(
    elementwise("logical_xor", "x ^ y", "x y", types="logical", samples=[(b(2, 3), b(3))])
)
logical_not = method("logical_not")(elementwise("logical_not", "logical_not(x)", types="logical", samples=[(b(2, 3),)]))
bitwise_and = method("bitwise_and", operator="and")(
    elementwise("bitwise_and", "x & y", "x y", types="int", samples=[(i(2, 3), i(3)), (b(3), b(3))])
)
bitwise_or = method("bitwise_or", operator="or")(
    elementwise("bitwise_or", "x | y", "x y", types="int", samples=[(i(2, 3), i(3)), (b(3), b(3))])
)
bitwise_xor = method("bitwise_xor", operator="xor")(
    elementwise("bitwise_xor", "x ^ y", "x y", types="int", samples=[(i(2, 3), i(3))])
)
_invert = elementwise("invert", "invert(x)", types="int", samples=[(i(3),)])


@method("bitwise_not", "invert", operator="invert")
def invert(x):
    """Bitwise not; the logical one for bool."""
    return logical_not(x) if x.dtype.name == "bool" else _invert(x)


bitwise_not = invert
isnan = method("isnan")(elementwise("isnan", "isnan(x)", types="test", samples=[(f(3),)]))
isinf = method("isinf")(elementwise("isinf", "isinf(x)", types="test", samples=[(f(3),)]))


@method("isfinite")
def isfinite(x):
    """True where ``x`` is neither infinite nor NaN."""
    return logical_not(logical_or(isnan(x), isinf(x)))


select = elementwise(
    "select", "where(c, x, y)", "c x y", types="select",
    vjp=(None, lambda g, out, c, x, y: select(c, g, 0.0), lambda g, out, c, x, y: select(c, 0.0, g)),
    samples=[(b(2, 3), f(2, 3), f(3)), (b(3), f(2, 1), f())],
)  # fmt: skip


@method()
def where(condition, input, other):
    """``input`` where ``condition`` holds, else ``other``; the three broadcast.

    >>> import minispore as ms
    >>> x = ms.Tensor([-1.0, 2.0])
    >>> print(where(x > 0, x, 0.25))
    [0.25 2.  ]
    """
    return select(condition, input, other)


# ---------------------------------------------------------------- mathematics
def _unary(name, expression, vjp=None, sample=None, types="float", smooth=True, methods=()):
    samples = [(sample or f(2, 3),)]
    return method(name, *methods)(elementwise(name, expression, types=types, vjp=vjp, smooth=smooth, samples=samples))


exp = _unary("exp", "exp(x)", lambda g, out, x: g * out)
expm1 = _unary("expm1", "expm1(x)", lambda g, out, x: g * (out + 1.0))
exp2 = _unary("exp2", "exp2(x)", lambda g, out, x: g * out * float(np.log(2.0)))
log = _unary("log", "log(x)", lambda g, out, x: g / x, positive(2, 3))
log1p = _unary("log1p", "log1p(x)", lambda g, out, x: g / (x + 1.0), positive(2, 3))
log2 = _unary("log2", "log2(x)", lambda g, out, x: g / (x * float(np.log(2.0))), positive(2, 3))
log10 = _unary("log10", "log10(x)", lambda g, out, x: g / (x * float(np.log(10.0))), positive(2, 3))
sqrt = _unary("sqrt", "sqrt(x)", lambda g, out, x: g * 0.5 / out, positive(2, 3))
rsqrt = _unary("rsqrt", "1 / sqrt(x)", lambda g, out, x: g * -0.5 * out / x, positive(2, 3))
square = _unary("square", "x * x", lambda g, out, x: g * x * 2.0, types="same")
reciprocal = _unary("reciprocal", "1 / x", lambda g, out, x: neg(g * out * out), away(2, 3))
abs = method(operator="abs")(
    _unary("abs", "fabs(x)", lambda g, out, x: g * sign(x), away(2, 3), types="same", methods=("absolute",))
)
sign = _unary("sign", "sign(x)", sample=away(2, 3), types="same", vjp=lambda g, out, x: g * 0.0)
floor = _unary("floor", "floor(x)", sample=f(2, 3))
ceil = _unary("ceil", "ceil(x)", sample=f(2, 3))
trunc = _unary("trunc", "trunc(x)", sample=f(2, 3))
_rint = _unary("rint", "rint(x)", sample=f(2, 3))
sin = _unary("sin", "sin(x)", lambda g, out, x: g * cos(x))
cos = _unary("cos", "cos(x)", lambda g, out, x: neg(g * sin(x)))
tan = _unary("tan", "tan(x)", lambda g, out, x: g * (out * out + 1.0), unit(2, 3))
asin = _unary("asin", "asin(x)", lambda g, out, x: g * rsqrt(1.0 - x * x), unit(2, 3), methods=("arcsin",))
acos = _unary("acos", "acos(x)", lambda g, out, x: neg(g * rsqrt(1.0 - x * x)), unit(2, 3), methods=("arccos",))
atan = _unary("atan", "atan(x)", lambda g, out, x: g / (x * x + 1.0), methods=("arctan",))
sinh = _unary("sinh", "sinh(x)", lambda g, out, x: g * cosh(x))
cosh = _unary("cosh", "cosh(x)", lambda g, out, x: g * sinh(x))
tanh = _unary("tanh", "tanh(x)", lambda g, out, x: g * (1.0 - out * out))
asinh = _unary("asinh", "asinh(x)", lambda g, out, x: g * rsqrt(x * x + 1.0), methods=("arcsinh",))
acosh = _unary(
    "acosh", "acosh(x)", lambda g, out, x: g * rsqrt(x * x - 1.0), positive(2, 3, lo=1.2), methods=("arccosh",)
)
atanh = _unary("atanh", "atanh(x)", lambda g, out, x: g / (1.0 - x * x), unit(2, 3), methods=("arctanh",))
erf = _unary("erf", "erf(x)", lambda g, out, x: g * exp(neg(x * x)) * float(2.0 / np.sqrt(np.pi)))
erfc = _unary("erfc", "erfc(x)", lambda g, out, x: g * exp(neg(x * x)) * float(-2.0 / np.sqrt(np.pi)))
sigmoid = _unary("sigmoid", "sigmoid(x)", lambda g, out, x: g * out * (1.0 - out))
relu = _unary(
    "relu", "maximum(x, 0)", lambda g, out, x: select(out > 0, g, 0.0), away(2, 3), types="same", smooth=False
)


@method("round")
def round(input, *, decimals=0):
    """Nearest whole number, halves to even; ``decimals`` digits after the point.

    >>> import minispore as ms
    >>> print(round(ms.Tensor([0.5, 1.5, -0.7])))
    [ 0.  2. -1.]
    """
    if not input.dtype.is_float:
        return identity(input)
    if decimals:
        scale = 10.0**decimals
        return _rint(input * scale) / scale
    return _rint(input)


rint = _rint
negative, multiply, subtract, divide, absolute = neg, mul, sub, div, abs
eq, ne, lt, le, gt, ge = equal, not_equal, less, less_equal, greater, greater_equal
arcsin, arccos, arctan, arctan2, arcsinh, arccosh, arctanh = asin, acos, atan, atan2, asinh, acosh, atanh
remainder, inv, floor_divide, fmod_ = floor_mod, reciprocal, floor_div, floor_mod


@method()
def tensor_cast(input, dtype):
    """``input`` converted to ``dtype``."""
    from ..core.dtype import to_dtype

    return to(as_tensor(input), to_dtype(dtype))
