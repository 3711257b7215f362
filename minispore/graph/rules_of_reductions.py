"""Rewrite rules of reductions: fewer elements, in an order that vectors and threads share."""

import math

from ..core.dtype import float32
from ..core.ir import make, view_source
from ..core.op import REGISTRY
from ..core.record import Node, Value
from ..core.sizes import decided
from .rules import constant, rule

LONGEST_SERIAL_LOOP = 32768  # elements: a longer loop should be one that threads can share
LONG_ROW = 4096  # elements: the end of such a row does not count
MOST_PARTS = 64
FEW_RESULTS = 8  # fewer results than this are not shared between threads


@rule("reduce_sum")
def pick_from_memory(node, inputs, uses):
    """The masked sum that picks an element of each row (``pick`` in ops/loss_classification.py) of what is in memory anyway: only that element is read."""
    masked = inputs[0].node
    if masked is None or masked.op.name != "masked" or node.attrs["axis"] != (len(masked.outs[0].shape) - 1,):
        return None
    _, label, x, value = masked.inputs
    source, shape = view_source(value), value.shape
    if x is not value or (source.node is not None and source.node.op.kind != "library"):
        return None
    if shape != masked.outs[0].shape or label.shape != node.outs[0].shape or not value.size:
        return None
    reshaped = REGISTRY["reshape"]
    rows = (math.prod(shape[:-1]), shape[-1])
    flat = [make(reshaped, (v,), {"shape": (rows[0], n)}, node) for v, n in ((value, rows[1]), (label, 1))]
    picked = make(REGISTRY["take_at"], flat, {"name": "nll_loss", "negative": False}, node)
    return make(reshaped, (picked,), {"shape": node.outs[0].shape}, node)


@rule("reduce_sum", "reduce_prod")
def reduce_in_float32(node, inputs, uses):
    """Sums of 16-bit floats are computed in float32 and rounded once, also where they are kept in memory on the way."""
    x = inputs[0]
    if not x.dtype.is_float or x.dtype.itemsize > 2:
        return None
    wide = make(REGISTRY["cast"], (x,), {"dtype": float32}, node)
    summed = make(node.op, (wide,), node.attrs, node)
    return make(REGISTRY["cast"], (summed,), {"dtype": x.dtype}, node)


@rule("reduce_sum")
def sum_of_broadcast(node, inputs, uses):
    """sum(broadcast_to(x), axes) -> x * (length of the axes), where these are the axes that were broadcast."""
    x = inputs[0]
    if x.node is None or x.node.op.name != "broadcast_to" or not x.dtype.is_float:
        return None
    source = x.node.inputs[0]
    lead = len(x.shape) - len(source.shape)
    axes = node.attrs["axis"]
    if not all(a < lead or source.shape[a - lead] == 1 for a in axes):
        return None
    count = math.prod(x.shape[a] for a in axes)
    scaled = make(REGISTRY["mul"], (source, constant(count, x.dtype)), {}, node)
    return make(REGISTRY["broadcast_to"], (scaled,), {"shape": node.outs[0].shape}, node)


@rule("reduce_sum", "reduce_prod", "reduce_max", "reduce_min")
def reduction_of_transpose(node, inputs, uses):
    """sum(x.T, axis) -> sum(x, the same axis of x).T: the elements are read in the order in which they lie."""
    x = inputs[0]
    if x.node is None or x.node.op.name != "transpose":
        return None
    perm = x.node.attrs["perm"]
    axes = tuple(sorted(perm[a] for a in node.attrs["axis"]))
    reduced = make(node.op, x.node.inputs, {**node.attrs, "axis": axes}, node)
    return make(x.node.op, (reduced,), x.node.attrs, node)


@decided
def _axes_of_rows(shape, reduced) -> tuple[int, ...] | None:
    """The axes of a long reduction to few results, None of another."""
    long = [a for a, d in enumerate(shape) if d != 1]
    axes = [a for a in long if a in reduced]
    size, results = math.prod(shape), math.prod(d for a, d in enumerate(shape) if a not in reduced)
    if size <= LONGEST_SERIAL_LOOP or results >= FEW_RESULTS or len(axes) < 2:
        return None
    return tuple(axes) if shape[axes[0]] >= FEW_RESULTS and axes[-1] == long[-1] else None


@decided
def _parts_of_all(shape, reduced) -> int:
    """Into how many equal parts all elements can be cut, where they are many and not a few long rows; 0 if into none."""
    size, row = math.prod(shape), [d for d in shape if d != 1][-1:]
    if size <= LONGEST_SERIAL_LOOP or math.prod(d for a, d in enumerate(shape) if a not in reduced) != 1:
        return 0
    if row and LONG_ROW <= row[0] < size:
        return 0
    return next((n for n in range(FEW_RESULTS, MOST_PARTS) if size % n == 0), 0)


def _computed(v: Value, found: dict[int, list]) -> None:
    """The elementwise nodes behind ``v``, those of its inputs first: [node, how often they read it]."""
    if v.node is None or v.node.op.kind != "elementwise":
        return
    if id(v) in found:
        found[id(v)][1] += 1
        return
    for x in v.node.inputs:
        _computed(x, found)
    found[id(v)] = [v.node, 1]


def _as_parts(v: Value, parts: tuple, node: Node, uses) -> Value | None:
    """``v`` as so many parts: its elementwise nodes, which nothing else may read, on parts of their inputs."""
    found: dict[int, list] = {}
    _computed(v, found)
    if any(len(n.outs) > 1 or uses(n.outs[0]) != count for n, count in found.values()):
        return None
    became: dict[int, Value] = {}

    def part(x: Value) -> Value | None:
        if id(x) in became or (x.size == 1 and x.kind == "constant"):
            return became.get(id(x), x)
        source = x.node
        if x.shape != v.shape or not (source is None or source.op.kind == "library" or source.op.name == "reshape"):
            return None
        became[id(x)] = made = make(REGISTRY["reshape"], (x,), {"shape": parts}, node)
        return made

    for each, _ in found.values():
        inputs = [part(x) for x in each.inputs]
        if any(x is None for x in inputs):
            return None
        became[id(each.outs[0])] = make(each.op, inputs, each.attrs, each)
    return part(v)


@rule("reduce_sum", "reduce_max", "reduce_min")
def reduce_equal_parts_first(node, inputs, uses):
    """A long reduction of everything in two steps, first of equal parts, which may be longer than rows: the end of each costs time."""
    x = inputs[0]
    count = _parts_of_all(x.shape, node.attrs["axis"])
    flat = _as_parts(x, (count, x.size // count), node, uses) if count else None
    if flat is None:
        return None
    some = make(node.op, (flat,), {"axis": (1,)}, node)
    return make(
        REGISTRY["reshape"], (make(node.op, (some,), {"axis": (0,)}, node),), {"shape": node.outs[0].shape}, node
    )


@rule("reduce_sum", "reduce_max", "reduce_min")
def reduce_rows_first(node, inputs, uses):
    """A long reduction to few results in two steps, first of each row: that step can be fused with what computes the rows,
    and split between threads."""
    x = inputs[0]
    axes = _axes_of_rows(x.shape, node.attrs["axis"])
    if axes is None:
        return None
    rows = make(node.op, (x,), {"axis": tuple(axes[1:])}, node)
    return make(node.op, (rows,), {"axis": (axes[0],)}, node)
