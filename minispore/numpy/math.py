"""Mathematics: elementwise functions, reductions over axes."""

import builtins
import functools
from numbers import Real
from typing import Any

import numpy as np

from .. import ops as _ops
from ..core import checks
from ..core.dtype import bool_, float16, float32, int32, to_dtype
from ..core.errors import fail
from ..core.forwarding import forwards
from ..core.op import to
from ..core.tensor import Tensor
from ..ops.arithmetic import trunc_quotient
from ..ops.elementwise import rint
from ..ops.movement import axis_of
from . import arrays
from .creation import asarray
from .tensors_only import TENSORS

ops: Any = _ops  # its functions are put together when it is imported


def _typed(x, dtype):
    return x if dtype is None else to(x, to_dtype(dtype))


# ---------------------------------------------------------------- elementwise
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


_OF_TENSORS = ("heaviside", "copysign", "logaddexp", "gcd", "lcm")


def _elementwise(name, call, count):
    numbers = name not in _OF_TENSORS

    def unary(x, dtype=None):
        return _typed(call(asarray(x)), dtype)

    def binary(x1, x2, dtype=None):
        # a number takes the type of the Tensor beside it, where the op has numbers
        first = x1 if numbers and isinstance(x1, (int, float)) and isinstance(x2, Tensor) else asarray(x1)
        second = x2 if numbers and isinstance(x2, (int, float)) and isinstance(first, Tensor) else asarray(x2)
        return _typed(call(first, second), dtype)

    function: Any = unary if count == 1 else binary
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


# ---------------------------------------------------------------- reductions over axes
def sum(a, axis=None, dtype=None, keepdims=False, initial=None):
    """The sum of elements.

    Args:
        a (Tensor | list | number): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        dtype (dtype | str): the type; by default that of ``a``, int64 for integers. Default: None.
        keepdims (bool): whether these axes stay, with length 1. Default: False.
        initial (number): what is added. Default: None.

    Returns:
        Tensor without these axes (or with length 1 there)

    >>> import minispore.numpy as mnp
    >>> print(mnp.sum(mnp.array([[1.0, 2.0], [3.0, 4.0]]), axis=1))
    [3. 7.]
    """
    checks.instance("sum", (Real, type(None), bool), initial=initial)
    out = ops.sum(asarray(a), axis, keepdims, dtype=dtype)
    return out if initial is None else out + initial


def mean(a, axis=None, keepdims=False, dtype=None):
    """The mean of elements; of whole numbers in float32.  Unlike MindSpore, a mean of whole numbers keeps its fraction.

    Args:
        a (Tensor | list | number): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        keepdims (bool): whether these axes stay, with length 1. Default: False.
        dtype (dtype | str): the type; by default that of ``a``, float32 for bool. Default: None.

    Returns:
        Tensor without these axes (or with length 1 there)

    >>> import minispore.numpy as mnp
    >>> print(mnp.mean([[1.0, 2.0], [3.0, 4.0]], axis=0))
    [2. 3.]
    """
    return _typed(ops.mean(asarray(a), axis, keepdims), dtype)


def std(x, axis=None, ddof=0, keepdims=False):
    """The standard deviation of elements.

    Args:
        x (Tensor | list | number): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        ddof (int): the number of elements less this is divided by. Default: 0.
        keepdims (bool): whether these axes stay, with length 1. Default: False.

    Returns:
        Tensor without these axes (or with length 1 there); floats.

    >>> import minispore.numpy as mnp
    >>> print(mnp.std([1.0, 3.0]))
    1.0
    """
    return ops.std(asarray(x), axis, ddof, keepdims)


def var(x, axis=None, ddof=0, keepdims=False):
    """The variance of elements.

    Args:
        x (Tensor | list | number): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        ddof (int): the number of elements less this is divided by. Default: 0.
        keepdims (bool): whether these axes stay, with length 1. Default: False.

    Returns:
        Tensor without these axes (or with length 1 there); floats.

    >>> import minispore.numpy as mnp
    >>> print(mnp.var([1.0, 5.0]))
    4.0
    """
    return ops.var(asarray(x), axis, ddof, keepdims)


