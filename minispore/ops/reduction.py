"""Reductions over axes: sums, products, extremes, all and any, variance."""

import builtins
import math

import numpy as np

from ..core import checks
from ..core.dtype import bool_, float32, float64, int32, int64, to_dtype, uint64
from ..core.errors import AxisTwice, fail
from ..core.op import as_tensor, literal, reduction, to
from ..core.samples import f, i
from .effects import stop_gradient
from .elementwise import (
    add,
    div_by_count,
    equal,
    exp,
    isfinite,
    log,
    maximum,
    minimum,
    norm_of,
    select,
    squared_magnitude,
    sub,
)
from .inputs import accumulation_type, sums_in_float32
from .large import as_piece
from .movement import _reshape, broadcast_to, reshape, transpose
from .recurrence import product_of_others

_sum = reduction("reduce_sum", "0", "acc + x", np.add.reduce, vjp=lambda g, out, x, axis: broadcast_to(g, x.shape),
                 samples=[(f(2, 3, 4), {"axis": (1,)}), (f(2, 3, 4), {"axis": (0, 2)}), (f(5), {"axis": (0,)})])  # fmt: skip


def _extreme_vjp(g, out, x, axis):
    """Equal shares to all elements that attain the extreme."""
    hit = equal(x, out)
    return select(hit, g / _sum(to(hit, x.dtype), axis), 0.0)


_max = reduction("reduce_max", "lowest", "maximum(acc, x)", np.maximum.reduce, vjp=_extreme_vjp, smooth=False,
                 samples=[(f(2, 3, 4), {"axis": (1,)}), (i(4, 3), {"axis": (0,)})])  # fmt: skip


_min = reduction("reduce_min", "highest", "minimum(acc, x)", np.minimum.reduce, vjp=_extreme_vjp, smooth=False,
                 samples=[(f(2, 3, 4), {"axis": (2,)})])  # fmt: skip


def _prod_vjp(g, out, x, axis):
    order = axis + tuple(a for a in range(x.ndim) if a not in axis)
    turned = transpose(x, order)
    others = product_of_others(reshape(turned, (1, math.prod(x.shape[a] for a in axis), -1 if x.size else 0)))
    return g * transpose(reshape(others, turned.shape), tuple(order.index(a) for a in range(x.ndim)))


