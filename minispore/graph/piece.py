"""A compiled piece inside an eager recording: one node, with a compiled forward and a compiled backward pass.

In PYNATIVE mode a gradient records the ops that run.  A call of a compiled function is recorded as one node of the op
``compiled_call``, whose attribute is a ``Piece``: a graph from explicit inputs (arguments, captured Tensors, Parameters)
to outputs.  Its gradient is made once, by the same backward walk as any other, over the nodes of the graph:

    forward:    inputs                            -> outputs, saved
    backward:   inputs, outputs, saved, seeds     -> gradients of the inputs

``saved`` are the intermediate values that the backward graph reads and that are not cheap to compute again, without the
stacks of a ``while``, whose sizes are not known.  The cut is
made before any pass runs: passes keep values, but not gradients (they drop ``stop_gradient``, for example).  The backward graph is a ``Piece`` again, so a
gradient of a gradient needs nothing more.
"""

import ast
from collections.abc import Sequence
from functools import cached_property

from ..autodiff import backward
from ..core import tree
from ..core.ir import Graph
from ..core.op import Elementwise, Library, evaluate, record_values, tensor_of, value_of, wrap
from ..core.record import STATE, Node, Recorder, Value, needed_nodes
from ..core.tensor import Tensor
from ..flow.batching import run_batched
from ..flow.control import UNKNOWN
from ..flow.subgraph import Traced, rebuilt
from ..ops.batch import full
from ..ops.effects import set_parameter


class Piece:
    """A graph whose leaves are all inputs."""

    def __init__(self, inputs: Sequence[Value], nodes: Sequence[Node], outputs: Sequence[Value]):
        self.inputs, self.nodes, self.outputs = list(inputs), list(nodes), list(outputs)
        self.graph = Graph(tuple(inputs), (), (), tuple(nodes), tuple(outputs), ())
        self.types = [(v.shape, v.dtype) for v in outputs]
        self.gradient: Gradient | None = None  # of a piece that saves what its backward pass reads
        self._with_saved: dict[tuple, Piece] = {}
        self._gradients: dict[tuple, Gradient] = {}

    @cached_property
    def executable(self):
        from .build import build

        return build(self.graph)

    def run(self, arrays) -> list:
        """The outputs as arrays."""
        return self.executable.run([a if a.flags.c_contiguous else a.copy() for a in arrays])

    def with_saved(self, needs: tuple[bool, ...]) -> "Piece":
        """The same piece, whose outputs are followed by what the gradient of the inputs in ``needs`` reads."""
        key = needs, STATE.through_updates
        if key not in self._with_saved:
            integers = any(need and not v.dtype.is_inexact for v, need in zip(self.inputs, needs))
            given = tuple(v.dtype.is_inexact or integers for v in self.outputs)
            self._with_saved[key] = differentiated(self, needs, given, may_save=True)
        return self._with_saved[key]

    def gradient_for(self, needs: tuple[bool, ...], given: tuple[bool, ...]) -> "Gradient":
        """The gradient where ``given`` says which outputs have one."""
        planned = self.gradient
        if planned is not None and planned.serves(needs, given):
            return planned
        key = needs, given, STATE.through_updates
        if key not in self._gradients:
            made = differentiated(self, needs, given, may_save=False).gradient
            assert made is not None
            self._gradients[key] = made
        return self._gradients[key]


