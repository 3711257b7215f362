# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""Rows of a product by register tiles: what kernels call in place of BLAS where operands need not be rearranged for it."""

import numpy as np

from ..core.dtype import int64
from ..core.kernel import device
from ..core.record import Value
from ..core.sizes import SizedData, array_from


@device
def tiled_rows(a, rows_at, a_at, b, b_at, count, out, out_row, rows, columns, add):
    """``out[m, i] (+)= sum over k < count of a[rows_at[m] + a_at[k]] * b[b_at[k] + i]`` for all rows and columns.

    Whole vectors are read and written: b and out go on to a multiple of 16 columns.
    """
    lanes, high = tile_lanes(out), tile_rows()
    i, vectors = 0, (columns + lanes - 1) // lanes
    while vectors > 0:  # columns outside: their part of b stays in the first cache
        wide = 3 if vectors == 3 or vectors > 4 else min(vectors, 2)
        right = shift(b, i)
        for m in range(0, rows, high):
            left, to, tall = shift(rows_at, m), shift(out, m * out_row + i), min(high, rows - m)
            if wide == 3 and tall <= high // 2:
                short_tile3(a, left, a_at, right, b_at, count, to, out_row, tall, add)
            elif wide == 3:
                tile3(a, left, a_at, right, b_at, count, to, out_row, tall, add)
            elif wide == 2:
                tile2(a, left, a_at, right, b_at, count, to, out_row, tall, add)
            else:
                tile1(a, left, a_at, right, b_at, count, to, out_row, tall, add)
        i, vectors = i + wide * lanes, vectors - wide


@device
def tiled_rows_within(a, rows_at, a_at, b, b_at, count, out, out_row, rows, columns):
    """As ``tiled_rows``, where nothing beyond the columns is read or written: the last tile begins before the end of the one before it.

    ``columns``: whole vectors, or as many as the widest tile has at least.
    """
    lanes, high = tile_lanes(out), tile_rows()
    i, vectors = 0, (columns + lanes - 1) // lanes
    while vectors > 0:
        wide = 3 if vectors == 3 or vectors > 4 else min(vectors, 2)
        at = min(i, columns - wide * lanes)
        right = shift(b, at)
        for m in range(0, rows, high):
            left, to, tall = shift(rows_at, m), shift(out, m * out_row + at), min(high, rows - m)
            if wide == 3 and tall <= high // 2:
                short_tile3(a, left, a_at, right, b_at, count, to, out_row, tall, 0)
            elif wide == 3:
                tile3(a, left, a_at, right, b_at, count, to, out_row, tall, 0)
            elif wide == 2:
                tile2(a, left, a_at, right, b_at, count, to, out_row, tall, 0)
            else:
                tile1(a, left, a_at, right, b_at, count, to, out_row, tall, 0)
        i, vectors = i + wide * lanes, vectors - wide


@device
def placed_rows(a, rows_at, a_at, b, b_at, count, out, outs_at, rows, columns, add):
    """As ``tiled_rows``, where row m of the results begins at ``out[outs_at[m]]``."""
    lanes, high = tile_lanes(out), tile_rows()
    i, vectors = 0, (columns + lanes - 1) // lanes
    while vectors > 0:
        wide = 3 if vectors == 3 or vectors > 4 else min(vectors, 2)
        right, target = shift(b, i), shift(out, i)
        for m in range(0, rows, high):
            left, to, tall = shift(rows_at, m), shift(outs_at, m), min(high, rows - m)
            if wide == 3 and tall <= high // 2:
                short_placed3(a, left, a_at, right, b_at, count, target, to, tall, add)
            elif wide == 3:
                placed3(a, left, a_at, right, b_at, count, target, to, tall, add)
            elif wide == 2:
                placed2(a, left, a_at, right, b_at, count, target, to, tall, add)
            else:
                placed1(a, left, a_at, right, b_at, count, target, to, tall, add)
        i, vectors = i + wide * lanes, vectors - wide


MOST_CONSTANTS = 1024  # each new size may need more
_constants: dict[bytes, Value] = {}


def _positions(given) -> np.ndarray:
    """As kernels read them: an array of none is one of floats to NumPy, and makes that of all which is joined with it."""
    return np.ascontiguousarray(given, np.int64).ravel()


def _made(function, *numbers) -> np.ndarray:
    return _positions(function(*numbers))


def table(positions) -> Value:
    """A constant of positions; equal ones are one constant, as a Builder knows a Value by its identity."""
    data = _positions(positions)
    found = _constants.get(data.tobytes())
    if found is None:
        if len(_constants) >= MOST_CONSTANTS:
            _constants.clear()
        found = _constants[data.tobytes()] = Value(data.shape, int64, data=data, kind="constant")
    return found


def table_of(function, *numbers) -> Value:
    """The table that a pure function of numbers gives; how long it is may depend on them, and nobody asks."""
    data = array_from(_made, function, *numbers, shape=(1,))
    return Value(data.shape, int64, data=data, kind="constant") if type(data) is SizedData else table(data)


__all__ = ["placed_rows", "table", "table_of", "tiled_rows", "tiled_rows_within"]
