"""Mathematics: elementwise functions, reductions over axes, products of matrices and vectors, polynomials."""

import builtins
from typing import Any

import numpy as np

from .. import ops as _ops
from ..core.dtype import float32, promote, to_dtype
from ..core.errors import fail
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
    return ops.sign(x) * ops.pow(ops.abs(x), 1.0 / 3.0)


def _whole_or(function):
    """``function`` of floats; whole numbers are what they are."""
    return lambda x: function(x) if x.dtype.is_float else x


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
    "reciprocal": lambda x: ops.reciprocal(x) if x.dtype.is_float else trunc_quotient(1, x),
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
    what = f"``ops.{call.__name__}``" if getattr(call, "__name__", "<")[0] not in "<_" else f"NumPy's ``{name}``"
    more = "; the inputs broadcast" if count == 2 else ""
    function.__doc__ = f"{what} of each element{more}.  ``dtype``: the type of the result."
    return function


for _count, _table in ((1, _UNARY), (2, _BINARY)):
    for _name, _call in _table.items():
        globals()[_name] = _elementwise(_name, _call, _count)


def divmod(x1, x2, dtype=None):
    """(quotient rounded down, remainder)."""
    x1, x2 = asarray(x1), asarray(x2)
    return _typed(ops.floor_div(x1, x2), dtype), _typed(ops.floor_mod(x1, x2), dtype)


def clip(x, xmin, xmax, dtype=None):
    """``x`` kept inside [xmin, xmax]; one of the bounds may be None."""
    if xmin is None and xmax is None:
        raise fail(ValueError, "For 'clip', one of 'xmin' and 'xmax' must be given.")
    return _typed(ops.clamp(asarray(x), xmin, xmax), dtype)


def around(a, decimals=0):
    """``a`` rounded to so many decimals, halves to even."""
    return ops.round(asarray(a), decimals=decimals)


round = around


def fix(x):
    """``x`` rounded towards 0, in floats."""
    x = asarray(x)
    return ops.trunc(x if x.dtype.is_float else to(x, float32))


