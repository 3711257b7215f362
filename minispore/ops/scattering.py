"""Scatter: Tensors and Parameters changed at positions that another Tensor gives; segments and masks."""

import math

import numpy as np

from ..core.dtype import int64
from ..core.errors import fail
from ..core.op import as_tensor, literal, to
from ..core.tensor import Tensor
from .effects import assign, check_bounds
from .elementwise import div, mul, neg, select
from .methods import bound, in_place, method
from .movement import axis_of, broadcast_to, expand_dims, reshape, shape_of, slice_along, slice_update, zeros_of
from .rows import (
    add_rows,
    blocks,
    checked_index,
    index_of,
    int_axis,
    lookup,
    nd_rows,
    same_type,
    scatter_elements,
    scatter_rows,
)


# ---------------------------------------------------------------- scatter: new Tensors
def _scatter_slices(name, mode, input_x, indices, updates):
    x, indices, updates = as_tensor(input_x), index_of(name, indices), as_tensor(updates)
    same_type(name, x, updates)
    flat, n, inner = nd_rows(name, x.shape, indices)
    wanted = indices.shape[:-1] + x.shape[indices.shape[-1] :]
    if updates.shape != wanted:
        raise fail(ValueError, f"For '{name}', the updates must have the shape {wanted}, but got {updates.shape}.")
    out = scatter_rows(reshape(x, (1, n, inner)), flat, reshape(updates, (1, flat.size, inner)), mode)
    return reshape(out, x.shape)


def tensor_scatter_update(input_x, indices, updates):
    """Replaces slices of a Tensor; of repeated indices the last one counts.

    For each index: ``out[indices[...]] = updates[...]``, beginning with ``input_x``.

    Args:
        input_x (Tensor): at least one axis; numbers.
        indices (Tensor): shape (*I, k); integers that select along the first k axes of ``input_x``.
        updates (Tensor): shape (*I, *input_x.shape[k:]); the type of ``input_x``.

    Returns:
        Tensor of the shape and type of ``input_x``.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, or the types of ``input_x`` and ``updates`` differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> x = ms.Tensor([4.0, 2.0, 3.0])
    >>> print(tensor_scatter_update(x, ms.Tensor([[0], [2]]), ms.Tensor([2.0, 9.0])))
    [2. 2. 9.]
    """
    return _scatter_slices("TensorScatterUpdate", "set", input_x, indices, updates)


def tensor_scatter_add(input_x, indices, updates):
    """Adds to slices of a Tensor; repeated indices add up.

    For each index: ``out[indices[...]] += updates[...]``, beginning with ``input_x``.

    Args:
        input_x (Tensor): at least one axis; numbers.
        indices (Tensor): shape (*I, k); integers that select along the first k axes of ``input_x``.
        updates (Tensor): shape (*I, *input_x.shape[k:]); the type of ``input_x``.

    Returns:
        Tensor of the shape and type of ``input_x``.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, or the types of ``input_x`` and ``updates`` differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> x = ms.Tensor([4.0, 2.0, 3.0])
    >>> print(tensor_scatter_add(x, ms.Tensor([[0], [2]]), ms.Tensor([2.0, 9.0])))
    [ 6.  2. 12.]
    """
    return _scatter_slices("TensorScatterAdd", "add", input_x, indices, updates)


def tensor_scatter_sub(input_x, indices, updates):
    """Subtracts from slices of a Tensor; repeated indices add up.

    For each index: ``out[indices[...]] -= updates[...]``, beginning with ``input_x``.

    Args:
        input_x (Tensor): at least one axis; numbers.
        indices (Tensor): shape (*I, k); integers that select along the first k axes of ``input_x``.
        updates (Tensor): shape (*I, *input_x.shape[k:]); the type of ``input_x``.

    Returns:
        Tensor of the shape and type of ``input_x``.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, or the types of ``input_x`` and ``updates`` differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> x = ms.Tensor([4.0, 2.0, 3.0])
    >>> print(tensor_scatter_sub(x, ms.Tensor([[0], [2]]), ms.Tensor([2.0, 9.0])))
    [ 2.  2. -6.]
    """
    return _scatter_slices("TensorScatterSub", "add", input_x, indices, neg(as_tensor(updates)))


def tensor_scatter_min(input_x, indices, updates):
    """Minimum of slices of a Tensor and updates.

    For each index: ``out[indices[...]] = min(out[indices[...]], updates[...])``, beginning with ``input_x``.

    Args:
        input_x (Tensor): at least one axis; numbers.
        indices (Tensor): shape (*I, k); integers that select along the first k axes of ``input_x``.
        updates (Tensor): shape (*I, *input_x.shape[k:]); the type of ``input_x``.

    Returns:
        Tensor of the shape and type of ``input_x``.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, or the types of ``input_x`` and ``updates`` differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> x = ms.Tensor([4.0, 2.0, 3.0])
    >>> print(tensor_scatter_min(x, ms.Tensor([[0], [2]]), ms.Tensor([2.0, 9.0])))
    [2. 2. 3.]
    """
    return _scatter_slices("TensorScatterMin", "min", input_x, indices, updates)


