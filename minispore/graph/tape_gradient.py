"""The last backward pass of a gradient in PYNATIVE mode as one call.

An eager recording is a graph whose values have data.  Its structure (ops, attributes, types, which value is read where) is the
key of what computes all gradients from the values that are there:

- where it has compiled pieces or large results, a piece (piece.py), one native call.  The same backward walk makes it, once, over a
  symbolic copy of the nodes in which each compiled piece is replaced by its own nodes, so that passes and fusion see the whole;
- else one Python function that calls, for each node, the program of its gradient (node_gradients.py), as the walk would: the bits
  are the same, so the walk does it at the first sight of a recording.

Whether a recording is compiled depends on its structure and on what the program did before, never on time or on what is cached:
the same program gives the same bits at every run.
"""

import time
from collections import Counter, OrderedDict
from collections.abc import Sequence

from ..core.context import compiles_pieces, get_context
from ..core.numeric import quietly
from ..core.op import wrap
from ..core.record import STATE, Node, Recorder, Value
from ..core.tensor import Tensor
from ..flow.watch import exactly
from . import history
from .node_gradients import Program, program_of
from .piece import Gradient, Piece, compiled_call, differentiated

KEPT = 64  # gradients; the least recently used go first
LARGE = 32768  # elements of a result from which on a recording is compiled, also without a piece in it
TRACED_AT_ONCE = 16  # recordings that are traced, besides one for each two that were found again
NOT_YET = object()
_gradients: "OrderedDict[tuple, TapeGradient | None]" = OrderedDict()
_functions: "OrderedDict[tuple, object]" = OrderedDict()
_credit = 2 * TRACED_AT_ONCE
_history = history.new_history()


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


class TapeFunction:
    """The gradients of one kind of recording of small arrays, as a Python function with a line for each node."""

    def __init__(self, function, reads: list[int], given: list[int], places: list[int | None]):
        self.function, self.reads, self.given, self.places = function, reads, given, places

    def __call__(self, values: list[Value], seeds: Sequence[Tensor]) -> list[Tensor | None]:
        arrays = [values[k].data for k in self.reads] + [seeds[k]._array() for k in self.given]
        found = quietly(self.function, *arrays)
        return [None if k is None else wrap(found[k]) for k in self.places]


class _Structure:
    """What the gradient of a recording depends on, besides data: ``values`` are numbered in the order in which they come."""

    def __init__(self, nodes: list[Node], outputs: Sequence[Value], wrt: Sequence[Value], integers: int):
        self.nodes, self.integers = nodes, integers
        numbers: dict[int, int] = {}
        values: list[Value] = []
        self.numbers, self.values = numbers, values
        self.is_compiled = False
        parts: list = [integers, STATE.through_updates]
        note = parts.append
        for node in nodes:
            op, outs = node.op, node.outs
            note(op)
            if op is compiled_call:  # a piece says the types of its inputs and outputs
                self.is_compiled = typed = True
                note(node.attrs["piece"])
            else:
                typed = False
                for name, value in node.attrs.items():
                    note(name)
                    note(exactly(value))
                if outs[0].data.size >= LARGE:
                    self.is_compiled = True
            for v in node.inputs:
                k = numbers.get(id(v))
                if k is None:
                    k = numbers[id(v)] = len(values)
                    values.append(v)
                    if not typed:
                        note(v.shape)
                        note(v.dtype.name)
                note(k)
            first = len(values)
            numbers.update(zip(map(id, outs), range(first, first + len(outs))))
            values += outs
            if not typed:
                parts += [v.shape for v in outs]
        self.ends: list = [numbers.get(id(v)) for v in outputs]
        self.wanted: list = [numbers.get(id(v)) for v in wrt]
        self.key = *parts, None, *self.ends, None, *self.wanted


def tape_gradients(
    nodes: list[Node], outputs: Sequence[Value], seeds: Sequence[Tensor], wrt: Sequence[Value], integers: int
) -> list[Tensor | None] | None:
    """Gradients of ``sum(output * seed)`` by ``wrt``, computed by one call; None where the nodes have to be walked.

    Args:
        nodes: list of the nodes that depend on ``wrt``, in order.
        outputs: Values.
        seeds: Tensors, as many.
        wrt: Values.
        integers: whether gradients pass through integers.
    """
    tape = _Structure(nodes, outputs, wrt, integers)
    if tape.is_compiled and not compiles_pieces():
        return None  # the walk lets go of large results one by one
    try:
        gradient = _compiled(tape) if tape.is_compiled else _in_python(tape)
    except TypeError:  # an attribute that cannot be a key
        return None
    if gradient is None:
        return None
    try:
        return gradient(tape.values, seeds)
    except IndexError:  # the walk says it in the op's own words
        return None


