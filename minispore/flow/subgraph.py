"""Subgraphs: functions traced inside a recording, for branches, loops and vmap.

``trace_inside`` runs a function on symbolic Tensors; each value that it reads from outside becomes a free input.  ``replay``
applies recorded nodes to other Tensors, under the active recorder or none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..core import tree
from ..core.ir import Graph
from ..core.op import apply, fixed, tensor_of, value_of
from ..core.record import STATE, Node, Recorder, Value, current_recorder
from ..core.tensor import Tensor
from .control import graph_of
from .running import runnable


@dataclass
class Traced:
    """A traced function: nodes that compute ``outputs`` from ``inputs`` and from ``free`` values of the enclosing recording."""

    inputs: list[Value]
    free: list[tuple[Tensor, Value]]  # (Tensor outside, the input inside that stands for it)
    nodes: list[Node]
    outputs: list[Value]  # one for each Tensor in ``result``, then one for each update
    result: Any  # what the function returned, with symbolic Tensors
    updates: list = field(default_factory=list)  # Parameters, and Tensors from outside, that the function changed
    observed: dict = field(default_factory=dict)  # by id, the Tensors from outside whose data Python read
    recorder: int = 0  # the number of the recorder: a Tensor that was made inside has this one or a larger one

    def reached(self, values) -> set[int]:
        """Ids of ``values`` and of all that is computed from them."""
        found = {id(v) for v in values}
        for node in self.nodes:
            if any(id(v) in found for v in node.inputs):
                found.update(id(v) for v in node.outs)
        return found


def trace_inside(function: Callable, args: Sequence[Any] = (), kwargs: dict | None = None, constant=()) -> Traced:
    """Records ``function(*args)`` on symbolic Tensors of the same types as the Tensors among ``args``.

    ``constant``: ids of the Tensors that are passed as they are, and so become free values.
    """
    parent = STATE.recorder
    recorder = Recorder(symbolic=True, parent=parent)
    recorder.observed = {}
    inputs: list[Value] = []

    def symbol(x):
        if not isinstance(x, Tensor) or id(x) in constant:
            return x
        value = Value(x.shape, x.dtype, kind="input")
        inputs.append(value)
        made = tensor_of(recorder, value)
        if x.is_number:
            made.is_number = True
        return made

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
        if parent is not None:
            parent.observed.update(recorder.observed)
        for tensor, before in recorder.changed.values():
            tensor._data, tensor._value, tensor._recorder = before
        recorder.restore_outside()
    free: list[tuple[Tensor, Value]] = [
        (tensor_of(parent, outer), inner) for outer, inner in recorder.lifted.values() if parent is not None
    ]
    free += list(recorder.captures.values())
    free += [(p, start) for p, _, start in recorder.parameters.values() if parent is None]
    return Traced(inputs, free, recorder.nodes, outputs, result, updates, recorder.observed, recorder.number)


def replay(nodes: Sequence[Node], environment: dict[int, Tensor], rule=None) -> dict[int, Tensor]:
    """Applies the ops of ``nodes`` to other Tensors.

    ``environment``: id(Value) -> Tensor for the values that they read; the results are added.  ``rule(node, tensors)`` may compute
    the outputs of a node in another way; where it returns None, the op is applied.
    """
    for node in nodes:
        tensors = [read(v, environment) for v in node.inputs]
        outs = rule(node, tensors) if rule is not None else None
        if outs is None:
            outs = apply(node.op, tensors, node.attrs)
        for value, tensor in zip(node.outs, outs):
            environment[id(value)] = tensor
    return environment


def read(value: Value, environment: dict[int, Tensor]) -> Tensor:
    """The Tensor for ``value``; one that is not in the environment is a constant."""
    found = environment.get(id(value))
    if found is None:
        found = environment[id(value)] = fixed(value.data)
    return found


# ---------------------------------------------------------------- subgraphs of one node
class Operands:
    """The free values of all subgraphs of a node, as one list of operands without duplicates."""

    def __init__(self):
        self.tensors: list[Tensor] = []
        self._places: dict[int, int] = {}
        self._alive: list[Value] = []  # keeps the ids in ``_places`` unique

    def place(self, tensor: Tensor) -> int:
        """The index of an operand, which is added where it is new."""
        value = value_of(current_recorder(), tensor)
        if id(value) not in self._places:
            self._places[id(value)] = len(self.tensors)
            self._alive.append(value)
            self.tensors.append(tensor)
        return self._places[id(value)]

    def inputs(self, free) -> list[Value]:
        """The inputs of a subgraph with these free values: one for each operand, in order."""
        inside = {self.place(outer): inner for outer, inner in free}
        return [inside.get(k) or Value(t.shape, t.dtype, kind="input") for k, t in enumerate(self.tensors)]


def graphs_of(
    traces: Sequence[Traced], more_inputs: Sequence[Sequence[Value]] = ()
) -> tuple[list[Graph], list[Tensor]]:
    """The subgraphs of a node, and the operands that all of them take, in the same order, after inputs of their own.

    ``more_inputs``: of the first, further inputs between its own and the operands.
    """
    operands = Operands()
    for traced in traces:
        for outer, _ in traced.free:
            operands.place(outer)
    graphs = []
    for k, traced in enumerate(traces):
        new = _merged(traced)
        nodes = rebuilt(traced.nodes, new)
        free = [(outer, new[id(inner)]) for outer, inner in traced.free]
        outputs = [new.get(id(v), v) for v in traced.outputs]
        graphs.append(
            graph_of([*traced.inputs, *(more_inputs if k == 0 else ()), *operands.inputs(free)], nodes, outputs)
        )
    return graphs, operands.tensors


def _merged(traced: Traced) -> dict[int, Value]:
    """For free values of one and the same value outside: id(inner Value) -> the inner Value that replaces it."""
    first: dict[int, Value] = {}
    same: dict[int, Value] = {}
    for outer, inner in traced.free:
        key = id(value_of(current_recorder(), outer))
        same[id(inner)] = first.setdefault(key, inner)
    return same


def rebuilt(nodes: Sequence[Node], new: dict[int, Value]) -> list[Node]:
    """``nodes`` with inputs replaced by ``new`` (id -> Value); the outputs of nodes that had to be copied are added to it."""
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
    """Replaces values of another graph, which the nodes of ``traced`` read, by inputs.

    ``find(value, inner)`` is called for each such value, with the input that would stand for it; it connects the two and returns
    True.  Where it returns False, the node that computes the value is copied into ``traced`` as well.
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
