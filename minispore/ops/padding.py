"""Padding: with a constant, with the edge, or with what lies beside it."""

from ..core import checks
from ..core.errors import fail
from ..core.op import literal
from ..core.tensor import Tensor
from .concatenation import concat
from .movement import _broadcast, broadcast_to, shape_of
from .slicing import _slice, owned, slice_along, slice_update


def pad_constant(x, before, after, value=0):
    """``x`` surrounded by ``value``: ``before[a]`` and ``after[a]`` elements along each axis (negative cuts)."""
    if any(p < 0 for p in (*before, *after)):
        begin = tuple(-p if p < 0 else 0 for p in before)
        size = tuple(d - b - (-q if q < 0 else 0) for d, b, q in zip(x.shape, begin, after))
        x = _slice(x, begin=begin, step=(1,) * x.ndim, size=size)
        before, after = [p if p > 0 else 0 for p in before], [p if p > 0 else 0 for p in after]
    if not any(before) and not any(after):
        return x
    base = _broadcast(literal(value, x.dtype), shape=tuple(d + p + q for d, p, q in zip(x.shape, before, after)))
    return slice_update(base, x, begin=tuple(before), step=(1,) * x.ndim)


def pad(input_x, padding, mode="constant", value=None):
    """More elements before and after the last axes.

    Args:
        input_x (Tensor): any shape and type.
        padding (tuple[int] | list[int] | Tensor): how many before and after the last axis, then the one before it, and
            so on; negative numbers cut, before anything is added.
        mode (str): "constant"; "reflect", the elements mirrored at the edge, which is not repeated; "replicate", the
            element at the edge; "circular", the elements of the other end. Default: "constant".
        value (int | float | None): what is added in the mode "constant"; other modes do not use it. Default: None, 0.

    Returns:
        Tensor with the axes longer by that; the type of ``input_x``.

    Raises:
        ValueError: ``mode`` is unknown, ``padding`` does not fit the axes or leaves nothing of one, or a reflection is longer
            than its axis.

    >>> import minispore as ms
    >>> print(pad(ms.Tensor([[1, 2, 3]]), (1, 1), "reflect"), pad(ms.Tensor([[1, 2, 3]]), (0, 1)))
    [[2 1 2 3 2]] [[1 2 3 0]]
    """
    p = shape_of(padding)
    if len(p) % 2 or len(p) // 2 > input_x.ndim:
        raise fail(ValueError, f"For 'pad', {p} does not fit a Tensor of {input_x.ndim} axes.")
    n = input_x.ndim
    before, after = [0] * n, [0] * n
    for k in range(len(p) // 2):
        before[n - 1 - k], after[n - 1 - k] = p[2 * k], p[2 * k + 1]
    for length, first, last in zip(input_x.shape, before, after):
        cut = length + min(first, 0) + min(last, 0)
        if cut < length and (
            min(first, last) < -length or length + first + last < 1 or (cut < 1 and mode != "constant")
        ):
            raise fail(ValueError, f"For 'pad', {first} and {last} leave nothing of an axis of length {length}.")
    if mode == "constant":
        return owned(pad_constant(input_x, before, after, 0 if value is None else value), input_x)
    if mode not in ("reflect", "replicate", "circular"):
        raise fail(
            ValueError, f"For 'pad', 'mode' must be 'constant', 'reflect', 'replicate' or 'circular', but got {mode!r}."
        )
    x = pad_constant(input_x, [min(p, 0) for p in before], [min(p, 0) for p in after])  # cuts come first
    for a in range(n):
        if before[a] > 0 or after[a] > 0:
            x = _pad_axis(x, a, max(before[a], 0), max(after[a], 0), mode)
    return owned(x, input_x)


def _pad_axis(x, a, p, q, mode):
    n = x.shape[a]
    parts = [x]
    if mode == "replicate":
        first, last = slice_along(x, a, 0, 1), slice_along(x, a, n - 1, 1)
        repeated = lambda part, k: broadcast_to(part, part.shape[:a] + (k,) + part.shape[a + 1 :])
        parts = ([repeated(first, p)] if p else []) + parts + ([repeated(last, q)] if q else [])
    elif mode == "reflect":
        if p >= n or q >= n:
            raise fail(
                ValueError, f"For 'pad', a reflection of {max((p, q))} needs an axis longer than that, but got {n}."
            )
        parts = ([slice_along(x, a, p, p, -1)] if p else []) + parts + ([slice_along(x, a, n - 2, q, -1)] if q else [])
    else:
        parts = ([slice_along(x, a, n - p, p)] if p else []) + parts + ([slice_along(x, a, 0, q)] if q else [])
    return concat(parts, a)


def padding(x, pad_dim_size=8):
    """The last axis, of length 1, made ``pad_dim_size`` long by zeros.

    Args:
        x (Tensor): shape (..., 1) with at least two axes; any type.
        pad_dim_size (int): the new length, positive. Default: 8.

    Returns:
        Tensor of shape (..., pad_dim_size); the type of ``x``.

    Raises:
        TypeError: ``pad_dim_size`` is not an int.
        ValueError: it is not positive, or the shape of ``x`` is another one.

    >>> import minispore as ms
    >>> print(padding(ms.Tensor([[1], [2]]), 3))
    [[1 0 0]
     [2 0 0]]
    """
    checks.positive_int("padding", pad_dim_size=pad_dim_size)
    if not isinstance(x, Tensor) or x.ndim < 2 or x.shape[-1] != 1:
        shown = f"the shape {x.shape}" if isinstance(x, Tensor) else type(x).__name__
        raise fail(
            ValueError,
            f"For 'padding', 'x' must be a Tensor of shape (..., 1), with two axes or more, but got {shown}.",
        )
    return pad(x, (0, pad_dim_size - 1))


__all__ = [
    "pad",
    "padding",
]  # fmt: skip