def _compiled(tape: _Structure) -> TapeGradient | None:
    global _credit
    key = tape.key, get_context("deterministic"), get_context("check_nan")
    found = _gradients.get(key, _gradients)
    if found is not _gradients:
        _credit = min(_credit + 1, 2 * TRACED_AT_ONCE)
        _gradients.move_to_end(key)
        return found  # type: ignore[return-value]
    if _credit < 2:
        return None
    _credit -= 2
    started = time.perf_counter()
    _gradients[key] = made = _traced(tape)
    if len(_gradients) > KEPT:
        _gradients.popitem(last=False)
    if made is not None:
        _note(tape, made, time.perf_counter() - started)
    return made


def _note(tape: _Structure, made: TapeGradient, seconds: float) -> None:
    """Notes the compilation for messages and ``minispore.inspect``: which ops were recorded, and what the call reads."""
    ops = Counter(node.op.name for node in tape.nodes)
    names = [f"{'seed' if is_seed else 'value'} {k}" for is_seed, k in made.reads]
    given = {"recorded": ", ".join(f"{count} {name}" for name, count in ops.most_common())}
    given.update({name: f"{v.dtype}{list(v.shape)}" for name, v in zip(names, made.piece.inputs)})
    record = history.Compilation("backward pass", given, {}, {}, {}, names, seconds=seconds)
    history.note(_history, record, made.piece.graph, made.piece, warns=False)


def _in_python(tape: _Structure) -> TapeFunction | None:
    found = _functions.get(tape.key, _functions)
    if found is _functions:
        _functions[tape.key] = NOT_YET
        if len(_functions) > KEPT:
            _functions.popitem(last=False)
        return None
    if found is NOT_YET:
        _functions[tape.key] = found = _written(tape)
    _functions.move_to_end(tape.key)
    return found  # type: ignore[return-value]


def _is_walkable(tape: _Structure) -> bool:
    """Whether all is asked of leaves, and each output is there once."""
    ends, made = tape.ends, {id(v) for node in tape.nodes for v in node.outs}
    is_inside = any(k is not None and id(tape.values[k]) in made for k in tape.wanted)
    return not (None in ends or len(set(ends)) < len(ends) or is_inside)


class _Writer:
    """Writes the walk of ``backward`` (autodiff.py) over one kind of recording down as a Python function.

    In its text value number k of the recording is ``v<k>``, the seed of output n ``s<n>``, and each gradient a variable of its own.
    """

    def __init__(self, tape: _Structure):
        self.tape, self.recorder = tape, Recorder(symbolic=True)
        self.recorder.integers = tape.integers
        made = {tape.numbers[id(v)] for node in tape.nodes for v in node.outs}
        self.depends = made.union([k for k in tape.wanted if k is not None])
        self.grads = {k: f"s{n}" for n, k in enumerate(tape.ends)}  # number of a value -> its gradient so far
        self.reads: dict[int, None] = {}
        self.lines: list[str] = []
        self.scope: dict = {}

    def passes(self, node: Node) -> bool:
        """Writes the line of a node; False where no function is known for its gradient."""
        places, outs = [self.tape.numbers[id(v)] for v in node.inputs], [self.tape.numbers[id(v)] for v in node.outs]
        given = [self.grads.pop(k, None) for k in outs]
        there = tuple([g is not None for g in given])
        if node.op.vjp is None or True not in there:
            return True
        needs = tuple([k in self.depends and self.recorder.has_gradient(v.dtype) for k, v in zip(places, node.inputs)])
        program = program_of(node, needs, there, self.tape.integers)
        if program is None or program.forms is not None:
            return False
        taken = program.gradient.read([f"v{k}" for k in places], [f"v{k}" for k in outs], given)
        self.reads.update((int(name[1:]), None) for name in taken if name[0] == "v")
        made = self.call(node, program, taken)
        for k, place in zip(places, program.places):
            if place is not None:
                self.add(k, made[place])
        return True

    def call(self, node: Node, program: Program, taken: list[str]) -> list[str]:
        """Writes the call of the program of a node's gradient; the variables of its results."""
        is_large = any(v.size >= program.compiled_from for v in (*node.inputs, *node.outs))
        name, at = f"p{len(self.scope)}", len(self.lines)
        self.scope[name] = program.run if is_large else program.function
        arguments = f"[{', '.join(taken)}]" if is_large else ", ".join(taken)
        made = [f"g{at}_{j}" for j in range(len(program.gradient.wanted))]
        self.lines.append(f"    {''.join(g + ', ' for g in made)} = {name}({arguments})" if made else "    pass")
        return made

    def add(self, k: int, gradient: str) -> None:
        """Adds to the gradient of value ``k``."""
        if k in self.grads:
            self.lines.append(f"    {gradient} = {self.grads[k]} + {gradient}")
        self.grads[k] = gradient

    def function(self) -> TapeFunction:
        seeds = range(len(self.tape.ends))
        names = [*(f"v{k}" for k in self.reads), *(f"s{n}" for n in seeds)]
        results = [self.grads.get(k) if k is not None else None for k in self.tape.wanted]
        found = list(dict.fromkeys(g for g in results if g is not None))
        last = f"    return ({''.join(g + ', ' for g in found)})"
        text = "\n".join([f"def tape({', '.join(names)}):", *self.lines, last])
        exec(compile(text, "<gradient>", "exec"), self.scope)
        places = [None if g is None else found.index(g) for g in results]
        return TapeFunction(self.scope["tape"], list(self.reads), list(seeds), places)


