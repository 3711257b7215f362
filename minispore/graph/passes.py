"""Passes: plain functions (Graph, Record) -> Graph.

A rewrite rule is a small named function (node, inputs, uses) -> the Value that replaces the node's result, or None where it
does not apply.  ``inputs`` are what the node's inputs have been rewritten to; ``uses(value)`` is how often one is read.
"""

import math
import os
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache

from ..core.dtype import float32
from ..core.ir import Graph, make, verify, view_source
from ..core.op import REGISTRY, broadcast_shapes
from ..core.record import Node, Value, needed_nodes
from ..core.sizes import array_of, decided
from ..distributed import WORLD
from ..flow.watch import exactly
from ..ops.moved_rows import add_moved_rows
from .join_collectives import join_collectives, sums_where_they_are_read
from .join_products import join_products

RULES: dict[str, list[Callable]] = defaultdict(list)
LAST: dict[str, list[Callable]] = defaultdict(list)  # those of the last pass: other passes look for what they replace
_ELEMENTWISE = "elementwise"
VERIFY = os.environ.get("MINISPORE_VERIFY") == "1"  # check the graph after each pass, as the tests do
LONGEST_SERIAL_LOOP = 32768  # elements: a longer loop should be one that threads can share
SHORTEST_ROW = 16  # elements: shorter ones are not added by whole vectors
LONG_ROW = 4096  # elements: the end of such a row does not count
MOST_PARTS = 64
LARGE_MATRIX = (
    1 << 13
)  # elements of one of a batch that is multiplied by vectors: BLAS has smaller ones in the first cache
FEW_TERMS = 4  # of a product that is written out
FEW_RESULTS = 8  # fewer results than this are not shared between threads


def rule(*ops: str, rules: dict[str, list[Callable]] = RULES):
    """Registers a rewrite of nodes of these ops ("elementwise" for all elementwise ones)."""

    def register(function):
        for name in ops:
            rules[name].append(function)
        return function

    return register


def _scalar(v: Value):
    """The number that a constant holds in all its elements, or None."""
    return v.data.item() if v.kind == "constant" and v.size == 1 else None


def constant(value, dtype) -> Value:
    return Value((), dtype, data=array_of(value, dtype.np), kind="constant")


def _if_same_type(node: Node, v: Value):
    """``v`` if it has the type of the node's result, else None."""
    return v if v.shape == node.outs[0].shape and v.dtype == node.outs[0].dtype else None


# ---------------------------------------------------------------- rules
@rule("identity", "stop_gradient", "assigned", "for_examples")
def drop_identity(node, inputs, uses):
    return inputs[0]


@rule("custom_gradient")
def drop_custom_gradient(node, inputs, uses):
    """The node that carries a custom gradient is an identity once the gradient is recorded."""
    return inputs[0] if node.attrs["outputs"] == 1 else None


@rule("cast")
def drop_or_fold_cast(node, inputs, uses):
    x = inputs[0]
    if x.dtype == node.attrs["dtype"]:
        return x
    if x.kind == "constant" and x.size == 1:
        return Value(x.shape, node.attrs["dtype"], data=node.op.evaluate(x.data, **node.attrs)[0], kind="constant")
    return None


@rule("mul")
def multiply_by_one(node, inputs, uses):
    x, y = inputs
    return (_if_same_type(node, y) if _scalar(x) == 1 else None) or (
        _if_same_type(node, x) if _scalar(y) == 1 else None
    )


@rule("add")
def add_zero(node, inputs, uses):
    x, y = inputs
    return (_if_same_type(node, y) if _scalar(x) == 0 else None) or (
        _if_same_type(node, x) if _scalar(y) == 0 else None
    )


@rule("sub")
def subtract_zero(node, inputs, uses):
    return _if_same_type(node, inputs[0]) if _scalar(inputs[1]) == 0 else None


@rule("true_div")
def divide_by_one(node, inputs, uses):
    return _if_same_type(node, inputs[0]) if _scalar(inputs[1]) == 1 else None


