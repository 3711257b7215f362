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
    """The sum over ``axis`` of what is not NaN."""
    return ops.nansum(asarray(a), axis, keepdims, dtype=dtype)


def nanmean(a, axis=None, dtype=None, keepdims=False):
    """The mean over ``axis`` of what is not NaN."""
    return ops.nanmean(asarray(a), axis, keepdims, dtype=dtype)


def nanvar(a, axis=None, dtype=None, ddof=0, keepdims=False):
    """The variance over ``axis`` of what is not NaN."""
    return _typed(_nanvar(asarray(a), axis, ddof, keepdims), dtype)


def nanstd(a, axis=None, dtype=None, ddof=0, keepdims=False):
    """The standard deviation over ``axis`` of what is not NaN."""
    return _typed(_nanstd(asarray(a), axis, ddof, keepdims), dtype)


def nanmax(a, axis=None, dtype=None, keepdims=False):
    """The maximum over ``axis`` of what is not NaN."""
    return _typed(nan_extreme(asarray(a), axis, keepdims, True), dtype)


def nanmin(a, axis=None, dtype=None, keepdims=False):
    """The minimum over ``axis`` of what is not NaN."""
    return _typed(nan_extreme(asarray(a), axis, keepdims, False), dtype)


def nancumsum(a, axis=None, dtype=None):
    """Running sums along ``axis`` in which NaN is 0."""
    x = asarray(a)
    x = ops.where(ops.isnan(x), 0.0, x) if x.dtype.is_float else x
    x = _typed(x, dtype)
    return to(ops.cumsum(arrays.ravel(x) if axis is None else x, 0 if axis is None else axis), x.dtype)


# ---------------------------------------------------------------- covariance
def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, dtype=None):
    """The covariance matrix of the rows (of the columns unless ``rowvar``) of ``m`` and ``y``.

    Args:
        bias: divide by n, not by n - 1.  ddof: divide by n - ddof.
        fweights, aweights: repetitions and weights of the observations.
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
    x = x if x.dtype.is_float else to(x, float32)
    return ops.reshape(x, (1, -1)) if x.ndim < 2 else x if rowvar else ops.swapaxes(x, 0, 1)


def corrcoef(x, y=None, rowvar=True, dtype=None):
    """The matrix of correlation coefficients of the rows of ``x`` and ``y``."""
    c = cov(x, y, rowvar)
    if c.ndim == 0:
        return _typed(c / c, dtype)
    deviation = ops.sqrt(ops.diagonal(c))
    out = c / ops.expand_dims(deviation, 1) / deviation
    return _typed(ops.clamp(out, -1.0, 1.0), dtype)


# ---------------------------------------------------------------- bins
def searchsorted(a, v, side="left", sorter=None):
    """Where ``v`` would go into the sorted vector ``a``, int32."""
    if side not in ("left", "right"):
        raise fail(ValueError, f"For 'searchsorted', 'side' must be 'left' or 'right', but got {side!r}.")
    ordered = asarray(a)
    if sorter is not None:
        ordered = ops.gather(ordered, asarray(sorter), 0)
    return ops.searchsorted(ordered, asarray(v), side=side, out_int32=True)


def digitize(x, bins, right=False):
    """The number of the bin of each element; ``bins``: the edges, increasing or decreasing."""
    x, edges = asarray(x), asarray(bins)
    if edges.ndim != 1:
        raise fail(ValueError, f"For 'digitize', 'bins' must be a vector, but got the shape {edges.shape}.")
    values = edges._array()
    if values.size > 1 and values[0] > values[-1]:
        return edges.shape[0] - ops.searchsorted(ops.flip(edges, (0,)), x, right=right, out_int32=True)
    return ops.searchsorted(edges, x, right=not right, out_int32=True)


def bincount(x, weights=None, minlength=0, length=None):
    """How often (or with what sum of ``weights``) each of 0, 1, ... comes; ``length`` cuts or extends the result."""
    x = asarray(x)
    made = ops.bincount(x, None if weights is None else asarray(weights), minlength if length is None else length)
    made = made if length is None else ops.narrow(made, 0, 0, length)
    return made


def _host(x):
    return x._array() if isinstance(x, Tensor) else x


def _float(array):
    return fixed(np.asarray(array, np.float32))


def histogram_bin_edges(a, bins=10, range=None, weights=None):
    """The edges of ``bins`` equal bins over ``range`` (by default of the data), float32."""
    return _float(np.histogram_bin_edges(asarray(a)._array(), _host(bins), range))


def histogram(a, bins=10, range=None, weights=None, density=False):
    """(counts or sums of ``weights`` in each bin, edges), float32; ``density``: with integral 1."""
    counts, edges = np.histogram(asarray(a)._array(), _host(bins), range, density, _host(weights))
    return _float(counts), _float(edges)


def histogram2d(x, y, bins=10, range=None, weights=None, density=False):
    """(counts in the cells of a grid, edges along x, edges along y)."""
    made = np.histogram2d(asarray(x)._array(), asarray(y)._array(), _host(bins), range, density, _host(weights))
    return tuple(_float(m) for m in made)


def histogramdd(sample, bins=10, range=None, weights=None, density=False):
    """(counts in the cells of a grid over the columns of ``sample``, the list of edges along each)."""
    if isinstance(sample, (list, tuple)):
        sample = np.stack([_host(asarray(s)) for s in sample], 1)
    counts, edges = np.histogramdd(_host(sample), _host(bins), range, density, _host(weights))
    return _float(counts), [_float(e) for e in edges]


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