def _written(tape: _Structure) -> TapeFunction | None:
    if not _is_walkable(tape):
        return None
    writer = _Writer(tape)
    return writer.function() if all(map(writer.passes, reversed(tape.nodes))) else None


def _copied(tape: _Structure, leaves: list[Value], outputs: list[int]) -> Piece:
    """A symbolic copy of the recording, in which each piece is replaced by its nodes; ``outputs``: numbers of the values it gives."""
    new = {id(v): Value(v.shape, v.dtype, kind="input") for v in leaves}  # id(Value with data) -> the one without
    inputs = list(new.values())
    inside: list[Node] = []
    for node in tape.nodes:
        given = [new[id(v)] for v in node.inputs]
        if node.op is compiled_call:
            outs = _inlined(node.attrs["piece"], given, inside)
        else:
            inside.append(node.reading(tuple(given)))
            outs = list(inside[-1].outs)
        new.update({id(v): out for v, out in zip(node.outs, outs)})
    return Piece(inputs, inside, [new[id(tape.values[k])] for k in outputs])


def _traced(tape: _Structure) -> TapeGradient | None:
    if not (all(node.op.joins_a_tape for node in tape.nodes) and _is_walkable(tape)):
        return None
    numbers, ends = tape.numbers, tape.ends
    made = {id(v) for node in tape.nodes for v in node.outs}
    leaves = [v for v in tape.values if id(v) not in made]
    # The values whose data are read: views are made again, which costs nothing.
    kept = [numbers[id(v)] for node in tape.nodes if node.op.kind != "view" for v in node.outs]
    kept += [k for k in dict.fromkeys(ends) if k not in kept]
    places = {
        "input": [numbers[id(v)] for v in leaves],
        "output": kept,
        "seed": [ends.index(k) if k in ends else -1 for k in kept],
    }
    needs, seeded = tuple([k in tape.wanted for k in places["input"]]), tuple([k in ends for k in kept])
    try:
        whole = _copied(tape, leaves, kept)
        gradient = differentiated(whole, needs, seeded, may_save=False, integers=tape.integers).gradient
    except (RuntimeError, TypeError, ValueError):  # a rule reads values, which a trace does not have
        return None
    assert gradient is not None
    if not all(type(form) is Tensor for form in gradient.wanted.values()):  # sparse gradients
        return None
    if gradient.outside or gradient.updated:  # Tensors of this recording, or a state that goes on
        return None
    return TapeGradient(gradient, places, [None if k is None else places["input"].index(k) for k in tape.wanted])


def _inlined(piece: Piece, given: list[Value], inside: list[Node]) -> list[Value]:
    """Copies the nodes of a piece on the inputs ``given`` to ``inside``; the values that are its outputs."""
    new = {id(v): made for v, made in zip(piece.inputs, given)}
    for node in piece.nodes:
        fresh = node.reading(tuple([new.get(id(v), v) for v in node.inputs]))
        new.update({id(v): made for v, made in zip(node.outs, fresh.outs)})
        inside.append(fresh)
    return [new.get(id(v), v) for v in piece.outputs]