def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Where ``|a - b| <= atol + rtol * |b|``."""
    return ops.isclose(asarray(a), asarray(b), rtol, atol, equal_nan)


def isneginf(x):
    """Where ``x`` is -inf."""
    return ops.isneginf(asarray(x))


def isposinf(x):
    """Where ``x`` is +inf."""
    return ops.isposinf(asarray(x))


def array_equal(a1, a2, equal_nan=False):
    """Whether shapes and elements are equal, as a bool Tensor."""
    x, y = asarray(a1), asarray(a2)
    if x.shape != y.shape:
        return asarray(False)
    same = ops.equal(x, y)
    both = ops.logical_and(ops.isnan(x), ops.isnan(y)) if equal_nan else None
    return ops.all(same if both is None else ops.logical_or(same, both))


def array_equiv(a1, a2):
    """Whether all elements are equal after broadcasting, as a bool Tensor."""
    x, y = asarray(a1), asarray(a2)
    try:
        return ops.all(ops.equal(x, y))
    except ValueError:
        return asarray(False)


# ---------------------------------------------------------------- reductions over axes
def sum(a, axis=None, dtype=None, keepdims=False, initial=None):
    """The sum over ``axis`` (one, several, or all) and ``initial``; whole numbers give int64.

    >>> import minispore.numpy as mnp
    >>> print(mnp.sum(mnp.array([[1.0, 2.0], [3.0, 4.0]]), axis=1))
    [3. 7.]
    """
    out = ops.sum(asarray(a), axis, keepdims, dtype=dtype)
    return out if initial is None else out + initial


def mean(a, axis=None, keepdims=False, dtype=None):
    """The mean over ``axis``; of whole numbers in float32 (MindSpore drops the fraction)."""
    return _typed(ops.mean(asarray(a), axis, keepdims), dtype)


def std(x, axis=None, ddof=0, keepdims=False):
    """The standard deviation over ``axis``."""
    return ops.std(asarray(x), axis, ddof, keepdims)


def var(x, axis=None, ddof=0, keepdims=False):
    """The variance over ``axis``."""
    return ops.var(asarray(x), axis, ddof, keepdims)


def average(x, axis=None, weights=None, returned=False):
    """The mean weighted with ``weights`` (of the shape of ``x``, or of its ``axis``); on request also their sum."""
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
    """The maximum over ``axis``, at least ``initial``, of the elements where ``where`` holds."""
    return _largest(a, axis, keepdims, initial, where)


def amin(a, axis=None, keepdims=False, initial=None, where=True):
    """The minimum over ``axis``, at most ``initial``, of the elements where ``where`` holds."""
    return _smallest(a, axis, keepdims, initial, where)


max, min = amax, amin


def ptp(x, axis=None, keepdims=False):
    """Maximum minus minimum over ``axis``."""
    return amax(x, axis, keepdims) - amin(x, axis, keepdims)


def argmax(a, axis=None):
    """The position (int64) of the first maximum along ``axis`` or of all elements."""
    return ops.argmax(asarray(a), axis)


def argmin(a, axis=None):
    """The position (int32) of the first minimum along ``axis`` or of all elements."""
    return ops.argmin(asarray(a), axis)


def count_nonzero(x, axis=None, keepdims=False):
    """How many elements over ``axis`` are not 0, int32."""
    return ops.count_nonzero(asarray(x), axis, keepdims)


def sometrue(a, axis=None, keepdims=False):
    """Whether some element over ``axis`` is not 0."""
    return ops.any(asarray(a), axis, keepdims)


def cumsum(a, axis=None, dtype=None):
    """Running sums along ``axis``, by default of the flattened ``a``, in its type."""
    return _running(ops.cumsum, a, axis, dtype)


def cumprod(a, axis=None, dtype=None):
    """Running products."""
    return _running(ops.cumprod, a, axis, dtype)


def _running(function, a, axis, dtype):
    x = _typed(asarray(a), dtype)
    return to(function(arrays.ravel(x) if axis is None else x, 0 if axis is None else axis), x.dtype)


def diff(a, n=1, axis=-1, prepend=None, append=None):
    """Differences of neighbours along ``axis``, ``n`` times."""
    x = asarray(a)
    edges = [None if e is None else asarray(e, x.dtype) for e in (prepend, append)]
    at = axis_of("diff", x.ndim, axis)
    one = x.shape[:at] + (1,) + x.shape[at + 1 :]
    return ops.diff(x, n, axis, *(e if e is None or e.ndim else ops.broadcast_to(e, one) for e in edges))


def ediff1d(ary, to_end=None, to_begin=None):
    """Differences of neighbours in the flattened ``ary``, with ``to_begin`` before and ``to_end`` behind them."""
    made = [diff(arrays.ravel(ary))]
    if to_begin is not None:
        made.insert(0, arrays.ravel(to_begin))
    if to_end is not None:
        made.append(arrays.ravel(to_end))
    return arrays.concatenate(made)


def gradient(f, *varargs, axis=None, edge_order=1):
    """Slopes along each axis (a list) or ``axis``: central differences, one-sided at the ends.

    ``varargs``: the distance of two samples, for all axes or for each.  Only ``edge_order`` 1.
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
    """The integral of samples along ``axis`` by the trapezoid rule."""
    y = asarray(y)
    y = y if y.dtype.is_float else to(y, float32)
    return ops.trapz(y, None if x is None else asarray(x), dx=dx, dim=axis)


