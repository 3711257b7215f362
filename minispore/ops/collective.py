"""Collectives: values that travel between ranks.  One op; ``KINDS`` says what each kind moves, folds and gives.

What travels is in distributed/moves.py: an exchange of messages, perhaps a fold, perhaps a second exchange.  Folds
go over the ranks in a fixed order, as a balanced tree: ((0 + 1) + (2 + 3)), whatever the MPI library and the number of
threads.

``ranks`` are the world ranks of the group, and ``root`` one of them.  ``lines`` are those of the user's calls that a pass has
joined to one.  In PYNATIVE mode Python sends the messages; in a
compiled step a kernel does, through MPI's functions by address.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..core.errors import fail
from ..core.op import REGISTRY, Library, apply, as_tensor
from ..core.record import Node, user_location
from ..core.samples import f
from ..core.tensor import Tensor
from ..distributed import WORLD, moves
from ..distributed.moves import Moves, Plan
from ..distributed.sites import Site, line_of, site_of
from .batch import all_full, reshaped, swapped, to_front
from .collective_lowering import FOLDS, ROWS, WHOLE, bucket, lower, place_of, shared_nodes, tree
from .elementwise import select
from .slicing import zeros_of

__all__: list[str] = []
GRADIENTS = "gradients"  # the label of sums that overlap with the backward pass
FIRST, BUCKET = 1 << 20, 4 << 20  # bytes of gradients that travel together; fewer at first, so that they start early


# ---------------------------------------------------------------- types and gradients
def _alike(inputs, n, sizes):
    return [(v.shape, v.dtype) for v in inputs]


def _rows(inputs, n, sizes):
    return [(v.shape, v.dtype) for _ in range(n) for v in inputs]


def _stacked(inputs, n, sizes):
    (v,) = inputs
    if not v.shape:
        raise fail(ValueError, "A gathering of Tensors needs a first axis to put them along, but got the shape ().")
    return [((n * v.shape[0], *v.shape[1:]), v.dtype)]


def _part(inputs, n, sizes):
    (v,) = inputs
    if not v.shape or v.shape[0] % n:
        raise fail(
            ValueError, f"For a collective over {n} ranks, the first axis must be a multiple of {n}, but got {v.shape}."
        )
    return [((v.shape[0] // n, *v.shape[1:]), v.dtype)]


def _joined(inputs, n, sizes):
    return [((sum(sizes),), inputs[0].dtype)]


def _no_gradient(grads, outs, inputs, attrs):
    raise fail(NotImplementedError, f"The collective '{attrs['what']}' has no gradient.")


def _flat(inputs, n, sizes):
    return [((sum(sizes[1]),), inputs[0].dtype)]


def _reduced_gradient(grads, outs, inputs, attrs):
    """Sums flow as sums.  Of a maximum or minimum, the gradient goes to the ranks and places that attain it."""
    given = _filled(grads, outs)
    attrs = {**attrs, "what": "all_reduce"}
    if attrs["reduce"] == "sum":
        return apply(collective_op, given, attrs)
    total = apply(collective_op, given, {**attrs, "reduce": "sum"})
    if attrs["reduce"] == "prod":
        return _product_gradient(total, inputs, attrs)
    return [select(x.equal(out), g, 0.0) for g, x, out in zip(total, inputs, outs)]


def _product_gradient(total, inputs, attrs):
    """The gradient of the product times what the other ranks have, which is right where ours is 0."""
    rows = apply(collective_op, inputs, {**attrs, "what": ROWS, "reduce": "sum"})
    me = attrs["ranks"].index(WORLD.rank)
    others = [rows[k * len(inputs) : (k + 1) * len(inputs)] for k in range(len(attrs["ranks"])) if k != me]
    return [tree([g, *factors], lambda a, b: a * b) for g, *factors in zip(total, *others)]


def _rows_gradient(grads, outs, inputs, attrs):
    """Each rank gets the sum of what came for its row."""
    total = apply(collective_op, _filled(grads, outs), {**attrs, "what": "all_reduce", "reduce": "sum"})
    me, m = attrs["ranks"].index(WORLD.rank), len(inputs)
    return total[me * m : (me + 1) * m]


def _like(what: str, reduce: str = "sum"):
    """The gradient is another collective, of another kind."""

    def gradient(grads, outs, inputs, attrs):
        sizes = attrs["sizes"] and attrs["sizes"][::-1]  # what came goes back
        return apply(collective_op, _filled(grads, outs), {**attrs, "what": what, "reduce": reduce, "sizes": sizes})

    return gradient


def _to_its_root(grads, outs, inputs, attrs):
    """The root gets the sum, the others nothing: their inputs were not read."""
    total = apply(collective_op, _filled(grads, outs), {**attrs, "what": "reduce", "reduce": "sum"})
    if WORLD.rank == attrs["root"]:
        return total
    return [zeros_of(g, g.shape) for g in total]


def _sent_back(what: str):
    def gradient(grads, outs, inputs, attrs):
        return apply(collective_op, _filled(grads, outs), {**attrs, "what": what})

    return gradient


def _reduce_gradient(grads, outs, inputs, attrs):
    if attrs["reduce"] != "sum":
        raise fail(NotImplementedError, "A reduction to one rank has a gradient for 'sum' only.")
    return apply(collective_op, _filled(grads, outs), {**attrs, "what": "broadcast"})


def _filled(grads, outs):
    return [zeros_of(out, out.shape) if g is None else g for g, out in zip(grads, outs)]


class Kind(NamedTuple):
    """``plan(total elements, ranks, our place, root, sizes)``; ``types(inputs, number of ranks, sizes)``."""

    plan: Callable[..., Plan]
    types: Callable
    gradient: Callable
    same: bool = False  # whether all ranks get the same


KINDS = {
    "all_reduce": Kind(moves.all_reduce, _alike, _reduced_gradient, same=True),
    ROWS: Kind(moves.all_gather, _rows, _rows_gradient, same=True),
    "all_gather": Kind(moves.all_gather, _stacked, _like("reduce_scatter"), same=True),
    "all_gather_uneven": Kind(moves.all_gather_uneven, _joined, _no_gradient, same=True),
    "reduce_scatter": Kind(moves.reduce_scatter, _part, _like("all_gather")),
    "reduce": Kind(moves.reduce, _alike, _reduce_gradient),
    "broadcast": Kind(moves.broadcast, _alike, _to_its_root, same=True),
    "gather": Kind(moves.gather, _stacked, _like("scatter")),
    "scatter": Kind(moves.scatter, _part, _like("gather")),
    "all_to_all": Kind(moves.all_to_all, _flat, _like("all_to_all")),
    "send": Kind(moves.send, _alike, _sent_back("receive")),
    "receive": Kind(moves.receive, _alike, _sent_back("send")),
}


# ---------------------------------------------------------------- the value: messages from Python
def _evaluate(*arrays, what, reduce, ranks, root, sizes, label, lines):
    kind = KINDS[what]
    dtype = arrays[0].dtype
    flat = np.concatenate([a.ravel() for a in arrays]) if len(arrays) > 1 else np.ascontiguousarray(arrays[0]).ravel()
    types = kind.types([as_tensor(a) for a in arrays], len(ranks), sizes)
    plan = kind.plan(flat.size, ranks, ranks.index(WORLD.rank), root, sizes)
    place = user_location()
    site = site_of(what, reduce, ranks, root, flat.size, dtype, place, sizes, label, "" if label else line_of(place))
    held = np.zeros(plan.received, dtype)
    if what == "send" and plan.first.sends:  # a rank may send before it receives
        copy = flat.copy()
        WORLD.leave_running(WORLD.begin(plan.first, copy, held, site), copy)
        return (arrays[0],)
    _exchange(plan.first, flat, held, site)
    width, apart = plan.fold
    if apart:
        op = REGISTRY[FOLDS[reduce]]
        held = tree([held[k * apart : k * apart + width] for k in range(len(ranks))], lambda a, b: op.evaluate(a, b)[0])
    if plan.second is not None:
        out = np.empty(flat.size, dtype)
        _exchange(plan.second, np.ascontiguousarray(held), out, site)
        held = out
    ends = np.cumsum([int(np.prod(shape)) for shape, _ in types])[:-1]
    return tuple(part.reshape(shape) for part, (shape, _) in zip(np.split(held, ends), types))


def _exchange(what: Moves, sent, received, site: Site) -> None:
    if what.sends or what.receives:
        return WORLD.exchange(what, sent, received, site)
    for begin, target, count in what.kept:
        received[target : target + count] = sent[begin : begin + count]


def _lower(build, node):
    attrs, total = node.attrs, sum(v.size for v in node.inputs)
    ranks = attrs["ranks"]
    plan = KINDS[attrs["what"]].plan(total, ranks, ranks.index(WORLD.rank), attrs["root"], attrs["sizes"])
    lower(build, node, plan)


# ---------------------------------------------------------------- the op
def _infer(*inputs, what, reduce, ranks, root, sizes, label, lines):
    return KINDS[what].types(inputs, len(ranks), sizes)


def _vjp(needs, grads, outs, inputs, **attrs):
    return KINDS[attrs["what"]].gradient(grads, outs, inputs, attrs)


def _batch(op, size, tensors, batched, attrs):
    """Kinds along the first axis get the examples on the second."""
    tensors = all_full(size, tensors, batched)
    if KINDS[attrs["what"]].types in (_alike, _rows):
        return apply(op, tensors, attrs)
    if attrs["what"] == "all_to_all":
        attrs = {**attrs, "sizes": tuple(tuple(n * size for n in of_rank) for of_rank in attrs["sizes"])}
        (out,) = apply(op, [reshaped(swapped(tensors[0], 1), tensors[0].size)], attrs)
        return [to_front(reshaped(out, out.size // size, size), 1)]
    if attrs["what"] in moves.UNEVEN:
        raise fail(NotImplementedError, f"vmap of {attrs['what']} with lengths is not supported.")
    return [to_front(out, 1) for out in apply(op, [swapped(x, 1) for x in tensors], attrs)]


class Collective(Library):
    """All ranks of the group call it, in one order: no pass may drop, merge, double or move it past another."""

    ordered = True

    def overlaps(self, attrs):
        """Sums of gradients, and those that the program asks for, travel while other values are computed; who sends may
        receive before it has been sent."""
        what, label = attrs["what"], attrs["label"]
        return len(attrs["ranks"]) > 1 and (
            label == GRADIENTS or what == "send" or (what == "all_reduce" and not label)
        )

    def bucket(self, build, node):
        return bucket(build, node)

    def failure(self, node):
        return WORLD.failure(site_of(*_described(node)))


def _described(node):
    v = node.inputs[0]
    a = node.attrs
    return (
        a["what"],
        a["reduce"],
        a["ranks"],
        a["root"],
        sum(x.size for x in node.inputs),
        v.dtype,
        place_of(node),
        a["sizes"],
        a["label"],
    )


_ALONE: dict[str, Any] = {"reduce": "sum", "ranks": (0,), "root": 0, "sizes": None, "label": "", "lines": ()}
collective_op = Collective(
    "collective", _evaluate, _infer, _lower, vjp=_vjp, may_raise=True, random=True, batch=_batch,
    compiled_from=math.inf,  # what one rank runs by its kernel and another by NumPy would not match
    samples=[
        (f(3, 2), f(3, 4), {**_ALONE, "what": "all_reduce"}),
        (f(3, 2), {**_ALONE, "what": "all_gather"}),
        (f(3, 2), {**_ALONE, "what": "reduce_scatter"}),
        (f(3, 2), {**_ALONE, "what": "broadcast"}),
    ],
)  # fmt: skip


def collective(
    what: str, tensors, ranks, reduce: str = "sum", root: int = 0, sizes=None, label: str = ""
) -> tuple[Tensor, ...]:
    """Runs a collective of kind ``what`` on Tensors of one type; one rank gets its input back.

    ``label`` says in messages what travels, where it is not the user's line that calls the collective.

    Raises:
        TypeError: not Tensors, or of different types, or of a type that cannot be folded.
        ValueError: shapes that do not fit the number of ranks.
    """
    tensors = [as_tensor(x) for x in tensors]
    if any(t.dtype is not tensors[0].dtype for t in tensors):
        raise fail(
            TypeError, f"For '{what}', the inputs must be of one type, but got {[str(t.dtype) for t in tensors]}."
        )
    attrs = {
        "what": what,
        "reduce": reduce,
        "ranks": tuple(ranks),
        "root": root,
        "sizes": sizes,
        "label": label,
        "lines": (),
    }
    return apply(collective_op, tensors, attrs)


def sums_to_compute(graph) -> list[Node]:
    """Sums of gradients over so few ranks, which share memory, that each may add all for itself."""
    return [
        n for n in shared_nodes(graph)
        if n.attrs["what"] == "all_reduce" and n.attrs["reduce"] == "sum" and n.attrs["label"] == GRADIENTS
        and len(n.attrs["ranks"]) <= WHOLE
    ]  # fmt: skip


def as_additions(node: Node) -> tuple[Node, list[list[Node]]]:
    """A sum over ranks as a node that gives the values of each rank, and the additions that make up each output."""
    count = len(node.attrs["ranks"])
    types = _rows(node.inputs, count, None)
    rows = Node(node.op, node.inputs, {**node.attrs, "what": ROWS}, types, node.location, node.scope, node.forward)
    additions: list[list[Node]] = []
    for k in range(len(node.inputs)):
        made: list[Node] = []

        def add(x, y, made=made):
            made.append(
                Node(REGISTRY["add"], (x, y), {}, [(x.shape, x.dtype)], node.location, node.scope, node.forward)
            )
            return made[-1].outs[0]

        tree(list(rows.outs[k :: len(node.inputs)]), add)
        additions.append(made)
    return rows, additions


def buckets(grads, cuts=()) -> list[list[int]]:
    """Indices of gradients that travel together: of one type, the last first; or cut after the indices ``cuts``."""
    found: list[list[int]] = []
    size = 0
    for k in reversed(range(len(grads))):
        bytes_of = grads[k].size * grads[k].dtype.itemsize
        new = not found or grads[k].dtype is not grads[found[-1][0]].dtype
        if new or (k in cuts if cuts else size + bytes_of > (BUCKET if len(found) > 1 else FIRST)):
            found.append([])
            size = 0
        found[-1].append(k)
        size += bytes_of
    return found
