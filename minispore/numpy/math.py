"""Elementwise mathematics, rounding and comparisons."""

import functools
from typing import Any

from .. import ops as _ops
from ..core.dtype import float16, float32, to_dtype
from ..core.errors import fail
from ..core.forwarding import forwards
from ..core.op import to
from ..core.tensor import Tensor
from ..ops.elementwise import rint
from ..ops.quotients import trunc_quotient
from .creation import asarray
from .tensors_only import TENSORS

ops: Any = _ops  # its functions are put together when it is imported


def _typed(x, dtype):
    return x if dtype is None else to(x, to_dtype(dtype))


def _cbrt(x):
    """The cube root, also of negative numbers.

    Args:
        x (Tensor): any shape; numbers.

    Returns:
        Tensor of the shape of ``x``; floats.

    >>> import minispore as ms
    >>> print(_cbrt(ms.Tensor([-8.0, 8.0])))
    [-2.  2.]
    """
    return ops.sign(x) * ops.pow(ops.abs(x), 1.0 / 3.0)


def _trunc(x):
    """Rounds towards 0 to a whole number.

    Args:
        x (Tensor): any shape; numbers.

    Returns:
        Tensor of the shape of ``x``; float16 and float32 as they are, else float32.

    >>> import minispore as ms
    >>> print(_trunc(ms.Tensor([1.7, -1.7])), _trunc(ms.Tensor([3])))
    [ 1. -1.] [3.]
    """
    return ops.trunc(x) if x.dtype is float16 else to(ops.trunc(x), float32)


def _float_power(x, y):
    """The power, in float32.

    Args:
        x (Tensor): any shape; numbers.
        y (Tensor): a shape that broadcasts; numbers.

    Returns:
        Tensor of the broadcast shape; float32.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(_float_power(ms.Tensor([1, 2, 3]), ms.Tensor([2])))
    [1. 4. 9.]
    """
    return ops.pow(to(x, float32), to(y, float32))


def _converted(call, function, returns):
    """``call`` with the docstring of ``function``, but for what it returns."""
    made: Any = functools.wraps(function)(lambda x: call(x))
    made.returns = returns
    return made


def _in_floats(function):
    """``function`` of floats; whole numbers are taken as float32."""
    returns = "Tensor of the shape of ``x``; floats as they are, else float32."
    return _converted(lambda x: function(x if x.dtype.is_inexact else to(x, float32)), function, returns)


def _float32_of(function):
    """``function`` with the result in float32."""
    return _converted(lambda x: to(function(x), float32), function, "Tensor of the shape of ``x``; float32.")


def _in_type(function):
    """``function`` of floats; the results for whole numbers are cut to their type."""
    return _converted(lambda x: to(function(x), x.dtype), function, "Tensor of the shape and type of ``x``, cut to it.")


def _whole_or(function):
    """``function`` of floats; whole numbers are what they are."""
    return functools.wraps(function)(lambda x: function(x) if x.dtype.is_float else x)


_TAKEN = dict.fromkeys(("Tensor", "Tensor, number", "Tensor | number"), "Tensor | list | number")


# name: what computes it; signature (x, dtype=None)
_UNARY: dict[str, Any] = {
    **{name: getattr(ops, name) for name in (
        "abs", "square", "sqrt", "exp", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "sinh",
        "cosh", "tanh", "isnan", "isinf", "isfinite", "logical_not", "invert", "positive",
        "signbit")},
    "absolute": ops.abs, "fabs": ops.abs, "negative": ops.neg, "bitwise_not": ops.invert,
    **dict.fromkeys(("deg2rad", "radians"), _in_floats(ops.deg2rad)), "rad2deg": _in_floats(ops.rad2deg),
    "arccos": ops.acos, "arcsin": ops.asin, "arctan": ops.atan, "arccosh": ops.acosh, "arcsinh": ops.asinh,
    "arctanh": ops.atanh, "cbrt": _cbrt, "ceil": _float32_of(ops.ceil), "floor": _whole_or(ops.floor),
    "trunc": _trunc, "rint": _whole_or(rint), "sign": _in_floats(ops.sign), "exp2": _in_type(ops.exp2),
    "reciprocal": functools.wraps(ops.reciprocal)(
        lambda x: ops.reciprocal(x) if x.dtype.is_float else trunc_quotient(1, x)),
}  # fmt: skip
# signature (x1, x2, dtype=None)
_BINARY: dict[str, Any] = {
    **{name: getattr(ops, name) for name in (
        "add", "maximum", "minimum", "fmod", "floor_divide", "hypot", "logaddexp", "logaddexp2", "copysign", "equal",
        "not_equal", "less", "less_equal", "greater", "greater_equal", "logical_and", "logical_or", "logical_xor",
        "bitwise_and", "bitwise_or", "bitwise_xor", "heaviside", "gcd", "lcm", "matmul")}, "float_power": _float_power,
    "subtract": ops.sub, "multiply": ops.mul, "divide": ops.div, "true_divide": ops.div, "power": ops.pow,
    "mod": ops.floor_mod, "remainder": ops.floor_mod, "arctan2": ops.atan2,
}  # fmt: skip