class Gradient:
    """The backward pass of a piece: a piece itself.  ``reads``: where each of its inputs comes from, (kind, position)
    with the kinds "input", "output", "seed" (the gradient of an output) and "outside" (a Tensor that a ``bprop`` or hook
    reads).  ``wanted``: for each input that has a gradient, by its position, the form of it: a Tensor, or a sparse one of
    several.  ``updated``: Parameters to which it assigns."""

    def __init__(self, piece: Piece, reads: list[tuple[str, int]], wanted: dict, needs, given, outside, updated):
        self.piece, self.reads, self.wanted, self.needs = piece, reads, wanted, needs
        self.outside, self.updated = outside, updated
        self.places = [(("input", "output", "seed", "outside").index(kind), k) for kind, k in reads]
        self.through_updates = STATE.through_updates
        self.seeded = {k for k, there in enumerate(given) if there}  # outputs whose gradient is counted in

    def serves(self, needs, given) -> bool:
        """Whether it is that gradient.  A zero in place of a gradient that is not there would not do: 0 * inf is NaN."""
        seeded = {k for k, there in enumerate(given) if there}
        return needs == self.needs and seeded == self.seeded and self.through_updates == STATE.through_updates

    def read(self, inputs, outs, grads) -> list:
        """What the backward piece takes."""
        sources = inputs, outs, grads, self.outside
        return [sources[kind][k] for kind, k in self.places]

    def __call__(self, inputs, outs, grads) -> dict[int, Tensor]:
        """The gradient of each wanted input, by its position."""
        found = iter(call(self.piece, self.read(inputs, outs, grads)))
        made = {k: tree.with_tensors(form, found) for k, form in self.wanted.items()}
        for parameter, new in zip(self.updated, found):
            set_parameter(parameter, new)
        return made


def differentiated(piece: Piece, needs, given, may_save: bool, integers: int = 0) -> Piece:
    """``piece`` with its gradient.  With ``may_save``, intermediate values that the gradient reads become further outputs.

    ``integers``: whether gradients pass through integers, as they do anyway where one is asked for.
    """
    recorder = Recorder(symbolic=True)
    recorder.nodes = list(piece.nodes)
    recorder.integers = integers or any(need and not v.dtype.is_inexact for v, need in zip(piece.inputs, needs))
    seeds = [Value(v.shape, v.dtype, kind="input") for v in piece.outputs]
    seeded = [(v, s) for v, s, there in zip(piece.outputs, seeds, given) if there]
    wrt = [v for v, need in zip(piece.inputs, needs) if need]
    before, STATE.recorder = STATE.recorder, recorder
    try:
        found = backward(recorder, [v for v, _ in seeded], [tensor_of(recorder, s) for _, s in seeded], wrt)
        wanted = {k: g for k, g in zip([k for k, need in enumerate(needs) if need], found) if g is not None}
        grads = [value_of(recorder, t) for t in tree.leaves(list(wanted.values()))]
    finally:
        STATE.recorder = before
    outside = [*recorder.captures.values(), *((p, start) for p, _, start in recorder.parameters.values())]
    updates = [(p, now) for p, now, start in recorder.parameters.values() if now is not start]
    results = [*grads, *(now for _, now in updates)]
    places: dict[int, tuple[str, int]] = {}
    for kind, values in (
        ("outside", [v for _, v in outside]), ("seed", seeds), ("output", piece.outputs), ("input", piece.inputs)
    ):  # fmt: skip
        places.update((id(v), (kind, k)) for k, v in enumerate(values))
    made, back, reads = _cut(piece, recorder.nodes, results, places, may_save)
    made.gradient = Gradient(back, reads, wanted, needs, given, [t for t, _ in outside], [p for p, _ in updates])
    return made


def _cut(piece: Piece, nodes, results, places: dict[int, tuple[str, int]], may_save: bool):
    """(the forward piece, the backward piece, where its inputs come from).

    What the outputs of ``piece`` need is the forward pass, what ``results`` need besides is the backward pass.  ``places``:
    where the backward pass finds the values that are there without being saved.
    """
    outputs = list(piece.outputs)
    forward = needed_nodes(outputs, [node for node in piece.nodes if node.may_raise or node.ordered])
    read: dict[int, Value] = {}
    inside: set[int] = set()
    taking_part = [
        node.outs[0] for node in nodes[len(piece.nodes) :] if node.ordered
    ]  # collectives: other processes wait for this one
    stack = [*results, *taking_part]
    while stack:
        v = stack.pop()
        if v.kind == "constant":
            continue
        if id(v) not in places and v.node.id in forward and may_save and _can_be_saved(v):
            places[id(v)] = ("output", len(outputs))
            outputs.append(v)
        if id(v) in places:
            read[id(v)] = v
        elif v.node.id not in inside:  # computed in the backward pass: its own nodes, and what is not saved
            inside.add(v.node.id)
            stack += v.node.inputs
    new = {id(v): Value(v.shape, v.dtype, kind="input") for v in read.values()}  # leaves of the backward piece
    leaves = list(new.values())
    inner = rebuilt([node for node in nodes if node.id in inside], new)
    back = Piece(leaves, inner, [new.get(id(v), v) for v in results])
    made = Piece(piece.inputs, [node for node in nodes if node.id in forward], outputs)
    return made, back, [places[key] for key in read]