def tensor_scatter_max(input_x, indices, updates):
    """Maximum of slices of a Tensor and updates.

    For each index: ``out[indices[...]] = max(out[indices[...]], updates[...])``, beginning with ``input_x``.

    Args:
        input_x (Tensor): at least one axis; numbers.
        indices (Tensor): shape (*I, k); integers that select along the first k axes of ``input_x``.
        updates (Tensor): shape (*I, *input_x.shape[k:]); the type of ``input_x``.

    Returns:
        Tensor of the shape and type of ``input_x``.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, or the types of ``input_x`` and ``updates`` differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> x = ms.Tensor([4.0, 2.0, 3.0])
    >>> print(tensor_scatter_max(x, ms.Tensor([[0], [2]]), ms.Tensor([2.0, 9.0])))
    [4. 2. 9.]
    """
    return _scatter_slices("TensorScatterMax", "max", input_x, indices, updates)


def tensor_scatter_mul(input_x, indices, updates):
    """Multiplies slices of a Tensor; repeated indices multiply repeatedly.

    For each index: ``out[indices[...]] *= updates[...]``, beginning with ``input_x``.

    Args:
        input_x (Tensor): at least one axis; numbers.
        indices (Tensor): shape (*I, k); integers that select along the first k axes of ``input_x``.
        updates (Tensor): shape (*I, *input_x.shape[k:]); the type of ``input_x``.

    Returns:
        Tensor of the shape and type of ``input_x``.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, or the types of ``input_x`` and ``updates`` differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> x = ms.Tensor([4.0, 2.0, 3.0])
    >>> print(tensor_scatter_mul(x, ms.Tensor([[0], [2]]), ms.Tensor([2.0, 9.0])))
    [ 8.  2. 27.]
    """
    return _scatter_slices("TensorScatterMul", "mul", input_x, indices, updates)


def tensor_scatter_div(input_x, indices, updates):
    """Divides slices of a Tensor; repeated indices divide repeatedly.

    For each index: ``out[indices[...]] /= updates[...]``, beginning with ``input_x``.

    Args:
        input_x (Tensor): at least one axis; numbers.
        indices (Tensor): shape (*I, k); integers that select along the first k axes of ``input_x``.
        updates (Tensor): shape (*I, *input_x.shape[k:]); the type of ``input_x``.

    Returns:
        Tensor of the shape and type of ``input_x``.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, or the types of ``input_x`` and ``updates`` differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> x = ms.Tensor([4.0, 2.0, 3.0])
    >>> print(tensor_scatter_div(x, ms.Tensor([[0], [2]]), ms.Tensor([2.0, 9.0])))
    [2.         2.         0.33333334]
    """
    return _scatter_slices("TensorScatterDiv", "div", input_x, indices, updates)


def tensor_scatter_elements(input_x, indices, updates, axis=0, reduction="none"):
    """Writes single elements along an axis: ``out[indices[i][j]][j] = updates[i][j]`` for axis 0.

    Args:
        input_x (Tensor): at least one axis; numbers.
        indices (Tensor): as many axes as ``input_x``; integers in [0, input_x.shape[axis]).
        updates (Tensor): the shape of ``indices``; the type of ``input_x``.
        axis (int): the axis that indices count along. Default: 0.
        reduction (str): "none" to replace, "add" to add. Default: "none".

    Returns:
        Tensor of the shape and type of ``input_x``.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, or the types of ``input_x`` and ``updates`` differ.
        ValueError: the shapes do not fit, ``axis`` is out of range or ``reduction`` unknown.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1, 2, 3], [4, 5, 6]])
    >>> print(tensor_scatter_elements(x, ms.Tensor([[0, 2]]), ms.Tensor([[7, 9]]), 1))
    [[7 2 9]
     [4 5 6]]
    """
    name = "TensorScatterElements"
    x, index, update = as_tensor(input_x), index_of(name, indices), as_tensor(updates)
    if reduction not in ("none", "add"):
        raise fail(ValueError, f"For '{name}', 'reduction' must be 'none' or 'add', but got {reduction!r}.")
    same_type(name, x, update)
    if update.shape != index.shape:
        raise fail(
            ValueError,
            f"For '{name}', the updates must have the shape of the indices, {index.shape}, but got {update.shape}.",
        )
    return scatter_elements(
        name, x, index, update, int_axis(name, x.ndim, axis), "set" if reduction == "none" else "add"
    )


