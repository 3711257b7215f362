"""Mathematics: elementwise functions, reductions over axes, products of matrices and vectors, polynomials."""

import builtins
import functools
from typing import Any

import numpy as np

from .. import ops as _ops
from ..core.dtype import float32, promote, to_dtype
from ..core.errors import fail
from ..core.forwarding import forwards
from ..core.op import fixed, to
from ..core.tensor import Tensor
from ..ops.arithmetic import trunc_quotient
from ..ops.elementwise import rint
from ..ops.movement import axis_of
from . import arrays
from .creation import asarray

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


def _whole_or(function):
    """``function`` of floats; whole numbers are what they are."""
    return functools.wraps(function)(lambda x: function(x) if x.dtype.is_float else x)


_TAKEN = dict.fromkeys(("Tensor", "Tensor, number", "Tensor | number"), "Tensor | list | number")


# name: what computes it; signature (x, dtype=None)
_UNARY: dict[str, Any] = {
    **{name: getattr(ops, name) for name in (
        "abs", "square", "sqrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "sinh",
        "cosh", "tanh", "deg2rad", "rad2deg", "isnan", "isinf", "isfinite", "logical_not", "invert", "positive",
        "signbit")},
    "absolute": ops.abs, "fabs": ops.abs, "negative": ops.neg, "bitwise_not": ops.invert, "radians": ops.deg2rad,
    "arccos": ops.acos, "arcsin": ops.asin, "arctan": ops.atan, "arccosh": ops.acosh, "arcsinh": ops.asinh,
    "arctanh": ops.atanh, "cbrt": _cbrt, "ceil": _whole_or(ops.ceil), "floor": _whole_or(ops.floor),
    "trunc": _whole_or(ops.trunc), "rint": _whole_or(rint), "sign": ops.sign,
    "reciprocal": functools.wraps(ops.reciprocal)(
        lambda x: ops.reciprocal(x) if x.dtype.is_float else trunc_quotient(1, x)),
}  # fmt: skip
# signature (x1, x2, dtype=None)
_BINARY: dict[str, Any] = {
    **{name: getattr(ops, name) for name in (
        "add", "maximum", "minimum", "fmod", "floor_divide", "hypot", "logaddexp", "logaddexp2", "copysign", "equal",
        "not_equal", "less", "less_equal", "greater", "greater_equal", "logical_and", "logical_or", "logical_xor",
        "bitwise_and", "bitwise_or", "bitwise_xor", "heaviside", "gcd", "lcm", "float_power", "matmul")},
    "subtract": ops.sub, "multiply": ops.mul, "divide": ops.div, "true_divide": ops.div, "power": ops.pow,
    "mod": ops.floor_mod, "remainder": ops.floor_mod, "arctan2": ops.atan2,
}  # fmt: skip


def _elementwise(name, call, count):
    def unary(x, dtype=None):
        return _typed(call(asarray(x)), dtype)

    def binary(x1, x2, dtype=None):
        # a number takes the type of the Tensor beside it
        first = x1 if isinstance(x1, (int, float)) and isinstance(x2, Tensor) else asarray(x1)
        second = x2 if isinstance(x2, (int, float)) and isinstance(first, Tensor) else asarray(x2)
        return _typed(call(first, second), dtype)

    function: Any = unary if count == 1 else binary
    function.__name__ = function.__qualname__ = name
    function.__module__ = __name__
    dtype = "(dtype | str): the type of the result; None: the computed one."
    quotient = f">>> import minispore as ms\n>>> print({name}(ms.Tensor([1, 3]), 2))\n[0.5 1.5]"
    example = quotient if call is ops.div else ""  # that of ops.div is of an argument that is none here
    args, returns = {"dtype": dtype}, ""
    if hasattr(call, "__wrapped__"):  # whole numbers are not computed in floats
        args["x"], returns = "(Tensor | list | number): any shape; numbers.", "Tensor of the shape and type of ``x``."
    return forwards(call, args=args, named={"dtype": ""}, types=_TAKEN, example=example, returns=returns)(function)


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
        x (Tensor | list | number): any shape; numbers.

    Returns:
        Tensor of the shape of ``x``; floats.

    >>> import minispore.numpy as mnp
    >>> print(mnp.fix([-1.7, 1.7]))
    [-1.  1.]
    """
    x = asarray(x)
    return ops.trunc(x if x.dtype.is_float else to(x, float32))


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
        x (Tensor | list | number): any shape; numbers.

    Returns:
        Tensor of the shape of ``x``; bool.

    >>> import minispore.numpy as mnp
    >>> print(mnp.isneginf([-mnp.inf, mnp.inf]))
    [ True False]
    """
    return ops.isneginf(asarray(x))


