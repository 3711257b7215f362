"""Slices along an axis, masked elements and regions of a Tensor replaced by other values."""

import numpy as np

from ..core.docstrings import documented
from ..core.dtype import int64
from ..core.errors import fail
from ..core.op import as_tensor, literal, to
from ..core.tensor import Tensor
from .effects import assign
from .elementwise import neg, select
from .methods import method
from .movement import axis_of, broadcast_to, expand_dims, reshape
from .rows import blocks, checked_index, index_of, int_axis, lookup, same_type, scatter_rows
from .slicing import slice_update

_with_shared_docs = documented(
    rows="""\
Args:
    x (Tensor): at least one axis; numbers.
    v (Tensor): shape (n, *x.shape[1:]) for n indices; the type of ``x``.
    indices (int | tuple[int] | Tensor): the rows, in [0, x.shape[0]).

Returns:
    Tensor of the shape and type of ``x``.

Raises:
    TypeError: the types of ``x`` and ``v`` differ.
    ValueError: the shapes do not fit.
    IndexError: an index is negative or too large.""",
)


def _add_along(name, x, indices, y, axis):
    index, y = index_of(name, indices), as_tensor(y)
    a = int_axis(name, x.ndim, axis)
    same_type(name, x, y)
    wanted = x.shape[:a] + index.shape + x.shape[a + 1 :]
    if index.ndim != 1 or y.shape != wanted:
        raise fail(
            ValueError,
            f"For '{name}', a 1-d index and values of shape {wanted} are needed, but got {index.shape} and {y.shape}.",
        )
    flat = checked_index(name, index, x.shape[a])
    return reshape(scatter_rows(blocks(x, a), flat, blocks(y, a), "add"), x.shape)


def index_add(x, indices, y, axis, use_lock=True, check_index_bound=True):
    """Adds to slices along an axis; a Parameter takes the new value. Repeated indices add up.

    Args:
        x (Tensor | Parameter): at least one axis; numbers.
        indices (Tensor): shape (n,); integers in [0, x.shape[axis]).
        y (Tensor): the shape of ``x`` with n along ``axis``; the type of ``x``.
        axis (int): the axis.
        use_lock (bool): accepted, without effect: updates are applied one after the other. Default: True.
        check_index_bound (bool): accepted, without effect: indices are always checked. Default: True.

    Returns:
        Tensor of the shape and type of ``x``; the Parameter itself with its new value.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, or the types of ``x`` and ``y`` differ.
        ValueError: the shapes do not fit, or ``axis`` is out of range.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1.0, 2.0, 3.0]])
    >>> print(index_add(x, ms.Tensor([0, 2]), ms.Tensor([[10.0, 20.0]]), 1))
    [[11.  2. 23.]]
    """
    new = _add_along("IndexAdd", x, indices, y, axis)
    return assign(x, new) if x.is_parameter else new


def inplace_index_add(var, indices, updates, axis):
    """Adds to slices along an axis; a Parameter takes the new value. Repeated indices add up.

    Args:
        var (Tensor | Parameter): at least one axis; numbers.
        indices (Tensor): shape (n,); integers in [0, var.shape[axis]).
        updates (Tensor): the shape of ``var`` with n along ``axis``; the type of ``var``.
        axis (int): the axis.

    Returns:
        Tensor of the shape and type of ``var``; the Parameter itself with its new value.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, or the types of ``var`` and ``updates`` differ.
        ValueError: the shapes do not fit, or ``axis`` is out of range.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1.0, 2.0, 3.0]])
    >>> print(inplace_index_add(x, ms.Tensor([0, 2]), ms.Tensor([[10.0, 20.0]]), 1))
    [[11.  2. 23.]]
    """
    return index_add(var, indices, updates, axis)


@method("index_fill")
def index_fill(x, axis, index, value):
    """Fills slices along an axis with one value.

    Args:
        x (Tensor): at least one axis; numbers.
        axis (int): the axis.
        index (Tensor): any shape; integers, negative ones count from the end.
        value (number | Tensor): a number or a Tensor of one element.

    Returns:
        Tensor of the shape and type of ``x``.

    Raises:
        TypeError: ``index`` is not a Tensor of integers.
        ValueError: ``axis`` is out of range, or ``value`` has several elements.
        IndexError: an index is out of range.

    >>> import minispore as ms
    >>> print(index_fill(ms.Tensor([[1, 2, 3], [4, 5, 6]]), 1, ms.Tensor([0, 2]), 9))
    [[9 2 9]
     [9 5 9]]
    """
    index = index_of("IndexFill", index)
    a = int_axis("IndexFill", x.ndim, axis)
    flat = reshape(checked_index("IndexFill", index, x.shape[a], negative=True), (-1,))
    rows = blocks(x, a)
    v = broadcast_to(_scalar("IndexFill", value, x.dtype), (rows.shape[0], index.size, rows.shape[2]))
    return reshape(scatter_rows(rows, flat, v, "set"), x.shape)


