"""The operands of strided matrix products, as BLAS takes them: rows or columns contiguous, at most two loops over a batch."""

import math
from dataclasses import replace

from ..core.kernel import Items


def product_operands(build, node, batch, columns: bool):
    """(x, y, strides of a matrix of x, of y, (inner count, outer and inner strides of x and y)).

    What has neither contiguous rows nor columns, or a batch that two loops do not cover, is copied.  ``columns``: the rows
    of y must be contiguous.
    """
    x, y = (matrix_operand(build, v) for v in node.inputs[:2])
    if columns and y.strides[-1] != 1:
        y = build.dense(node.inputs[1])
    (ox, ix, inner), (oy, iy, inner_y) = batch_loops(x.strides, batch), batch_loops(y.strides, batch)
    if inner is None or inner != inner_y:
        x, y = (build.dense(v) for v in node.inputs[:2])
        (ox, ix, inner), (oy, iy, _) = batch_loops(x.strides, batch), batch_loops(y.strides, batch)
    return x, y, x.strides[-2:], y.strides[-2:], (inner, ox, ix, oy, iy)


def matrix_operand(build, v):
    """``v`` with contiguous rows or columns, copied if it has neither."""
    o = build.operand(v)
    rows, columns = o.shape[-2:]
    row, column = o.strides[-2:]
    row = columns if rows == 1 else row
    column = 1 if columns == 1 and row >= 1 else column
    good = (column == 1 and row >= columns) or (row == 1 and column >= rows) or (rows == 1 and column == 1)
    if o.is_index or not good or any(s < 0 for s in o.strides):
        return build.dense(v)
    return replace(o, strides=(*o.strides[:-2], row, column))


def batch_loops(strides, batch):
    """(outer stride, inner stride, inner count) of two loops over the batch axes; count None if they need more loops."""
    sizes: list[int] = []
    steps: list[int] = []
    for d, s in zip(batch, strides):
        if d == 1:
            continue
        if sizes and steps[-1] == s * d:
            sizes[-1], steps[-1] = sizes[-1] * d, s
        else:
            sizes.append(d)
            steps.append(s)
    last = next((d for d in reversed(batch) if d != 1), 1)
    if not sizes:
        return 0, 0, 1
    if len(sizes) == 1:
        return steps[0] * last, steps[0], last
    if len(sizes) == 2 and sizes[1] == last:
        return steps[0], steps[1], last
    return 0, 0, None


def items_of_products(x, y, out, batch, count: int, private=()) -> Items | None:
    """The matrices of ``count`` products as the items of a call; ``batch``: the inner count, then x's and y's steps."""
    if count == 1:
        return None
    inner, *loops = batch
    steps = {out: math.prod(out.shape) // count}
    for o, outer, step in ((x, *loops[:2]), (y, *loops[2:])):
        if inner == count or outer == inner * step:
            steps[o] = step if o not in steps else 0
    return Items(count, steps, tuple(private))


__all__ = ["batch_loops", "items_of_products", "matrix_operand", "product_operands"]