def unwrap(p, discont=3.141592653589793, axis=-1):
    """Angles with jumps of more than ``discont`` along ``axis`` made smaller by whole turns."""
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
    """The sum over the last axis of ``a`` and the last but one of ``b`` (a vector's only one)."""
    x, y = _pair(a, b)
    if x.ndim == 0 or y.ndim == 0:
        return x * y
    if x.ndim <= 2 and y.ndim <= 2:
        return ops.matmul(x, y)
    return ops.tensor_dot(x, y, ((x.ndim - 1,), (builtins.max(y.ndim - 2, 0),)))


def inner(a, b):
    """The sum over the last axes of both."""
    x, y = _pair(a, b)
    return x * y if x.ndim == 0 or y.ndim == 0 else ops.tensor_dot(x, y, ((x.ndim - 1,), (y.ndim - 1,)))


def outer(a, b):
    """Every element of ``a`` times every element of ``b``."""
    x, y = _pair(a, b)
    return ops.outer(arrays.ravel(x), arrays.ravel(y))


def tensordot(a, b, axes=2):
    """The sum over ``axes``: a number of last and first axes, or (axes of ``a``, axes of ``b``)."""
    x, y = _pair(a, b)
    return ops.tensor_dot(x, y, axes)


def kron(a, b):
    """Every element of ``a`` times ``b``, as blocks."""
    return ops.kron(*_pair(a, b))


def multi_dot(arrays):
    """The product of several matrices, whose first and last may be vectors."""
    parts = [asarray(x) for x in arrays]
    out = parts[0]
    for part in parts[1:]:
        out = dot(out, part)
    return out


def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """The vector product; vectors of length 2 have 0 as their third element, two of them give that element only."""
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
    """The norm of a vector or matrix over ``axis``; without ``ord`` the root of the sum of squares."""
    x = asarray(x)
    return ops.norm(x if x.dtype.is_float else to(x, float32), ord, axis, keepdims)


# ---------------------------------------------------------------- signals
def convolve(a, v, mode="full"):
    """The convolution of two vectors; ``mode``: "full", "same" or "valid".

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
    """The correlation of two vectors: ``convolve`` with ``v`` reversed."""
    out = convolve(a, arrays.flip(asarray(v)), mode)
    return out if asarray(a).shape[0] >= asarray(v).shape[0] or mode == "full" else arrays.flip(out)


def interp(x, xp, fp, left=None, right=None):
    """The broken line through the points (``xp`` increasing, ``fp``) at ``x``; outside ``left`` and ``right``."""
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
    """The sum of two polynomials."""
    x, y = _aligned(a1, a2)
    return x + y


def polysub(a1, a2):
    """The difference of two polynomials."""
    x, y = _aligned(a1, a2)
    return x - y


def polymul(a1, a2):
    """The product of two polynomials."""
    x, y = _pair(a1, a2)
    return to(convolve(arrays.atleast_1d(x), arrays.atleast_1d(y)), x.dtype)


def polyval(p, x):
    """The polynomial ``p`` at ``x``, by Horner's rule; float32 at least."""
    p, x = asarray(p), asarray(x)
    p, x = (t if t.dtype.is_float else to(t, float32) for t in (p, x))
    out = ops.zeros_like(x)
    for k in range(p.shape[0]):
        out = out * x + p[k]
    return out


def polyder(p, m=1):
    """The ``m``-th derivative of a polynomial."""
    p = asarray(p)
    for _ in range(m):
        n = p.shape[0] - 1
        p = ops.narrow(p, 0, 0, n) * fixed(np.arange(n, 0, -1).astype(p.dtype.np)) if n else ops.zeros((1,), p.dtype)
    return p


def polyint(p, m=1, k=None):
    """The ``m``-th antiderivative of a polynomial, with the constants ``k`` (default 0)."""
    p = to(asarray(p), float32)
    constants = [0.0] * m if k is None else [k] * m if isinstance(k, (int, float)) else list(k)
    for c in constants:
        n = p.shape[0]
        p = ops.concat((p / fixed(np.arange(n, 0, -1).astype(np.float32)), asarray([float(c)])))
    return p


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