def scatter(input, axis, index, src):
    """Writes single elements along an axis: ``out[index[i][j]][j] = src[i][j]`` for axis 0.

    Args:
        input (Tensor): at least one axis; numbers.
        axis (int): the axis that indices count along.
        index (Tensor): as many axes as ``input``; integers in [0, input.shape[axis]).
        src (Tensor | number): as many axes as ``index`` and at least as long; the type of ``input``; or a number.

    Returns:
        Tensor of the shape and type of ``input``.

    Raises:
        TypeError: ``index`` is not a Tensor of integers, or the types of ``input`` and ``src`` differ.
        ValueError: the shapes do not fit, or ``axis`` is out of range.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> print(scatter(ms.Tensor([[1, 2, 3], [4, 5, 6]]), 1, ms.Tensor([[0, 2]]), ms.Tensor([[7, 9]])))
    [[7 2 9]
     [4 5 6]]
    """
    return _scatter_along(input, axis, index, src, "set")


def _scatter_along(x, axis, index, src, mode):
    if isinstance(src, Tensor):
        same_type("scatter", x, src)
        if src.ndim != index.ndim or any(d < n for d, n in zip(src.shape, index.shape)):
            raise fail(
                ValueError,
                f"For 'scatter', 'src' must be as large as 'index', but got the shapes {src.shape} and {index.shape}.",
            )
    else:
        src = broadcast_to(literal(src, x.dtype), index.shape)
    return scatter_elements("scatter", x, index, src, int_axis("scatter", x.ndim, axis), mode)


def scatter_nd(indices, updates, shape):
    """Adds updates to slices of a Tensor of zeros; repeated indices add up.

    Args:
        indices (Tensor): shape (*I, k); integers that select along the first k axes of ``shape``.
        updates (Tensor): shape (*I, *shape[k:]); numbers.
        shape (tuple[int] | Tensor): shape of the result.

    Returns:
        Tensor of shape ``shape`` and the type of ``updates``.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> print(scatter_nd(ms.Tensor([[1], [3], [1]]), ms.Tensor([5, 6, 7]), (4,)))
    [ 0 12  0  6]
    """
    indices, updates, shape = index_of("ScatterNd", indices), as_tensor(updates), shape_of(shape)
    flat, n, inner = nd_rows("ScatterNd", shape, indices)
    wanted = indices.shape[:-1] + shape[indices.shape[-1] :]
    if updates.shape != wanted:
        raise fail(ValueError, f"For 'ScatterNd', the updates must have the shape {wanted}, but got {updates.shape}.")
    return reshape(add_rows(reshape(updates, (1, flat.size, inner)), flat, n), shape)


def _segments(name, x, segment_ids, num_segments, mode, start):
    """Slices of ``x`` combined by their segment; those of a negative segment are left out."""
    ids, n = index_of(name, segment_ids), int(num_segments)
    if ids.shape != x.shape[: ids.ndim]:
        raise fail(
            ValueError,
            f"For '{name}', 'segment_ids' must have the first axes of the input, but got {ids.shape} for {x.shape}.",
        )
    if n <= 0:
        raise fail(ValueError, f"For '{name}', 'num_segments' must be positive, but got {num_segments}.")
    out_shape = (n, *x.shape[ids.ndim :])
    rows = reshape(x, (1, ids.size, math.prod(out_shape[1:])))
    kept = to(ids, int64) >= 0
    index = reshape(select(kept, check_bounds(select(kept, ids, 0), n, name), n), (-1,))
    if mode == "add":
        out = add_rows(rows, index, n + 1)
    else:
        out = scatter_rows(broadcast_to(literal(start, x.dtype), (1, n + 1, rows.shape[2])), index, rows, mode)
    return reshape(slice_along(out, 1, 0, n), out_shape)


def unsorted_segment_sum(input_x, segment_ids, num_segments):
    """Sums of the slices of each segment; 0 for an empty one.

    Args:
        input_x (Tensor): shape (*S, *rest); numbers.
        segment_ids (Tensor): shape S, the first axes of ``input_x``; integers below ``num_segments``; slices with a
            negative one are left out.
        num_segments (int): number of segments, above 0.

    Returns:
        Tensor of shape (num_segments, *rest); the type of ``input_x``.

    Raises:
        TypeError: ``segment_ids`` is not a Tensor of integers.
        ValueError: the shapes do not fit, or ``num_segments`` is not positive.
        IndexError: a segment is too large.

    >>> import minispore as ms
    >>> print(unsorted_segment_sum(ms.Tensor([1.0, 2.0, 4.0]), ms.Tensor([0, 1, 0]), 2))
    [5. 2.]
    """
    return _segments("UnsortedSegmentSum", input_x, segment_ids, num_segments, "add", 0)