@rule("mul")
def join_factors(node, inputs, uses):
    """(x * c) * d -> x * (c * d)"""
    for x, c in (inputs, inputs[::-1]):
        inner = x.node
        if c.kind == "constant" and c.size == 1 and inner is not None and inner.op.name == "mul" and x.dtype.is_float:
            for y, d in (inner.inputs, inner.inputs[::-1]):
                if d.kind == "constant" and d.size == 1 and y.shape == x.shape:
                    product = constant(c.data.item() * d.data.item(), x.dtype)
                    return make(node.op, (y, product), {}, node)
    return None


@rule("neg")
def negate_twice(node, inputs, uses):
    inner = inputs[0].node
    return inner.inputs[0] if inner is not None and inner.op.name == "neg" else None


@rule("reshape")
def join_reshapes(node, inputs, uses):
    x = inputs[0]
    if x.shape == node.attrs["shape"]:
        return x
    if x.node is not None and x.node.op.name == "reshape":
        y = x.node.inputs[0]
        return y if y.shape == node.attrs["shape"] else make(node.op, (y,), node.attrs, node)
    return None


@rule("transpose")
def join_transposes(node, inputs, uses):
    x, perm = inputs[0], node.attrs["perm"]
    if perm == tuple(range(len(perm))):
        return x
    if x.node is not None and x.node.op.name == "transpose":
        inner = x.node.attrs["perm"]
        joint = tuple(inner[p] for p in perm)
        y = x.node.inputs[0]
        return y if joint == tuple(range(len(joint))) else make(node.op, (y,), {"perm": joint}, node)
    return None


@rule("transpose")
def transpose_of_product(node, inputs, uses):
    """(x @ y).T -> y.T @ x.T, where the product has no other use: GEMM reads either order, and the result is dense."""
    x, perm = inputs[0], node.attrs["perm"]
    if x.node is None or x.node.op.name != "matmul" or not _swaps_matrices(perm) or uses(x) > 1:
        return None
    a, b = (make(node.op, (v,), {"perm": perm}, node) for v in x.node.inputs)
    return make(x.node.op, (b, a), {}, x.node)


@rule("transpose")
def transpose_inside_cast(node, inputs, uses):
    """cast(x.T).T -> cast(x); cast(x @ y).T -> cast((x @ y).T), where nothing else reads the product, for the rules above."""
    cast, attrs = inputs[0].node, node.attrs
    source = cast.inputs[0] if cast is not None and cast.op.name == "cast" else None
    if cast is None or source is None or source.node is None:
        return None
    back = source.node.op.name == "transpose" and attrs == source.node.attrs and _swaps_matrices(attrs["perm"])
    alone = source.node.op.name == "matmul" and uses(source) == uses(inputs[0]) == 1 and _swaps_matrices(attrs["perm"])
    if not back and not alone:
        return None
    return make(cast.op, (make(node.op, (source,), attrs, node),), cast.attrs, cast)


def _swaps_matrices(perm) -> bool:
    """Whether a permutation swaps the last two axes."""
    return perm == (*range(len(perm) - 2), len(perm) - 1, len(perm) - 2)


@rule("reshape")
def reshape_inside_cast(node, inputs, uses):
    """reshape(cast(x)) -> cast(reshape(x)), where x is of a library op: the cast is fused with what reads it."""
    cast = inputs[0].node
    x = cast.inputs[0] if cast is not None and cast.op.name == "cast" and uses(inputs[0]) == 1 else None
    if cast is None or x is None or x.node is None or x.node.op.kind != "library":
        return None
    return make(cast.op, (make(node.op, (x,), node.attrs, node),), cast.attrs, cast)


@rule("gather_rows")
def gather_before_cast(node, inputs, uses):
    """Rows of cast(x) -> cast(rows of x), where there are fewer of them."""
    view = inputs[0].node
    if view is not None and view.op.name != "reshape":
        view = None
    cast = (inputs[0] if view is None else view.inputs[0]).node
    if cast is None or cast.op.name != "cast" or node.outs[0].size >= inputs[0].size:
        return None
    x = cast.inputs[0]
    x = x if view is None else make(view.op, (x,), view.attrs, view)
    return make(cast.op, (make(node.op, (x, inputs[1]), node.attrs, node),), cast.attrs, cast)


