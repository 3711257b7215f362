# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""What products leave out: terms that are zero at the ends of a row, and columns of the result that nobody reads.

The weights of a causal attention are zero right of the diagonal, those of padded sentences at the end of each row, and so are
their gradients.  The kernels look, for each panel of 16 rows, at how far it is zero from both ends: nothing has to be known of the mask.
A zero times infinity or NaN is NaN, so nothing is left out if any number of the other matrix is not finite: sums are
those of the whole product, to the last bit.

The scores before the mask are not zero, but where the mask hides them nobody reads them.  ``shown_columns`` makes a table of where
that is, once for all heads, and ``matmul_shown`` leaves these tiles of the result as they are.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from ..core.dtype import int64
from ..core.kernel import device, kernel
from ..core.op import library
from ..core.samples import b
from ..core.sizes import decided
from .product_operands import batch_loops

GROUP = 16  # rows for which there is one range
LEAST_ROWS = 64  # below them as much is computed in tiles as is left out
MOST_ROWS = 2048  # of ``few_rows``, which has room for the ranges of as many
LEAST_TERMS = 16  # a vector of what is looked at
ONCE = 96  # columns of the result: two tiles
DEPTH = 8  # nodes between a product and what makes its zeros
WHOLE, TERMS, COLUMNS = 0, 1, 2  # what a kernel leaves out


@device
def nonzero_terms(source, row, term, rows, terms, ends):
    """``ends[0], ends[1]``: the terms k outside of which ``source[i * row + k * term]`` is 0 for i < ``rows`` (at most 16)."""
    first, last, above = 0, terms, min(rows - 16, 0)  # a vector down the rows may begin in those before
    while last > 0:
        begin = max(last - 16, 0)
        if term == 1:
            found = any_nonzero(shift(source, begin), row, rows, 0)
        else:
            found = any_nonzero(shift(source, begin * term + above), term, last - begin, 0)
        if found != 0:
            break
        last = begin
    while first < last:
        end = min(first + 16, last)
        if term == 1:
            found = any_nonzero(shift(source, min(first, terms - 16)), row, rows, 0)
        else:
            found = any_nonzero(shift(source, first * term + above), term, end - first, 0)
        if found != 0:
            break
        first = end
    ends[0] = first
    ends[1] = last


@device
def is_finite(matrix, row, column, rows, columns):
    """1 if no element is infinite or NaN; rows or columns lie side by side, 16 at least."""
    found = 0
    if column == 1:
        for c in range(0, columns, 16):
            found += any_not_finite(shift(matrix, min(c, columns - 16)), row, rows)
    else:
        for r in range(0, rows, 16):
            found += any_not_finite(shift(matrix, min(r, rows - 16)), column, columns)
    return 1 if found == 0 else 0


