"""``compare_modes``: finds the first node at which compiled kernels and NumPy differ."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..core.ir import Graph
from ..graph.executable import Executable
from ..graph.fuse import fuse
from ..graph.lower import Builder
from ..ops import host
from .inspection import Inspection, graph as inspect_graph
from .replay import array_of, arrays_of, evaluate, replay, start_values
from .view import NodeView

# Relative differences that rounding explains: a few hundred units in the last place, because sums may run in another order.
TOLERANCE = {"float64": 1e-11, "float32": 1e-4, "float16": 2e-2, "bfloat16": 1e-1}


@dataclass
class Comparison:
    """The results of one call in PYNATIVE mode (NumPy) and GRAPH mode (kernels), compared.

    Attributes:
        results: {output or Parameter: largest difference, as a share of the largest magnitude}.
        node: the first node whose kernel and NumPy give different results for the same inputs; None if all agree.
        difference: of that node.
        equal: whether all results agree.
    """

    results: dict[str, float]
    equal: bool
    node: NodeView | None
    difference: float

    def __str__(self) -> str:
        worst = max(self.results.items(), key=lambda item: item[1], default=("nothing", 0.0))
        if self.node is not None:
            n = self.node
            return (
                f"PYNATIVE and GRAPH first differ in {n} (by {self.difference:.3g} of the largest value)\n"
                f"  {n.scope or 'outside any Cell'} {n.where}: {n.source}"
            )
        if self.equal:
            return f"PYNATIVE and GRAPH agree; the largest difference is {worst[1]:.3g} of the largest value, in {worst[0]}."
        return (
            f"PYNATIVE and GRAPH differ in {worst[0]} by {worst[1]:.3g} of the largest value, but no node does by itself: "
            "small differences grow on the way, as they do where a result hangs on rounding."
        )


def compare_modes(function, *args, **kwargs) -> Comparison:
    """Runs a call with NumPy and with compiled kernels, node by node, without changing any Parameter.

    Args:
        function: Cell or function of Tensors.
        *args: its arguments.
        **kwargs: its arguments by name.

    Returns:
        Comparison.

    >>> import minispore as ms
    >>> print(ms.debug.compare_modes(ms.nn.Dense(3, 2), ms.Tensor([[1.0, 2.0, 3.0]])).equal)
    True
    """
    inspection = inspect_graph(function, *args, **kwargs)
    arrays = arrays_of(args, kwargs)
    names, results = _results(inspection, arrays)
    equal = all(difference <= allowed for _, difference, allowed in results)
    node, difference = (None, 0.0) if equal else _first_node(inspection, arrays)
    return Comparison(dict(zip(names, (d for _, d, _ in results))), equal, node, difference)


def _arrays(graph: Graph, arrays) -> list[np.ndarray]:
    return [*arrays, *(np.ascontiguousarray(t._array()) for t, _ in graph.captures)]


def _compiled(graph: Graph, arrays, threads: int) -> list[np.ndarray]:
    builder = Builder(graph, fuse(graph), threads)
    made = Executable(graph, builder, builder.run())
    host.muted += 1
    try:
        return made.run(list(arrays))
    finally:
        host.muted -= 1


def _open(graph: Graph) -> Graph:
    """The graph with the new values of Parameters as outputs, so that running it changes no Parameter."""
    return replace(graph, outputs=tuple(graph.roots()), updates=())


def _results(inspection: Inspection, arrays):
    """Compares the results of the call: the traced graph by NumPy with the final graph by kernels."""
    traced, final = inspection.traced, _open(inspection.final)
    environment = start_values(traced, _arrays(traced, arrays))
    replay(traced, environment)
    made = _compiled(final, arrays, inspection.threads)
    names = [f"output {k}" for k in range(len(traced.outputs))] + [f"Parameter {p.name}" for p, _ in traced.updates]
    found = [(name, *_difference(array_of(v, environment), b)) for name, v, b in zip(names, traced.roots(), made)]
    return names, found


def _first_node(inspection: Inspection, arrays):
    """Takes all values of the final graph from the kernels, and evaluates each node by NumPy from the kernels' values of its inputs."""
    final = inspection.final
    # without stacks of unknown length (-1)
    values = [v for n in final.nodes for v in n.outs if min(v.shape, default=0) >= 0]
    all_values = replace(final, outputs=tuple(values), updates=())
    environment = start_values(final, _arrays(final, arrays))
    environment.update({id(v): a for v, a in zip(values, _compiled(all_values, arrays, inspection.threads))})
    for node in final.nodes:
        for v, expected in zip(node.outs, evaluate(node, environment)):
            if id(v) not in environment:
                environment[id(v)] = expected
            if node.op.partly_defined:
                continue
            difference, allowed = _difference(expected, environment[id(v)])
            if difference > allowed:
                return inspection.view.by_id[node.id], difference
    return None, 0.0


def _difference(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """(largest difference relative to the largest magnitude, the difference that rounding explains)."""
    allowed = TOLERANCE.get(a.dtype.name, 0.0)
    if a.size == 0:
        return 0.0, allowed
    x, y = (v.astype(np.float64) for v in (a, b))
    same = (x == y) | (np.isnan(x) & np.isnan(y))
    if same.all():
        return 0.0, allowed
    with np.errstate(all="ignore"):
        scale = np.max(np.abs(x[np.isfinite(x)]), initial=0.0) or 1.0
        worst = np.max(np.where(same, 0.0, np.abs(x - y))) / scale
    return (float(worst) if np.isfinite(worst) else float("inf")), allowed