def _alone(v: Value, uses) -> bool:
    """Whether a value, and what it is a reshaped form of, is read once."""
    while uses(v) == 1 and v.node is not None and v.node.op.name == "reshape":
        v = v.node.inputs[0]
    return uses(v) == 1


@rule("scatter_rows")
def move_rows(node, inputs, uses):
    """Rows that are gathered to be added elsewhere are not written down between."""
    x, index, update = inputs
    inner = update.node
    if (
        inner is None
        or inner.op.name != "gather_rows"
        or node.attrs["mode"] != "add"
        or not _alone(node.inputs[2], uses)
    ):
        return None
    table, source = inner.inputs
    if (
        len(index.shape) != 1
        or len(source.shape) != 1
        or x.shape[0] != 1
        or x.shape[2] < SHORTEST_ROW
        or x.dtype.is_complex
    ):
        return None
    return make(add_moved_rows, (x, index, table, source), {}, node)


@rule("matmul")
def cast_before_view(node, inputs, uses):
    """cast(x.T) @ y -> cast(x).T @ y: a product reads either order, while the cast would write the transposed matrix.  So
    with reshape: the cast is fused with what computes x."""
    moved = [_with_cast_inside(v) for v in inputs]
    if all(v is None for v in moved):
        return None
    return make(node.op, [v if m is None else m for v, m in zip(inputs, moved)], node.attrs, node)


def _with_cast_inside(v: Value):
    """view(cast(x)) for cast(view(x)), where the view swaps the last two axes, or is a reshape of what is not of a library
    op; else None."""
    cast = v.node
    view = cast.inputs[0].node if cast is not None and cast.op.name == "cast" else None
    if cast is None or view is None or view.op.name not in ("transpose", "reshape"):
        return None
    x = view.inputs[0]
    if view.op.name == "transpose" and not _swaps_matrices(view.attrs["perm"]):
        return None
    if view.op.name == "reshape" and x.node is not None and x.node.op.kind == "library":
        return None
    return make(view.op, (make(cast.op, (x,), cast.attrs, cast),), view.attrs, view)


@rule("matmul")
def product_with_a_vector(node, inputs, uses):
    """A row or a column times a matrix, or times each other, as a sum of products: it reads the matrix once, where BLAS would rearrange it."""
    x, y = inputs
    (*batch, m, k), n = x.shape, y.shape[-1]
    if k < 2 or (m != 1 and n != 1):
        return None
    if x.dtype.itemsize < 4:  # each product would be rounded
        return None
    matrix, vector, axis = (y, x, 0) if m == 1 else (x, y, 1)  # ``axis`` of the matrix is summed
    if batch and (k * max(m, n) < LARGE_MATRIX or (matrix.node is not None and matrix.node.op.name == "broadcast_to")):
        return None  # several products of one matrix are one of several rows
    if matrix.node is not None and matrix.node.op.name == "transpose" and _swaps_matrices(matrix.node.attrs["perm"]):
        matrix, axis = matrix.node.inputs[0], 1 - axis
    ends = (k, 1) if axis == 0 else (1, k)
    factor, axis = make(REGISTRY["reshape"], (vector,), {"shape": (*batch, *ends)}, node), len(batch) + axis
    summed = make(REGISTRY["reduce_sum"], (make(REGISTRY["mul"], (matrix, factor), {}, node),), {"axis": (axis,)}, node)
    return make(REGISTRY["reshape"], (summed,), {"shape": node.outs[0].shape}, node)


@decided
def _is_sum_of_few(m: int, n: int, k: int, size: int) -> bool:
    """``size``: bytes of an element, of which smaller ones would be rounded between, 0: only a single term."""
    return m > 1 and n >= SHORTEST_ROW and (k == 1 or (k <= FEW_TERMS and size >= 4))


