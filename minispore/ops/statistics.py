"""Statistics: sums that skip NaN, quantiles, covariance."""

import builtins

from ..core.dtype import float16, float32, int64, to_dtype
from ..core.errors import fail
from ..core.op import as_tensor, literal, to
from ..core.tensor import Tensor
from .concatenation import concat
from .elements import take_elements
from .elementwise import (
    floor,
    isnan,
    logical_not,
    norm_of,
    select,
)
from .inputs import accumulation_type, sums_in_float32
from .methods import method
from .movement import axis_of, reshape, transpose
from .reduction import amax, amin, any as any_, mean, sum as sum_, var
from .slicing import slice_along
from .sorting import sort


def _given(x):
    """(``x`` with 0 for NaN, 1 where it is a number)."""
    return select(isnan(x), 0.0, x), to(logical_not(isnan(x)), x.dtype)


@method("nansum")
def nansum(input, axis=None, keepdims=False, *, dtype=None):
    """Sum over ``axis`` of the elements that are not NaN.

    Args:
        input (Tensor): any shape; numbers or bool.
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: None.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.
        dtype (dtype): the type of the sum; None keeps that of numbers and makes bool int64. Default: None.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); ``dtype``, else the type of ``input`` or int64.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> print(nansum(ms.Tensor([1.0, float("nan"), 2.0])))
    3.0
    """
    x = as_tensor(input)
    kept = x.dtype if dtype is None and x.dtype.is_int else dtype
    return sum_(_given(x)[0] if x.dtype.is_float else x, axis, keepdims, dtype=kept)


@method("nanmean")
def nanmean(input, axis=None, keepdims=False, *, dtype=None):
    """Mean over ``axis`` of the elements that are not NaN; NaN where there are none.

    Args:
        input (Tensor): any shape; numbers or bool.
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: None.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.
        dtype (dtype): the type to convert ``input`` to first, a float type; None makes integers and bool float32.
            Default: None.

    Returns:
        Tensor without the axes ``axis`` (or with length 1 there); ``dtype``, else the type of ``input`` or float32.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> print(nanmean(ms.Tensor([1.0, float("nan"), 2.0])))
    1.5
    """
    x = input if input.dtype.is_inexact else to(input, float32)
    x = x if dtype is None else to(x, to_dtype(dtype))
    value, number = _given(accumulation_type(x))
    return to(sum_(value, axis, keepdims) / sum_(number, axis, keepdims), x.dtype)


@sums_in_float32
def nanvar(input, axis=None, ddof=0, keepdims=False):
    """The variance over ``axis`` of what is not NaN."""
    x = input if input.dtype.is_inexact else to(input, float32)
    value, number = _given(x)
    count = sum_(number, axis, True)
    centred = (value - sum_(value, axis, True) / count) * number
    return sum_(centred * centred, axis, keepdims) / (sum_(number, axis, keepdims) - ddof)


@sums_in_float32
def nanstd(input, axis=None, ddof=0, keepdims=False):
    """The standard deviation over ``axis`` of what is not NaN."""
    return norm_of(nanvar(input, axis, ddof, keepdims), 2.0)


def nan_extreme(input, axis, keepdims, largest):
    """The largest or smallest number over ``axis``, NaN only where there is no number."""
    x = as_tensor(input)
    if not x.dtype.is_float:
        return (amax if largest else amin)(x, axis, keepdims)
    worst = float("-inf") if largest else float("inf")
    out = (amax if largest else amin)(select(isnan(x), worst, x), axis, keepdims)
    return select(any_(logical_not(isnan(x)), axis, keepdims), out, float("nan"))


# ---------------------------------------------------------------- quantiles
def _last(x, a):
    return transpose(x, (*(k for k in range(x.ndim) if k != a), a))


def _quantile(name, input, q, axis, keepdims, skip_nan):
    x = as_tensor(input)
    if not x.dtype.is_float or x.dtype.itemsize == 2:
        raise fail(TypeError, f"For '{name}', the input must be float32 or float64, but got {x.dtype}.")
    if not isinstance(q, (float, int, Tensor)):
        raise fail(TypeError, f"For '{name}', 'q' must be a float or a Tensor, but got {type(q).__name__}.")
    if isinstance(q, (float, int)) and not 0 <= q <= 1:
        raise fail(ValueError, f"For '{name}', 'q' must be in [0, 1], but got {q}.")
    given = x.ndim
    if axis is None:
        x, a = reshape(x, (-1,)), 0
    else:
        a = axis_of(name, x.ndim, axis)
    lines = sort(_last(x, a), -1)[0]  # NaN at the end
    n = lines.shape[-1]
    flat = reshape(lines, (-1, n))
    count = sum_(logical_not(isnan(flat)), -1, True)
    levels = to(q, x.dtype) if isinstance(q, Tensor) else literal(q, x.dtype)
    levels = reshape(levels, (1, -1))
    last = to(count, x.dtype) - 1.0 if skip_nan else float(n - 1)
    at = levels * last + to(count, x.dtype) * 0.0
    low = floor(at)
    first = to(select(low < 0, 0.0, low), int64)
    second = select(first < n - 1, first + 1, first)
    lower, upper = (take_elements(flat, 1, k, name) for k in (first, second))
    part = at - low
    out = select(part > 0, lower + (upper - lower) * part, lower)
    bad = count < 1 if skip_nan else count < n
    out = select(bad, float("nan"), out)  # (lines, levels)
    rest = (1,) * given if axis is None else tuple(1 if k == a else d for k, d in enumerate(x.shape))
    if not keepdims:
        rest = () if axis is None else rest[:a] + rest[a + 1 :]
    single = not isinstance(q, Tensor) or q.ndim == 0
    return reshape(out, rest) if single else reshape(out.swapaxes(0, 1), (out.shape[1], *rest))


