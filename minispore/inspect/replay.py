"""A graph computed node by node with NumPy: every value can be looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from ..core import tree
from ..core.ir import Graph
from ..core.record import Node
from ..flow.control import array_of
from ..ops import host


def arrays_of(args, kwargs) -> list[np.ndarray]:
    """The arrays of a call's Tensors, as an executable takes them."""
    tensors = tree.tensors((args, [kwargs[name] for name in sorted(kwargs)]))
    return [np.ascontiguousarray(t._array()) for t in tensors if not t.is_parameter]


def start_values(graph: Graph, arrays: Iterable[np.ndarray]) -> dict[int, np.ndarray]:
    """id(Value) -> array for what a graph reads: ``arrays`` for inputs and captures, Parameters as they are."""
    leaves = [*graph.inputs, *(v for _, v in graph.captures)]
    known = {id(v): a for v, a in zip(leaves, arrays, strict=True)}
    known.update({id(v): p._array() for p, v in graph.parameters})
    return known


def evaluate(node: Node, known: dict[int, np.ndarray]) -> list[np.ndarray]:
    """The outputs of one node from the values of what it reads; nothing is printed."""
    host.muted += 1
    try:
        with np.errstate(all="ignore"):
            found = node.op.evaluate(*[array_of(v, known) for v in node.inputs], **node.attrs)
    finally:
        host.muted -= 1
    return [np.asarray(a) for a in found]


def replay(graph: Graph, known: dict[int, np.ndarray], look: Callable[[Node], bool] | None = None) -> None:
    """Computes all nodes, into ``known``; stops as soon as ``look(node)`` says so."""
    for node in graph.nodes:
        for v, a in zip(node.outs, evaluate(node, known)):
            known[id(v)] = a
        if look is not None and look(node):
            return