@rule("matmul", rules=LAST)
def product_of_few_terms(node, inputs, uses):
    """A product of few terms as their sum: it is the result that takes the time, and what comes after it joins its loop."""
    x, y = inputs
    (*batch, m, k), n = x.shape, y.shape[-1]
    weight = any(
        view_source(v).kind == "parameter" for v in inputs
    )  # its sizes are not those of a batch, which may change
    if not _is_sum_of_few(m, n, k, x.dtype.itemsize if weight else 0):
        return None
    none, ones, total = (0,) * len(batch), (1,) * len(x.shape), None
    for p in range(int(k)):
        parts = (
            make(REGISTRY["slice"], (v,), {"begin": (*none, *begin), "step": ones, "size": (*batch, *size)}, node)
            for v, begin, size in ((x, (0, p), (m, 1)), (y, (p, 0), (1, n)))
        )
        term = make(REGISTRY["mul"], tuple(parts), {}, node)
        total = term if total is None else make(REGISTRY["add"], (total, term), {}, node)
    return total


@rule("broadcast_to")
def drop_broadcast(node, inputs, uses):
    return _if_same_type(node, inputs[0])


@rule(_ELEMENTWISE)
def broadcast_implicitly(node, inputs, uses):
    """Elementwise ops broadcast by themselves: they read the operand before ``broadcast_to``.  Where all operands are
    broadcast, the op is computed on the small ones, and its result is broadcast."""
    bare = [v.node.inputs[0] if v.node is not None and v.node.op.name == "broadcast_to" else v for v in inputs]
    if all(b is v for b, v in zip(bare, inputs)):
        return None
    shape = broadcast_shapes(node.op.name, [v.shape for v in bare])
    if shape == node.outs[0].shape:
        return make(node.op, bare, node.attrs, node)
    if len(shape) != len(node.outs[0].shape) and shape != ():
        return None
    small = make(node.op, bare, node.attrs, node)
    return make(REGISTRY["broadcast_to"], (small,), {"shape": node.outs[0].shape}, node)


@rule("reduce_sum")
def pick_from_memory(node, inputs, uses):
    """The masked sum that picks an element of each row (``pick`` in ops/loss.py) of what is in memory anyway: only that element is read."""
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
    count = float(math.prod(x.shape[a] for a in axes))
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


@rule("slice_update")
def update_of_everything(node, inputs, uses):
    """A region that is the whole of the base, in order: the result is what is written."""
    base, new = inputs
    return new if new.shape == base.shape and all(s == 1 for s in node.attrs["step"]) else None


def _region(v: Value, uses):
    """(the region's value, its begin) of a value that is zero outside of one region and has one reader; else None."""
    node = v.node
    if node is None or node.op.name != "slice_update" or uses(v) > 1 or any(s != 1 for s in node.attrs["step"]):
        return None
    return (node.inputs[1], node.attrs["begin"]) if _is_zero(node.inputs[0]) else None


@rule("add")
def add_regions_side_by_side(node, inputs, uses):
    """The sum of the gradients of two neighbouring slices, each zero elsewhere -> one concatenation, zero elsewhere."""
    first, second = (_region(v, uses) for v in inputs)
    if first is None or second is None:
        return None
    (x, begin), (y, end) = sorted((first, second), key=lambda r: r[1])
    different = [a for a in range(len(begin)) if begin[a] != end[a]]
    if len(different) != 1:
        return None
    axis = different[0]
    if begin[axis] + x.shape[axis] != end[axis] or any(
        m != n for a, (m, n) in enumerate(zip(x.shape, y.shape)) if a != axis
    ):
        return None
    joined = make(REGISTRY["concat"], (x, y), {"axis": axis}, node)
    shape = node.outs[0].shape
    if joined.shape == shape:
        return joined
    zeros = make(REGISTRY["broadcast_to"], (constant(0, joined.dtype),), {"shape": shape}, node)
    return make(REGISTRY["slice_update"], (zeros, joined), {"begin": begin, "step": (1,) * len(shape)}, node)


@rule("add")
def scatter_into_the_other_term(node, inputs, uses):
    """x + scatter(zeros, rows) -> scatter(x, rows), where a library op computes x for this alone: the rows are added in its memory.
    So it is with a table of words that also gives the scores of the next word, or is read at several places: its gradient has all
    these terms."""
    for x, scattered in (inputs, inputs[::-1]):
        inner = _without_reshape(scattered, uses)
        made = _without_reshape(x, uses)
        if inner is None or made is None or made.op.kind != "library":
            continue
        if inner.op.name != "scatter_rows" or inner.attrs["mode"] != "add" or not _is_zero(inner.inputs[0]):
            continue
        shape = inner.outs[0].shape
        if (
            x.dtype != inner.outs[0].dtype
            or x.dtype.itemsize < 4
            or x.size != scattered.size
            or x.shape != node.outs[0].shape
        ):
            continue
        base = x if x.shape == shape else make(REGISTRY["reshape"], (x,), {"shape": shape}, node)
        joint = make(inner.op, (base, *inner.inputs[1:]), inner.attrs, inner)
        return joint if x.shape == shape else make(REGISTRY["reshape"], (joint,), {"shape": x.shape}, node)
    return None


