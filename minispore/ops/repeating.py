"""Repetition, flips and rotation along axes."""

import numpy as np

from ..core.errors import fail
from ..core.op import as_tensor
from ..core.sizes import whole
from .concatenation import concat
from .methods import method
from .movement import axis_of, broadcast_to, expand_dims, reshape, shape_of
from .slicing import _slice, owned, slice_along


@method("tile")
def tile(input, dims, *more):
    """The whole Tensor several times along each axis.

    Args:
        input (Tensor): any shape and type.
        dims (int | tuple[int] | list[int] | Tensor): how often along each axis, or along the first of ``dims, *more``;
            counted from the last axis, with new axes in front if there are more numbers than axes.
        *more (int): the other numbers, if ``dims`` is the first.

    Returns:
        Tensor of the lengths of ``input`` times ``dims``; the type of ``input``.

    Raises:
        ValueError: a number is negative.

    >>> import minispore as ms
    >>> print(tile(ms.Tensor([1, 2]), (2, 2)))
    [[1 2 1 2]
     [1 2 1 2]]
    """
    reps = shape_of((dims, *more) if more else dims)
    x = as_tensor(input)
    rank = max(len(reps), x.ndim)
    reps = (1,) * (rank - len(reps)) + reps
    own = (1,) * (rank - x.ndim) + x.shape
    apart = [d for n, s in zip(reps, own) for d in (1, s)]
    wide = [d for n, s in zip(reps, own) for d in (n, s)]
    return owned(reshape(broadcast_to(reshape(x, apart), wide), tuple(n * s for n, s in zip(reps, own))), x)


def repeat_interleave(input, repeats, axis=None):
    """Every element of an axis several times in a row.

    Args:
        input (Tensor): any shape and type.
        repeats (int | tuple[int] | list[int] | Tensor): how often, for all or for each element of the axis.
        axis (int | None): the axis. Default: None, the flattened Tensor.

    Returns:
        Tensor of the shape of ``input`` with ``axis`` longer; the type of ``input``.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: there is no such axis, or ``repeats`` is negative.

    >>> import minispore as ms
    >>> print(repeat_interleave(ms.Tensor([1, 2]), (1, 3), 0))
    [1 2 2 2]
    """
    x = as_tensor(input)
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    a = axis_of("repeat_interleave", x.ndim, axis)
    given = (whole(repeats),) if isinstance(repeats, (int, np.integer)) else shape_of(repeats)
    if any(n < 0 for n in given) or len(given) not in (1, x.shape[a]):
        raise fail(
            ValueError,
            "For 'repeat_interleave', 'repeats' must be a number of repetitions, at least 0, or one for each of the "
            f"{x.shape[a]} elements of the axis {axis}, but got {given if len(given) < 9 else (*given[:8], '...')}.",
        )
    if not isinstance(repeats, (int, np.integer)):
        counts = given
        if len(counts) == 1:
            return repeat_interleave(x, counts[0], a)
        if len(counts) != x.shape[a] or min(counts, default=0) < 0:
            raise fail(
                ValueError,
                f"For 'repeat_interleave', 'repeats' must hold {x.shape[a]} counts, none negative, but got {counts}.",
            )
        return concat([repeat_interleave(slice_along(x, a, k, 1), n, a) for k, n in enumerate(counts)], a)
    wide = broadcast_to(expand_dims(x, a + 1), x.shape[: a + 1] + (given[0],) + x.shape[a + 1 :])
    return owned(reshape(wide, x.shape[:a] + (x.shape[a] * given[0],) + x.shape[a + 1 :]), x)


def repeat_elements(x, rep, axis=0):
    """Every element of an axis several times in a row.

    Args:
        x (Tensor): any shape and type.
        rep (int): how often.
        axis (int): the axis. Default: 0.

    Returns:
        Tensor of the shape of ``x`` with ``axis`` ``rep`` times as long; the type of ``x``.

    Raises:
        TypeError: ``axis`` is not an int.
        ValueError: there is no such axis, or ``rep`` is negative.

    >>> import minispore as ms
    >>> print(repeat_elements(ms.Tensor([1, 2]), 2))
    [1 1 2 2]
    """
    return repeat_interleave(x, rep, axis)


@method("flip")
def flip(input, dims):
    """The order along axes reversed.

    Args:
        input (Tensor): any shape and type.
        dims (int | tuple[int] | list[int]): the axes.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        ValueError: there is no such axis.

    >>> import minispore as ms
    >>> print(flip(ms.Tensor([[1, 2], [3, 4]]), (1,)))
    [[2 1]
     [4 3]]
    """
    axes = {axis_of("flip", input.ndim, d) for d in shape_of(dims)}
    begin = tuple(d - 1 if a in axes and d else 0 for a, d in enumerate(input.shape))
    step = tuple(-1 if a in axes else 1 for a in range(input.ndim))
    return owned(_slice(input, begin=begin, step=step, size=input.shape), input)


@method("roll")
def roll(input, shifts, dims=None):
    """Elements moved along axes; what leaves at the end comes in at the beginning.

    Args:
        input (Tensor): any shape and type.
        shifts (int | tuple[int] | list[int]): how far, for each axis of ``dims``; may be negative.
        dims (int | tuple[int] | list[int] | None): the axes, as many as ``shifts``. Default: None, the
            flattened Tensor.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``shifts`` or ``dims`` holds something else than ints.
        ValueError: there is no such axis, or ``shifts`` and ``dims`` are of different lengths.

    >>> import minispore as ms
    >>> print(roll(ms.Tensor([1, 2, 3, 4]), 1))
    [4 1 2 3]
    """
    x = input
    if dims is None:
        return owned(reshape(roll(reshape(x, (x.size,)), shifts, 0), x.shape), input)
    steps, axes = shape_of(shifts), shape_of(dims)
    if len(steps) != len(axes):
        raise fail(
            ValueError, f"For 'roll', 'shifts' must hold a number for each of 'dims', but got {shifts} and {dims}."
        )
    for s, d in zip(steps, axes):
        a = axis_of("roll", x.ndim, d)
        n = x.shape[a]
        s = s % n if n else 0
        if s:
            x = concat([slice_along(x, a, n - s, s), slice_along(x, a, 0, n - s)], a)
    return owned(x, input)


__all__ = [
    "flip", "repeat_elements", "repeat_interleave", "roll", "tile",
]  # fmt: skip
