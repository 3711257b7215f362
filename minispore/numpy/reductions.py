"""Reductions over axes: sums, means, deviations, extremes and their places."""

import builtins
from numbers import Real
from typing import Any

from .. import ops as _ops
from ..core import checks
from ..core.dtype import float32
from ..core.errors import fail
from ..core.op import to
from ..ops.movement import axis_of
from .creation import asarray
from .math import _typed

ops: Any = _ops  # its functions are put together when it is imported


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


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