@method("quantile")
def quantile(input, q, axis=None, keepdims=False):
    """Quantiles over ``axis``, linear between two neighbours.

    Of n sorted elements it is the one at ``q * (n - 1)``. A line with NaN gives NaN.

    Args:
        input (Tensor): any shape; float32 or float64.
        q (float | Tensor): a number, or a Tensor of any shape with numbers, in [0, 1].
        axis (None | int): the axis; None for the flattened ``input``. Default: None.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axis ``axis`` (or with length 1 there), after a new first axis for several quantiles; the
        type of ``input``.

    Raises:
        TypeError: ``input`` is not float32 or float64, or ``q`` is no number or Tensor.
        ValueError: ``q`` is a number outside [0, 1], or ``axis`` is out of range.

    >>> import minispore as ms
    >>> print(quantile(ms.Tensor([1.0, 2.0, 4.0]), ms.Tensor([0.5, 0.75])))
    [2. 3.]
    """
    return _quantile("quantile", input, q, axis, keepdims, False)


@method("nanquantile")
def nanquantile(input, q, axis=None, keepdims=False):
    """Quantiles over ``axis`` of the elements that are not NaN; NaN where there are none.

    Args:
        input (Tensor): any shape; float32 or float64.
        q (float | Tensor): a number, or a Tensor of any shape with numbers, in [0, 1].
        axis (None | int): the axis; None for the flattened ``input``. Default: None.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        Tensor without the axis ``axis`` (or with length 1 there), after a new first axis for several quantiles; the
        type of ``input``.

    Raises:
        TypeError: ``input`` is not float32 or float64, or ``q`` is no number or Tensor.
        ValueError: ``q`` is a number outside [0, 1], or ``axis`` is out of range.

    >>> import minispore as ms
    >>> print(nanquantile(ms.Tensor([3.0, float("nan"), 4.0]), 0.5))
    3.5
    """
    return _quantile("nanquantile", input, q, axis, keepdims, True)


@method("nanmedian")
def nanmedian(input, axis=-1, keepdims=False):
    """Median along ``axis`` of the elements that are not NaN, and its index; of two middle elements the smaller one.

    Args:
        input (Tensor): at least one axis; floats.
        axis (int): the axis. Default: -1.
        keepdims (bool): whether the axis stays with length 1. Default: False.

    Returns:
        tuple of two Tensors without the axis ``axis`` (or with length 1 there): the medians in the type of ``input``
        (NaN where all elements are NaN), and their indices, int64.

    Raises:
        ValueError: ``axis`` is out of range.

    >>> import minispore as ms
    >>> value, index = nanmedian(ms.Tensor([3.0, float("nan"), 1.0, 2.0]))
    >>> print(value, index)
    2.0 3
    """
    a = axis_of("nanmedian", input.ndim, axis)
    if input.ndim and input.shape[a] == 0:
        raise fail(ValueError, f"For 'nanmedian', no element has no median: the shape is {input.shape}, the axis {a}.")
    lines = _last(input, a)
    values, order = sort(lines, -1)
    count = sum_(logical_not(isnan(lines)), -1, True)
    middle = select(count > 0, (count - 1) // 2, 0)
    found = [take_elements(t, t.ndim - 1, middle, "nanmedian") for t in (values, to(order, int64))]
    back = [reshape(t, tuple(1 if k == a else d for k, d in enumerate(input.shape))) for t in found]
    return tuple(back) if keepdims else tuple(reshape(t, t.shape[:a] + t.shape[a + 1 :]) for t in back)


# ---------------------------------------------------------------- covariance
@method("cov")
@sums_in_float32
def cov(input, *, correction=1, fweights=None, aweights=None):
    """Covariance matrix of the rows of ``input`` (variables), whose columns are observations.

    Of N observations with the means m: ``sum((x - m) @ (x - m).T) / (N - correction)``, each observation counted with
    its weight.

    Args:
        input (Tensor): shape (variables, observations) or (observations,); numbers, integers are computed in float32.
        correction (int): what is subtracted from the number of observations. Default: 1.
        fweights (Tensor): shape (observations,); integers; how often each observation was made. Default: None.
        aweights (Tensor): shape (observations,); numbers; how much each observation counts. Default: None.

    Returns:
        Tensor of shape (variables, variables), or () for one variable without an axis; the type of ``input`` or
        float32.

    Raises:
        ValueError: ``input`` has more than two axes.

    >>> import minispore as ms
    >>> print(cov(ms.Tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]])))
    [[ 1. -1.]
     [-1.  1.]]
    """
    if input.ndim > 2:
        raise fail(ValueError, f"For 'cov', at most two axes are possible, but got the shape {input.shape}.")
    x = input if input.dtype.is_inexact else to(input, float32)
    single = x.ndim < 2
    x = reshape(x, (1, -1)) if single else x
    weights = None
    for w in (fweights, aweights):
        if w is not None:
            weights = to(w, x.dtype) if weights is None else weights * to(w, x.dtype)
    if weights is None:
        total, centre, weighted = float(x.shape[1]), mean(x, 1, True), x
        norm = total - correction
    else:
        total = sum_(weights)
        centre = sum_(x * weights, 1, True) / total
        norm = total - correction if aweights is None else (
            total - sum_(weights * to(aweights, x.dtype)) / total * correction
        )  # fmt: skip
    centred = x - centre
    weighted = centred if weights is None else centred * weights
    out = (weighted @ centred.swapaxes(0, 1)) / norm
    out = to(out, float32) if input.dtype is float16 else out
    return reshape(out, ()) if single else out


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]