def isposinf(x):
    """Where ``x`` is +inf.

    Args:
        x (Tensor | list | number): any shape; numbers.

    Returns:
        Tensor of the shape of ``x``; bool.

    >>> import minispore.numpy as mnp
    >>> print(mnp.isposinf([-mnp.inf, mnp.inf]))
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
    out = ops.sum(asarray(a), axis, keepdims, dtype=dtype)
    return out if initial is None else out + initial


def mean(a, axis=None, keepdims=False, dtype=None):
    """The mean of elements; of whole numbers in float32 (MindSpore drops the fraction).

    Args:
        a (Tensor | list | number): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        keepdims (bool): whether these axes stay, with length 1. Default: False.
        dtype (dtype | str): the type; by default that of ``a``, float32 for integers. Default: None.

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
        x (Tensor | list | number): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        weights (Tensor | list): the shape of ``x``, or of its ``axis``; None for equal ones. Default: None.
        returned (bool): whether their sum is given too. Default: False.

    Returns:
        Tensor without the axes; floats; with ``returned`` a tuple with the sum of the weights.

    Raises:
        ValueError: the shape of ``weights`` does not fit.

    >>> import minispore.numpy as mnp
    >>> print(mnp.average([1.0, 4.0], weights=[1.0, 2.0]))
    3.0
    """
    x = asarray(x)
    x = x if x.dtype.is_float else to(x, float32)
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
        a (Tensor | list | number): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        keepdims (bool): whether these axes stay, with length 1. Default: False.
        initial (number): the result is at least this. Default: None.
        where (bool | Tensor): which elements count; with ``initial`` only. Default: True.

    Returns:
        Tensor without these axes (or with length 1 there); the type of ``a``.

    Raises:
        ValueError: ``where`` is given without ``initial``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.amax([[1.0, 3.0], [4.0, 2.0]], axis=1))
    [3. 4.]
    """
    return _largest(a, axis, keepdims, initial, where)


def amin(a, axis=None, keepdims=False, initial=None, where=True):
    """The minimum of elements.

    Args:
        a (Tensor | list | number): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        keepdims (bool): whether these axes stay, with length 1. Default: False.
        initial (number): the result is at most this. Default: None.
        where (bool | Tensor): which elements count; with ``initial`` only. Default: True.

    Returns:
        Tensor without these axes (or with length 1 there); the type of ``a``.

    Raises:
        ValueError: ``where`` is given without ``initial``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.amin([[1.0, 3.0], [4.0, 2.0]], axis=1))
    [1. 2.]
    """
    return _smallest(a, axis, keepdims, initial, where)


max, min = amax, amin