def _without_reshape(v: Value, uses) -> Node | None:
    """The node that computes ``v``, or what ``v`` is a reshaped form of, where nothing else reads them."""
    while v.node is not None and v.node.op.name == "reshape" and uses(v) == 1:
        v = v.node.inputs[0]
    return v.node if uses(v) == 1 else None


def _is_zero(v: Value) -> bool:
    """Whether all elements are a zero that is known."""
    if v.node is not None and v.node.op.name == "broadcast_to":
        v = v.node.inputs[0]
    return v.kind == "constant" and v.size <= 64 and not v.data.any()


@rule("concat")
def join_concats(node, inputs, uses):
    """concat(concat(a, b), c) -> concat(a, b, c), where the inner one has no other reader."""

    def parts(v):
        inner = v.node
        same = inner is not None and inner.op.name == "concat" and inner.attrs == node.attrs and uses(v) <= 1
        return inner.inputs if same else (v,)

    flat = [p for v in inputs for p in parts(v)]
    return make(node.op, flat, node.attrs, node) if len(flat) > len(inputs) else None


@rule("concat")
def concat_of_split_axis(node, inputs, uses):
    """Along the first axis, of values (n, d, ...) that were (n * d, ...) before a reshape -> concatenated as they were."""
    bare = [v.node.inputs[0] if v.node is not None and v.node.op.name == "reshape" else v for v in inputs]
    if node.attrs["axis"] != 0 or any(len(v.shape) < 2 for v in inputs):
        return None
    if any(b.shape != (v.shape[0] * v.shape[1], *v.shape[2:]) for v, b in zip(inputs, bare)):
        return None
    flat = make(node.op, bare, {"axis": 0}, node)
    return make(REGISTRY["reshape"], (flat,), {"shape": node.outs[0].shape}, node)


# ---------------------------------------------------------------- passes
class Record:
    """The changes that one pass made, for inspection (see ``optimise``)."""

    def __init__(self, name: str, before: Graph):
        self.name, self.before, self.after = name, before, before
        self.fired: list[tuple[str, Node, Value]] = []  # (rule, node it was applied to, value in its place)
        self.became: dict[int, Value] = {}  # id(value before) -> value after


def simplify(graph: Graph, record: Record) -> Graph:
    """Applies the rules, merges equal nodes, drops what nothing needs."""
    return _simplified(graph, _Rewriter(graph, record, is_last=False))


def simplify_last(graph: Graph, record: Record) -> Graph:
    """The same with the rules of the last pass."""
    return _simplified(graph, _Rewriter(graph, record, is_last=True))


def _simplified(graph: Graph, rewriter: "_Rewriter") -> Graph:
    live = _live(graph)
    for node in graph.nodes:
        if node.id in live:
            rewriter.add(node)
    current = rewriter.current
    out = Graph(
        graph.inputs, graph.captures, graph.parameters, tuple(rewriter.nodes),
        tuple(current(v) for v in graph.outputs), tuple((p, current(v)) for p, v in graph.updates), graph.calls,
    )  # fmt: skip
    live = _live(out)
    used = {id(v) for n in out.nodes if n.id in live for v in n.inputs} | {id(v) for v in out.roots()}
    updated = {id(p) for p, _ in out.updates}
    return Graph(
        out.inputs, tuple(c for c in out.captures if id(c[1]) in used),
        tuple(p for p in out.parameters if id(p[1]) in used or id(p[0]) in updated),
        tuple(n for n in out.nodes if n.id in live), out.outputs, out.updates, out.calls,
    )  # fmt: skip


