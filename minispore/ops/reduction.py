"""Reductions: sum, mean, max, min, prod, all, any, variance, norms, arg-reductions."""

import builtins
import math

import numpy as np

from ..core.dtype import bool_, float32, int32, int64, to_dtype
from ..core.errors import fail
from ..core.kernel import kernel
from ..core.op import as_tensor, library, reduction, to
from ..core.samples import f, i
from .batch import next_axis
from .elementwise import add, equal, exp, log, sqrt, square, sub
from .methods import method
from .movement import broadcast_to, reshape

_sum = reduction("reduce_sum", "0", "acc + x", np.add.reduce, vjp=lambda g, out, x, axis: broadcast_to(g, x.shape),
                 samples=[(f(2, 3, 4), {"axis": (1,)}), (f(2, 3, 4), {"axis": (0, 2)}), (f(5), {"axis": (0,)})])  # fmt: skip


def _extreme_vjp(g, out, x, axis):
    """Equal shares to all elements that attain the extreme."""
    hit = to(equal(x, out), x.dtype)
    return hit * (g / _sum(hit, axis))


_max = reduction("reduce_max", "lowest", "maximum(acc, x)", np.maximum.reduce, vjp=_extreme_vjp, smooth=False,
                 samples=[(f(2, 3, 4), {"axis": (1,)}), (i(4, 3), {"axis": (0,)})])  # fmt: skip
_min = reduction("reduce_min", "highest", "minimum(acc, x)", np.minimum.reduce, vjp=_extreme_vjp, smooth=False,
                 samples=[(f(2, 3, 4), {"axis": (2,)})])  # fmt: skip
_prod = reduction("reduce_prod", "1", "acc * x", np.multiply.reduce, vjp=lambda g, out, x, axis: g * out / x,
                  samples=[(f(2, 3), {"axis": (0,)})])  # fmt: skip


def axes_of(name: str, ndim: int, axis) -> tuple[int, ...]:
    """A sorted tuple of axes from None, an int or a tuple; raises as MindSpore does."""
    if axis is None or (isinstance(axis, (tuple, list)) and len(axis) == 0):
        return tuple(range(ndim))
    given = axis if isinstance(axis, (tuple, list)) else (axis,)
    out = []
    for a in given:
        if isinstance(a, bool) or not isinstance(a, (int, np.integer)):
            if hasattr(a, "asnumpy"):
                a = int(a)
            else:
                raise fail(TypeError, f"For '{name}', 'axis' must be an int or a tuple of ints, but got {axis!r}.")
        if not -builtins.max(ndim, 1) <= a < builtins.max(ndim, 1):
            raise fail(ValueError, f"For '{name}', 'axis' must be in [{-ndim}, {ndim}), but got {a}.")
        a = int(a) % builtins.max(ndim, 1)
        if a in out:
            raise fail(ValueError, f"For '{name}', 'axis' names the axis {a} twice: {axis}.")
        out.append(a)
    return tuple(sorted(out)) if ndim else ()


def _reduced(op, name, x, axis, keep):
    axes = axes_of(name, x.ndim, axis)
    if not axes:
        return x
    out = op(x, axes)
    return out if keep else reshape(out, tuple(d for a, d in enumerate(x.shape) if a not in axes))


def sum(input, dim=None, keepdim=False, *, dtype=None):
    """Sum over ``dim`` (an axis, several, or all); integers and bool give int64.

    >>> import minispore as ms
    >>> print(sum(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]), 0))
    [4. 6.]
    """
    x = as_tensor(input)
    if dtype is not None:
        x = to(x, to_dtype(dtype))
    elif not x.dtype.is_float:
        x = to(x, int64)
    return _reduced(_sum, "sum", x, dim, keepdim)


def mean(x, axis=None, keep_dims=False, *, dtype=None):
    """Mean over ``axis`` (an axis, several, or all).

    >>> import minispore as ms
    >>> print(mean(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]), 1))
    [1.5 3.5]
    """
    x = as_tensor(x)
    if dtype is not None:
        x = to(x, to_dtype(dtype))
    elif not x.dtype.is_float:
        x = to(x, float32)
    axes = axes_of("mean", x.ndim, axis)
    count = math.prod(x.shape[a] for a in axes)
    return _reduced(_sum, "mean", x, axes, keep_dims) * (1.0 / count if count else float("nan"))


def prod(input, axis=None, keep_dims=False, dtype=None):
    """Product over ``axis``."""
    x = as_tensor(input)
    x = to(x, to_dtype(dtype)) if dtype is not None else x if x.dtype.is_float else to(x, int64)
    return _reduced(_prod, "prod", x, axis, keep_dims)