def _limits(dtype):
    """The smallest and the largest finite number of a type."""
    if dtype.is_int:
        return np.iinfo(dtype.np).min, np.iinfo(dtype.np).max
    largest = float(np.finfo(dtype.np if dtype.name in ("float16", "float64") else np.float32).max)
    return -largest, largest


@method("unsorted_segment_min")
def unsorted_segment_min(x, segment_ids, num_segments):
    """Minima of the slices of each segment; the largest number of the type for an empty one.

    Args:
        x (Tensor): shape (*S, *rest); numbers.
        segment_ids (Tensor): shape S, the first axes of ``x``; integers below ``num_segments``; slices with a negative
            one are left out.
        num_segments (int): number of segments, above 0.

    Returns:
        Tensor of shape (num_segments, *rest); the type of ``x``.

    Raises:
        TypeError: ``segment_ids`` is not a Tensor of integers.
        ValueError: the shapes do not fit, or ``num_segments`` is not positive.
        IndexError: a segment is too large.

    >>> import minispore as ms
    >>> print(unsorted_segment_min(ms.Tensor([1.0, 2.0, 4.0]), ms.Tensor([0, 1, 0]), 2))
    [1. 2.]
    """
    return _segments("UnsortedSegmentMin", x, segment_ids, num_segments, "min", _limits(x.dtype)[1])


@method("unsorted_segment_max")
def unsorted_segment_max(x, segment_ids, num_segments):
    """Maxima of the slices of each segment; the smallest number of the type for an empty one.

    Args:
        x (Tensor): shape (*S, *rest); numbers.
        segment_ids (Tensor): shape S, the first axes of ``x``; integers below ``num_segments``; slices with a negative
            one are left out.
        num_segments (int): number of segments, above 0.

    Returns:
        Tensor of shape (num_segments, *rest); the type of ``x``.

    Raises:
        TypeError: ``segment_ids`` is not a Tensor of integers.
        ValueError: the shapes do not fit, or ``num_segments`` is not positive.
        IndexError: a segment is too large.

    >>> import minispore as ms
    >>> print(unsorted_segment_max(ms.Tensor([1.0, 2.0, 4.0]), ms.Tensor([0, 1, 0]), 2))
    [4. 2.]
    """
    return _segments("UnsortedSegmentMax", x, segment_ids, num_segments, "max", _limits(x.dtype)[0])


@method("unsorted_segment_prod")
def unsorted_segment_prod(x, segment_ids, num_segments):
    """Products of the slices of each segment; 1 for an empty one.

    Args:
        x (Tensor): shape (*S, *rest); numbers.
        segment_ids (Tensor): shape S, the first axes of ``x``; integers below ``num_segments``; slices with a negative
            one are left out.
        num_segments (int): number of segments, above 0.

    Returns:
        Tensor of shape (num_segments, *rest); the type of ``x``.

    Raises:
        TypeError: ``segment_ids`` is not a Tensor of integers.
        ValueError: the shapes do not fit, or ``num_segments`` is not positive.
        IndexError: a segment is too large.

    >>> import minispore as ms
    >>> print(unsorted_segment_prod(ms.Tensor([1.0, 2.0, 4.0]), ms.Tensor([0, 1, 0]), 2))
    [4. 2.]
    """
    return _segments("UnsortedSegmentProd", x, segment_ids, num_segments, "mul", 1)


# ---------------------------------------------------------------- scatter: into Parameters
def _along_first(name, x, indices, updates, mode):
    """``x`` with x[indices] combined with ``updates``, of shape indices.shape + x.shape[1:]."""
    indices, updates = index_of(name, indices), as_tensor(updates)
    same_type(name, x, updates)
    wanted = indices.shape + x.shape[1:]
    if updates.shape != wanted:
        raise fail(ValueError, f"For '{name}', the updates must have the shape {wanted}, but got {updates.shape}.")
    index = reshape(checked_index(name, indices, x.shape[0]), (-1,))
    rows = blocks(x, 0)
    return reshape(scatter_rows(rows, index, reshape(updates, (1, index.size, rows.shape[2])), mode), x.shape)


def scatter_update(input_x, indices, updates):
    """Replaces slices of a Parameter along its first axis, in place.

    ``input_x[indices] = updates``

    Args:
        input_x (Parameter): at least one axis; numbers; takes the new value.
        indices (Tensor): any shape; integers in [0, input_x.shape[0]).
        updates (Tensor): shape (*indices.shape, *input_x.shape[1:]); the type of ``input_x``.

    Returns:
        ``input_x`` with its new value.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, or the types of ``input_x`` and ``updates`` differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> p = ms.Parameter(ms.Tensor([4.0, 2.0, 3.0]), name="p")
    >>> _ = scatter_update(p, ms.Tensor([0, 2]), ms.Tensor([2.0, 9.0]))
    >>> print(p.asnumpy())
    [2. 2. 9.]
    """
    return assign(input_x, _along_first("ScatterUpdate", input_x, indices, updates, "set"))