_FIRST = {
    "arccos": "input",
    "logical_not": "a",
    "negative": "a",
    "positive": "a",
}  # MindSpore's names, where they are not x
_OF_TENSORS = ("heaviside", "copysign", "logaddexp", "gcd", "lcm")


def _elementwise(name, call, count):
    numbers = name not in _OF_TENSORS

    def unary(x, dtype=None):
        return _typed(call(asarray(x)), dtype)

    def unary_of_a(a, dtype=None):
        return unary(a, dtype)

    def unary_of_input(input, dtype=None):
        return unary(input, dtype)

    def binary(x1, x2, dtype=None):
        # a number takes the type of the Tensor beside it, where the op has numbers
        first = x1 if numbers and isinstance(x1, (int, float)) and isinstance(x2, Tensor) else asarray(x1)
        second = x2 if numbers and isinstance(x2, (int, float)) and isinstance(first, Tensor) else asarray(x2)
        return _typed(call(first, second), dtype)

    first_name = _FIRST.get(name, "x")
    unaries = {"x": unary, "a": unary_of_a, "input": unary_of_input}
    function: Any = unaries[first_name] if count == 1 else binary
    function.__name__ = function.__qualname__ = name
    function.__module__ = __name__
    dtype = "(dtype | str): the type of the result; None: the computed one."
    quotient = f">>> import minispore as ms\n>>> print({name}(ms.Tensor([1, 3]), 2))\n[0.5 1.5]"
    example = quotient if call is ops.div else ""  # that of ops.div is of an argument that is none here
    args, returns = {"dtype": dtype}, ""
    if hasattr(call, "__wrapped__"):  # whole numbers are not computed in floats
        args["x"] = f"({'Tensor' if name in TENSORS else 'Tensor | list | number'}): any shape; numbers."
        returns = getattr(call, "returns", "Tensor of the shape and type of ``x``.")
    types = dict.fromkeys(_TAKEN, "Tensor") if name in TENSORS else _TAKEN
    return forwards(call, args=args, named={"dtype": ""}, types=types, example=example, returns=returns)(function)


for _count, _table in ((1, _UNARY), (2, _BINARY)):
    for _name, _call in _table.items():
        globals()[_name] = _elementwise(_name, _call, _count)


def divmod(x1, x2, dtype=None):
    """Quotient, rounded down, and remainder.

    Args:
        x1 (Tensor | list | number): any shape; numbers.
        x2 (Tensor | list | number): a shape that broadcasts against ``x1``; numbers.
        dtype (dtype | str): the type; by default the common one. Default: None.

    Returns:
        tuple of two Tensors of the broadcast shape.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.divmod([7, -7], 2))
    [ 3 -4] [1 1]
    """
    x1, x2 = asarray(x1), asarray(x2)
    return _typed(ops.floor_div(x1, x2), dtype), _typed(ops.floor_mod(x1, x2), dtype)