def amax(input, axis=None, keepdims=False, *, initial=None, where=None):
    """Maximum over ``axis`` (one, several, or all)."""
    return _reduced(_max, "amax", input, axis, keepdims)


def amin(input, axis=None, keepdims=False, *, initial=None, where=None):
    """Minimum over ``axis`` (one, several, or all)."""
    return _reduced(_min, "amin", input, axis, keepdims)


def reduce_sum_keep(x, axis):
    """Sum that keeps the axes with length 1: what compositions use."""
    return _sum(x, axis) if axis else x


def reduce_max_keep(x, axis):
    return _max(x, axis) if axis else x


def sum_to(g, shape):
    """Undoes broadcasting: ``g`` summed to ``shape``.  The one place where gradients are un-broadcast."""
    if g.shape == tuple(shape):
        return g
    extra = g.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(a + extra for a, d in enumerate(shape) if d == 1 and g.shape[a + extra] != 1)
    if axes:
        g = _sum(g, axes)
    return reshape(g, shape)


def all(input, axis=None, keep_dims=False):
    """Whether every element (over ``axis``) is true."""
    x = to(as_tensor(input), bool_)
    return to(_reduced(_min, "all", to(x, int32), axis, keep_dims), bool_)


def any(input, axis=None, keep_dims=False):
    """Whether some element (over ``axis``) is true."""
    x = to(as_tensor(input), bool_)
    return to(_reduced(_max, "any", to(x, int32), axis, keep_dims), bool_)


def var(input, axis=None, ddof=0, keepdims=False):
    """Variance over ``axis`` divided by ``n - ddof`` (``ddof`` True is 1)."""
    x = input if input.dtype.is_float else to(input, float32)
    axes = axes_of("var", x.ndim, axis)
    count = math.prod(x.shape[a] for a in axes)
    centred = sub(x, mean(x, axes, True))
    return _reduced(_sum, "var", square(centred), axes, keepdims) * (
        1.0 / (count - int(ddof)) if count > int(ddof) else math.nan
    )


def std(input, axis=None, ddof=0, keepdims=False):
    """Standard deviation over ``axis``: the root of ``var``."""
    return sqrt(var(input, axis, ddof, keepdims))


def logsumexp(input, axis, keep_dims=False):
    """``log(sum(exp(x)))`` over ``axis``, safe from overflow."""
    from .effects import stop_gradient

    axes = axes_of("logsumexp", input.ndim, axis)
    top = stop_gradient(_max(input, axes)) if axes else input
    out = add(log(_sum(exp(sub(input, top)), axes)), top)
    return out if keep_dims else reshape(out, tuple(d for a, d in enumerate(input.shape) if a not in axes))


def _arg_infer(x, axis, dtype):
    return [(tuple(1 if a == axis else d for a, d in enumerate(x.shape)), dtype)]