def _scalar(name, value, dtype):
    if not isinstance(value, Tensor):
        return literal(value, dtype)
    if value.size != 1:
        raise fail(
            ValueError,
            f"For '{name}', 'value' must be a number or a Tensor of one element, but got the shape {value.shape}.",
        )
    return to(reshape(value, ()), dtype)


@method("masked_fill")
def masked_fill(input_x, mask, value):
    """Fills the elements where ``mask`` holds with one value.

    Args:
        input_x (Tensor): any shape; numbers.
        mask (Tensor): a shape that broadcasts; bool.
        value (number | Tensor): a number or a Tensor of one element.

    Returns:
        Tensor of the broadcast shape; the type of ``input_x``.

    Raises:
        TypeError: ``mask`` is not a bool Tensor.
        ValueError: the shapes do not broadcast, or ``value`` has several elements.

    >>> import minispore as ms
    >>> print(masked_fill(ms.Tensor([1.0, 2.0]), ms.Tensor([True, False]), 0.5))
    [0.5 2. ]
    """
    x = as_tensor(input_x)
    return select(_mask("MaskedFill", mask), _scalar("MaskedFill", value, x.dtype), x)


def _mask(name, mask):
    if not isinstance(mask, Tensor) or mask.dtype.name != "bool":
        raise fail(
            TypeError,
            f"For '{name}', 'mask' must be a bool Tensor, but got {getattr(mask, 'dtype', type(mask).__name__)}.",
        )
    return mask


@method("masked_scatter")
def masked_scatter(input, mask, source):
    """Replaces the elements where ``mask`` holds by those of ``source``, one after the other.

    Args:
        input (Tensor): any shape; numbers.
        mask (Tensor): a shape that broadcasts to that of ``input``; bool.
        source (Tensor): any shape, with at least as many elements as are replaced; the type of ``input``.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``mask`` is not a bool Tensor, or the types of ``input`` and ``source`` differ.
        IndexError: ``source`` has too few elements.

    >>> import minispore as ms
    >>> print(ms.Tensor([1, 2, 3]).masked_scatter(ms.Tensor([True, False, True]), ms.Tensor([7, 9])))
    [7 2 9]
    """
    from .cumulative import cumsum

    keep = broadcast_to(_mask("MaskedScatter", mask), input.shape)
    same_type("MaskedScatter", input, source)
    if source.size == 0:
        return input
    order = cumsum(to(reshape(keep, (-1,)), int64), 0) - 1
    index = select(reshape(keep, (-1,)), order, 0)
    values = lookup(reshape(source, (-1,)), index, 0, "MaskedScatter")
    return select(keep, reshape(values, input.shape), input)


def _inplace_rows(name, x, v, indices, mode):
    index = as_tensor(indices if isinstance(indices, Tensor) else np.asarray(indices).reshape(-1).astype(np.int64))
    v = as_tensor(v)
    wanted = (index.size, *x.shape[1:])
    if v.shape != wanted:
        raise fail(ValueError, f"For '{name}', 'v' must have the shape {wanted}, but got {v.shape}.")
    flat = checked_index(name, reshape(index, (-1,)), x.shape[0])
    return reshape(scatter_rows(blocks(x, 0), flat, blocks(same_type(name, x, v), 0), mode), x.shape)


@method("inplace_update")
@_with_shared_docs
def inplace_update(x, v, indices):
    """Replaces rows. The result is a new Tensor, ``x`` stays as it is.

    {rows}

    >>> import minispore as ms
    >>> print(inplace_update(ms.Tensor([[1.0, 2.0], [3.0, 4.0]]), ms.Tensor([[5.0, 6.0]]), 1))
    [[1. 2.]
     [5. 6.]]
    """
    return _inplace_rows("InplaceUpdate", x, v, indices, "set")


@_with_shared_docs
def inplace_add(x, v, indices):
    """Adds to rows; repeated indices add up. The result is a new Tensor, ``x`` stays as it is.

    {rows}

    >>> import minispore as ms
    >>> print(inplace_add(ms.Tensor([[1, 2], [3, 4]]), ms.Tensor([[5, 6]]), 1))
    [[ 1  2]
     [ 8 10]]
    """
    return _inplace_rows("InplaceAdd", x, v, indices, "add")


