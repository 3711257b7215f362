"""Reductions: sum, mean, max, min, prod, all, any, variance, norms, arg-reductions."""

import builtins
import math

import numpy as np

from ..core import checks
from ..core.dtype import bool_, float32, int32, int64, to_dtype
from ..core.errors import fail
from ..core.kernel import kernel
from ..core.op import as_tensor, library, literal, reduction, to
from ..core.samples import f, i
from .batch import next_axis
from .creation import positions
from .effects import stop_gradient
from .elementwise import add, equal, exp, isfinite, log, maximum, minimum, norm_of, select, square, sub
from .inputs import accumulation_type, sums_in_float32
from .methods import bound, method
from .movement import broadcast_to, reshape, transpose
from .recurrence import product_of_others

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
    """Sum of the elements over ``dim``.

    Args:
        input (Tensor): any shape; numbers or bool.
        dim (None | int | tuple[int]): the axes to reduce, negative ones from the end; None or () for all. Default:
            None.
        keepdim (bool): whether reduced axes stay with length 1. Default: False.
        dtype (dtype): the type to convert ``input`` to first; None keeps floats and makes integers and bool int64.
            Default: None.

    Returns:
        Tensor without the axes ``dim`` (or with length 1 there); ``dtype``, else the type of ``input`` or int64.

    Raises:
        TypeError: ``dim`` is not an int or a tuple of ints.
        ValueError: ``dim`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> print(sum(x, 0), sum(x, keepdim=True))
    [4. 6.] [[10.]]
    """
    x = as_tensor(input)
    if dtype is not None:
        x = to(x, to_dtype(dtype))
    elif not x.dtype.is_float:
        x = to(x, int64)
    return _reduced(_sum, "sum", x, dim, keepdim)