def average(x, axis=None, weights=None, returned=False):
    """The weighted mean of elements.

    Args:
        x (Tensor): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        weights (Tensor): the shape of ``x``, or of its ``axis``; None for equal ones. Default: None.
        returned (bool): whether their sum is given too. Default: False.

    Returns:
        Tensor without the axes; floats; with ``returned`` a tuple with the sum of the weights.

    Raises:
        TypeError: ``x`` or ``weights`` is not a Tensor.
        ValueError: the shape of ``weights`` does not fit.

    >>> import minispore.numpy as mnp
    >>> print(mnp.average(mnp.array([1.0, 4.0]), weights=mnp.array([1.0, 2.0])))
    3.0
    """
    x = asarray(x)
    x = x if x.dtype.is_inexact else to(x, float32)
    if weights is None:
        out = ops.mean(x, axis)
        total = ops.full_like(out, x.size / builtins.max(out.size, 1))
    else:
        w = asarray(weights, x.dtype)
        if w.shape != x.shape:
            if axis is None or w.ndim != 1:
                raise fail(ValueError, f"For 'average', weights of shape {w.shape} do not fit {x.shape}.")
            a = axis_of("average", x.ndim, axis)
            w = ops.broadcast_to(ops.reshape(w, (-1,) + (1,) * (x.ndim - 1 - a)), x.shape)
        total = ops.sum(w, axis)
        out = ops.sum(x * w, axis) / total
    return (out, total) if returned else out


def _extreme(function, worst):
    def reduce(a, axis, keepdims, initial, where):
        x = asarray(a)
        checks.instance("amax" if worst is ops.maximum else "amin", (Real, type(None), bool), initial=initial)
        if where is not True:
            if initial is None:
                raise fail(ValueError, "For 'amax' and 'amin', 'where' needs 'initial'.")
            x = ops.where(asarray(where), x, initial)
        out = function(x, axis, keepdims)
        return out if initial is None else worst(out, initial)

    return reduce


_largest, _smallest = _extreme(ops.amax, ops.maximum), _extreme(ops.amin, ops.minimum)


def amax(a, axis=None, keepdims=False, initial=None, where=True):
    """The maximum of elements.

    Args:
        a (Tensor): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        keepdims (bool): whether these axes stay, with length 1. Default: False.
        initial (number): the result is at least this. Default: None.
        where (bool | Tensor): which elements count; with ``initial`` only. Default: True.

    Returns:
        Tensor without these axes (or with length 1 there); the type of ``a``.

    Raises:
        TypeError: ``a`` is not a Tensor.
        ValueError: ``where`` is given without ``initial``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.amax(mnp.array([[1.0, 3.0], [4.0, 2.0]]), axis=1))
    [3. 4.]
    """
    return _largest(a, axis, keepdims, initial, where)


def amin(a, axis=None, keepdims=False, initial=None, where=True):
    """The minimum of elements.

    Args:
        a (Tensor): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        keepdims (bool): whether these axes stay, with length 1. Default: False.
        initial (number): the result is at most this. Default: None.
        where (bool | Tensor): which elements count; with ``initial`` only. Default: True.

    Returns:
        Tensor without these axes (or with length 1 there); the type of ``a``.

    Raises:
        TypeError: ``a`` is not a Tensor.
        ValueError: ``where`` is given without ``initial``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.amin(mnp.array([[1.0, 3.0], [4.0, 2.0]]), axis=1))
    [1. 2.]
    """
    return _smallest(a, axis, keepdims, initial, where)


max, min = amax, amin


def ptp(x, axis=None, keepdims=False):
    """Maximum minus minimum.

    Args:
        x (Tensor): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        keepdims (bool): whether these axes stay, with length 1. Default: False.

    Returns:
        Tensor without these axes (or with length 1 there); the type of ``x``.

    Raises:
        TypeError: ``x`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.ptp(mnp.array([1.0, 5.0, 3.0])))
    4.0
    """
    return amax(x, axis, keepdims) - amin(x, axis, keepdims)


def argmax(a, axis=None):
    """The position of the first maximum.

    Args:
        a (Tensor | list | number): any shape; numbers.
        axis (int): along which axis; None for the flattened ``a``. Default: None.

    Returns:
        Tensor without the axis; int64.

    >>> import minispore.numpy as mnp
    >>> print(mnp.argmax([[1.0, 3.0], [4.0, 2.0]], axis=1))
    [1 0]
    """
    return ops.argmax(asarray(a), axis)