def scatter_add(input_x, indices, updates):
    """Adds to slices of a Parameter along its first axis, in place; repeated indices add up.

    ``input_x[indices] += updates``

    Args:
        input_x (Parameter): at least one axis; numbers; takes the new value.
        indices (Tensor): any shape; integers in [0, input_x.shape[0]).
        updates (Tensor): shape (*indices.shape, *input_x.shape[1:]); the type of ``input_x``.

    Returns:
        ``input_x`` with its new value.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, or the types of ``input_x`` and ``updates`` differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> p = ms.Parameter(ms.Tensor([4.0, 2.0, 3.0]), name="p")
    >>> _ = scatter_add(p, ms.Tensor([0, 2]), ms.Tensor([2.0, 9.0]))
    >>> print(p.asnumpy())
    [ 6.  2. 12.]
    """
    return assign(input_x, _along_first("ScatterAdd", input_x, indices, updates, "add"))


def scatter_sub(input_x, indices, updates):
    """Subtracts from slices of a Parameter along its first axis, in place.

    ``input_x[indices] -= updates``

    Args:
        input_x (Parameter): at least one axis; numbers; takes the new value.
        indices (Tensor): any shape; integers in [0, input_x.shape[0]).
        updates (Tensor): shape (*indices.shape, *input_x.shape[1:]); the type of ``input_x``.

    Returns:
        ``input_x`` with its new value.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, or the types of ``input_x`` and ``updates`` differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> p = ms.Parameter(ms.Tensor([4.0, 2.0, 3.0]), name="p")
    >>> _ = scatter_sub(p, ms.Tensor([0, 2]), ms.Tensor([2.0, 9.0]))
    >>> print(p.asnumpy())
    [ 2.  2. -6.]
    """
    return assign(input_x, _along_first("ScatterSub", input_x, indices, neg(as_tensor(updates)), "add"))


def scatter_min(input_x, indices, updates):
    """Minimum of slices of a Parameter along its first axis and updates, in place.

    ``input_x[indices] = min(input_x[indices], updates)``

    Args:
        input_x (Parameter): at least one axis; numbers; takes the new value.
        indices (Tensor): any shape; integers in [0, input_x.shape[0]).
        updates (Tensor): shape (*indices.shape, *input_x.shape[1:]); the type of ``input_x``.

    Returns:
        ``input_x`` with its new value.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, or the types of ``input_x`` and ``updates`` differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> p = ms.Parameter(ms.Tensor([4.0, 2.0, 3.0]), name="p")
    >>> _ = scatter_min(p, ms.Tensor([0, 2]), ms.Tensor([2.0, 9.0]))
    >>> print(p.asnumpy())
    [2. 2. 3.]
    """
    return assign(input_x, _along_first("ScatterMin", input_x, indices, updates, "min"))


def scatter_max(input_x, indices, updates):
    """Maximum of slices of a Parameter along its first axis and updates, in place.

    ``input_x[indices] = max(input_x[indices], updates)``

    Args:
        input_x (Parameter): at least one axis; numbers; takes the new value.
        indices (Tensor): any shape; integers in [0, input_x.shape[0]).
        updates (Tensor): shape (*indices.shape, *input_x.shape[1:]); the type of ``input_x``.

    Returns:
        ``input_x`` with its new value.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, or the types of ``input_x`` and ``updates`` differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> p = ms.Parameter(ms.Tensor([4.0, 2.0, 3.0]), name="p")
    >>> _ = scatter_max(p, ms.Tensor([0, 2]), ms.Tensor([2.0, 9.0]))
    >>> print(p.asnumpy())
    [4. 2. 9.]
    """
    return assign(input_x, _along_first("ScatterMax", input_x, indices, updates, "max"))


def scatter_mul(input_x, indices, updates):
    """Multiplies slices of a Parameter along its first axis, in place.

    ``input_x[indices] *= updates``

    Args:
        input_x (Parameter): at least one axis; numbers; takes the new value.
        indices (Tensor): any shape; integers in [0, input_x.shape[0]).
        updates (Tensor): shape (*indices.shape, *input_x.shape[1:]); the type of ``input_x``.

    Returns:
        ``input_x`` with its new value.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, or the types of ``input_x`` and ``updates`` differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> p = ms.Parameter(ms.Tensor([4.0, 2.0, 3.0]), name="p")
    >>> _ = scatter_mul(p, ms.Tensor([0, 2]), ms.Tensor([2.0, 9.0]))
    >>> print(p.asnumpy())
    [ 8.  2. 27.]
    """
    return assign(input_x, _along_first("ScatterMul", input_x, indices, updates, "mul"))


