# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Sorting and searching along an axis.

The library ops compute positions only; the values are then gathered, and so have the gradient of ``gather``.
"""

from typing import Any

import numpy as np

from ..core import checks
from ..core.dtype import float32, int32, int64, promote
from ..core.errors import fail
from ..core.kernel import kernel
from ..core.op import as_tensor, library, to
from ..core.samples import i
from ..core.sizes import whole
from ..core.tensor import Tensor
from .arg_reduction import argmax
from .batch import all_full, fold, into_first_axis, reshaped
from .creation import positions
from .effects import check_bounds
from .elements import take_elements, take_positions
from .elementwise import greater, isfinite, isnan, logical_and, select
from .methods import method
from .movement import axis_of, broadcast_to, reshape, squeeze, swapaxes
from .order import row_order, sorts_before
from .reduction import any as any_
from .rows import index_of
from .slicing import slice_along


# ---------------------------------------------------------------- sorting
def sortable(x):
    """``x`` in a type that the kernels compare."""
    return to(x, float32) if x.dtype.is_float and x.dtype.itemsize == 2 else x


def _in_order(name, x, axis, descending, k=None):
    """Positions (int32) along ``axis`` of the elements in order, the first ``k`` of them."""
    if x.ndim == 0:
        raise fail(ValueError, f"For '{name}', the input must have at least one axis.")
    a = axis_of(name, x.ndim, axis)
    n = x.shape[a]
    k = n if k is None else k
    last = swapaxes(sortable(x), a, x.ndim - 1)
    order = row_order(reshape(last, (-1, n)) if x.size else reshape(last, (0, n)), k=k, descending=bool(descending))
    return swapaxes(reshape(order, last.shape[:-1] + (k,)), a, x.ndim - 1)


def _at(x, axis, order):
    """(values, order) of positions that need no check."""
    return take_positions(x, axis, order), order


def sort(input_x, axis=-1, descending=False):
    """Sorts along an axis; equal elements keep their order, NaN counts as the largest number.

    Args:
        input_x (Tensor): at least one axis; numbers.
        axis (int): the axis. Default: -1.
        descending (bool): whether the largest comes first. Default: False.

    Returns:
        tuple of two Tensors of the shape of ``input_x``: the sorted values in its type, and their positions, int32.

    Raises:
        ValueError: ``input_x`` has no axis, or ``axis`` is out of range.

    >>> import minispore as ms
    >>> values, order = sort(ms.Tensor([3.0, 1.0, 2.0]))
    >>> print(values, order)
    [1. 2. 3.] [1 2 0]
    """
    x = as_tensor(input_x)
    order = _in_order("sort", x, axis, descending)
    return _at(x, axis, order)


def argsort(input, axis=-1, descending=False):
    """Positions that sort along an axis; equal elements keep their order, NaN counts as the largest number.

    Args:
        input (Tensor): at least one axis; numbers.
        axis (int): the axis. Default: -1.
        descending (bool): whether the largest comes first. Default: False.

    Returns:
        Tensor of the shape of ``input``; int32. It has no gradient.

    Raises:
        ValueError: ``input`` has no axis, or ``axis`` is out of range.

    >>> import minispore as ms
    >>> print(argsort(ms.Tensor([3.0, 1.0, 2.0])))
    [1 2 0]
    """
    return _in_order("argsort", as_tensor(input), axis, descending)


@method("msort")
def msort(input):
    """Sorts along the first axis, in ascending order.

    Args:
        input (Tensor): at least one axis; numbers.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        ValueError: ``input`` has no axis.

    >>> import minispore as ms
    >>> print(msort(ms.Tensor([[3, 1], [2, 4]])))
    [[2 1]
     [3 4]]
    """
    return sort(input, 0)[0]


def topk(input, k, dim=None, largest=True, sorted=True):
    """The ``k`` largest (or smallest) elements along an axis, in order; of equal ones the first come first.

    Args:
        input (Tensor): at least one axis; numbers.
        k (int): how many, in [1, length of the axis].
        dim (int): the axis; None for the last one. Default: None.
        largest (bool): whether the largest elements are wanted, else the smallest. Default: True.
        sorted (bool): accepted, without effect: the elements are in order in any case. Default: True.

    Returns:
        tuple of two Tensors of the shape of ``input`` with ``k`` along the axis: the values in its type, and their
        positions, int32.

    Raises:
        TypeError: ``k`` is not an int.
        ValueError: ``k`` or ``dim`` is out of range.

    >>> import minispore as ms
    >>> values, where = topk(ms.Tensor([3.0, 1.0, 4.0]), 2)
    >>> print(values, where)
    [4. 3.] [2 0]
    """
    x = as_tensor(input)
    axis = -1 if dim is None else dim
    n = x.shape[axis_of("topk", x.ndim, axis)] if x.ndim else 0
    checks.instance("topk", (int, np.integer, Tensor), k=k)
    k = whole(k)
    if not 0 < k <= n:
        raise fail(ValueError, f"For 'topk', 'k' must be in (0, {n}], but got {k}.")
    return _at(x, axis, _in_order("topk", x, axis, largest, k))


@method("top_k")
def top_k(input_x, k, sorted=True):
    """The ``k`` largest elements along the last axis, in descending order.

    Args:
        input_x (Tensor): at least one axis; numbers.
        k (int): how many, in [1, length of the axis].
        sorted (bool): accepted, without effect: the elements are in order in any case. Default: True.

    Returns:
        tuple of two Tensors of the shape of ``input_x`` with ``k`` along the last axis: the values in its type, and
        their positions, int32.

    Raises:
        TypeError: ``k`` is not an int.
        ValueError: ``k`` is out of range.

    >>> import minispore as ms
    >>> values, where = top_k(ms.Tensor([3.0, 1.0, 4.0]), 2)
    >>> print(values, where)
    [4. 3.] [2 0]
    """
    return topk(input_x, k)


@method("median")
def median(input, axis=-1, keepdims=False):
    """Median along an axis and its position; of two middle elements the smaller one.

    Args:
        input (Tensor): at least one axis; numbers.
        axis (int): the axis. Default: -1.
        keepdims (bool): whether the axis stays with length 1. Default: False.

    Returns:
        tuple of two Tensors without the axis (or with length 1 there): the medians in the type of ``input``, and their
        positions, int64.

    Raises:
        ValueError: ``input`` has no axis, or ``axis`` is out of range.

    >>> import minispore as ms
    >>> value, where = median(ms.Tensor([4.0, 1.0, 3.0, 2.0]))
    >>> print(value, where)
    2.0 3
    """
    x = as_tensor(input)
    a = axis_of("median", x.ndim, axis)
    if x.shape[a] == 0:
        raise fail(ValueError, f"For 'median', no element has no median: the shape is {x.shape}, the axis {a}.")
    middle = (x.shape[a] - 1) // 2
    at = slice_along(_in_order("median", x, a, False, middle + 1), a, middle, 1)
    if x.dtype.is_float:  # the first NaN is the median of its line
        at = select(any_(isnan(x), a, True), argmax(x, a, True), at)
    values, where = take_positions(x, a, at), to(at, int64)
    return (values, where) if keepdims else (squeeze(values, a), squeeze(where, a))


def intopk(x1, x2, k):
    """Whether the element that a target names is among the ``k`` largest of its row; equal ones count as one place.

    Args:
        x1 (Tensor): shape (batch, classes); floats.
        x2 (Tensor): shape (batch,); integers: the positions of the targets.
        k (int): how many places count.

    Returns:
        Tensor of shape (batch,); bool; False where the target is not finite.

    Raises:
        IndexError: a target is negative or too large.

    >>> import minispore as ms
    >>> print(intopk(ms.Tensor([[1.0, 5.0, 3.0], [1.0, 2.0, 3.0]]), ms.Tensor([2, 0]), 2))
    [ True False]
    """
    target = take_elements(x1, 1, reshape(x2, (-1, 1)), "InTopK")
    larger = to(greater(x1, target), int64).sum(1)
    return logical_and(larger < int(k), isfinite(reshape(target, (-1,))))


# ---------------------------------------------------------------- searching
@kernel
def searchsorted_kernel(ordered: "T*", values: "T*", out: "int64*", n: int, m: int, one: int, right: int, lo, hi):
    """How many elements of its row of ``ordered`` go before each value; with ``one`` there is one row for all."""
    for at in range(lo, hi):
        row = shift(ordered, 0 if one != 0 else (at // m) * n)
        v = values[at]
        first, last = 0, n
        while first < last:
            middle = (first + last) // 2
            before = not sorts_before(v, row[middle], 0) if right != 0 else sorts_before(row[middle], v, 0)
            if before:
                first = middle + 1
            else:
                last = middle
        out[at] = first


def _searchsorted_numpy(ordered, values, right):
    side: Any = "right" if right else "left"
    if ordered.shape[0] == 1:
        return (np.searchsorted(ordered[0], values, side).astype(np.int64),)
    found = [np.searchsorted(row, v, side) for row, v in zip(ordered, values)]
    return (np.array(found, np.int64).reshape(values.shape),)


def _searchsorted_lower(build, node):
    ordered, values = node.inputs
    rows, n = ordered.shape
    out = build.output(node)
    build.call(
        searchsorted_kernel.bind(T=build.storage(values.dtype)), node,
        [build.dense(ordered), build.dense(values), out, n, values.shape[1], int(rows == 1), int(node.attrs["right"])],
        extent=values.size, writes=[out], cost=8 * values.size,
    )  # fmt: skip


def _searchsorted_batch(op, size, xs, batched, attrs):
    ordered, values = xs
    if not batched[0] and ordered.shape[0] == 1:  # one sequence for all
        return [reshaped(op(ordered, fold(values, 0), **attrs), *values.shape)]
    ordered, values = all_full(size, xs, batched)
    rows = values.shape[1]
    ordered = broadcast_to(ordered, (size, rows, ordered.shape[2]))
    return into_first_axis(op, size, [ordered, values], [True, True], attrs)


_searchsorted = library(
    "searchsorted", _searchsorted_numpy, lambda ordered, values, right: [(values.shape, int64)], _searchsorted_lower, batch=_searchsorted_batch,
    samples=[(i(1, 1), i(3, 4), {"right": True}), (i(2, 1), i(2, 4), {"right": False})],
)  # fmt: skip


def searchsorted(sorted_sequence, values, *, out_int32=False, right=False, side=None, sorter=None):
    """Positions at which values would keep a sorted sequence sorted.

    Args:
        sorted_sequence (Tensor): shape (n,), or that of ``values`` but for the last axis; numbers, sorted along the
            last axis.
        values (Tensor | number): any shape; numbers.
        out_int32 (bool): whether the result is int32. Default: False.
        right (bool): whether a value goes after equal elements instead of before them. Default: False.
        side (str): "right" is the same as ``right``; "left" or None leaves it to ``right``. Default: None.
        sorter (Tensor): the shape of ``sorted_sequence``; integers: the positions that sort it, if it is not sorted.
            Default: None.

    Returns:
        Tensor of the shape of ``values``; int64 or int32. It has no gradient.

    Raises:
        TypeError: ``sorted_sequence`` is not a Tensor.
        ValueError: ``side`` is unknown, or the shapes do not fit.

    >>> import minispore as ms
    >>> print(searchsorted(ms.Tensor([1.0, 3.0, 5.0]), ms.Tensor([0.0, 3.0, 9.0])))
    [0 1 3]
    """
    if side not in (None, "left", "right"):
        raise fail(ValueError, f"For 'searchsorted', 'side' must be 'left' or 'right', but got {side!r}.")
    ordered, v = index_of("searchsorted", sorted_sequence), as_tensor(values)
    if sorter is not None:
        ordered = take_elements(ordered, ordered.ndim - 1, sorter, "searchsorted")
    if ordered.ndim == 0 or (ordered.ndim > 1 and ordered.shape[:-1] != v.shape[:-1]):
        raise fail(
            ValueError,
            "For 'searchsorted', 'sorted_sequence' must have one axis or, but for the last, the shape of 'values', "
            f"but got {ordered.shape} and {v.shape}.",
        )
    dtype = promote(ordered.dtype, v.dtype)
    n = ordered.shape[-1]
    lead = 1 if ordered.ndim == 1 else ordered.size // max(n, 1)
    ordered, flat = sortable(to(ordered, dtype)), sortable(to(v, dtype))
    at = _searchsorted(
        reshape(ordered, (lead, n)), reshape(flat, (lead, v.size // max(lead, 1))), right=right or side == "right"
    )
    return to(reshape(at, v.shape), int32 if out_int32 else int64)


def bucketize(input, boundaries, *, right=False):
    """Number of the bucket that each element falls into: the number of boundaries below it.

    Args:
        input (Tensor): any shape; numbers.
        boundaries (list[number] | Tensor): in ascending order.
        right (bool): whether boundaries equal to the element count as well. Default: False.

    Returns:
        Tensor of the shape of ``input``; int32. It has no gradient.

    >>> import minispore as ms
    >>> print(bucketize(ms.Tensor([0.5, 2.0, 3.0]), [1.0, 2.5]))
    [0 1 2]
    """
    edges = boundaries if isinstance(boundaries, Tensor) else as_tensor([float(b) for b in boundaries])
    return searchsorted(edges, input, right=right, out_int32=True)


@method("searchsorted")
def _tensor_searchsorted(self, v, side="left", sorter=None):
    """Positions at which values would keep the Tensor, sorted along its last axis, sorted; as ``ops.searchsorted``.

    Args:
        v (Tensor | number): any shape, or for several rows their shape but for the last axis; numbers.
        side (str): "left" to go before equal elements, "right" after them. Default: "left".
        sorter (Tensor): the positions that sort the Tensor, if it is not sorted. Default: None.

    Returns:
        Tensor of the shape of ``v``; int32.

    Raises:
        ValueError: ``side`` is unknown, or the shapes do not fit.

    >>> import minispore as ms
    >>> print(ms.Tensor([1.0, 3.0, 5.0]).searchsorted(ms.Tensor([0.0, 3.0]), side="right"))
    [0 2]
    """
    return searchsorted(self, v, out_int32=True, side=side, sorter=sorter)


@method("reverse_sequence")
def reverse_sequence(x, seq_lengths, seq_dim, batch_dim=0):
    """Reverses the beginnings of sequences.

    In slice b of ``batch_dim`` the first ``seq_lengths[b]`` elements along ``seq_dim`` are reversed.

    Args:
        x (Tensor): at least two axes; numbers.
        seq_lengths (Tensor): shape (x.shape[batch_dim],); integers up to x.shape[seq_dim].
        seq_dim (int): the axis of the sequence.
        batch_dim (int): the axis of the examples. Default: 0.

    Returns:
        Tensor of the shape and type of ``x``.

    Raises:
        ValueError: an axis is out of range.
        IndexError: a length is too large.

    >>> import minispore as ms
    >>> print(reverse_sequence(ms.Tensor([[1, 2, 3], [4, 5, 6]]), ms.Tensor([2, 3]), 1))
    [[2 1 3]
     [6 5 4]]
    """
    s, b = axis_of("reverse_sequence", x.ndim, seq_dim), axis_of("reverse_sequence", x.ndim, batch_dim)
    at = positions(x.shape[s], s, x.ndim)
    lengths = check_bounds(to(seq_lengths, int64), x.shape[s] + 1, "ReverseSequence")
    lengths = reshape(lengths, tuple(x.shape[b] if a == b else 1 for a in range(x.ndim)))
    order = select(at < lengths, lengths - 1 - at, at)
    return take_elements(x, s, order.broadcast_to(x.shape), "ReverseSequence")


# ---------------------------------------------------------------- Tensor's methods, whose signatures differ
@method("sort")
def _tensor_sort(self, axis=-1, descending=False, stable=False, *, dim=None):
    """Sorts along an axis; as ``ops.sort``.

    Args:
        axis (int): the axis. Default: -1.
        descending (bool): whether the largest comes first. Default: False.
        stable (bool): accepted, without effect: equal elements keep their order in any case. Default: False.
        dim (int): another name of ``axis``, which it overrides. Default: None.

    Returns:
        tuple of two Tensors of the same shape: the sorted values, and their positions, int32.

    Raises:
        ValueError: the Tensor has no axis, or ``axis`` is out of range.

    >>> import minispore as ms
    >>> values, order = ms.Tensor([3.0, 1.0, 2.0]).sort(descending=True)
    >>> print(values, order)
    [3. 2. 1.] [0 2 1]
    """
    return sort(self, axis if dim is None else dim, descending)


@method("argsort")
def _tensor_argsort(self, axis=-1, descending=False, stable=False, *, dim=None):
    """Positions that sort along an axis; as ``ops.argsort``.

    Args:
        axis (int): the axis. Default: -1.
        descending (bool): whether the largest comes first. Default: False.
        stable (bool): accepted, without effect: equal elements keep their order in any case. Default: False.
        dim (int): another name of ``axis``, which it overrides. Default: None.

    Returns:
        Tensor of the same shape; int32.

    Raises:
        ValueError: the Tensor has no axis, or ``axis`` is out of range.

    >>> import minispore as ms
    >>> print(ms.Tensor([3.0, 1.0, 2.0]).argsort())
    [1 2 0]
    """
    return argsort(self, axis if dim is None else dim, descending)


@method("topk")
def _tensor_topk(self, k, dim=None, largest=True, sorted=True):
    """The ``k`` largest (or smallest) elements along an axis, in order; as ``ops.topk``.

    Args:
        k (int): how many, in [1, length of the axis].
        dim (int): the axis; None for the last one. Default: None.
        largest (bool): whether the largest elements are wanted, else the smallest. Default: True.
        sorted (bool): accepted, without effect: the elements are in order in any case. Default: True.

    Returns:
        tuple of two Tensors with ``k`` along the axis: the values in the Tensor's type, and their positions, int32.

    Raises:
        TypeError: ``k`` is not an int.
        ValueError: ``k`` or ``dim`` is out of range.

    >>> import minispore as ms
    >>> values, where = ms.Tensor([3.0, 1.0, 4.0]).topk(2, largest=False)
    >>> print(values, where)
    [1. 3.] [1 0]
    """
    return topk(self, k, dim, largest, sorted)


__all__ = [
    "argsort", "bucketize", "intopk", "median", "msort", "reverse_sequence", "searchsorted", "sort", "top_k", "topk",
]  # fmt: skip
