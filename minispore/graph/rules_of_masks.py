"""Rewrite rules of masks: what a mask hides is not computed."""

from ..core.ir import make
from ..core.record import Value
from ..core.sizes import decided
from ..ops.product_borders import pays, shown_columns
from ..ops.products import matmul_shown
from .rules import LAST, rule, scalar_of

HIDING = -1e3  # the largest number that stands for a score which does not count; ReLU and the like put 0
DEPTH = 4  # nodes between the product and the mask


@rule("select", rules=LAST)
def product_behind_a_mask(node, inputs, uses):
    """select(mask, -1e9, x @ y) -> the same of a product whose tiles that are hidden as a whole are not computed."""
    mask, first, second = inputs
    for scores, number, hides in ((second, first, True), (first, second, False)):
        fill = scalar_of(number)
        if fill is None or isinstance(fill, complex) or not fill <= HIDING or scores.shape != node.outs[0].shape:
            continue
        if not _fits(mask.shape, scores.shape):
            return None
        made = _shown(scores, lambda like: make(shown_columns, (mask,), {"hides": hides}, like), uses, DEPTH)
        if made is not None:
            return make(node.op, (mask, number, made) if hides else (mask, made, number), node.attrs, node)
    return None


@decided
def _fits(mask: tuple, scores: tuple) -> bool:
    """Whether a mask has the columns of the scores, and all or one of their rows."""
    return len(mask) >= 2 and mask[-1] == scores[-1] and mask[-2] in (1, scores[-2]) and mask[-1] > 1


def _shown(v: Value, table, uses, depth: int) -> Value | None:
    """``v`` with a product that leaves out what the table does not show, where element by element nothing else reads it; else None."""
    node = v.node
    if node is None or depth == 0 or uses(v) > 1:
        return None
    if node.op.name == "matmul":
        x, y = node.inputs
        if len(x.shape) < 3 or not pays(x.dtype, *x.shape[-2:-1], y.shape[-1], x.shape[-1]):
            return None
        return make(matmul_shown, (x, y, table(node)), {}, node)
    if node.op.kind != "elementwise":
        return None
    for at, x in enumerate(node.inputs):
        made = _shown(x, table, uses, depth - 1) if x.shape == v.shape else None
        if made is not None:
            return make(node.op, (*node.inputs[:at], made, *node.inputs[at + 1 :]), node.attrs, node)
    return None
