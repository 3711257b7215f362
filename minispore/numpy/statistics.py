"""Statistics: what skips NaN, covariance, counting into bins."""

from typing import Any

import numpy as np

from .. import ops as _ops
from ..core.dtype import float32
from ..core.errors import fail
from ..core.op import fixed, to
from ..core.tensor import Tensor
from ..ops.statistics import nan_extreme, nanstd as _nanstd, nanvar as _nanvar
from . import arrays
from .creation import asarray
from .math import _typed

ops: Any = _ops  # its functions are put together when it is imported


def nansum(a, axis=None, dtype=None, keepdims=False):
    """The sum of what is not NaN.

    Args:
        a (Tensor | list | number): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        dtype (dtype | str): the type; by default that of ``a``, int64 for integers. Default: None.
        keepdims (bool): whether these axes stay, with length 1. Default: False.

    Returns:
        Tensor without these axes (or with length 1 there)

    >>> import minispore.numpy as mnp
    >>> print(mnp.nansum([1.0, mnp.nan, 2.0]))
    3.0
    """
    a = asarray(a)
    return ops.nansum(a, axis, keepdims, dtype=a.dtype if dtype is None else dtype)


def nanmean(a, axis=None, dtype=None, keepdims=False):
    """The mean of what is not NaN.

    Args:
        a (Tensor | list | number): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        dtype (dtype | str): the type; by default that of ``a``, float32 for integers. Default: None.
        keepdims (bool): whether these axes stay, with length 1. Default: False.

    Returns:
        Tensor without these axes (or with length 1 there)

    >>> import minispore.numpy as mnp
    >>> print(mnp.nanmean([1.0, mnp.nan, 2.0]))
    1.5
    """
    return ops.nanmean(asarray(a), axis, keepdims, dtype=dtype)


def nanvar(a, axis=None, dtype=None, ddof=0, keepdims=False):
    """The variance of what is not NaN.

    Args:
        a (Tensor | list | number): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        dtype (dtype | str): the type; by default that of ``a``, float32 for integers. Default: None.
        ddof (int): the number of elements less this is divided by. Default: 0.
        keepdims (bool): whether these axes stay, with length 1. Default: False.

    Returns:
        Tensor without these axes (or with length 1 there)

    >>> import minispore.numpy as mnp
    >>> print(mnp.nanvar([1.0, mnp.nan, 3.0]))
    1.0
    """
    return _typed(_nanvar(asarray(a), axis, ddof, keepdims), dtype)


def nanstd(a, axis=None, dtype=None, ddof=0, keepdims=False):
    """The standard deviation of what is not NaN.

    Args:
        a (Tensor | list | number): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        dtype (dtype | str): the type; by default that of ``a``, float32 for integers. Default: None.
        ddof (int): the number of elements less this is divided by. Default: 0.
        keepdims (bool): whether these axes stay, with length 1. Default: False.

    Returns:
        Tensor without these axes (or with length 1 there)

    >>> import minispore.numpy as mnp
    >>> print(mnp.nanstd([1.0, mnp.nan, 3.0]))
    1.0
    """
    return _typed(_nanstd(asarray(a), axis, ddof, keepdims), dtype)


def nanmax(a, axis=None, dtype=None, keepdims=False):
    """The maximum of what is not NaN.

    Args:
        a (Tensor | list | number): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        dtype (dtype | str): the type; by default that of ``a``. Default: None.
        keepdims (bool): whether these axes stay, with length 1. Default: False.

    Returns:
        Tensor without these axes (or with length 1 there)

    >>> import minispore.numpy as mnp
    >>> print(mnp.nanmax([1.0, mnp.nan, 2.0]))
    2.0
    """
    return _typed(nan_extreme(asarray(a), axis, keepdims, True), dtype)


def nanmin(a, axis=None, dtype=None, keepdims=False):
    """The minimum of what is not NaN.

    Args:
        a (Tensor | list | number): any shape; numbers.
        axis (int | tuple[int]): over which axes; None for all. Default: None.
        dtype (dtype | str): the type; by default that of ``a``. Default: None.
        keepdims (bool): whether these axes stay, with length 1. Default: False.

    Returns:
        Tensor without these axes (or with length 1 there)

    >>> import minispore.numpy as mnp
    >>> print(mnp.nanmin([1.0, mnp.nan, 2.0]))
    1.0
    """
    return _typed(nan_extreme(asarray(a), axis, keepdims, False), dtype)


def nancumsum(a, axis=None, dtype=None):
    """Running sums in which NaN is 0.

    Args:
        a (Tensor): any shape; numbers.
        axis (int): along which axis; None for the flattened ``a``. Default: None.
        dtype (dtype | str): the type; by default that of ``a``. Default: None.

    Returns:
        Tensor of the shape of ``a``, or (n,).

    Raises:
        TypeError: ``a`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.nancumsum(mnp.array([1.0, mnp.nan, 2.0])))
    [1. 1. 3.]
    """
    x = asarray(a)
    x = ops.where(ops.isnan(x), 0.0, x) if x.dtype.is_float else x
    x = _typed(x, dtype)
    return to(ops.cumsum(arrays.ravel(x) if axis is None else x, 0 if axis is None else axis), x.dtype)