def argmin(a, axis=None):
    """The position of the first minimum.

    Args:
        a (Tensor | list | number): any shape; numbers.
        axis (int): along which axis; None for the flattened ``a``. Default: None.

    Returns:
        Tensor without the axis; int32.

    >>> import minispore.numpy as mnp
    >>> print(mnp.argmin([[1.0, 3.0], [4.0, 2.0]], axis=1))
    [0 1]
    """
    return ops.argmin(asarray(a), axis)


def count_nonzero(x, axis=None, keepdims=False):
    """How many elements are not 0.

    Args:
        x (Tensor): any shape; numbers or bool.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        keepdims (bool): whether these axes stay, with length 1. Default: False.

    Returns:
        Tensor without these axes (or with length 1 there); int32.

    Raises:
        AttributeError: ``x`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.count_nonzero(mnp.array([1, 0, 2])))
    2
    """
    return ops.count_nonzero(asarray(x), axis, keepdims)


def sometrue(a, axis=None, keepdims=False):
    """Whether some element is not 0.

    Args:
        a (Tensor | list | number): any shape; numbers or bool.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        keepdims (bool): whether these axes stay, with length 1. Default: False.

    Returns:
        Tensor without these axes (or with length 1 there); bool.

    >>> import minispore.numpy as mnp
    >>> print(mnp.sometrue([[0, 1], [0, 0]], axis=1))
    [ True False]
    """
    return ops.any(asarray(a), axis, keepdims)


def cumsum(a, axis=None, dtype=None):
    """Running sums.

    Args:
        a (Tensor): any shape; numbers.
        axis (int): along which axis; None for the flattened ``a``. Default: None.
        dtype (dtype | str): the type; by default that of ``a``. Default: None.

    Returns:
        Tensor of the shape of ``a``, or (n,).

    Raises:
        TypeError: ``a`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.cumsum(mnp.array([1, 2, 3])))
    [1 3 6]
    """
    return _running(ops.cumsum, a, axis, dtype)


def cumprod(a, axis=None, dtype=None):
    """Running products.

    Args:
        a (Tensor | list | number): any shape; numbers.
        axis (int): along which axis; None for the flattened ``a``. Default: None.
        dtype (dtype | str): the type; by default that of ``a``. Default: None.

    Returns:
        Tensor of the shape of ``a``, or (n,).

    >>> import minispore.numpy as mnp
    >>> print(mnp.cumprod([1, 2, 3]))
    [1 2 6]
    """
    return _running(ops.cumprod, a, axis, dtype)


def _running(function, a, axis, dtype):
    x = asarray(a)
    x = _typed(to(x, int32) if x.dtype is bool_ else x, dtype)
    return to(function(arrays.ravel(x) if axis is None else x, 0 if axis is None else axis), x.dtype)


def diff(a, n=1, axis=-1, prepend=None, append=None):
    """Differences of neighbours.

    Args:
        a (Tensor): at least one axis; numbers.
        n (int): how often. Default: 1.
        axis (int): along which axis. Default: -1.
        prepend (Tensor | list | number): put before ``a`` first. Default: None.
        append (Tensor | list | number): put behind ``a`` first. Default: None.

    Returns:
        Tensor whose axis is shorter by ``n``; the type of ``a``.  With ``n=0`` ``a`` itself, without the edges.

    Raises:
        TypeError: ``a`` is not a Tensor.
        ValueError: ``n`` is negative.

    >>> import minispore.numpy as mnp
    >>> print(mnp.diff(mnp.array([1, 3, 7])))
    [2 4]
    """
    x = asarray(a)
    if checks.non_negative_int("diff", n=n) == 0:
        return x
    edges = [None if e is None else asarray(e, x.dtype) for e in (prepend, append)]
    at = axis_of("diff", x.ndim, axis)
    one = x.shape[:at] + (1,) + x.shape[at + 1 :]
    return ops.diff(x, n, axis, *(e if e is None or e.ndim else ops.broadcast_to(e, one) for e in edges))