@kernel
def arg_extreme(x: "T*", out: "I*", n: int, inner: int, largest: int, lo, hi):
    """The position of the first extreme along the middle axis of (outer, n, inner); a NaN counts as one."""
    for line in range(lo, hi):
        at = (line // inner) * n * inner + line % inner
        best, where, k = x[at], 0, 0
        while best == best and k < n:
            if largest != 0:
                while k < n and x[at + k * inner] <= best:
                    k += 1
            else:
                while k < n and x[at + k * inner] >= best:
                    k += 1
            if k < n:
                best, where = x[at + k * inner], k
        out[line] = where


def _arg_lower(largest):
    def lower(build, node):
        x, axis = node.inputs[0], node.attrs["axis"]
        out = build.output(node)
        inner = math.prod(x.shape[axis + 1 :])
        build.call(
            arg_extreme.bind(T=build.storage(x.dtype), I=build.storage(node.attrs["dtype"])), node,
            [build.dense(x), out, x.shape[axis], inner, int(largest)],
            extent=out.size, writes=[out], cost=x.size,
        )  # fmt: skip

    return lower


def _arg_numpy(function):
    def evaluate(x, axis, dtype):
        return (function(x, axis=axis, keepdims=True).astype(dtype.np),)

    return evaluate


_argmax = library("arg_max", _arg_numpy(np.argmax), _arg_infer, _arg_lower(True), batch=next_axis,
                  samples=[(f(3, 4), {"axis": 1, "dtype": int64}), (i(3, 4, 2), {"axis": 1, "dtype": int32})])  # fmt: skip
_argmin = library("arg_min", _arg_numpy(np.argmin), _arg_infer, _arg_lower(False), batch=next_axis,
                  samples=[(f(3, 4), {"axis": 0, "dtype": int64})])  # fmt: skip


def _arg(op, name, x, axis, keepdims, dtype):
    if x.dtype.is_float and x.dtype.itemsize == 2:
        x = to(x, float32)  # the order is the same
    if x.size == 0 and (axis is None or x.shape[axes_of(name, x.ndim, axis)[0]] == 0):
        raise fail(ValueError, f"For '{name}', no element is there to be found: the shape is {x.shape}.")
    if axis is None or x.ndim == 0:
        out = op(reshape(x, (-1,)), axis=0, dtype=dtype)
        return reshape(out, (1,) * x.ndim if keepdims else ())
    a = axes_of(name, x.ndim, axis)[0]
    out = op(x, axis=a, dtype=dtype)
    return out if keepdims else reshape(out, x.shape[:a] + x.shape[a + 1 :])


def argmax(input, dim=None, keepdim=False):
    """Index (int64) of the first maximum along ``dim``, or in the flattened Tensor."""
    return _arg(_argmax, "argmax", input, dim, keepdim, int64)


def argmin(input, axis=None, keepdims=False):
    """Index (int32) of the first minimum along ``axis``, or in the flattened Tensor."""
    return _arg(_argmin, "argmin", input, axis, keepdims, int32)


def _value_and_index(op, arg, name, x, axis, keepdims):
    if axis is None:
        flat = reshape(x, (-1,))
        return _reduced(op, name, flat, 0, False), as_tensor(0)
    a = axes_of(name, x.ndim, axis)[0]
    return _reduced(op, name, x, a, keepdims), _arg(arg, name, x, a, keepdims, int64)


def max(input, axis=None, keepdims=False, *, initial=None, where=None):
    """(maximum, its index) along ``axis``; without an axis the index is 0."""
    return _value_and_index(_max, _argmax, "max", input, axis, keepdims)


def min(input, axis=None, keepdims=False, *, initial=None, where=None):
    """(minimum, its index) along ``axis``; without an axis the index is 0."""
    return _value_and_index(_min, _argmin, "min", input, axis, keepdims)


def count_nonzero(x, axis=(), keep_dims=False, dtype=int32):
    """Number of elements that are not zero."""
    return _reduced(_sum, "count_nonzero", to(x != 0, to_dtype(dtype)), axis, keep_dims)


# ---------------------------------------------------------------- Tensor's methods, whose signatures differ
@method("sum")
def _tensor_sum(self, axis=None, dtype=None, keepdims=False, initial=None, *, dim=None, keepdim=None):
    out = sum(self, axis if dim is None else dim, keepdims if keepdim is None else keepdim, dtype=dtype)
    return out if initial is None else out + initial


@method("mean")
def _tensor_mean(self, axis=None, keep_dims=False, *, dim=None, keepdim=None, dtype=None):
    return mean(self, axis if dim is None else dim, keep_dims if keepdim is None else keepdim, dtype=dtype)


@method("prod")
def _tensor_prod(self, axis=None, keep_dims=False, dtype=None):
    return prod(self, axis, keep_dims, dtype)


@method("max")
def _tensor_max(self, *args, axis=None, keepdims=False, initial=None, where=True, return_indices=False):
    if args:
        return max(self, args[0], args[1] if len(args) > 1 else keepdims)
    if return_indices:
        return max(self, axis, keepdims)
    return amax(self, axis, keepdims)


@method("min")
def _tensor_min(self, *args, axis=None, keepdims=False, initial=None, where=True, return_indices=False):
    if args:
        return min(self, args[0], args[1] if len(args) > 1 else keepdims)
    if return_indices:
        return min(self, axis, keepdims)
    return amin(self, axis, keepdims)


@method("argmax")
def _tensor_argmax(self, axis=None, keepdims=False):
    return argmax(self, axis, keepdims)


@method("argmin")
def _tensor_argmin(self, axis=None, keepdims=False):
    return argmin(self, axis, keepdims)


@method("all")
def _tensor_all(self, axis=None, keep_dims=False):
    return all(self, axis, keep_dims)


@method("any")
def _tensor_any(self, axis=None, keep_dims=False):
    return any(self, axis, keep_dims)


@method("var")
def _tensor_var(self, axis=None, ddof=0, keepdims=False):
    return var(self, axis, ddof, keepdims)


@method("std")
def _tensor_std(self, axis=None, ddof=0, keepdims=False):
    return std(self, axis, ddof, keepdims)


method("logsumexp")(logsumexp)
method("amax")(amax)
method("amin")(amin)


__all__ = [
    "all", "amax", "amin", "any", "argmax", "argmin", "count_nonzero", "logsumexp", "max", "mean", "min", "prod",
    "std", "sum", "var",
]  # fmt: skip
