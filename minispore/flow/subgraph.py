"""Functions traced inside a recording: the bodies of branches and loops, and what vmap and recomputation run again.

``trace_inside`` runs a function on symbolic Tensors of its own; whatever it reads from outside becomes a free input.
``replay`` runs recorded nodes again on other Tensors, in whatever recording (or none) is going on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..core import tree
from ..core.op import apply, fixed, tensor_of, value_of
from ..core.record import STATE, Node, Recorder, Value, current_recorder
from ..core.tensor import Tensor
from . import runnable


@dataclass
class Traced:
    """One function as nodes: ``outputs`` computed from ``inputs`` and from ``free`` values of the surroundings."""

    inputs: list[Value]
    free: list[tuple[Tensor, Value]]  # (what it is outside, what stands for it inside)
    nodes: list[Node]
    outputs: list[Value]  # one for each Tensor in ``result``, then one for each update
    result: Any  # what the function returned, with symbolic Tensors
    updates: list = field(default_factory=list)  # Parameters and Tensors of the surroundings that the function changed


def trace_inside(function: Callable, args: Sequence[Any] = (), kwargs: dict | None = None, constant=()) -> Traced:
    """``function(*args)`` recorded on symbols of the same types as the Tensors among ``args``.

    ``constant``: ids of Tensors among the arguments that stay as they are.
    """
    parent = STATE.recorder
    recorder = Recorder(symbolic=True, parent=parent)
    inputs: list[Value] = []

    def symbol(x):
        if not isinstance(x, Tensor) or id(x) in constant:
            return x
        value = Value(x.shape, x.dtype, kind="input")
        inputs.append(value)
        return tensor_of(recorder, value)

    symbols, keywords = tree.map_leaves(symbol, (tuple(args), dict(kwargs or {})))
    STATE.recorder = recorder
    try:
        result = runnable(function)(*symbols, **keywords)
        outputs = [value_of(recorder, t) for t in tree.tensors(result)]
        updates = []
        for parameter, now, start in recorder.parameters.values():
            if now is not start:
                updates.append(parameter)
                outputs.append(now)
        for tensor, _ in recorder.changed.values():
            updates.append(tensor)
            outputs.append(value_of(recorder, tensor))
    finally:
        STATE.recorder = parent
        for tensor, before in recorder.changed.values():
            tensor._data, tensor._value, tensor._recorder = before
    free: list[tuple[Tensor, Value]] = [
        (tensor_of(parent, outer), inner) for outer, inner in recorder.lifted.values() if parent is not None
    ]
    free += list(recorder.captures.values())
    free += [(p, start) for p, _, start in recorder.parameters.values() if parent is None]
    return Traced(inputs, free, recorder.nodes, outputs, result, updates)


def replay(nodes: Sequence[Node], known: dict[int, Tensor], rule=None) -> dict[int, Tensor]:
    """Applies the ops of ``nodes`` again.  ``known``: id(Value) -> Tensor of what they read; grows with the results.

    ``rule(node, tensors)`` may give the outputs of a node in another way, or None to leave it.
    """
    for node in nodes:
        tensors = [read(v, known) for v in node.inputs]
        outs = rule(node, tensors) if rule is not None else None
        if outs is None:
            outs = apply(node.op, tensors, node.attrs)
        for value, tensor in zip(node.outs, outs):
            known[id(value)] = tensor
    return known


def read(value: Value, known: dict[int, Tensor]) -> Tensor:
    """The Tensor that stands for ``value`` in a replay."""
    found = known.get(id(value))
    if found is None:
        found = known[id(value)] = fixed(value.data)
    return found


# ---------------------------------------------------------------- several graphs side by side
class Operands:
    """What several graphs read from outside, as one list of operands."""

    def __init__(self):
        self.tensors: list[Tensor] = []
        self._places: dict[int, int] = {}
        self._kept: list[Value] = []

    def place(self, tensor: Tensor) -> int:
        value = value_of(current_recorder(), tensor)
        if id(value) not in self._places:
            self._places[id(value)] = len(self.tensors)
            self._kept.append(value)
            self.tensors.append(tensor)
        return self._places[id(value)]

    def inputs(self, free) -> list[Value]:
        """The inputs of a graph that reads ``free``, in the order of the operands."""
        inside = {self.place(outer): inner for outer, inner in free}
        return [inside.get(k) or Value(t.shape, t.dtype, kind="input") for k, t in enumerate(self.tensors)]


def merged(traced: Traced) -> dict[int, Value]:
    """Free values that stand for the same thing outside: id -> the one to use."""
    first: dict[int, Value] = {}
    same: dict[int, Value] = {}
    for outer, inner in traced.free:
        key = id(value_of(current_recorder(), outer))
        same[id(inner)] = first.setdefault(key, inner)
    return same


def rebuilt(nodes: Sequence[Node], new: dict[int, Value]) -> list[Node]:
    """``nodes`` with other values in place of those in ``new``, which grows with what the new nodes compute."""
    made = []
    for node in nodes:
        inputs = tuple(new.get(id(v), v) for v in node.inputs)
        if any(a is not b for a, b in zip(inputs, node.inputs)):
            fresh = node.reading(inputs)
            new.update({id(old): v for old, v in zip(node.outs, fresh.outs)})
            node = fresh
        made.append(node)
    return made


def bring_in(traced: Traced, find: Callable[[Value, Value], bool]) -> None:
    """Makes nodes that read values of another graph read inputs instead.

    ``find(value, inner)`` is told of each such value and of what stands for it inside; where it returns False, the node
    that computes it is taken in too.
    """
    own = {id(v) for node in traced.nodes for v in node.outs}
    own |= {id(v) for v in traced.inputs} | {id(v) for _, v in traced.free}
    new: dict[int, Value] = {}
    nodes: list[Node] = []

    def inside(v: Value) -> Value:
        if v.kind == "constant" or id(v) in own:
            return new.get(id(v), v)
        if id(v) not in new:
            inner = Value(v.shape, v.dtype, kind="input")
            if find(v, inner):
                new[id(v)] = inner
            else:
                add(v.node)
        return new[id(v)]

    def add(node: Node) -> None:
        fresh = node.reading(tuple(inside(v) for v in node.inputs))
        new.update({id(old): v for old, v in zip(node.outs, fresh.outs)})
        nodes.append(fresh)

    for node in traced.nodes:
        add(node)
    traced.nodes = nodes
    traced.outputs = [inside(v) for v in traced.outputs]