def scatter_div(input_x, indices, updates):
    """Divides slices of a Parameter along its first axis, in place.

    ``input_x[indices] /= updates``

    Args:
        input_x (Parameter): at least one axis; numbers; takes the new value.
        indices (Tensor): any shape; integers in [0, input_x.shape[0]).
        updates (Tensor): shape (*indices.shape, *input_x.shape[1:]); the type of ``input_x``.

    Returns:
        ``input_x`` with its new value.

    Raises:
        TypeError: ``indices`` is not a Tensor of integers, or the types of ``input_x`` and ``updates`` differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> p = ms.Parameter(ms.Tensor([4.0, 2.0, 3.0]), name="p")
    >>> _ = scatter_div(p, ms.Tensor([0, 2]), ms.Tensor([2.0, 9.0]))
    >>> print(p.asnumpy())
    [2.         2.         0.33333334]
    """
    return assign(input_x, _along_first("ScatterDiv", input_x, indices, updates, "div"))


def _nd_into(name, function):
    def scatter(input_x, indices, updates, use_locking=False):
        return assign(input_x, function(input_x, indices, updates))

    scatter.__name__ = scatter.__qualname__ = name
    doc = function.__doc__ or ""
    for old, new in (
        ("slices of a Tensor", "slices of a Parameter, in place"),
        ("input_x (Tensor)", "input_x (Parameter)"),
        ("\n    Returns:\n        Tensor of the shape and type of ``input_x``", f"        {_LOCKING}\n\n    Returns:\n        ``input_x`` with its new value"),
        ("x = ms.Tensor([4.0, 2.0, 3.0])", 'p = ms.Parameter(ms.Tensor([4.0, 2.0, 3.0]), name="p")'),
        (f"print({function.__name__}(x, ms.Tensor([[0], [2]]), ms.Tensor([2.0, 9.0])))", f"print({name}(p, ms.Tensor([[0], [2]]), ms.Tensor([2.0, 9.0])).asnumpy())"),
    ):  # fmt: skip
        doc = doc.replace(old, new)
    scatter.__doc__ = doc
    return scatter


_LOCKING = "use_locking (bool): accepted, without effect: updates are applied one after the other. Default: False."
scatter_nd_update = _nd_into("scatter_nd_update", tensor_scatter_update)
scatter_nd_add = _nd_into("scatter_nd_add", tensor_scatter_add)
scatter_nd_sub = _nd_into("scatter_nd_sub", tensor_scatter_sub)
scatter_nd_min = _nd_into("scatter_nd_min", tensor_scatter_min)
scatter_nd_max = _nd_into("scatter_nd_max", tensor_scatter_max)
scatter_nd_mul = _nd_into("scatter_nd_mul", tensor_scatter_mul)
scatter_nd_div = _nd_into("scatter_nd_div", tensor_scatter_div)


# ---------------------------------------------------------------- slices along an axis, masks
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
def inplace_update(x, v, indices):
    """Replaces rows. The result is a new Tensor, ``x`` stays as it is.

    Args:
        x (Tensor): at least one axis; numbers.
        v (Tensor): shape (n, *x.shape[1:]) for n indices; the type of ``x``.
        indices (int | tuple[int] | Tensor): the rows, in [0, x.shape[0]).

    Returns:
        Tensor of the shape and type of ``x``.

    Raises:
        TypeError: the types of ``x`` and ``v`` differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> print(inplace_update(ms.Tensor([[1, 2], [3, 4]]), ms.Tensor([[5, 6]]), 1))
    [[1 2]
     [5 6]]
    """
    return _inplace_rows("InplaceUpdate", x, v, indices, "set")


def inplace_add(x, v, indices):
    """Adds to rows; repeated indices add up. The result is a new Tensor, ``x`` stays as it is.

    Args:
        x (Tensor): at least one axis; numbers.
        v (Tensor): shape (n, *x.shape[1:]) for n indices; the type of ``x``.
        indices (int | tuple[int] | Tensor): the rows, in [0, x.shape[0]).

    Returns:
        Tensor of the shape and type of ``x``.

    Raises:
        TypeError: the types of ``x`` and ``v`` differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> print(inplace_add(ms.Tensor([[1, 2], [3, 4]]), ms.Tensor([[5, 6]]), 1))
    [[ 1  2]
     [ 8 10]]
    """
    return _inplace_rows("InplaceAdd", x, v, indices, "add")