@_with_shared_docs
def inplace_sub(x, v, indices):
    """Subtracts from rows; repeated indices add up. The result is a new Tensor, ``x`` stays as it is.

    {rows}

    >>> import minispore as ms
    >>> print(inplace_sub(ms.Tensor([[1, 2], [3, 4]]), ms.Tensor([[5, 6]]), 1))
    [[ 1  2]
     [-2 -2]]
    """
    return _inplace_rows("InplaceSub", x, neg(as_tensor(v)), indices, "add")


@method("select_scatter")
def select_scatter(input, src, axis, index):
    """Replaces one slice along an axis.

    Args:
        input (Tensor): at least one axis; numbers.
        src (Tensor): a shape that broadcasts to that of the slice; converted to the type of ``input``.
        axis (int): the axis.
        index (int): the position along ``axis``; negative ones count from the end.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        ValueError: ``axis`` or ``index`` is out of range, or the shapes do not fit.

    >>> import minispore as ms
    >>> print(select_scatter(ms.Tensor([[1, 2], [3, 4]]), ms.Tensor([8, 9]), 0, 1))
    [[1 2]
     [8 9]]
    """
    a = axis_of("select_scatter", input.ndim, axis)
    at = axis_of("select_scatter", input.shape[a], index)
    return _put_along(input, expand_dims(src, a), a, at, 1)


@method("slice_scatter")
def slice_scatter(input, src, axis=0, start=None, end=None, step=1):
    """Replaces the slice ``start:end:step`` along an axis.

    Args:
        input (Tensor): at least one axis; numbers.
        src (Tensor): a shape that broadcasts to that of the slice; converted to the type of ``input``.
        axis (int): the axis. Default: 0.
        start (int): begin of the slice; None for 0. Default: None.
        end (int): end of the slice; None for the end of the axis. Default: None.
        step (int): its step. Default: 1.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        ValueError: ``axis`` is out of range, or the shapes do not fit.

    >>> import minispore as ms
    >>> print(slice_scatter(ms.Tensor([1, 2, 3, 4]), ms.Tensor([8, 9]), 0, 0, 4, 2))
    [8 2 9 4]
    """
    a = axis_of("slice_scatter", input.ndim, axis)
    begin, _, stride = slice(start, end, step).indices(input.shape[a])
    return _put_along(input, src, a, begin, stride, len(range(*slice(start, end, step).indices(input.shape[a]))))


def _put_along(x, src, axis, begin, step, count=1):
    shape = x.shape[:axis] + (count,) + x.shape[axis + 1 :]
    begins = tuple(begin if a == axis and count else 0 for a in range(x.ndim))
    steps = tuple(step if a == axis else 1 for a in range(x.ndim))
    return slice_update(x, broadcast_to(to(src, x.dtype), shape), begin=begins, step=steps)


@method("index_add")
def _tensor_index_add(self, *args, alpha=1, **kwargs):
    """Adds to slices along an axis; repeated indices add up.

    Called as ``(dim, index, source)`` or ``(indices, y, axis)``.

    Args:
        *args (int | Tensor): the arguments of either form by position; those of the first begin with an int.
        alpha (number): factor of the values that are added. Default: 1.
        **kwargs (int | Tensor): the arguments of either form by name: the axis, 1-d indices, and values of the Tensor's
            type and shape but for the length along the axis.

    Returns:
        Tensor of the same shape and type.

    Raises:
        TypeError: the indices are not a Tensor of integers, or the types differ.
        ValueError: the shapes do not fit, or the axis is out of range.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> print(ms.Tensor([1, 2, 3]).index_add(0, ms.Tensor([0, 2]), ms.Tensor([7, 9]), alpha=2))
    [15  2 21]
    """
    names = (
        ("dim", "index", "source")
        if (args and not isinstance(args[0], Tensor)) or "dim" in kwargs
        else ("indices", "y", "axis")
    )
    given = dict(zip(names, args)) | kwargs
    index, y, axis = (given[n] for n in (names if names[0] == "indices" else ("index", "source", "dim")))
    return _add_along("IndexAdd", self, index, y if alpha == 1 else y * alpha, axis)


__all__ = [
    "index_add", "index_fill", "inplace_add", "inplace_index_add", "inplace_sub", "inplace_update", "masked_fill",
    "select_scatter", "slice_scatter",
]  # fmt: skip
