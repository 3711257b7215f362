"""Arrays of different lengths in one shape, for batches."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.errors import fail


def pad(column: Any, shape: Sequence | None, value: Any = None) -> list[np.ndarray]:
    """The values of a column, truncated or padded to one shape.

    Args:
        column: list of arrays.
        shape: list of ints and None, for the longest; None for the longest along every axis.
        value: what fills.  Default: None, for 0 or "".

    Returns:
        list of arrays.

    Raises:
        RuntimeError: a shape of other dimensions.

    >>> [a.tolist() for a in pad([np.array([1]), np.array([2, 3])], None)]
    [[1, 0], [2, 3]]
    """
    longest = [max(lengths) for lengths in zip(*[v.shape for v in column])]
    if shape is not None and len(shape) != len(longest):
        raise fail(
            RuntimeError,
            f"For 'padded_batch', the shape must have {len(longest)} dimensions as the column, but got {list(shape)}.",
        )
    wanted = [n if w is None else int(w) for n, w in zip(longest, shape or [None] * len(longest))]
    result = []
    for v in column:
        text = v.dtype.kind in "US"
        if value is not None and isinstance(value, (str, bytes)) != text:
            raise fail(RuntimeError, f"For 'padded_batch', {value!r} cannot fill a column of the type {v.dtype}.")
        fill = np.asarray(("" if text else 0) if value is None else value)
        filled = np.full(wanted, fill, np.promote_types(v.dtype, fill.dtype) if text else v.dtype)
        common = tuple(slice(min(n, w)) for n, w in zip(v.shape, wanted))
        filled[common] = v[common]
        result.append(filled)
    return result
