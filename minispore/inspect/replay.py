"""Evaluation of a graph node by node with NumPy, which gives all intermediate values."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from ..core import tree
from ..core.ir import Graph
from ..core.record import Node
from ..flow.control import array_of
from ..ops import host


def arrays_of(args, kwargs) -> list[np.ndarray]:
    """The arrays of a call's Tensors, in the order of an executable's arguments.

    Args:
        args: tuple of arguments.
        kwargs: dict of arguments.

    Returns:
        list of arrays.
    """
    tensors = tree.tensors((args, [kwargs[name] for name in kwargs]))
    return [np.ascontiguousarray(t._array()) for t in tensors if not t.is_parameter]


def start_values(graph: Graph, arrays: Iterable[np.ndarray]) -> dict[int, np.ndarray]:
    """{id(Value): array} for the leaves of a graph: ``arrays`` for inputs and captures, the current values of Parameters.

    Args:
        graph: Graph.
        arrays: those of inputs and captures, in order; Parameters are taken as they are.

    Returns:
        dict from the id of a Value to its array.
    """
    leaves = [*graph.inputs, *(v for _, v in graph.captures)]
    environment = {id(v): a for v, a in zip(leaves, arrays, strict=True)}
    environment.update({id(v): p._array() for p, v in graph.parameters})
    return environment


def evaluate(node: Node, environment: dict[int, np.ndarray]) -> list[np.ndarray]:
    """The outputs of one node from the values in ``environment``; prints and taps have no effect.

    Args:
        node: Node.
        environment: dict from the id of a Value to its array.

    Returns:
        list of arrays.
    """
    host.muted += 1
    try:
        with np.errstate(all="ignore"):
            found = node.op.evaluate(*[array_of(v, environment) for v in node.inputs], **node.attrs)
    finally:
        host.muted -= 1
    return [np.asarray(a) for a in found]


def replay(graph: Graph, environment: dict[int, np.ndarray], look: Callable[[Node], bool] | None = None) -> None:
    """Evaluates all nodes and adds the results to ``environment``; stops when ``look(node)`` returns true.

    Args:
        graph: Graph.
        environment: dict from the id of a Value to its array; filled.
        look: function of a Node, which ends it by giving True.  Default: None.
    """
    for node in graph.nodes:
        for v, a in zip(node.outs, evaluate(node, environment)):
            environment[id(v)] = a
        if look is not None and look(node):
            return