def ediff1d(ary, to_end=None, to_begin=None):
    """Differences of neighbours in the flattened ``ary``.

    Args:
        ary (Tensor): any shape; numbers.
        to_end (Tensor | list | number): what comes behind them. Default: None.
        to_begin (Tensor | list | number): what comes before them. Default: None.

    Returns:
        Tensor of one axis.

    Raises:
        TypeError: ``ary`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.ediff1d(mnp.array([1, 3, 7]), to_begin=0))
    [0 2 4]
    """
    made = [diff(arrays.ravel(ary))]
    if to_begin is not None:
        made.insert(0, arrays.ravel(to_begin))
    if to_end is not None:
        made.append(arrays.ravel(to_end))
    return arrays.concatenate(made)


def gradient(f, *varargs, axis=None, edge_order=1):
    """Slopes: central differences, one-sided at the ends.

    Args:
        f (Tensor | list): at least one axis; numbers.
        *varargs (number): the distance of two samples, for all axes or for each; 1 by default.
        axis (int | tuple[int]): along which axes; None for all. Default: None.
        edge_order (int): 1. Default: 1.

    Returns:
        Tensor of the shape of ``f``, floats; a list of them for several axes.

    Raises:
        ValueError: the distances do not fit the axes, an axis is too short, or ``edge_order`` is not 1.

    >>> import minispore.numpy as mnp
    >>> print(mnp.gradient([1.0, 2.0, 4.0, 7.0]))
    [1.  1.5 2.5 3. ]
    """
    x = asarray(f)
    x = x if x.dtype.is_inexact else to(x, float32)
    if edge_order != 1:
        raise fail(ValueError, f"For 'gradient', 'edge_order' must be 1, but got {edge_order}.")
    axes = range(x.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    axes = [axis_of("gradient", x.ndim, a) for a in axes]
    if len(varargs) not in (0, 1, len(axes)):
        raise fail(ValueError, f"For 'gradient', {len(varargs)} distances do not fit {len(axes)} axes.")
    steps = list(varargs or (1.0,)) * (1 if len(varargs) == len(axes) else len(axes))
    out = []
    for a, h in zip(axes, steps):
        n = x.shape[a]
        if n < 2:
            raise fail(ValueError, f"For 'gradient', an axis must have at least 2 elements, but got {x.shape}.")
        part = lambda begin, count, a=a: ops.narrow(x, a, begin, count)
        pieces = [part(1, 1) - part(0, 1)]
        if n > 2:
            pieces.append((part(2, n - 2) - part(0, n - 2)) * 0.5)
        pieces.append(part(n - 1, 1) - part(n - 2, 1))
        out.append(ops.concat(pieces, a) / h)
    return out[0] if len(out) == 1 else out


def trapz(y, x=None, dx=1.0, axis=-1):
    """The integral of samples by the trapezoid rule.

    Args:
        y (Tensor | list): at least one axis; numbers.
        x (Tensor | list): where the samples are. Default: None.
        dx (number): their distance, if ``x`` is not given. Default: 1.0.
        axis (int): along which axis. Default: -1.

    Returns:
        Tensor without the axis; floats.

    >>> import minispore.numpy as mnp
    >>> print(mnp.trapz([1.0, 2.0, 3.0]))
    4.0
    """
    y = asarray(y)
    y = y if y.dtype.is_inexact else to(y, float32)
    return ops.trapz(y, None if x is None else asarray(x), dx=dx, dim=axis)


def unwrap(p, discont=3.141592653589793, axis=-1):
    """Angles without jumps: whole turns are added where neighbours are too far apart.

    Args:
        p (Tensor | list): at least one axis; numbers, radians.
        discont (float): how far is too far. Default: 3.141592653589793.
        axis (int): along which axis. Default: -1.

    Returns:
        Tensor of the shape of ``p``; floats.

    >>> import minispore.numpy as mnp
    >>> print(mnp.unwrap([3.0, -3.0]))
    [3.        3.2831855]
    """
    p = asarray(p)
    p = p if p.dtype.is_inexact else to(p, float32)
    a, turn = axis_of("unwrap", p.ndim, axis), 2.0 * np.pi
    step = ops.diff(p, axis=a)
    inside = ops.floor_mod(step + np.pi, turn) - np.pi
    inside = ops.where(ops.logical_and(ops.equal(inside, -np.pi), step > 0), np.pi, inside)
    change = ops.where(ops.abs(step) < discont, 0.0, inside - step)
    rest = ops.narrow(p, a, 1, p.shape[a] - 1) + ops.cumsum(change, a)
    return ops.concat((ops.narrow(p, a, 0, 1), rest), a)


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