def clip(x, xmin, xmax, dtype=None):
    """``x`` kept inside [xmin, xmax].

    Args:
        x (Tensor | list | number): any shape; numbers.
        xmin (Tensor | number | None): the lower bound; a shape that broadcasts.
        xmax (Tensor | number | None): the upper bound; a shape that broadcasts.
        dtype (dtype | str): the type; by default the common one. Default: None.

    Returns:
        Tensor of the broadcast shape.

    Raises:
        ValueError: neither bound is given.

    >>> import minispore.numpy as mnp
    >>> print(mnp.clip([1, 5, 9], 2, 8))
    [2 5 8]
    """
    if xmin is None and xmax is None:
        raise fail(ValueError, "For 'clip', one of 'xmin' and 'xmax' must be given.")
    return _typed(ops.clamp(asarray(x), xmin, xmax), dtype)


def around(a, decimals=0):
    """``a`` rounded to some decimals, halves to even.

    Args:
        a (Tensor | list | number): any shape; numbers.
        decimals (int): how many. Default: 0.

    Returns:
        Tensor of the shape and type of ``a``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.around([0.5, 1.5, 2.26]))
    [0. 2. 2.]
    """
    return ops.round(asarray(a), decimals=decimals)


round = around


def fix(x):
    """``x`` rounded towards 0.

    Args:
        x (Tensor): any shape; numbers.

    Returns:
        Tensor of the shape of ``x``; floats.

    Raises:
        TypeError: ``x`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.fix(mnp.array([-1.7, 1.7])))
    [-1.  1.]
    """
    x = asarray(x)
    return ops.trunc(x if x.dtype.is_inexact else to(x, float32))


def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Where ``|a - b| <= atol + rtol * |b|``.

    Args:
        a (Tensor | list | number): any shape; numbers.
        b (Tensor | list | number): a shape that broadcasts against ``a``; numbers.
        rtol (float): the relative tolerance. Default: 1e-05.
        atol (float): the absolute tolerance. Default: 1e-08.
        equal_nan (bool): whether NaN is close to NaN. Default: False.

    Returns:
        Tensor of the broadcast shape; bool.

    >>> import minispore.numpy as mnp
    >>> print(mnp.isclose([1.0, 2.0], [1.0, 2.1]))
    [ True False]
    """
    return ops.isclose(asarray(a), asarray(b), rtol, atol, equal_nan)


def isneginf(x):
    """Where ``x`` is -inf.

    Args:
        x (Tensor): any shape; numbers.

    Returns:
        Tensor of the shape of ``x``; bool.

    Raises:
        TypeError: ``x`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.isneginf(mnp.array([-mnp.inf, mnp.inf])))
    [ True False]
    """
    return ops.isneginf(asarray(x))


def isposinf(x):
    """Where ``x`` is +inf.

    Args:
        x (Tensor): any shape; numbers.

    Returns:
        Tensor of the shape of ``x``; bool.

    Raises:
        TypeError: ``x`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.isposinf(mnp.array([-mnp.inf, mnp.inf])))
    [False  True]
    """
    return ops.isposinf(asarray(x))


def array_equal(a1, a2, equal_nan=False):
    """Whether shapes and elements are equal.

    Args:
        a1 (Tensor | list | number): any shape; numbers.
        a2 (Tensor | list | number): any shape; numbers.
        equal_nan (bool): whether NaN equals NaN. Default: False.

    Returns:
        Tensor of shape (); bool.

    >>> import minispore.numpy as mnp
    >>> print(mnp.array_equal([1, 2], [1, 2]))
    True
    """
    x, y = asarray(a1), asarray(a2)
    if x.shape != y.shape:
        return asarray(False)
    same = ops.equal(x, y)
    both = ops.logical_and(ops.isnan(x), ops.isnan(y)) if equal_nan else None
    return ops.all(same if both is None else ops.logical_or(same, both))


def array_equiv(a1, a2):
    """Whether all elements are equal after broadcasting.

    Args:
        a1 (Tensor | list | number): any shape; numbers.
        a2 (Tensor | list | number): any shape; numbers.

    Returns:
        Tensor of shape (); bool.

    >>> import minispore.numpy as mnp
    >>> print(mnp.array_equiv([1, 1], 1))
    True
    """
    x, y = asarray(a1), asarray(a2)
    try:
        return ops.all(ops.equal(x, y))
    except ValueError:
        return asarray(False)


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
