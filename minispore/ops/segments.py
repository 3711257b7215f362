"""Segments: rows that share a number are summed, multiplied or reduced to their extremes."""

import math

import numpy as np

from ..core.docstrings import documented
from ..core.dtype import int64
from ..core.errors import fail
from ..core.op import literal, to
from ..core.sizes import whole
from .effects import check_bounds
from .elementwise import select
from .methods import method
from .movement import broadcast_to, reshape
from .rows import add_rows, index_of, scatter_rows
from .slicing import slice_along

_with_shared_docs = documented(
    segments="""\
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
    IndexError: a segment is too large.""",
)


def _segments(name, x, segment_ids, num_segments, mode, start):
    """Slices of ``x`` combined by their segment; those of a negative segment are left out."""
    ids, n = index_of(name, segment_ids), whole(num_segments)
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
@_with_shared_docs
def unsorted_segment_min(x, segment_ids, num_segments):
    """Minima of the slices of each segment; the largest number of the type for an empty one.

    {segments}

    >>> import minispore as ms
    >>> print(unsorted_segment_min(ms.Tensor([1.0, 2.0, 4.0]), ms.Tensor([0, 1, 0]), 2))
    [1. 2.]
    """
    return _segments("UnsortedSegmentMin", x, segment_ids, num_segments, "min", _limits(x.dtype)[1])


@method("unsorted_segment_max")
@_with_shared_docs
def unsorted_segment_max(x, segment_ids, num_segments):
    """Maxima of the slices of each segment; the smallest number of the type for an empty one.

    {segments}

    >>> import minispore as ms
    >>> print(unsorted_segment_max(ms.Tensor([1.0, 2.0, 4.0]), ms.Tensor([0, 1, 0]), 2))
    [4. 2.]
    """
    return _segments("UnsortedSegmentMax", x, segment_ids, num_segments, "max", _limits(x.dtype)[0])


@method("unsorted_segment_prod")
@_with_shared_docs
def unsorted_segment_prod(x, segment_ids, num_segments):
    """Products of the slices of each segment; 1 for an empty one.

    {segments}

    >>> import minispore as ms
    >>> print(unsorted_segment_prod(ms.Tensor([1.0, 2.0, 4.0]), ms.Tensor([0, 1, 0]), 2))
    [4. 2.]
    """
    return _segments("UnsortedSegmentProd", x, segment_ids, num_segments, "mul", 1)


__all__ = [
    "unsorted_segment_max", "unsorted_segment_min", "unsorted_segment_prod", "unsorted_segment_sum",
]  # fmt: skip