def ptp(x, axis=None, keepdims=False):
    """Maximum minus minimum.

    Args:
        x (Tensor | list | number): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        keepdims (bool): whether these axes stay, with length 1. Default: False.

    Returns:
        Tensor without these axes (or with length 1 there); the type of ``x``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.ptp([1.0, 5.0, 3.0]))
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
        x (Tensor | list | number): any shape; numbers or bool.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        keepdims (bool): whether these axes stay, with length 1. Default: False.

    Returns:
        Tensor without these axes (or with length 1 there); int32.

    >>> import minispore.numpy as mnp
    >>> print(mnp.count_nonzero([1, 0, 2]))
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
        a (Tensor | list | number): any shape; numbers.
        axis (int): along which axis; None for the flattened ``a``. Default: None.
        dtype (dtype | str): the type; by default that of ``a``. Default: None.

    Returns:
        Tensor of the shape of ``a``, or (n,).

    >>> import minispore.numpy as mnp
    >>> print(mnp.cumsum([1, 2, 3]))
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
    x = _typed(asarray(a), dtype)
    return to(function(arrays.ravel(x) if axis is None else x, 0 if axis is None else axis), x.dtype)


def diff(a, n=1, axis=-1, prepend=None, append=None):
    """Differences of neighbours.

    Args:
        a (Tensor | list): at least one axis; numbers.
        n (int): how often. Default: 1.
        axis (int): along which axis. Default: -1.
        prepend (Tensor | list | number): put before ``a`` first. Default: None.
        append (Tensor | list | number): put behind ``a`` first. Default: None.

    Returns:
        Tensor whose axis is shorter by ``n``; the type of ``a``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.diff([1, 3, 7]))
    [2 4]
    """
    x = asarray(a)
    edges = [None if e is None else asarray(e, x.dtype) for e in (prepend, append)]
    at = axis_of("diff", x.ndim, axis)
    one = x.shape[:at] + (1,) + x.shape[at + 1 :]
    return ops.diff(x, n, axis, *(e if e is None or e.ndim else ops.broadcast_to(e, one) for e in edges))


def ediff1d(ary, to_end=None, to_begin=None):
    """Differences of neighbours in the flattened ``ary``.

    Args:
        ary (Tensor | list | number): any shape; numbers.
        to_end (Tensor | list | number): what comes behind them. Default: None.
        to_begin (Tensor | list | number): what comes before them. Default: None.

    Returns:
        Tensor of one axis.

    >>> import minispore.numpy as mnp
    >>> print(mnp.ediff1d([1, 3, 7], to_begin=0))
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
    x = x if x.dtype.is_float else to(x, float32)
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
    y = y if y.dtype.is_float else to(y, float32)
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
    p = p if p.dtype.is_float else to(p, float32)
    a, turn = axis_of("unwrap", p.ndim, axis), 2.0 * np.pi
    step = ops.diff(p, axis=a)
    inside = ops.floor_mod(step + np.pi, turn) - np.pi
    inside = ops.where(ops.logical_and(ops.equal(inside, -np.pi), step > 0), np.pi, inside)
    change = ops.where(ops.abs(step) < discont, 0.0, inside - step)
    rest = ops.narrow(p, a, 1, p.shape[a] - 1) + ops.cumsum(change, a)
    return ops.concat((ops.narrow(p, a, 0, 1), rest), a)


# ---------------------------------------------------------------- products
def _pair(a, b):
    x, y = asarray(a), asarray(b)
    dtype = promote(x.dtype, y.dtype)
    return to(x, dtype), to(y, dtype)


def dot(a, b):
    """The sum over the last axis of ``a`` and the last but one of ``b`` (a vector's only one).

    Args:
        a (Tensor | list | number): any shape; numbers.
        b (Tensor | list | number): any shape; numbers.

    Returns:
        Tensor of the common type.

    Raises:
        ValueError: the lengths of these axes differ.

    >>> import minispore.numpy as mnp
    >>> print(mnp.dot([[1, 2], [3, 4]], [1, 1]))
    [3 7]
    """
    x, y = _pair(a, b)
    if x.ndim == 0 or y.ndim == 0:
        return x * y
    if x.ndim <= 2 and y.ndim <= 2:
        return ops.matmul(x, y)
    return ops.tensor_dot(x, y, ((x.ndim - 1,), (builtins.max(y.ndim - 2, 0),)))


def inner(a, b):
    """The sum of products over the last axes of both.

    Args:
        a (Tensor | list | number): any shape; numbers.
        b (Tensor | list | number): any shape; numbers.

    Returns:
        Tensor of the common type.

    Raises:
        ValueError: the lengths of these axes differ.

    >>> import minispore.numpy as mnp
    >>> print(mnp.inner([1.0, 2.0], [3.0, 4.0]))
    11.0
    """
    x, y = _pair(a, b)
    return x * y if x.ndim == 0 or y.ndim == 0 else ops.tensor_dot(x, y, ((x.ndim - 1,), (y.ndim - 1,)))