# ---------------------------------------------------------------- covariance
def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, dtype=None):
    """The covariance matrix of variables.

    Args:
        m (Tensor | list): one or two axes; numbers; each row is a variable, each column an observation.
        y (Tensor | list): more variables. Default: None.
        rowvar (bool): False: each column is a variable. Default: True.
        bias (bool): whether the sums are divided by n, not by n - 1. Default: False.
        ddof (int): the number of observations less this is divided by. Default: None.
        fweights (Tensor | list): integers: how often each observation counts. Default: None.
        aweights (Tensor | list): floats: the weight of each observation. Default: None.
        dtype (dtype | str): the type; by default that of ``m``, float32 for integers. Default: None.

    Returns:
        Tensor of shape (n, n), or () for one variable.

    Raises:
        ValueError: an input has more than two axes.

    >>> import minispore.numpy as mnp
    >>> print(mnp.cov([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]))
    [[ 1. -1.]
     [-1.  1.]]
    """
    x = _variables(m, rowvar)
    if y is not None:
        x = ops.concat((x, _variables(y, rowvar)), 0)
    correction = (0 if bias else 1) if ddof is None else ddof
    weights = [None if w is None else asarray(w) for w in (fweights, aweights)]
    out = ops.cov(x, correction=correction, fweights=weights[0], aweights=weights[1])
    return _typed(ops.squeeze(out), dtype)


def _variables(m, rowvar):
    x = asarray(m)
    if x.ndim > 2:
        raise fail(ValueError, f"For 'cov', at most two axes are possible, but got the shape {x.shape}.")
    x = x if x.dtype.is_inexact else to(x, float32)
    return ops.reshape(x, (1, -1)) if x.ndim < 2 else x if rowvar else ops.swapaxes(x, 0, 1)


def corrcoef(x, y=None, rowvar=True, dtype=None):
    """The matrix of correlation coefficients of variables.

    Args:
        x (Tensor | list): one or two axes; numbers; each row is a variable, each column an observation.
        y (Tensor | list): more variables. Default: None.
        rowvar (bool): False: each column is a variable. Default: True.
        dtype (dtype | str): the type; by default that of ``x``, float32 for integers. Default: None.

    Returns:
        Tensor of shape (n, n), or () for one variable.

    >>> import minispore.numpy as mnp
    >>> print(mnp.corrcoef([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]).asnumpy().round(3))
    [[ 1. -1.]
     [-1.  1.]]
    """
    c = cov(x, y, rowvar)
    if c.ndim == 0:
        return _typed(c / c, dtype)
    deviation = ops.sqrt(ops.diagonal(c))
    out = c / ops.expand_dims(deviation, 1) / deviation
    return _typed(ops.clamp(out, -1.0, 1.0), dtype)


# ---------------------------------------------------------------- bins
def searchsorted(a, v, side="left", sorter=None):
    """Positions at which values would keep a sorted vector sorted.

    Args:
        a (Tensor | list): shape (n,); numbers, sorted.
        v (Tensor | list | number): any shape; numbers: the values.
        side (str): "left": before equal elements, "right": behind them. Default: "left".
        sorter (Tensor | list): the order that sorts ``a``, if that is not sorted. Default: None.

    Returns:
        Tensor of the shape of ``v``; int32.

    Raises:
        ValueError: ``side`` is unknown.

    >>> import minispore.numpy as mnp
    >>> print(mnp.searchsorted([1, 3, 5], [3, 4]))
    [1 2]
    """
    if side not in ("left", "right"):
        raise fail(ValueError, f"For 'searchsorted', 'side' must be 'left' or 'right', but got {side!r}.")
    ordered = asarray(a)
    if sorter is not None:
        ordered = ops.gather(ordered, asarray(sorter), 0)
    return ops.searchsorted(ordered, asarray(v), side=side, out_int32=True)


def digitize(x, bins, right=False):
    """The number of the bin of each element.

    Args:
        x (Tensor | list | number): any shape; numbers.
        bins (Tensor | list): shape (n,); the edges, increasing or decreasing.
        right (bool): whether the right edge belongs to a bin, not the left one. Default: False.

    Returns:
        Tensor of the shape of ``x``; int32; 0 below the first edge, n above the last.

    Raises:
        ValueError: ``bins`` is no vector.

    >>> import minispore.numpy as mnp
    >>> print(mnp.digitize([0.5, 1.5, 9.0], [1.0, 2.0]))
    [0 1 2]
    """
    x, edges = asarray(x), asarray(bins)
    if edges.ndim != 1:
        raise fail(ValueError, f"For 'digitize', 'bins' must be a vector, but got the shape {edges.shape}.")
    values = edges._array()
    if values.size > 1 and values[0] > values[-1]:
        return edges.shape[0] - ops.searchsorted(ops.flip(edges, (0,)), x, right=right, out_int32=True)
    return ops.searchsorted(edges, x, right=not right, out_int32=True)


