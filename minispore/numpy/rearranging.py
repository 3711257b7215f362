"""Elements repeated, rolled, reversed and padded."""

import builtins
from typing import Any

import numpy as np

from .. import ops as _ops
from ..core.errors import fail
from ..core.op import fixed
from ..core.tensor import Tensor
from ..ops.padding import pad_constant
from .arrays import ravel
from .creation import asarray

ops: Any = _ops  # its functions are put together when it is imported


def tile(a, reps):
    """``a`` as a block, repeated.

    Args:
        a (Tensor): any shape; any type.
        reps (int | tuple[int] | list[int]): how often along each axis, the last ones if they are fewer.

    Returns:
        Tensor of the type of ``a``.

    Raises:
        TypeError: ``a`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.tile(mnp.array([1, 2]), (2, 2)))
    [[1 2 1 2]
     [1 2 1 2]]
    """
    a = asarray(a)
    reps = (reps,) if isinstance(reps, int) else tuple(reps)
    return ops.tile(a, (1,) * (a.ndim - len(reps)) + reps)


def repeat(a, repeats, axis=None):
    """Every element so many times in a row.

    Args:
        a (Tensor | list | number): any shape; any type.
        repeats (int | list[int]): how often, for all or for each element of the axis.
        axis (int): the axis; None for the flattened ``a``. Default: None.

    Returns:
        Tensor of the type of ``a``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.repeat([1, 2], 2))
    [1 1 2 2]
    """
    a = asarray(a)
    return ops.repeat_interleave(ravel(a) if axis is None else a, repeats, 0 if axis is None else axis)


def roll(a, shift, axis=None):
    """Elements moved along an axis; those that fall out come in at the other end.

    Args:
        a (Tensor): any shape; any type.
        shift (int | tuple[int]): how far; one number for all axes, or one for each.
        axis (int | tuple[int]): the axis; None for the flattened ``a``. Default: None.

    Returns:
        Tensor of the shape and type of ``a``.

    Raises:
        TypeError: ``a`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.roll(mnp.array([1, 2, 3]), 1))
    [3 1 2]
    """
    if axis is not None and (isinstance(shift, (tuple, list)) or isinstance(axis, (tuple, list))):
        pairs = np.broadcast(shift, axis)
        shift, axis = zip(*((int(s), int(x)) for s, x in pairs)) if pairs.size else ((), ())
    return ops.roll(asarray(a), shift, axis)


def flip(m, axis=None):
    """The order reversed.

    Args:
        m (Tensor): any shape; any type.
        axis (int | tuple[int]): along which axes; None for all. Default: None.

    Returns:
        Tensor of the shape and type of ``m``.

    Raises:
        TypeError: ``m`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.flip(mnp.array([1, 2, 3])))
    [3 2 1]
    """
    m = asarray(m)
    axes = tuple(builtins.range(m.ndim)) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    return ops.flip(m, axes)


def flipud(m):
    """The rows in reversed order.

    Args:
        m (Tensor): at least one axis; any type.

    Returns:
        Tensor of the shape and type of ``m``.

    Raises:
        TypeError: ``m`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.flipud(mnp.array([[1, 2], [3, 4]])))
    [[3 4]
     [1 2]]
    """
    return flip(m, 0)


def fliplr(m):
    """The columns in reversed order.

    Args:
        m (Tensor): at least two axes; any type.

    Returns:
        Tensor of the shape and type of ``m``.

    Raises:
        TypeError: ``m`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.fliplr(mnp.array([[1, 2], [3, 4]])))
    [[2 1]
     [4 3]]
    """
    return flip(m, 1)


def rot90(a, k=1, axes=(0, 1)):
    """Turned by 90 degrees, from the first axis towards the second.

    Args:
        a (Tensor): at least two axes; any type.
        k (int): how often. Default: 1.
        axes (tuple[int]): the two axes. Default: (0, 1).

    Returns:
        Tensor of the type of ``a``.

    Raises:
        TypeError: ``a`` is not a Tensor.

    >>> import minispore.numpy as mnp
    >>> print(mnp.rot90(mnp.array([[1, 2], [3, 4]])))
    [[2 4]
     [1 3]]
    """
    return ops.rot90(asarray(a), k, axes)


def pad(arr, pad_width, mode="constant", stat_length=None, constant_values=0, end_values=0, reflect_type="even",
        **kwargs):  # fmt: skip
    """``arr`` with more elements around it.

    Args:
        arr (Tensor | list | number): any shape; numbers.
        pad_width (int | tuple[int] | tuple[tuple[int]]): n, (before, after), or such a pair for each axis.
        mode (str): "constant", "edge", "reflect", "symmetric", "wrap", "empty", "linear_ramp", "maximum", "minimum",
            "mean" or "median"; those after "wrap" run at once only. Default: "constant".
        stat_length (int | tuple[int]): how many elements at the edge "maximum" and the like look at; None for all.
            Default: None.
        constant_values (number | tuple): what "constant" pads with. Default: 0.
        end_values (number | tuple): what "linear_ramp" ends with. Default: 0.
        reflect_type (str): "even", or "odd": the reflection is subtracted from twice the edge. Default: "even".
        **kwargs (Any): no effect.

    Returns:
        Tensor of a larger shape; the type of ``arr``.

    >>> import minispore.numpy as mnp
    >>> print(mnp.pad(mnp.array([1, 2]), (1, 2), constant_values=9))
    [9 1 2 9 9]
    """
    if kwargs:
        raise fail(TypeError, f"For 'pad', there are no arguments {sorted(kwargs)}.")
    x = asarray(arr)
    pairs = np.broadcast_to(np.asarray(pad_width._array() if isinstance(pad_width, Tensor) else pad_width), (x.ndim, 2))
    if mode == "constant" and np.ndim(constant_values) == 0:
        before, after = (tuple(int(n) for n in side) for side in pairs.T)
        return pad_constant(x, before, after, constant_values)
    if mode in ("edge", "reflect", "symmetric", "wrap") and reflect_type == "even":
        at = [np.pad(np.arange(n), tuple(pair), mode=mode) for n, pair in zip(x.shape, pairs)]
        for a, positions in enumerate(at):
            x = ops.gather(x, fixed(positions), a)
        return x
    more = {
        "constant": {"constant_values": constant_values}, "linear_ramp": {"end_values": end_values},
        "reflect": {"reflect_type": reflect_type}, "symmetric": {"reflect_type": reflect_type},
    }.get(mode, {"stat_length": stat_length} if stat_length is not None else {})  # fmt: skip
    return fixed(np.pad(x._array(), pairs, mode, **more))


__all__ = [n for n, v in globals().items() if getattr(v, "__module__", "") == __name__ and not n.startswith("_")]