@device
def ends_of_terms(x, x_row, x_col, rows, terms, y, y_row, y_col, columns, ends, fine):
    """For each panel of ``rows`` rows four ends in ``ends``: the terms that count, and all columns.

    ``fine``: whether y is finite; -1: not known yet.  What is known then is returned.
    """
    for r in range(0, rows, 16):
        e = shift(ends, r // 4)
        nonzero_terms(shift(x, r * x_row), x_row, x_col, min(16, rows - r), terms, e)
        e[2] = 0
        e[3] = columns
        if fine < 0 and (e[0] > 0 or e[1] < terms):
            fine = is_finite(y, y_row, y_col, terms, columns)
    if fine == 0:
        for r in range(0, rows, 16):
            e = shift(ends, r // 4)
            e[0] = 0
            e[1] = terms
    return fine


@device
def ends_of_columns(table, step, rows, terms, ends):
    """The same from a table of columns that are read; all terms count."""
    for r in range(0, rows, 16):
        e, row = shift(ends, r // 4), shift(table, r // 16 * step)
        e[0] = 0
        e[1] = terms
        e[2] = row[0]
        e[3] = row[1]


@kernel
def shown_ranges(mask: "T*", table: "int64*", m: int, n: int, groups: int, flipped: int, lo, hi):
    """For 16 rows of a mask the columns between the first and the last that is not 0, of ``flipped`` bools not 1.

    They are found to within a vector; [lo, hi) are groups of rows.
    """
    for unit in range(lo, hi):
        b, first = unit // groups, unit % groups * 16
        at, rows = shift(mask, (b * m + first) * n), min(16, m - first)
        begin, end = 0, n
        while n >= 16 and end > 0 and any_nonzero(shift(at, max(end - 16, 0)), n, rows, flipped) == 0:
            end = max(end - 16, 0)
        while n >= 16 and begin < end and any_nonzero(shift(at, min(begin, n - 16)), n, rows, flipped) == 0:
            begin = min(begin + 16, end)
        table[2 * unit] = begin
        table[2 * unit + 1] = end


def _groups(mask) -> int:
    """Rows of the table: one where the rows of the mask are the same."""
    rows = mask.shape[-2]
    return 1 if rows == 1 else -(-rows // GROUP)


def _shown_numpy(mask, hides):
    n = mask.shape[-1]
    groups = _groups(mask)
    table = np.zeros((*mask.shape[:-2], groups, 2), np.int64)
    shown = ~mask if hides else mask != 0
    for g in range(groups):
        any_row = shown[..., g * GROUP : (g + 1) * GROUP, :].any(-2)
        end = n - any_row[..., ::-1].argmax(-1) // 16 * 16
        table[..., g, 0] = np.minimum(any_row.argmax(-1) // 16 * 16, end)
        table[..., g, 1] = np.where(any_row.any(-1) | (n < 16), end, 0)
    return (table,)


def _shown_infer(mask, hides):
    return [((*mask.shape[:-2], _groups(mask), 2), int64)]


def _lower_shown(build, node):
    (mask,) = node.inputs
    (*batch, m, n), groups = mask.shape, _groups(mask)
    source, count = build.dense(mask), math.prod(batch)
    build.call(
        shown_ranges.bind(T=build.storage(mask.dtype)), node,
        [source, build.output(node), m, n, groups, int(node.attrs["hides"])],
        extent=count * groups, cost=count * m * n // 16,
    )  # fmt: skip


# (..., m, n) -> (..., groups of rows, 2): the first and the last + 1 of the columns of which one is shown.
shown_columns = library(
    "shown_columns", _shown_numpy, _shown_infer, _lower_shown,
    batch=lambda op, size, xs, batched, attrs: [op(*xs, **attrs)],
    samples=[(b(40, 33), {"hides": True}), (b(3, 1, 20), {"hides": False}), (b(2, 3, 7), {"hides": False})],
)  # fmt: skip


class Border(NamedTuple):
    """What a product leaves out.  ``steps``: from one row of ``table`` to the next, and those of the loops over the batch."""

    leaves: int = WHOLE
    table: Any = None  # an operand, for COLUMNS
    steps: tuple[int, int, int] = (0, 0, 0)


NOTHING = Border()


@decided
def pays(dtype, m: int, n: int, k: int) -> bool:
    """Whether products of these sizes look for what they may leave out."""
    return dtype.name in ("float32", "float64") and LEAST_ROWS <= m <= MOST_ROWS and min(n, k) >= LEAST_TERMS


@decided
def reads_once(leaves: int, n: int, x_col: int) -> bool:
    """Whether the left matrix, read row by row, has so few partners that arranging it anew takes longer than what tiles gain."""
    return leaves == TERMS and x_col == 1 and n <= ONCE


def border_of(node) -> Border:
    """TERMS for a product whose left matrix may be zero at the ends of its rows."""
    (*_, m, k), n = node.inputs[0].shape, node.inputs[1].shape[-1]
    if k < LEAST_ROWS or not pays(node.inputs[0].dtype, m, n, k) or not _may_be_zero(node.inputs[0], DEPTH):
        return NOTHING
    return Border(TERMS)


def _may_be_zero(v, depth: int) -> bool:
    """Whether a value comes of masked weights, as far as the ops say: the kernels look at the numbers."""
    node = v.node
    if node is None or depth == 0:
        return False
    if node.op.name in ("exp", "softmax"):
        return _is_masked(node.inputs[0], depth - 1)
    if node.op.name in ("mul", "select"):
        return any(_may_be_zero(x, depth - 1) for x in node.inputs if x.shape == v.shape)
    return node.op.name in ("transpose", "reshape", "cast", "true_div", "neg") and _may_be_zero(
        node.inputs[0], depth - 1
    )


def _is_masked(v, depth: int) -> bool:
    node = v.node
    if node is None or depth == 0:
        return False
    return node.op.name in ("select", "add") or (len(node.inputs) > 0 and _is_masked(node.inputs[0], depth - 1))


def shown_of(table, batch, inner: int, count: int) -> Border:
    """COLUMNS by a dense table; NOTHING where the loops over the batch, ``inner`` items in the inner one, do not reach its items."""
    *given, groups, _ = table.shape
    row = 0 if groups == 1 else 2
    sizes = [1] * (len(batch) - len(given)) + given
    steps: list[int] = []
    step = 2 * groups
    for d in reversed(sizes):
        steps.insert(0, 0 if d == 1 else step)
        step *= d
    outer, near, seen = batch_loops(tuple(steps), batch)
    if count > 1 and seen != inner:
        return NOTHING
    return Border(COLUMNS, table, (row, outer, near))


__all__ = ["NOTHING", "Border", "border_of", "pays", "reads_once", "shown_columns", "shown_of"]