@cache
def _rules_of(name: str, kind: str, is_last: bool) -> tuple[Callable, ...]:
    """The rules for an op."""
    names = (name, _ELEMENTWISE) if kind == "elementwise" else (name,)
    return tuple(
        [f for rules in ((RULES, LAST) if is_last else (RULES,)) for each in names for f in rules.get(each, ())]
    )


class _Rewriter:
    """Builds the list of nodes that replaces that of a graph."""

    def __init__(self, graph: Graph, record: Record, is_last: bool):
        self.record, self.is_last = record, is_last
        self.nodes: list[Node] = []  # of the new graph, in order
        self._by_key: dict[tuple, Node] = {}  # what a node computes -> the node of ``nodes`` that computes it
        self._added: set[int] = set()  # id(node) of ``nodes``
        read = [id(v) for n in graph.nodes for v in n.inputs] + [id(v) for v in graph.roots()]
        self._uses: dict[int, int] = Counter(read)  # id(value) -> how often it is read

    def uses(self, v: Value) -> int:
        return self._uses.get(id(v), 1)

    def current(self, v: Value) -> Value:
        """The value of the new graph in place of one of the old graph."""
        return self.record.became.get(id(v), v)

    def add(self, node: Node) -> None:
        """A node of the old graph, or what the rules put in its place."""
        became = self.record.became
        inputs = tuple([became.get(id(v), v) for v in node.inputs])
        result = self._rewritten(node, inputs)
        if result is not None:
            became[id(node.outs[0])] = self._insert(result)
            return
        new = self._merged(_reading(node, inputs))
        for old, v in zip(node.outs, new.outs):
            became[id(old)] = v
            self._uses[id(v)] = self.uses(old)

    def _rewritten(self, node: Node, inputs) -> Value | None:
        for function in _rules_of(node.op.name, node.op.kind, self.is_last):
            result = function(node, inputs, self.uses)
            if result is not None and _if_same_type(node, result):  # one that broadcasts has to stay
                self.record.fired.append((function.__name__, node, result))
                return result
        return None

    def _insert(self, value: Value) -> Value:
        """Adds the nodes that a rule made, those of their inputs first, or equal ones that are there already."""
        node = value.node
        if node is None or id(node) in self._added:
            return value
        inputs = tuple(map(self._insert, node.inputs))
        result = self._rewritten(node, inputs)
        if result is not None:
            return self._insert(result)
        return self._merged(_reading(node, inputs)).outs[value.index]

    def _merged(self, node: Node) -> Node:
        """The node of the new graph that computes the same; ``node`` itself, added, if there is none."""
        if not node.op.may_be_dropped and node.ordered:
            self._added.add(id(node))
            self.nodes.append(node)
            return node
        attrs = node.attrs
        key = (
            node.op.name,
            tuple([_identity(v) for v in node.inputs]),
            tuple([(name, exactly(attrs[name])) for name in sorted(attrs)]) if attrs else (),
        )
        if key not in self._by_key:
            self._by_key[key] = node
            self._added.add(id(node))
            self.nodes.append(node)
        return self._by_key[key]


def _reading(node: Node, inputs) -> Node:
    """``node`` with these inputs."""
    return node if inputs == node.inputs else node.reading(inputs)


def _identity(v: Value):
    if v.kind == "constant" and v.size == 1:
        return ("constant", v.data.tobytes(), v.dtype, v.shape)
    return id(v)


def _live(graph: Graph) -> set[int]:
    """Ids of the nodes that an output or update needs, and of those that may raise or that other processes wait for."""
    staying = [n for n in graph.nodes if not n.op.may_be_dropped and (n.may_raise or n.ordered)]
    return set(needed_nodes(graph.roots(), staying))


PASSES: list[Callable[[Graph, Record], Graph]] = [simplify, join_products, simplify_last]


def optimise(graph: Graph, records: list[Record] | None = None) -> Graph:
    """All passes; a ``Record`` of each is added to ``records``."""
    for function in [*PASSES, join_collectives, sums_where_they_are_read] if WORLD.size > 1 else PASSES:
        record = Record(function.__name__, graph)
        graph = record.after = function(graph, record)
        if VERIFY:
            verify(graph)
        if records is not None:
            records.append(record)
    return graph