def bincount(x, weights=None, minlength=0, length=None):
    """How often each of 0, 1, ... comes.

    Args:
        x (Tensor | list): shape (n,); integers, not negative.
        weights (Tensor | list): shape (n,); what is added up in place of ones. Default: None.
        minlength (int): how long the result is at least. Default: 0.
        length (int): how long it is exactly. Default: None.

    Returns:
        Tensor of shape (max + 1,), or longer.

    >>> import minispore.numpy as mnp
    >>> print(mnp.bincount([0, 2, 2]))
    [1. 0. 2.]
    """
    x = asarray(x)
    made = ops.bincount(x, None if weights is None else asarray(weights), minlength if length is None else length)
    made = made if length is None else ops.narrow(made, 0, 0, length)
    return made


def _host(x):
    return x._array() if isinstance(x, Tensor) else x


def _float(array):
    return fixed(np.asarray(array, np.float32))


def _edges(array, bins):
    """The edges of a histogram: int32 where integers were given."""
    given = isinstance(bins, (list, tuple, Tensor)) and np.asarray(_host(bins)).dtype.kind in "iu"
    return fixed(np.asarray(array, np.int32)) if given else _float(array)


def histogram_bin_edges(a, bins=10, range=None, weights=None):
    """The edges of equal bins.

    Args:
        a (Tensor | list | number): any shape; numbers.
        bins (int | Tensor | list): how many; or the edges. Default: 10.
        range (tuple[number]): from where to where; by default that of the data. Default: None.
        weights (Tensor | list): no effect. Default: None.

    Returns:
        Tensor of shape (bins + 1,); float32, or int32 where integers are given as edges.

    >>> import minispore.numpy as mnp
    >>> print(mnp.histogram_bin_edges([0.0, 1.0], 2))
    [0.  0.5 1. ]
    """
    return _edges(np.histogram_bin_edges(asarray(a)._array(), _host(bins), range), bins)


def histogram(a, bins=10, range=None, weights=None, density=False):
    """How many elements are in each bin.

    Args:
        a (Tensor | list | number): any shape; numbers.
        bins (int | Tensor | list): how many; or the edges. Default: 10.
        range (tuple[number]): from where to where; by default that of the data. Default: None.
        weights (Tensor | list): the shape of ``a``; what is added up in place of ones. Default: None.
        density (bool): whether the integral of the result is 1. Default: False.

    Returns:
        tuple of the counts, shape (bins,), and the edges, shape (bins + 1,); float32.

    >>> import minispore.numpy as mnp
    >>> print(*mnp.histogram([0.0, 0.2, 1.0], 2))
    [2. 1.] [0.  0.5 1. ]
    """
    counts, edges = np.histogram(asarray(a)._array(), _host(bins), range, density, _host(weights))
    return _float(counts), _edges(edges, bins)


def histogram2d(x, y, bins=10, range=None, weights=None, density=False):
    """How many points are in each cell of a plane grid.

    Args:
        x (Tensor | list): shape (n,); one coordinate.
        y (Tensor | list): shape (n,); the other.
        bins (int | list): how many along each axis; or the edges. Default: 10.
        range (list[tuple]): from where to where along each axis; by default those of the data. Default: None.
        weights (Tensor | list): shape (n,); what is added up in place of ones. Default: None.
        density (bool): whether the integral of the result is 1. Default: False.

    Returns:
        tuple of the counts, the edges along x and those along y; float32.

    >>> import minispore.numpy as mnp
    >>> print(mnp.histogram2d([0.0, 1.0], [0.0, 1.0], 2)[0])
    [[1. 0.]
     [0. 1.]]
    """
    made = np.histogram2d(asarray(x)._array(), asarray(y)._array(), _host(bins), range, density, _host(weights))
    return tuple(_float(m) for m in made)


def histogramdd(sample, bins=10, range=None, weights=None, density=False):
    """How many points are in each cell of a grid.

    Args:
        sample (Tensor | list): shape (n, d), or a list of d vectors; the coordinates.
        bins (int | list): how many along each axis; or the edges. Default: 10.
        range (list[tuple]): from where to where along each axis; by default those of the data. Default: None.
        weights (Tensor | list): shape (n,); what is added up in place of ones. Default: None.
        density (bool): whether the integral of the result is 1. Default: False.

    Returns:
        tuple of the counts and the list of the edges along each axis; float32.

    >>> import minispore.numpy as mnp
    >>> print(mnp.histogramdd(mnp.array([[0.0, 0.0], [1.0, 1.0]]), 2)[0])
    [[1. 0.]
     [0. 1.]]
    """
    if isinstance(sample, (list, tuple)):
        sample = np.stack([_host(asarray(s)) for s in sample], 1)
    counts, edges = np.histogramdd(_host(sample), _host(bins), range, density, _host(weights))
    return _float(counts), [_float(e) for e in edges]


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
