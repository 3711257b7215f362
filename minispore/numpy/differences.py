"""Running sums and products, differences, gradients and integrals along an axis."""

from typing import Any

import numpy as np

from .. import ops as _ops
from ..core import checks
from ..core.dtype import bool_, float32, int32
from ..core.errors import fail
from ..core.op import to
from ..ops.movement import axis_of
from . import arrays, joining
from .creation import asarray
from .math import _typed

ops: Any = _ops  # its functions are put together when it is imported


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
    return joining.concatenate(made)


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
