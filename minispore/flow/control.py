"""What branches and loops share: ops whose attributes hold graphs.

Each such op has a file with its signature, value, type rule and gradient (``cond_op.py``, ``loop_op.py``), a batch rule in
``control_batch.py`` and a lowering in ``graph/lower_control.py``.  Its signature is a small class made from a node's
attributes (``op.signature(**node.attrs)``), and the one place that knows the order of inputs and outputs.

Besides its results, a node also outputs the intermediate values of its graphs, which the gradient reads.  An output that
nobody reads takes no memory and no time.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.ir import Graph
from ..core.op import Library, value_of
from ..core.record import Value, current_recorder

UNKNOWN = -1  # the first size of a stack with a row for each turn of a ``while``


class Control(Library):
    """An op whose attributes hold graphs; it may raise where one of their nodes may."""

    vjp_traces, takes_complex, holomorphic, takes_mask = True, True, False, True

    def __init__(self, name, signature, numpy, infer, vjp):
        super().__init__(name, numpy, infer, None, vjp=vjp, samples=[])
        self.signature = signature

    def raises(self, attrs):
        return any(graph.may_raise for graph in _graphs(attrs))

    def folds(self, attrs):
        """A ``while`` might not end."""
        return attrs.get("condition") is None and all(graph.folds for graph in _graphs(attrs))

    def is_ordered(self, attrs):
        return any(graph.is_ordered for graph in _graphs(attrs))


def _graphs(attrs) -> list[Graph]:
    """The graphs among attributes."""
    return [g for a in attrs.values() for g in (a if isinstance(a, tuple) else (a,)) if isinstance(g, Graph)]


def graph_of(inputs, nodes, outputs) -> Graph:
    """A graph inside a node: it has no captures, no Parameters and no updates of its own."""
    return Graph(tuple(inputs), (), (), tuple(nodes), tuple(outputs), ())


def intermediates(graph: Graph) -> list[Value]:
    """The values that the nodes of a graph compute, without those whose shape is not known before the step runs."""
    return [v for node in graph.nodes for v in node.outs if UNKNOWN not in v.shape]


def with_intermediates(graph: Graph) -> Graph:
    """``graph`` with its intermediate values as further outputs."""
    return graph_of(graph.inputs, graph.nodes, [*graph.outputs, *intermediates(graph)])


def split(values: Sequence, *sizes: int) -> list:
    """Consecutive parts of these sizes, then what is left."""
    parts, first = [], 0
    for size in sizes:
        parts.append(values[first : first + size])
        first += size
    return [*parts, values[first:]]


def scattered(values: Sequence, places: Sequence[int], size: int) -> list[Any]:
    """A list of ``size`` with ``values`` at ``places`` and None elsewhere."""
    at = dict(zip(places, values))
    return [at.get(k) for k in range(size)]


def ancestors(graph: Graph, values) -> set[int]:
    """Ids of ``values`` and of all that they are computed from.

    A gradient is computed for these alone: zeros for the others would become NaN where they meet an infinity.
    """
    found = {id(v) for v in values}
    for node in reversed(graph.nodes):
        if any(id(v) in found for v in node.outs):
            found |= {id(v) for v in node.inputs}
    return found


# ---------------------------------------------------------------- graphs run by NumPy
watchers: list[Callable] = []  # called with each node that is interpreted, and all values so far


def interpret(graph: Graph, arrays) -> dict[int, np.ndarray]:
    """Every value of a graph by NumPy, by id."""
    values = {id(v): a for v, a in zip(graph.inputs, arrays)}
    for node in graph.nodes:
        found = node.op.evaluate(*[array_of(v, values) for v in node.inputs], **node.attrs)
        values.update({id(v): np.asarray(a) for v, a in zip(node.outs, found)})
        for watcher in watchers:
            watcher(node, values)
    return values


def array_of(v: Value, values: dict[int, np.ndarray]) -> np.ndarray:
    """The array of a value: its own if it is a constant, else that in ``values``."""
    return v.data if v.kind == "constant" else values[id(v)]


def rebind(parameter, tensor) -> None:
    """``parameter``, or a Tensor changed in place, means ``tensor`` from here on.

    What a view's base means, the branch or loop that changed both tells of the base itself.
    """
    recorder = current_recorder()
    if parameter.is_parameter:
        value_of(recorder, parameter)
        recorder.assign(id(parameter), value_of(recorder, tensor))
    elif parameter._view is None:
        parameter._rebind(tensor)
    else:
        parameter._change(recorder, tensor)
        parameter._view.seen = None