# ---------------------------------------------------------------- pairs of statistics, differences
@sums_in_float32
def std_mean(input, axis=None, ddof=0, keepdims=False):
    """Standard deviation and mean over ``axis``: ``(std(input), mean(input))``.

    Args:
        input (Tensor): any shape; numbers or bool.
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: None.
        ddof (int | bool): what is subtracted from the number of elements in the divisor; True is 1. Default: 0.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        tuple of two Tensors without the axes ``axis`` (or with length 1 there); the type of ``input``, float32 for
        integers.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> std, average = std_mean(ms.Tensor([1.0, 3.0]))
    >>> print(std, average)
    1.0 2.0
    """
    return norm_of(var(input, axis, ddof, keepdims), 2.0), mean(input, axis, keepdims)


@sums_in_float32
def var_mean(input, axis=None, ddof=0, keepdims=False):
    """Variance and mean over ``axis``: ``(var(input), mean(input))``.

    Args:
        input (Tensor): any shape; numbers or bool.
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: None.
        ddof (int | bool): what is subtracted from the number of elements in the divisor; True is 1. Default: 0.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        tuple of two Tensors without the axes ``axis`` (or with length 1 there); the type of ``input``, float32 for
        integers.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice.

    >>> import minispore as ms
    >>> variance, average = var_mean(ms.Tensor([1.0, 5.0]))
    >>> print(variance, average)
    4.0 3.0
    """
    return var(input, axis, ddof, keepdims), mean(input, axis, keepdims)


@method("aminmax")
def aminmax(input, *, axis=0, keepdims=False):
    """Minimum and maximum over ``axis``: ``(amin(input), amax(input))``.

    Args:
        input (Tensor): any shape; numbers.
        axis (None | int | tuple[int]): the axes to reduce; None or () for all. Default: 0.
        keepdims (bool): whether reduced axes stay with length 1. Default: False.

    Returns:
        tuple of two Tensors without the axes ``axis`` (or with length 1 there); the type of ``input``.

    Raises:
        TypeError: ``axis`` is not an int or a tuple of ints.
        ValueError: ``axis`` is out of range or names an axis twice, or there is no element.

    >>> import minispore as ms
    >>> least, most = aminmax(ms.Tensor([[1.0, 4.0], [3.0, 2.0]]))
    >>> print(least, most)
    [1. 2.] [3. 4.]
    """
    return amin(input, axis, keepdims), amax(input, axis, keepdims)


@method("diff")
def diff(x, n=1, axis=-1, prepend=None, append=None):
    """Differences of neighbours along ``axis``, ``x[i + 1] - x[i]``, taken ``n`` times.

    Args:
        x (Tensor): at least one axis; numbers.
        n (int): how often. Default: 1.
        axis (int): the axis. Default: -1.
        prepend (Tensor): put before ``x`` along ``axis``; the shape of ``x`` but for that axis. Default: None.
        append (Tensor): put after ``x`` along ``axis``; the shape of ``x`` but for that axis. Default: None.

    Returns:
        Tensor whose axis ``axis`` is ``n`` shorter; the type of ``x``.

    Raises:
        ValueError: ``axis`` is out of range, or the shapes do not fit.

    >>> import minispore as ms
    >>> print(diff(ms.Tensor([1, 3, 7])), diff(ms.Tensor([1, 3, 7]), 2))
    [2 4] [2]
    """
    a = axis_of("diff", x.ndim, axis)
    parts = [p for p in (prepend, x, append) if p is not None]
    x = concat(parts, a) if len(parts) > 1 else x
    for _ in builtins.range(n):
        if not x.shape[a]:
            return x
        rest = x.shape[a] - 1
        x = slice_along(x, a, 1, rest) - slice_along(x, a, 0, rest)
    return x


__all__ = [
    "aminmax", "cov", "diff", "nanmean", "nanmedian", "nanquantile", "nansum", "quantile", "std_mean", "var_mean",
]  # fmt: skip