def outer(a, b):
    """Every element of ``a`` times every element of ``b``.

    Args:
        a (Tensor | list | number): any shape; numbers.
        b (Tensor | list | number): any shape; numbers.

    Returns:
        Tensor of shape (a.size, b.size); the common type.

    >>> import minispore.numpy as mnp
    >>> print(mnp.outer([1, 2], [3, 4]))
    [[3 4]
     [6 8]]
    """
    x, y = _pair(a, b)
    return ops.outer(arrays.ravel(x), arrays.ravel(y))


def tensordot(a, b, axes=2):
    """The sum of products over several axes of both.

    Args:
        a (Tensor | list | number): any shape; numbers.
        b (Tensor | list | number): any shape; numbers.
        axes (int | tuple): how many last axes of ``a`` and first ones of ``b``; or (axes of ``a``, axes of ``b``).
            Default: 2.

    Returns:
        Tensor of the common type.

    >>> import minispore.numpy as mnp
    >>> mnp.tensordot(mnp.ones((2, 3, 4)), mnp.ones((3, 4, 5))).shape
    (2, 5)
    """
    x, y = _pair(a, b)
    return ops.tensor_dot(x, y, axes)


def kron(a, b):
    """Every element of ``a`` times ``b``, as blocks (Kronecker's product).

    Args:
        a (Tensor | list | number): any shape; numbers.
        b (Tensor | list | number): any shape; numbers.

    Returns:
        Tensor of the common type.

    >>> import minispore.numpy as mnp
    >>> print(mnp.kron([1, 2], [1, 10]))
    [ 1 10  2 20]
    """
    return ops.kron(*_pair(a, b))


def multi_dot(arrays):
    """The product of several matrices, from left to right.

    Args:
        arrays (tuple | list): matrices; the first and the last may be vectors.

    Returns:
        Tensor of the common type.

    >>> import minispore.numpy as mnp
    >>> print(mnp.multi_dot([[1, 2], [[1, 0], [0, 1]], [3, 4]]))
    11
    """
    parts = [asarray(x) for x in arrays]
    out = parts[0]
    for part in parts[1:]:
        out = dot(out, part)
    return out


def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """The vector product; vectors of length 2 have 0 as their third element, two of them give that element only.

    Args:
        a (Tensor | list): vectors of length 2 or 3; numbers.
        b (Tensor | list): vectors of length 2 or 3; numbers.
        axisa (int): the axis of the vectors of ``a``. Default: -1.
        axisb (int): the axis of the vectors of ``b``. Default: -1.
        axisc (int): the axis of the vectors of the result. Default: -1.
        axis (int): one axis for all three. Default: None.

    Returns:
        Tensor of the common type.

    Raises:
        ValueError: the vectors have another length.

    >>> import minispore.numpy as mnp
    >>> print(mnp.cross([1, 0, 0], [0, 1, 0]))
    [0 0 1]
    """
    x, y = _pair(a, b)
    if axis is not None:
        axisa = axisb = axisc = axis
    x, y = ops.moveaxis(x, axisa, -1), ops.moveaxis(y, axisb, -1)
    if x.shape[-1] not in (2, 3) or y.shape[-1] not in (2, 3):
        raise fail(ValueError, f"For 'cross', vectors must have 2 or 3 elements, but got {x.shape} and {y.shape}.")
    if x.shape[-1] == y.shape[-1] == 2:
        return x[..., 0] * y[..., 1] - x[..., 1] * y[..., 0]
    x, y = (v if v.shape[-1] == 3 else ops.concat((v, ops.zeros_like(v[..., :1])), -1) for v in (x, y))
    return ops.moveaxis(ops.cross(x, y, -1), -1, axisc)


def norm(x, ord=None, axis=None, keepdims=False):
    """The norm of vectors or matrices.

    Args:
        x (Tensor | list | number): any shape; numbers.
        ord (number | str): the order; None for the root of the sum of squares. Default: None.
        axis (int | tuple[int]): the axis of the vectors or the two axes of the matrices; None for all. Default: None.
        keepdims (bool): whether these axes stay, with length 1. Default: False.

    Returns:
        Tensor without the axes; floats.

    >>> import minispore.numpy as mnp
    >>> print(mnp.norm([3.0, 4.0]))
    5.0
    """
    x = asarray(x)
    return ops.norm(x if x.dtype.is_float else to(x, float32), ord, axis, keepdims)