def inplace_sub(x, v, indices):
    """Subtracts from rows; repeated indices add up. The result is a new Tensor, ``x`` stays as it is.

    Args:
        x (Tensor): at least one axis; numbers.
        v (Tensor): shape (n, *x.shape[1:]) for n indices; the type of ``x``.
        indices (int | tuple[int] | Tensor): the rows, in [0, x.shape[0]).

    Returns:
        Tensor of the shape and type of ``x``.

    Raises:
        TypeError: the types of ``x`` and ``v`` differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

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


# ---------------------------------------------------------------- Tensor's methods, whose signatures differ
@method("scatter")
def _tensor_scatter_method(self, dim=None, index=None, src=None, *, axis=None, value=None, reduce="none"):
    """Writes single elements along an axis: ``out[index[i][j]][j] = src[i][j]`` for axis 0; as ``ops.scatter``.

    Args:
        dim (int): the axis that indices count along. Default: None.
        index (Tensor): as many axes as the Tensor; integers in [0, length of the axis). Default: None.
        src (Tensor | number): as many axes as ``index`` and at least as long; the Tensor's type; or a number. Default:
            None.
        axis (int): another name of ``dim``, which it overrides. Default: None.
        value (number): another name of ``src``, used if ``src`` is None. Default: None.
        reduce (str): "none" to replace, "add" to add, "multiply" to multiply. Default: "none".

    Returns:
        Tensor of the same shape and type.

    Raises:
        TypeError: ``index`` is not a Tensor of integers, or the types differ.
        ValueError: the shapes do not fit, the axis is out of range or ``reduce`` unknown.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> print(ms.Tensor([1, 2, 3]).scatter(0, ms.Tensor([0, 2]), ms.Tensor([7, 9])))
    [7 2 9]
    """
    modes = {"none": "set", "add": "add", "multiply": "mul"}
    if reduce not in modes:
        raise fail(ValueError, f"For 'Tensor.scatter', 'reduce' must be one of {tuple(modes)}, but got {reduce!r}.")
    return _scatter_along(self, dim if axis is None else axis, index, value if src is None else src, modes[reduce])


@method("scatter_add")
def _tensor_scatter_add(self, *args, dim=None, index=None, src=None, indices=None, updates=None):
    """Adds to elements along an axis, or to slices.

    Called as ``(dim, index, src)`` it adds ``out[index[i][j]][j] += src[i][j]`` for dim 0; as ``(indices, updates)`` it
    is ``ops.tensor_scatter_add``.

    Args:
        *args (int | Tensor): the arguments of either form by position.
        dim (int): the axis that indices count along. Default: None.
        index (Tensor): as many axes as the Tensor; integers in [0, length of the axis). Default: None.
        src (Tensor | number): as many axes as ``index`` and at least as long; the Tensor's type. Default: None.
        indices (Tensor): shape (*I, k); integers that select along the first k axes. Default: None.
        updates (Tensor): shape (*I, *shape[k:]); the Tensor's type. Default: None.

    Returns:
        Tensor of the same shape and type.

    Raises:
        TypeError: the indices are not a Tensor of integers, or the types differ.
        ValueError: the shapes do not fit.
        IndexError: an index is negative or too large.

    >>> import minispore as ms
    >>> print(ms.Tensor([1, 2, 3]).scatter_add(0, ms.Tensor([0, 2]), ms.Tensor([7, 9])))
    [ 8  2 12]
    >>> print(ms.Tensor([1, 2, 3]).scatter_add(ms.Tensor([[0]]), ms.Tensor([7])))
    [8 2 3]
    """
    given = list(args) + [a for a in (dim, index, src, indices, updates) if a is not None]
    if len(given) == 2:
        return tensor_scatter_add(self, *given)
    axis, index, src = given
    return _scatter_along(self, axis, index, src, "add")


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


method("scatter_sub")(tensor_scatter_sub)
method("scatter_min")(tensor_scatter_min)
method("scatter_max")(tensor_scatter_max)
method("scatter_mul")(tensor_scatter_mul)
method("scatter_div")(tensor_scatter_div)


@method("where")
def _tensor_where(self, condition, y=None, *, other=None):
    """Keeps the elements where ``condition`` holds and takes those of another Tensor elsewhere.

    Args:
        condition (Tensor): a shape that broadcasts; taken as bool.
        y (Tensor | number): the values elsewhere, of a shape that broadcasts. Default: None.
        other (Tensor | number): another name of ``y``, used if ``y`` is None. Default: None.

    Returns:
        Tensor of the broadcast shape; the common type of the values.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> x = ms.Tensor([-1.0, 2.0])
    >>> print(x.where(x > 0, 0.25))
    [0.25 2.  ]
    """
    return select(condition, self, other if y is None else y)


@method("select")
def _tensor_select(self, *args, **given):
    """A slice along an axis, called as ``(dim, index)``; or a choice of elements, as ``(condition, y)``.

    Args:
        *args (int | Tensor): the axis and the position, a negative one from the end; or a condition (taken as bool) and
            the values (a Tensor or a number) where it does not hold, of shapes that broadcast.
        **given (object): these by name: ``dim`` and ``index``, or ``condition`` and ``y``.

    Returns:
        Tensor without the axis ``dim``; or of the broadcast shape and the common type of the values.

    Raises:
        ValueError: ``dim`` is out of range, or the shapes do not broadcast.
        IndexError: ``index`` is out of range.

    >>> import minispore as ms
    >>> x = ms.Tensor([[1, 2], [3, 4]])
    >>> print(x.select(0, 1), x.select(x > 2, 0))
    [3 4] [[0 0]
     [3 4]]
    """
    by_place = "dim" in given or (args and not isinstance(args[0], Tensor))
    names: dict = {"dim": ..., "index": ...} if by_place else {"condition": ..., "y": ...}
    first, second = bound("Tensor.select", args, given, names)
    if not by_place:
        return select(first, self, second)
    a = axis_of("select", self.ndim, first)
    return self[(slice(None),) * a + (int(second),)]


@method("add")
def _add_scaled(self, other, *, alpha=1):
    """Sum ``self + alpha * other``.

    Args:
        other (Tensor | number): a shape that broadcasts to the Tensor's; numbers.
        alpha (number): factor of ``other``. Default: 1.

    Returns:
        Tensor of the broadcast shape; the common type.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(ms.Tensor([1.0, 2.0]).add_(ms.Tensor([3.0, 4.0]), alpha=2))
    [ 7. 10.]
    """
    return self + (other if alpha == 1 else other * alpha)


@method("sub")
def _sub_scaled(self, other, *, alpha=1):
    """Difference ``self - alpha * other``.

    Args:
        other (Tensor | number): a shape that broadcasts to the Tensor's; numbers.
        alpha (number): factor of ``other``. Default: 1.

    Returns:
        Tensor of the broadcast shape; the common type.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(ms.Tensor([1.0, 2.0]).sub_(ms.Tensor([3.0, 4.0]), alpha=2))
    [-5. -6.]
    """
    return self - (other if alpha == 1 else other * alpha)


def _copy(self, src):
    """Copies the values of ``src``.

    Args:
        src (Tensor): a shape that broadcasts to the Tensor's; numbers.

    Returns:
        Tensor of the same shape; the type of ``src``.

    Raises:
        ValueError: the shapes do not broadcast.

    >>> import minispore as ms
    >>> print(ms.Tensor([1.0, 2.0]).copy_(ms.Tensor([3, 4])))
    [3. 4.]
    """
    return broadcast_to(src, self.shape)


def _zero(self):
    """Fills the Tensor with 0.

    Returns:
        Tensor of the same shape and type.

    >>> import minispore as ms
    >>> print(ms.Tensor([1.0, 2.0]).zero_())
    [0. 0.]
    """
    return zeros_of(self, self.shape)


@method("fill")
def _fill(self, value):
    """Fills a Tensor of the same shape and type with one value.

    Args:
        value (number | Tensor): a number or a Tensor of one element; converted to the type.

    Returns:
        Tensor of the same shape and type.

    Raises:
        ValueError: ``value`` has several elements.

    >>> import minispore as ms
    >>> print(ms.Tensor([1.0, 2.0]).fill(9))
    [9. 9.]
    """
    return broadcast_to(_scalar("fill", value, self.dtype), self.shape)


def _put(tensor, value):
    tensor[...] = value
    return tensor


_IN_PLACE = {
    "masked_fill_": masked_fill, "index_fill_": index_fill, "index_add_": _tensor_index_add,
    "scatter_": _tensor_scatter_method, "scatter_add_": _tensor_scatter_add, "copy_": _copy, "add_": _add_scaled,
    "sub_": _sub_scaled, "mul_": mul, "div_": div, "zero_": _zero, "fill_": _fill,
}  # fmt: skip
for _name, _function in _IN_PLACE.items():
    in_place(_name, _function, _put)
__test__ = {name: getattr(Tensor, name) for name in _IN_PLACE}  # the examples of their docstrings


__all__ = [
    "index_add", "index_fill", "inplace_add", "inplace_index_add", "inplace_sub", "inplace_update", "masked_fill",
    "scatter", "scatter_add", "scatter_div", "scatter_max", "scatter_min", "scatter_mul", "scatter_nd",
    "scatter_nd_add", "scatter_nd_div", "scatter_nd_max", "scatter_nd_min", "scatter_nd_mul", "scatter_nd_sub",
    "scatter_nd_update", "scatter_update", "select_scatter", "slice_scatter", "tensor_scatter_add",
    "tensor_scatter_div", "tensor_scatter_elements", "tensor_scatter_max", "tensor_scatter_min",
    "tensor_scatter_mul", "tensor_scatter_sub", "tensor_scatter_update", "unsorted_segment_max",
    "unsorted_segment_min", "unsorted_segment_prod", "unsorted_segment_sum",
]  # fmt: skip