CHEAP_CALLS = {"where", "maximum", "minimum", "fabs", "sign", "isnan", "isinf", "logical_not", "floor"}


def _can_be_saved(v: Value) -> bool:
    """Whether ``v`` is worth an output.  A stack of a ``while`` has no size before it runs: the backward pass runs the loop again."""
    return UNKNOWN not in v.shape and not _is_cheap(v.node)


def _is_cheap(node: Node) -> bool:
    """Whether computing a value again, in the loop that reads it, costs no more than keeping it."""
    op = node.op
    if isinstance(op, Elementwise):
        return all(ast.unparse(c.func) in CHEAP_CALLS for c in ast.walk(op.tree) if isinstance(c, ast.Call))
    return op.kind == "view"


# ---------------------------------------------------------------- the op
def _evaluate(*arrays, piece: Piece):
    return tuple(piece.run(arrays))


def _lower(build, node):
    piece = node.attrs["piece"]
    places = [build.output(node, k) if id(v) in build.read else None for k, v in enumerate(node.outs)]
    build.inside(piece.graph, [build.operand(v) for v in node.inputs], places)


def _vjp(needs, grads, outs, inputs, piece: Piece):
    gradient = piece.gradient_for(tuple(needs), tuple(g is not None for g in grads))
    found = gradient(inputs, outs, grads)
    return [found.get(k) if need else None for k, need in enumerate(needs)]


def _batch(op, size, tensors, batched, attrs, mask):
    piece = attrs["piece"]
    mapped = [v for v, b in zip(piece.inputs, batched) if b]
    same = [(t, v) for t, v, b in zip(tensors, piece.inputs, batched) if not b]
    traced = Traced(mapped, same, piece.nodes, piece.outputs, None)
    found = run_batched(traced, [t for t, b in zip(tensors, batched) if b], size, mask=mask)
    return [full(x, size, flag) for x, flag in found]


class CompiledCall(Library):
    """The op of a compiled piece."""

    takes_complex, holomorphic, takes_mask = True, False, True
    joins_a_tape = True  # by the nodes of the piece

    def raises(self, attrs):
        return any(node.may_raise for node in attrs["piece"].nodes)


compiled_call = CompiledCall(
    "compiled_call",
    _evaluate,
    lambda *values, piece: piece.types,
    _lower,
    vjp=_vjp,
    batch=_batch,
    samples=[],
    vjp_is_fixed=False,  # it is compiled already
)


def call(piece: Piece, tensors: Sequence[Tensor]) -> list[Tensor]:
    """The outputs of a piece; inside an eager recording it is one node there, differentiable any number of times."""
    recorder = STATE.recorder
    if recorder is None:
        return [wrap(a) for a in piece.run([t._array() for t in tensors])]
    n = len(piece.outputs)
    values = tuple([value_of(recorder, t) for t in tensors])
    if recorder.symbolic:
        return list(record_values(recorder, compiled_call, values, {"piece": piece}))
    needs = tuple([v.kind != "constant" and recorder.has_gradient(v.dtype) for v in values])
    if True in needs:
        piece = piece.with_saved(needs)
    if STATE.no_grad:
        return list(record_values(recorder, compiled_call, values, {"piece": piece}))[:n]
    # as above, without Tensors for what is saved, of which a recurrent layer has hundreds
    arrays = [v.data for v in values]
    if all([a.flags.c_contiguous for a in arrays]):
        arrays = piece.executable.run(arrays)
    else:  # other orders in memory are read as they are
        arrays = evaluate(compiled_call, arrays, {"piece": piece})
    if all([v.kind == "constant" for v in values]):
        return [wrap(a) for a in arrays[:n]]
    node = Node(compiled_call, values, {"piece": piece}, piece.types, None, "", recorder.forward, arrays)
    recorder.nodes.append(node)
    return [tensor_of(recorder, v) for v in node.outs[:n]]