# ---------------------------------------------------------------- signals
def convolve(a, v, mode="full"):
    """The convolution of two vectors.

    Args:
        a (Tensor | list): shape (n,); numbers.
        v (Tensor | list): shape (m,); numbers.
        mode (str): "full" (n + m - 1 elements), "same" (as many as the longer one) or "valid" (where both overlap
            wholly). Default: "full".

    Returns:
        Tensor of one axis; floats.

    Raises:
        ValueError: an input is no vector or empty, or ``mode`` is unknown.

    >>> import minispore.numpy as mnp
    >>> print(mnp.convolve([1.0, 2.0], [1.0, 1.0]))
    [1. 3. 2.]
    """
    x, y = _pair(a, v)
    x, y = (t if t.dtype.is_float else to(t, float32) for t in (x, y))
    if x.ndim != 1 or y.ndim != 1 or not x.size or not y.size:
        raise fail(
            ValueError, f"For 'convolve', two vectors that are not empty are needed, but got {x.shape} and {y.shape}."
        )
    if mode not in ("full", "same", "valid"):
        raise fail(ValueError, f"For 'convolve', 'mode' must be 'full', 'same' or 'valid', but got {mode!r}.")
    if x.shape[0] < y.shape[0]:
        x, y = y, x
    n, m = x.shape[0], y.shape[0]
    shifted = [ops.pad(x * y[k], [k, m - 1 - k]) for k in range(m)]
    full = ops.addn(shifted)
    begin, count = {"full": (0, n + m - 1), "same": ((m - 1) // 2, n), "valid": (m - 1, n - m + 1)}[mode]
    return ops.narrow(full, 0, begin, count)


def correlate(a, v, mode="valid"):
    """The correlation of two vectors: the convolution with ``v`` reversed.

    Args:
        a (Tensor | list): shape (n,); numbers.
        v (Tensor | list): shape (m,); numbers.
        mode (str): "full", "same" or "valid", as for ``convolve``. Default: "valid".

    Returns:
        Tensor of one axis; floats.

    Raises:
        ValueError: an input is no vector or empty, or ``mode`` is unknown.

    >>> import minispore.numpy as mnp
    >>> print(mnp.correlate([1.0, 2.0, 3.0], [0.0, 1.0]))
    [2. 3.]
    """
    out = convolve(a, arrays.flip(asarray(v)), mode)
    return out if asarray(a).shape[0] >= asarray(v).shape[0] or mode == "full" else arrays.flip(out)


def interp(x, xp, fp, left=None, right=None):
    """The broken line through points.

    Args:
        x (Tensor | list | number): any shape; numbers: where.
        xp (Tensor | list): shape (n,); the points' coordinates, increasing.
        fp (Tensor | list): shape (n,); their values.
        left (number): the value before the first point; by default that of the point. Default: None.
        right (number): the value behind the last point; by default that of the point. Default: None.

    Returns:
        Tensor of the shape of ``x``; float32.

    Raises:
        ValueError: ``xp`` and ``fp`` are no vectors of one length.

    >>> import minispore.numpy as mnp
    >>> print(mnp.interp([0.5, 9.0], [0.0, 1.0], [10.0, 20.0]))
    [15. 20.]
    """
    x, xp, fp = (to(asarray(t), float32) for t in (x, xp, fp))
    if xp.ndim != 1 or xp.shape != fp.shape:
        raise fail(
            ValueError, f"For 'interp', 'xp' and 'fp' must be vectors of one length, but got {xp.shape} and {fp.shape}."
        )
    n = xp.shape[0]
    at = ops.clamp(ops.searchsorted(xp, x, right=True) - 1, 0, builtins.max(n - 2, 0))
    after = ops.clamp(at + 1, 0, n - 1)
    x0, x1, y0, y1 = (ops.gather(t, k, 0) for t in (xp, fp) for k in (at, after))
    part = ops.clamp(ops.div(x - x0, ops.where(ops.equal(x1, x0), 1.0, x1 - x0)), 0.0, 1.0)
    out = y0 + (y1 - y0) * part
    if left is not None:
        out = ops.where(x < xp[0], left, out)
    return out if right is None else ops.where(x > xp[n - 1], right, out)


# ---------------------------------------------------------------- polynomials: coefficients, the highest power first
def _aligned(a1, a2):
    x, y = (arrays.atleast_1d(t) for t in _pair(a1, a2))
    n = builtins.max(x.shape[0], y.shape[0])
    return tuple(ops.concat((ops.zeros((n - t.shape[0],), t.dtype), t)) if t.shape[0] < n else t for t in (x, y))


def polyadd(a1, a2):
    """The sum of two polynomials.

    Args:
        a1 (Tensor | list): shape (n,); numbers: the coefficients, the highest power first.
        a2 (Tensor | list): shape (n,); numbers: the coefficients, the highest power first.

    Returns:
        Tensor of shape (max(n, m),); the common type.

    >>> import minispore.numpy as mnp
    >>> print(mnp.polyadd([1, 2], [1, 0, 0]))
    [1 1 2]
    """
    x, y = _aligned(a1, a2)
    return x + y


def polysub(a1, a2):
    """The difference of two polynomials.

    Args:
        a1 (Tensor | list): shape (n,); numbers: the coefficients, the highest power first.
        a2 (Tensor | list): shape (n,); numbers: the coefficients, the highest power first.

    Returns:
        Tensor of shape (max(n, m),); the common type.

    >>> import minispore.numpy as mnp
    >>> print(mnp.polysub([1, 2], [1, 0, 0]))
    [-1  1  2]
    """
    x, y = _aligned(a1, a2)
    return x - y


def polymul(a1, a2):
    """The product of two polynomials.

    Args:
        a1 (Tensor | list): shape (n,); numbers: the coefficients, the highest power first.
        a2 (Tensor | list): shape (n,); numbers: the coefficients, the highest power first.

    Returns:
        Tensor of shape (n + m - 1,); the common type.

    >>> import minispore.numpy as mnp
    >>> print(mnp.polymul([1, 2], [1, 0]))
    [1 2 0]
    """
    x, y = _pair(a1, a2)
    return to(convolve(arrays.atleast_1d(x), arrays.atleast_1d(y)), x.dtype)


def polyval(p, x):
    """A polynomial at ``x``, by Horner's rule.

    Args:
        p (Tensor | list): shape (n,); numbers: the coefficients, the highest power first.
        x (Tensor | list | number): any shape; numbers.

    Returns:
        Tensor of the shape of ``x``; floats.

    >>> import minispore.numpy as mnp
    >>> print(mnp.polyval([1, 0, 2], [2.0, 3.0]))
    [ 6. 11.]
    """
    p, x = asarray(p), asarray(x)
    p, x = (t if t.dtype.is_float else to(t, float32) for t in (p, x))
    out = ops.zeros_like(x)
    for k in range(p.shape[0]):
        out = out * x + p[k]
    return out


def polyder(p, m=1):
    """The derivative of a polynomial.

    Args:
        p (Tensor | list): shape (n,); numbers: the coefficients, the highest power first.
        m (int): how often. Default: 1.

    Returns:
        Tensor of shape (n - m,); the type of ``p``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.polyder([1, 0, 2]))
    [2 0]
    """
    p = asarray(p)
    for _ in range(m):
        n = p.shape[0] - 1
        p = ops.narrow(p, 0, 0, n) * fixed(np.arange(n, 0, -1).astype(p.dtype.np)) if n else ops.zeros((1,), p.dtype)
    return p


def polyint(p, m=1, k=None):
    """The antiderivative of a polynomial.

    Args:
        p (Tensor | list): shape (n,); numbers: the coefficients, the highest power first.
        m (int): how often. Default: 1.
        k (number | list): the constants; None for 0. Default: None.

    Returns:
        Tensor of shape (n + m,); float32.

    >>> import minispore.numpy as mnp
    >>> print(mnp.polyint([2, 1]))
    [1. 1. 0.]
    """
    p = to(asarray(p), float32)
    constants = [0.0] * m if k is None else [k] * m if isinstance(k, (int, float)) else list(k)
    for c in constants:
        n = p.shape[0]
        p = ops.concat((p / fixed(np.arange(n, 0, -1).astype(np.float32)), asarray([float(c)])))
    return p


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