_prod = reduction("reduce_prod", "1", "acc * x", np.multiply.reduce, vjp=_prod_vjp,
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
            raise fail(AxisTwice, f"For '{name}', 'axis' names the axis {a} twice: {axis}.")
        out.append(a)
    return tuple(sorted(out)) if ndim else ()


def _reduced(op, name, x, axis, keep):
    axes = axes_of(name, x.ndim, axis)
    if not axes:
        return x
    out = op(x, axes)
    return out if keep else _reshape(out, shape=tuple(d for a, d in enumerate(x.shape) if a not in axes))


def _summed_type(x):
    """int64, but for uint64, whose numbers it does not hold (as in MindSpore)."""
    return x.dtype if x.dtype is uint64 else int64


def sum(input, dim=None, keepdim=False, *, dtype=None):
    """Sum of the elements over ``dim``.

    Args:
        input (Tensor): any shape; numbers or bool.
        dim (None | int | tuple[int]): the axes to reduce, negative ones from the end; None or () for all. Default:
            None.
        keepdim (bool): whether reduced axes stay with length 1. Default: False.
        dtype (dtype): the type to convert ``input`` to first; None keeps floats and uint64, others become int64.
            Default: None.

    Returns:
        Tensor without the axes ``dim`` (or with length 1 there); ``dtype``, else the type of ``input`` or int64.

    Raises:
        TypeError: ``dim`` is not an int or a tuple of ints.
        ValueError: ``dim`` is out of range.
        RuntimeError: it names an axis twice.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> print(sum(x, 0), sum(x, keepdim=True))
    [4. 6.] [[10.]]
    """
    x = as_tensor(input)
    if dtype is not None:
        x = to(x, to_dtype(dtype))
    elif not x.dtype.is_inexact:
        x = to(x, _summed_type(x))
    return _reduced(_sum, "sum", x, dim, keepdim)


def mean(x, axis=None, keep_dims=False, *, dtype=None):
    """Arithmetic mean over ``axis``: the sum divided by the number of elements; NaN of no elements.

    Args:
        x (Tensor): any shape; numbers or bool.
        axis (None | int | tuple[int]): the axes to reduce, negative ones from the end; None or () for all. Default:
            None.
        keep_dims (bool): whether reduced axes stay with length 1. Default: False.
        dtype (dtype): the type to convert ``x`` to first; None keeps it, and makes bool float32. Default: None.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); ``dtype``, else the type of ``x``, of bool float32. In integers,
        what follows the point is cut off.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range.
        RuntimeError: it names an axis twice.

    >>> import minispore as ms
    >>> print(mean(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]), 1))
    [1.5 3.5]
    """
    x = as_tensor(x)
    if dtype is not None:
        x = to(x, to_dtype(dtype))
    elif x.dtype is bool_:
        x = to(x, float32)
    axes = axes_of("mean", x.ndim, axis)
    count = math.prod(x.shape[a] for a in axes)
    if not x.dtype.is_inexact and count:
        return to(div_by_count(_reduced(_sum, "mean", to(x, float64), axes, keep_dims), count), x.dtype)
    total = _reduced(_sum, "mean", accumulation_type(x) if axes else x, axes, keep_dims)
    # a quotient, not a product with 1 / n, which may differ from it in the last bit
    return to(div_by_count(total, count or math.nan), x.dtype)


def prod(input, axis=None, keep_dims=False, dtype=None):
    """Product of the elements over ``axis``; 1 of no elements.

    Args:
        input (Tensor): any shape; numbers or bool.
        axis (None | int | tuple[int]): the axes to reduce, negative ones from the end; None or () for all. Default:
            None.
        keep_dims (bool): whether reduced axes stay with length 1. Default: False.
        dtype (dtype): the type to convert ``input`` to first; None keeps floats and uint64, others become int64.
            Default: None.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); ``dtype``, else the type of ``input`` or int64.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range.
        RuntimeError: it names an axis twice.

    >>> import minispore as ms
    >>> print(prod(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]), 1))
    [ 2. 12.]
    """
    x = as_tensor(input)
    x = to(x, to_dtype(dtype)) if dtype is not None else x if x.dtype.is_inexact else to(x, _summed_type(x))
    return _reduced(_prod, "prod", x, axis, keep_dims)


def amax(input, axis=None, keepdims=False, *, initial=None, where=None):
    """Maximum over ``axis``; NaN if one element is NaN. Equal maxima share the gradient equally.

    Args:
        input (Tensor): any shape; numbers.
        axis (None | int | tuple[int]): the axes to reduce, negative ones from the end; None or () for all. Default:
            None.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.
        initial (number): takes part as an element; needed with ``where`` and for no elements. Default: None.
        where (Tensor): bool, the elements that take part; broadcasts. Default: None, all.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); the type of ``input``.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range, or there is no element.
        RuntimeError: ``axis`` names an axis twice.

    >>> import minispore as ms
    >>> print(amax(ms.Tensor([[1.0, 4.0], [3.0, 2.0]]), 1))
    [4. 3.]
    """
    return _extreme(_max, "amax", input, axis, keepdims, initial, where)


def amin(input, axis=None, keepdims=False, *, initial=None, where=None):
    """Minimum over ``axis``; NaN if one element is NaN. Equal minima share the gradient equally.

    Args:
        input (Tensor): any shape; numbers.
        axis (None | int | tuple[int]): the axes to reduce, negative ones from the end; None or () for all. Default:
            None.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.
        initial (number): takes part as an element; needed with ``where`` and for no elements. Default: None.
        where (Tensor): bool, the elements that take part; broadcasts. Default: None, all.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); the type of ``input``.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range, or there is no element.
        RuntimeError: ``axis`` names an axis twice.

    >>> import minispore as ms
    >>> print(amin(ms.Tensor([[1.0, 4.0], [3.0, 2.0]]), 1))
    [1. 2.]
    """
    return _extreme(_min, "amin", input, axis, keepdims, initial, where)


def _extreme(op, name, x, axis, keep, initial, where):
    x = as_tensor(x)
    x, initial = _chosen(name, x, initial, where)
    axes = axes_of(name, x.ndim, axis)
    if initial is None:
        _not_empty(name, x, axes)
    out = _reduced(op, name, x, axes, keep)
    if initial is None:
        return out
    return (maximum if op is _max else minimum)(out, literal(initial, x.dtype))


def _chosen(name, x, initial, where):
    """(``x`` with ``initial`` where ``where`` does not hold, ``initial``)."""
    if initial is not None:
        checks.number(name, initial=initial)
    if where is None or where is True:
        return x, initial
    if initial is None:
        raise fail(ValueError, f"For '{name}', 'initial' must be given where 'where' is.")
    mask = to(as_tensor(where), bool_)
    return select(mask, x, literal(initial, x.dtype)), initial


def _not_empty(name, x, axes):
    if x.size == 0 and builtins.any(x.shape[a] == 0 for a in axes):
        raise fail(
            ValueError,
            f"For '{name}', an extreme of no elements has no value: the shape is {x.shape}, the axes {axes}.",
        )


def reduce_sum_keep(x, axis):
    """Sum that keeps the axes with length 1: what compositions use."""
    return _sum(x, axis) if axis else x


def reduce_max_keep(x, axis):
    return _max(x, axis) if axis else x


def sum_to(g, shape):
    """Undoes broadcasting: ``g`` summed to ``shape``.  The one place where gradients are un-broadcast."""
    if g.ndim == len(shape) and g.shape == tuple(shape):
        return g
    extra = g.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(a + extra for a, d in enumerate(shape) if d == 1 and g.shape[a + extra] != 1)
    if axes:
        g = _sum(g, axes)
    return reshape(g, shape)


def all(input, axis=None, keep_dims=False):
    """Whether every element over ``axis`` is true (not 0).

    Args:
        input (Tensor): any shape; taken as bool.
        axis (None | int | tuple[int]): the axes to reduce, negative ones from the end; None or () for all. Default:
            None.
        keep_dims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); bool.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range, or there is no element.
        RuntimeError: ``axis`` names an axis twice.

    >>> import minispore as ms
    >>> print(all(ms.Tensor([[True, False], [True, True]]), 1))
    [False  True]
    """
    x = to(as_tensor(input), bool_)
    return _reduced(_min, "all", to(x, int32), axis, keep_dims) > 0


def any(input, axis=None, keep_dims=False):
    """Whether some element over ``axis`` is true (not 0).

    Args:
        input (Tensor): any shape; taken as bool.
        axis (None | int | tuple[int]): the axes to reduce, negative ones from the end; None or () for all. Default:
            None.
        keep_dims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); bool.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range, or there is no element.
        RuntimeError: ``axis`` names an axis twice.

    >>> import minispore as ms
    >>> print(any(ms.Tensor([[True, False], [False, False]]), 1))
    [ True False]
    """
    x = to(as_tensor(input), bool_)
    return _reduced(_max, "any", to(x, int32), axis, keep_dims) > 0


@as_piece
@sums_in_float32
def var(input, axis=None, ddof=0, keepdims=False):
    """Variance over ``axis``: ``sum((x - mean(x)) ** 2) / (n - ddof)`` of n elements; NaN unless ``n > ddof``.

    Args:
        input (Tensor): any shape; numbers or bool.
        axis (None | int | tuple[int]): the axes to reduce, negative ones from the end; None or () for all. Default:
            None.
        ddof (int | bool): what is subtracted from n; True is 1. Default: 0.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); the type of ``input``, float32 for integers and bool.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range.
        RuntimeError: it names an axis twice.

    >>> import minispore as ms
    >>> print(var(ms.Tensor([[1.0, 3.0], [2.0, 6.0]]), 1, ddof=1))
    [2. 8.]
    """
    x = input if input.dtype.is_inexact else to(input, float32)
    axes = axes_of("var", x.ndim, axis)
    count = math.prod(x.shape[a] for a in axes)
    centred = sub(x, mean(x, axes, True))
    total = _reduced(_sum, "var", squared_magnitude(centred), axes, keepdims)
    divisor = count - int(ddof) if count > int(ddof) else 0.0 if count == int(ddof) else math.nan
    return div_by_count(total, divisor)


@as_piece
@sums_in_float32
def std(input, axis=None, ddof=0, keepdims=False):
    """Standard deviation over ``axis``: the square root of ``var``.

    Args:
        input (Tensor): any shape; numbers or bool.
        axis (None | int | tuple[int]): the axes to reduce, negative ones from the end; None or () for all. Default:
            None.
        ddof (int | bool): what is subtracted from the number of elements; True is 1. Default: 0.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); the type of ``input``, float32 for integers and bool.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range.
        RuntimeError: it names an axis twice.

    >>> import minispore as ms
    >>> print(std(ms.Tensor([[1.0, 3.0], [2.0, 6.0]]), 1))
    [1. 2.]
    """
    return norm_of(var(input, axis, ddof, keepdims), 2.0)


@as_piece
@sums_in_float32
def logsumexp(input, dim, keepdim=False):
    """Logarithm of a sum of exponentials: ``log(sum(exp(input)))`` over ``dim``, safe from overflow.

    Args:
        input (Tensor): any shape; numbers, integers are computed in float32.
        dim (None | int | tuple[int]): the axes to reduce, negative ones from the end; None or () for all.
        keepdim (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axes ``dim`` (or with length 1 there); the type of ``input``, float32 for integers.

    Raises:
        TypeError: ``dim`` is not an int or a tuple of ints.
        ValueError: ``dim`` is out of range, or there is no element.
        RuntimeError: ``dim`` names an dim twice.

    >>> import minispore as ms
    >>> print(logsumexp(ms.Tensor([[0.0, 0.0], [1000.0, 0.0]]), 1))
    [6.931472e-01 1.000000e+03]
    """
    axes = axes_of("logsumexp", input.ndim, dim)
    top = stop_gradient(_max(input, axes)) if axes else stop_gradient(input)
    top = select(isfinite(top), top, 0.0)  # exp(inf) and exp(-inf) are right, and inf - inf is not
    out = add(log(_sum(exp(sub(input, top)), axes)), top)
    return out if keepdim else reshape(out, tuple(d for a, d in enumerate(input.shape) if a not in axes))


def count_nonzero(x, axis=(), keep_dims=False, dtype=int32):
    """Number of elements over ``axis`` that are not 0.

    Args:
        x (Tensor): any shape; numbers or bool.
        axis (None | int | tuple[int]): the axes to reduce, negative ones from the end; None or () for all. Default: ().
        keep_dims (bool): whether reduced axes stay with length 1. Default: False.
        dtype (dtype): the type of the result. Default: int32.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); ``dtype``.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range.
        RuntimeError: it names an axis twice.

    >>> import minispore as ms
    >>> print(count_nonzero(ms.Tensor([[1.0, 0.0], [3.0, 2.0]]), 1))
    [1 2]
    """
    other = x if getattr(x, "dtype", None) is bool_ else x != 0
    return _reduced(_sum, "count_nonzero", to(other, to_dtype(dtype)), axis, keep_dims)


__all__ = [
    "all", "amax", "amin", "any", "count_nonzero", "logsumexp", "mean", "prod", "std", "sum", "var",
]  # fmt: skip
