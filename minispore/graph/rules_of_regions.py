"""Rewrite rules of parts of a Tensor: rows that are gathered and added, regions, concatenations."""

from ..core.ir import make
from ..core.op import REGISTRY
from ..core.record import Node, Value
from ..ops.moved_rows import add_moved_rows
from .rules import SHORTEST_ROW, constant, rule


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
    return (node.inputs[1], node.attrs["begin"]) if is_zero(node.inputs[0]) else None


def _in_one(first, second, node) -> tuple[Value, tuple] | None:
    """Two regions as one: the same one, neighbours, or one that is a part of a concatenation in the other; else None."""
    (x, begin), (y, end) = first, second
    if begin == end and x.shape == y.shape:
        return make(node.op, (x, y), node.attrs, node), begin
    different = [a for a in range(len(begin)) if begin[a] != end[a] or x.shape[a] != y.shape[a]]
    if len(different) != 1:
        return None
    axis = different[0]
    if begin[axis] > end[axis]:
        (x, begin), (y, end) = (y, end), (x, begin)
    if begin[axis] + x.shape[axis] == end[axis]:
        return make(REGISTRY["concat"], (x, y), {"axis": axis}, node), begin
    if begin[axis] == end[axis] and x.shape[axis] < y.shape[axis]:
        x, y = y, x
    return _added_to_a_part(x, y, end[axis] - begin[axis], axis, node, begin)


def _added_to_a_part(whole, y, at, axis, node, begin) -> tuple[Value, tuple] | None:
    """``whole``, a concatenation along ``axis``, plus ``y``, which lies where one of its parts does, from ``at`` on."""
    inner = whole.node
    if inner is None or inner.op.name != "concat" or inner.attrs["axis"] != axis:
        return None
    parts = list(inner.inputs)
    for k, part in enumerate(parts):
        if at == 0 and part.shape == y.shape:
            parts[k] = make(node.op, (part, y), node.attrs, node)
            return make(inner.op, tuple(parts), inner.attrs, node), begin
        if at <= 0:
            return None
        at -= part.shape[axis]
    return None


def _zero_outside(region, node) -> Value:
    (x, begin), shape = region, node.outs[0].shape
    if x.shape == shape:
        return x
    zeros = make(REGISTRY["broadcast_to"], (constant(0, x.dtype),), {"shape": shape}, node)
    return make(REGISTRY["slice_update"], (zeros, x), {"begin": begin, "step": (1,) * len(shape)}, node)


@rule("add")
def add_regions(node, inputs, uses):
    """A sum of the gradients of slices, each zero elsewhere -> sums and a concatenation of the slices, zero elsewhere.

    The terms may stand in a longer sum: ``(x + first) + second`` -> ``x + (first + second)``.
    """
    first, second = (_region(v, uses) for v in inputs)
    if first is not None and second is not None:
        both = _in_one(first, second, node)
        return None if both is None else _zero_outside(both, node)
    for region, other in ((first, inputs[1]), (second, inputs[0])):
        inner = other.node
        if (
            region is None
            or inner is None
            or inner.op.name != "add"
            or uses(other) > 1
            or other.shape != node.outs[0].shape
        ):
            continue
        for v, rest in (inner.inputs, inner.inputs[::-1]):
            found = _region(v, uses)
            both = None if found is None else _in_one(found, region, node)
            if both is not None:
                return make(node.op, (rest, _zero_outside(both, node)), node.attrs, node)
    return None


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
        if inner.op.name != "scatter_rows" or inner.attrs["mode"] != "add" or not is_zero(inner.inputs[0]):
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


def is_zero(v: Value) -> bool:
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