def mean(x, axis=None, keep_dims=False, *, dtype=None):
    """Arithmetic mean over ``axis``: the sum divided by the number of elements; NaN of no elements.

    Args:
        x (Tensor): any shape; numbers or bool.
        axis (None | int | tuple[int]): the axes to reduce, negative ones from the end; None or () for all. Default:
            None.
        keep_dims (bool): whether reduced axes stay with length 1. Default: False.
        dtype (dtype): the type to convert ``x`` to first; None keeps floats and makes integers and bool float32.
            Default: None.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); ``dtype``, else the type of ``x`` or float32.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice.

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
    total = _reduced(_sum, "mean", accumulation_type(x) if axes else x, axes, keep_dims)
    return to(total * (1.0 / count if count else float("nan")), x.dtype)


def prod(input, axis=None, keep_dims=False, dtype=None):
    """Product of the elements over ``axis``; 1 of no elements.

    Args:
        input (Tensor): any shape; numbers or bool.
        axis (None | int | tuple[int]): the axes to reduce, negative ones from the end; None or () for all. Default:
            None.
        keep_dims (bool): whether reduced axes stay with length 1. Default: False.
        dtype (dtype): the type to convert ``input`` to first; None keeps floats and makes integers and bool int64.
            Default: None.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); ``dtype``, else the type of ``input`` or int64.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> print(prod(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]), 1))
    [ 2. 12.]
    """
    x = as_tensor(input)
    x = to(x, to_dtype(dtype)) if dtype is not None else x if x.dtype.is_float else to(x, int64)
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
        ValueError: ``axis`` is out of range or names an axis twice, or there is no element.

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
        ValueError: ``axis`` is out of range or names an axis twice, or there is no element.

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
    if g.shape == tuple(shape):
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
        ValueError: ``axis`` is out of range or names an axis twice, or there is no element.

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
        ValueError: ``axis`` is out of range or names an axis twice, or there is no element.

    >>> import minispore as ms
    >>> print(any(ms.Tensor([[True, False], [False, False]]), 1))
    [ True False]
    """
    x = to(as_tensor(input), bool_)
    return _reduced(_max, "any", to(x, int32), axis, keep_dims) > 0


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
        ValueError: ``axis`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> print(var(ms.Tensor([[1.0, 3.0], [2.0, 6.0]]), 1, ddof=1))
    [2. 8.]
    """
    x = input if input.dtype.is_float else to(input, float32)
    axes = axes_of("var", x.ndim, axis)
    count = math.prod(x.shape[a] for a in axes)
    centred = sub(x, mean(x, axes, True))
    return _reduced(_sum, "var", square(centred), axes, keepdims) * (
        1.0 / (count - int(ddof)) if count > int(ddof) else math.nan
    )


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
        ValueError: ``axis`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> print(std(ms.Tensor([[1.0, 3.0], [2.0, 6.0]]), 1))
    [1. 2.]
    """
    return norm_of(var(input, axis, ddof, keepdims), 2.0)


@sums_in_float32
def logsumexp(input, axis, keep_dims=False):
    """Logarithm of a sum of exponentials: ``log(sum(exp(input)))`` over ``axis``, safe from overflow.

    Args:
        input (Tensor): any shape; numbers, integers are computed in float32.
        axis (None | int | tuple[int]): the axes to reduce, negative ones from the end; None or () for all.
        keep_dims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); the type of ``input``, float32 for integers.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice, or there is no element.

    >>> import minispore as ms
    >>> print(logsumexp(ms.Tensor([[0.0, 0.0], [1000.0, 0.0]]), 1))
    [6.931472e-01 1.000000e+03]
    """
    axes = axes_of("logsumexp", input.ndim, axis)
    top = stop_gradient(_max(input, axes)) if axes else stop_gradient(input)
    top = select(isfinite(top), top, 0.0)  # exp(inf) and exp(-inf) are right, and inf - inf is not
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
    """Index of the first maximum along ``dim``; a NaN counts as the maximum.

    Args:
        input (Tensor): any shape; numbers.
        dim (None | int): the axis; None for an index into the flattened ``input``. Default: None.
        keepdim (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axis ``dim`` (or with length 1 there); int64. It has no gradient.

    Raises:
        TypeError: ``dim`` is not an int.
        ValueError: ``dim`` is out of range, or there is no element.

    >>> import minispore as ms
    >>> print(argmax(ms.Tensor([[1.0, 4.0], [3.0, 2.0]]), 1))
    [1 0]
    """
    return _arg(_argmax, "argmax", input, dim, keepdim, int64)


def argmin(input, axis=None, keepdims=False):
    """Index of the first minimum along ``axis``; a NaN counts as the minimum.

    Args:
        input (Tensor): any shape; numbers.
        axis (None | int): the axis; None for an index into the flattened ``input``. Default: None.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axis ``axis`` (or with length 1 there); int32. It has no gradient.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: ``axis`` is out of range, or there is no element.

    >>> import minispore as ms
    >>> print(argmin(ms.Tensor([[1.0, 4.0], [3.0, 2.0]]), 1))
    [0 1]
    """
    return _arg(_argmin, "argmin", input, axis, keepdims, int32)


def _value_and_index(op, arg, name, x, axis, keepdims, initial, where):
    if axis is None or x.ndim == 0:
        return _extreme(op, name, x, axis, False, initial, where), as_tensor(0)
    x, initial = _chosen(name, x, initial, where)
    a = axes_of(name, x.ndim, axis)[0]
    if initial is not None:
        x = (maximum if op is _max else minimum)(x, literal(initial, x.dtype))
    at = _arg(arg, name, x, a, True, int64)
    # Of equal extremes the first is the one that is named, and has the gradient.
    value = _sum(select(equal(positions(x.shape[a], a, x.ndim), at), x, 0), (a,))
    if keepdims:
        return value, at
    shape = x.shape[:a] + x.shape[a + 1 :]
    return reshape(value, shape), reshape(at, shape)


def max(input, axis=None, keepdims=False, *, initial=None, where=None):
    """Maximum along ``axis`` and its index.

    Args:
        input (Tensor): any shape; numbers.
        axis (None | int): the axis; None for the maximum of all elements, with index 0. Default: None.
        keepdims (bool): whether the axis stays with length 1; not read if ``axis`` is None. Default: False.
        initial (number): takes part as an element; needed with ``where`` and for no elements. Default: None.
        where (Tensor): bool, the elements that take part; broadcasts. Default: None, all.

    Returns:
        tuple of two Tensors without the axis ``axis`` (or with length 1 there): the maxima in the type of ``input``,
        and the index of each (of the first of equal ones), int64.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: ``axis`` is out of range, or there is no element.

    >>> import minispore as ms
    >>> values, indices = max(ms.Tensor([[1.0, 4.0], [3.0, 2.0]]), 1)
    >>> print(values, indices)
    [4. 3.] [1 0]
    """
    return _value_and_index(_max, _argmax, "max", as_tensor(input), axis, keepdims, initial, where)


def min(input, axis=None, keepdims=False, *, initial=None, where=None):
    """Minimum along ``axis`` and its index.

    Args:
        input (Tensor): any shape; numbers.
        axis (None | int): the axis; None for the minimum of all elements, with index 0. Default: None.
        keepdims (bool): whether the axis stays with length 1; not read if ``axis`` is None. Default: False.
        initial (number): takes part as an element; needed with ``where`` and for no elements. Default: None.
        where (Tensor): bool, the elements that take part; broadcasts. Default: None, all.

    Returns:
        tuple of two Tensors without the axis ``axis`` (or with length 1 there): the minima in the type of ``input``,
        and the index of each (of the first of equal ones), int64.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: ``axis`` is out of range, or there is no element.

    >>> import minispore as ms
    >>> values, indices = min(ms.Tensor([[1.0, 4.0], [3.0, 2.0]]), 1)
    >>> print(values, indices)
    [1. 2.] [0 1]
    """
    return _value_and_index(_min, _argmin, "min", as_tensor(input), axis, keepdims, initial, where)


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
        ValueError: ``axis`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> print(count_nonzero(ms.Tensor([[1.0, 0.0], [3.0, 2.0]]), 1))
    [1 2]
    """
    return _reduced(_sum, "count_nonzero", to(x != 0, to_dtype(dtype)), axis, keep_dims)


# ---------------------------------------------------------------- Tensor's methods, whose signatures differ
@method("sum")
def _tensor_sum(self, axis=None, dtype=None, keepdims=False, initial=None, *, dim=None, keepdim=None):
    """Sum of the elements over ``axis``; as ``ops.sum``, plus ``initial``.

    Args:
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: None.
        dtype (dtype): the type to convert to first; None makes integers and bool int64; a bool is ``keepdim``.
            Default: None.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.
        initial (number | Tensor): added to the sum. Default: None.
        dim (None | int | tuple[int]): another name of ``axis``, which it overrides. Default: None.
        keepdim (bool): another name of ``keepdims``, which it overrides. Default: None.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); ``dtype``, else the Tensor's type or int64.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]).sum(0, initial=10))
    [14. 16.]
    """
    if isinstance(dtype, bool):  # sum(dim, keepdim)
        dtype, keepdim = None, dtype
    out = sum(self, axis if dim is None else dim, keepdims if keepdim is None else keepdim, dtype=dtype)
    return out if initial is None else out + initial


@method("mean")
def _tensor_mean(self, axis=None, keep_dims=False, *, dim=None, keepdim=None, dtype=None):
    """Arithmetic mean over ``axis``; as ``ops.mean``.

    Args:
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: None.
        keep_dims (bool): whether reduced axes stay with length 1. Default: False.
        dim (None | int | tuple[int]): another name of ``axis``, which it overrides. Default: None.
        keepdim (bool): another name of ``keep_dims``, which it overrides. Default: None.
        dtype (dtype): the type to convert to first; None makes integers and bool float32. Default: None.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); ``dtype``, else the Tensor's type or float32.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]).mean(1))
    [1.5 3.5]
    """
    return mean(self, axis if dim is None else dim, keep_dims if keepdim is None else keepdim, dtype=dtype)


@method("prod")
def _tensor_prod(self, axis=None, keep_dims=False, dtype=None):
    """Product of the elements over ``axis``; as ``ops.prod``.

    Args:
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: None.
        keep_dims (bool): whether reduced axes stay with length 1. Default: False.
        dtype (dtype): the type to convert to first; None makes integers and bool int64. Default: None.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); ``dtype``, else the Tensor's type or int64.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]).prod(1))
    [ 2. 12.]
    """
    return prod(self, axis, keep_dims, dtype)


def _by_signature(name, value_and_index, value, x, args, given):
    """``max`` and ``min`` of Tensors have two signatures: (dim, keepdim) gives the positions, too; the other is NumPy's."""
    by_dim = "dim" in given or "keepdim" in given
    plain = {"axis", "keepdims", "initial", "where", "return_indices"} & given.keys()
    if by_dim or (args and not plain and not isinstance(args[0], (tuple, list, type(None)))):
        dim, keepdim = bound(f"Tensor.{name}", args, given, {"dim": ..., "keepdim": False})
        checks.integer(f"Tensor.{name}", dim=dim)
        checks.boolean(f"Tensor.{name}", keepdim=keepdim)
        return value_and_index(x, dim, keepdim)
    names = {"axis": None, "keepdims": False, "initial": None, "where": True, "return_indices": False}
    axis, keepdims, initial, where, return_indices = bound(f"Tensor.{name}", args, given, names)
    if return_indices:
        return value_and_index(x, axis, keepdims, initial=initial, where=where)
    return value(x, axis, keepdims and axis is not None, initial=initial, where=where)


@method("max")
def _tensor_max(self, *args, **given):
    """Maximum over an axis and its index, called as ``(dim, keepdim=False)``; or the maximum alone.

    Args:
        *args (int | tuple[int] | bool): ``dim`` and ``keepdim``; or ``axis``, if it is None or a tuple or if one of the
            other names is given.
        **given (object): ``dim`` (int) and ``keepdim`` (bool, False); or ``axis`` (None, an int or a tuple of ints;
            None for all), ``keepdims`` (bool, False), ``initial`` (number, takes part too), ``where`` (bool Tensor, the
            elements that take part) and ``return_indices`` (bool, False: whether the index is returned too).

    Returns:
        tuple that ``ops.max`` returns; or a Tensor of the maxima in the Tensor's type.

    Raises:
        TypeError: the arguments fit neither signature.
        ValueError: an axis is out of range, or there is no element.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1.0, 4.0], [3.0, 2.0]])
    >>> print(x.max(), x.max(axis=1))
    4.0 [4. 3.]
    >>> values, indices = x.max(1)
    >>> print(values, indices, x.max((0, 1)))
    [4. 3.] [1 0] 4.0
    """
    return _by_signature("max", max, amax, self, args, given)


@method("min")
def _tensor_min(self, *args, **given):
    """Minimum over an axis and its index, called as ``(dim, keepdim=False)``; or the minimum alone.

    Args:
        *args (int | tuple[int] | bool): ``dim`` and ``keepdim``; or ``axis``, if it is None or a tuple or if one of the
            other names is given.
        **given (object): ``dim`` (int) and ``keepdim`` (bool, False); or ``axis`` (None, an int or a tuple of ints;
            None for all), ``keepdims`` (bool, False), ``initial`` (number, takes part too), ``where`` (bool Tensor, the
            elements that take part) and ``return_indices`` (bool, False: whether the index is returned too).

    Returns:
        tuple that ``ops.min`` returns; or a Tensor of the minima in the Tensor's type.

    Raises:
        TypeError: the arguments fit neither signature.
        ValueError: an axis is out of range, or there is no element.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1.0, 4.0], [3.0, 2.0]])
    >>> print(x.min(), x.min(axis=1))
    1.0 [1. 2.]
    >>> values, indices = x.min(1)
    >>> print(values, indices, x.min((0, 1)))
    [1. 2.] [0 1] 1.0
    """
    return _by_signature("min", min, amin, self, args, given)


@method("argmax")
def _tensor_argmax(self, axis=None, keepdims=False):
    """Index of the first maximum along ``axis``; as ``ops.argmax``.

    Args:
        axis (None | int): the axis; None for an index into the flattened Tensor. Default: None.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axis ``axis`` (or with length 1 there); int64.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: ``axis`` is out of range, or there is no element.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1.0, 4.0], [3.0, 2.0]]).argmax(1))
    [1 0]
    """
    return argmax(self, axis, keepdims)


@method("argmin")
def _tensor_argmin(self, axis=None, keepdims=False):
    """Index of the first minimum along ``axis``; as ``ops.argmin``.

    Args:
        axis (None | int): the axis; None for an index into the flattened Tensor. Default: None.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axis ``axis`` (or with length 1 there); int32.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: ``axis`` is out of range, or there is no element.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1.0, 4.0], [3.0, 2.0]]).argmin(1))
    [0 1]
    """
    return argmin(self, axis, keepdims)


@method("all")
def _tensor_all(self, axis=None, keep_dims=False):
    """Whether every element over ``axis`` is true (not 0); as ``ops.all``.

    Args:
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: None.
        keep_dims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); bool.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice, or there is no element.

    >>> import minispore as ms
    >>> print(ms.Tensor([[True, False], [True, True]]).all(1))
    [False  True]
    """
    return all(self, axis, keep_dims)


@method("any")
def _tensor_any(self, axis=None, keep_dims=False):
    """Whether some element over ``axis`` is true (not 0); as ``ops.any``.

    Args:
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: None.
        keep_dims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); bool.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice, or there is no element.

    >>> import minispore as ms
    >>> print(ms.Tensor([[True, False], [False, False]]).any(1))
    [ True False]
    """
    return any(self, axis, keep_dims)


@method("var")
def _tensor_var(self, axis=None, ddof=0, keepdims=False):
    """Variance over ``axis``; as ``ops.var``.

    Args:
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: None.
        ddof (int | bool): what is subtracted from the number of elements; True is 1. Default: 0.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); the Tensor's type, float32 for integers and bool.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1.0, 3.0], [2.0, 6.0]]).var(1))
    [1. 4.]
    """
    return var(self, axis, ddof, keepdims)


@method("std")
def _tensor_std(self, axis=None, ddof=0, keepdims=False):
    """Standard deviation over ``axis``; as ``ops.std``.

    Args:
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: None.
        ddof (int | bool): what is subtracted from the number of elements; True is 1. Default: 0.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); the Tensor's type, float32 for integers and bool.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> print(ms.Tensor([[1.0, 3.0], [2.0, 6.0]]).std(1))
    [1. 2.]
    """
    return std(self, axis, ddof, keepdims)


method("logsumexp")(logsumexp)
method("amax")(amax)
method("amin")(amin)


__all__ = [
    "all", "amax", "amin", "any", "argmax", "argmin", "count_nonzero", "logsumexp", "max", "mean", "min", "prod",
    "std", "sum", "var",
]  # fmt: skip
