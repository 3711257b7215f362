"""The last backward pass of a gradient in PYNATIVE mode as one compiled call.

An eager recording is a graph whose values have data.  Its structure (ops, attributes, types, which value is read where) is the
key of a piece (piece.py) that computes all gradients from the values that are there.  The same backward walk makes it, once, over
a symbolic copy of the nodes in which each compiled piece is replaced by its own nodes, so that passes and fusion see the whole.

Whether a recording is compiled depends on its structure and on what the program did before, never on time or on what is cached:
the same program gives the same bits at every run.
"""

from collections import OrderedDict
from collections.abc import Sequence

from ..core.context import compiles_pieces
from ..core.op import wrap
from ..core.record import STATE, Node, Value
from ..core.tensor import Tensor
from ..flow.watch import exactly
from .piece import Gradient, Piece, compiled_call, differentiated

KEPT = 64  # gradients; the least recently used go first
LARGE = 32768  # elements of a result from which on a recording is compiled, also without a piece in it
TRACED_AT_ONCE = 16  # recordings that are traced, besides one for each two that were found again
_gradients: "OrderedDict[tuple, TapeGradient | None]" = OrderedDict()
_credit = 2 * TRACED_AT_ONCE


class TapeGradient:
    """The gradients of one kind of recording.  ``reads``: for each input, whether it is a seed, and the number of the seed or value."""

    def __init__(self, gradient: Gradient, numbers: dict[str, list[int]], wanted: list[int | None]):
        self.piece = gradient.piece
        self.reads = [(kind == "seed", numbers[kind][k]) for kind, k in gradient.reads]
        order = list(gradient.wanted)
        self.places = [order.index(k) if k in gradient.wanted else None for k in wanted]

    def __call__(self, values: list[Value], seeds: Sequence[Tensor]) -> list[Tensor | None]:
        found = self.piece.run([seeds[k]._array() if is_seed else values[k].data for is_seed, k in self.reads])
        return [None if k is None else wrap(found[k]) for k in self.places]


def tape_gradients(
    nodes: list[Node], outputs: Sequence[Value], seeds: Sequence[Tensor], wrt: Sequence[Value], integers: bool
) -> list[Tensor | None] | None:
    """Gradients of ``sum(output * seed)`` by ``wrt``, computed by one compiled call; None where the nodes have to be walked.

    Args:
        nodes: list of the nodes that depend on ``wrt``, in order.
        outputs: Values.
        seeds: Tensors, as many.
        wrt: Values.
        integers: whether gradients pass through integers.
    """
    if not compiles_pieces():
        return None
    numbers: dict[int, int] = {}
    values: list[Value] = []
    key: list = []
    compiled = False
    for node in nodes:
        key.append(node.op)
        for name, attr in node.attrs.items():
            key.append(name)
            key.append(exactly(attr))
        for v in node.inputs:
            k = numbers.get(id(v))
            if k is None:
                k = numbers[id(v)] = len(values)
                values.append(v)
                key.append(v.shape)
                key.append(v.dtype.name)
            key.append(k)
        for v in node.outs:
            numbers[id(v)] = len(values)
            values.append(v)
            key.append(v.shape)
        if node.op is compiled_call or node.outs[0].data.size >= LARGE:
            compiled = True
    if not compiled:
        return None
    ends = [numbers.get(id(v)) for v in outputs], [numbers.get(id(v)) for v in wrt]
    whole = *key, *ends[0], None, *ends[1], integers, STATE.through_updates
    try:
        gradient = _gradients.get(whole, _gradients)
    except TypeError:  # an attribute that cannot be a key
        return None
    global _credit
    if gradient is _gradients:
        if _credit < 2:
            return None
        _credit -= 2
        gradient = _gradients[whole] = _traced(nodes, values, numbers, *ends, integers)
        if len(_gradients) > KEPT:
            _gradients.popitem(last=False)
    else:
        _credit = min(_credit + 1, 2 * TRACED_AT_ONCE)
        _gradients.move_to_end(whole)
    if gradient is None:
        return None
    try:
        return gradient(values, seeds)
    except IndexError:  # the walk says it in the op's own words
        return None


def _traced(nodes, values, numbers, ends, wanted, integers: bool) -> TapeGradient | None:
    if not all(node.op is compiled_call or (node.op.vjp_is_fixed and not node.op.vjp_traces) for node in nodes):
        return None
    made = {id(v) for node in nodes for v in node.outs}
    if None in ends or len(set(ends)) < len(ends) or any(k is not None and id(values[k]) in made for k in wanted):
        return None
    new: dict[int, Value] = {}  # id(Value with data) -> the one without
    leaves = [v for v in values if id(v) not in made]
    new.update({id(v): Value(v.shape, v.dtype, kind="input") for v in leaves})
    inside: list[Node] = []
    kept = []  # numbers of the values whose data are read; views are made again, which costs nothing
    for node in nodes:
        given = [new[id(v)] for v in node.inputs]
        if node.op is compiled_call:
            piece = node.attrs["piece"]
            outs = _inlined(piece, given, inside)
        else:
            inside.append(node.reading(tuple(given)))
            outs = inside[-1].outs
        new.update({id(v): out for v, out in zip(node.outs, outs)})
        if node.op.kind != "view":
            kept += [numbers[id(v)] for v in node.outs]
    kept += [k for k in dict.fromkeys(ends) if k not in kept]
    given = tuple([k in ends for k in kept])
    asked = {k for k in wanted if k is not None}
    needs = tuple([numbers[id(v)] in asked for v in leaves])
    try:
        whole = Piece([new[id(v)] for v in leaves], inside, [new[id(values[k])] for k in kept])
        gradient = differentiated(whole, needs, given, may_save=False, integers=integers).gradient
    except (RuntimeError, TypeError, ValueError):  # a rule reads values, which a trace does not have
        return None
    assert gradient is not None
    if not all(type(form) is Tensor for form in gradient.wanted.values()):  # sparse gradients
        return None
    if gradient.outside or gradient.updated:  # Tensors of this recording, or a state that goes on
        return None
    places = {
        "input": [numbers[id(v)] for v in leaves],
        "output": kept,
        "seed": [ends.index(k) if k in ends else -1 for k in kept],
    }
    return TapeGradient(gradient, places, [None if k is None else places["input"].index(k) for k in wanted])


def _inlined(piece: Piece, given: list[Value], inside: list[Node]) -> list[Value]:
    """Copies the nodes of a piece on the inputs ``given`` to ``inside``; the values that are its outputs."""
    new = {id(v): made for v, made in zip(piece.inputs, given)}
    for node in piece.nodes:
        fresh = node.reading(tuple([new.get(id(v), v) for v in node.inputs]))
        new.update({id(v): made for v, made in zip(node.outs, fresh.outs)})
        inside.append(fresh)
    return [new.get(id(v), v) for v in piece.outputs]
