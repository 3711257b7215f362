"""``set_context(check_nan=True)``: finds the node of a compiled step that first gives NaN or infinity."""

from __future__ import annotations

import linecache

import numpy as np

from ..core.ir import Graph
from ..core.op import broadcast_shapes
from ..core.record import Node, Value
from ..flow import control
from ..flow.control import array_of
from ..graph.executable import Executable
from ..graph.history import Compilation
from .replay import evaluate, start_values
from .view import GraphView


def is_bad(array: np.ndarray) -> bool:
    """Whether an array has NaN or infinity.

    Args:
        array: numpy.ndarray.

    Returns:
        bool.

    >>> is_bad(np.array([1.0, np.inf]))
    True
    """
    return array.dtype.kind not in "biu" and not bool(np.isfinite(array).all())


class CheckedExecutable(Executable):
    """An Executable that checks the results of a step; if one is not finite, it undoes the step and raises an explanation."""

    def run(self, arrays):
        """Runs the step.

        Args:
            arrays: list of arrays, the inputs.

        Returns:
            list of arrays.

        Raises:
            FloatingPointError: a result or a new Parameter is not finite; Parameters are as they were before.
        """
        updated = [p for p, _ in self.graph.updates]
        before = [p._data.copy() for p in updated]
        outputs = super().run(arrays)
        fresh = [k for k, (p, old) in enumerate(zip(updated, before)) if is_bad(p._data) and not is_bad(old)]
        if not fresh and not any(map(is_bad, outputs)):
            return outputs
        for p, old in zip(updated, before):
            np.copyto(p._data, old)
        environment = start_values(self.traced, _reads(self.traced, arrays))
        bad_outputs = [k for k, a in enumerate(outputs) if is_bad(a)]
        names = [f"output {k}" for k in bad_outputs] + [f"the new value of {updated[k].name}" for k in fresh]
        raise FloatingPointError(explanation(self.traced, environment, names, self.record))


def _reads(graph: Graph, arrays) -> list[np.ndarray]:
    """The arrays of the inputs and captures that a graph reads."""
    return [*arrays, *(t._array() for t, _ in graph.captures)]


def explanation(graph: Graph, environment: dict[int, np.ndarray], found_in: list[str], record: Compilation) -> str:
    """Evaluates ``graph`` node by node and describes the first value that is not finite.  ``environment``: the arrays of the leaves.

    Args:
        graph: Graph.
        environment: dict from the id of a leaf to its array; filled.
        found_in: list of str, what was not finite.
        record: Compilation.

    Returns:
        str.
    """
    shown = ", ".join(found_in[:3]) + (f" and {len(found_in) - 3} more" if len(found_in) > 3 else "")
    head = f"A compiled call of {record.name} gave NaN or infinity in {shown}."
    tail = "\nParameters are as they were before the step."
    for node in graph.nodes:
        environment.update({id(v): a for v, a in zip(node.outs, evaluate(node, environment))})
    roots = [v for v in graph.roots() if is_bad(array_of(v, environment))]
    if not roots:
        return (
            f"{head} Computed again with NumPy it stays finite: the values are at the edge of their type's range.{tail}"
        )
    view = GraphView(graph, record.input_names)
    origin = first_bad(roots, environment)
    if origin.node is None:
        return f"{head} It comes in with '{view.name(origin)}': {ranges(array_of(origin, environment))}.{tail}"
    return f"{head}\n{about(view, *inside(origin, environment))}{tail}"


def first_bad(roots: list[Value], environment: dict[int, np.ndarray]) -> Value:
    """The first value on the way to ``roots`` that is not finite while the inputs of its node are.

    Args:
        roots: list of Values, on the way to which it lies.
        environment: dict from the id of a Value to its array.

    Returns:
        Value.
    """
    origins: list[Value] = []
    seen: set[int] = set()
    stack = list(roots)
    while stack:
        v = stack.pop()
        if id(v) in seen:
            continue
        seen.add(id(v))
        sources = (
            [x for x in v.node.inputs if x.kind != "constant" and is_bad(array_of(x, environment))] if v.node else []
        )
        stack += sources
        if not sources:
            origins.append(v)
    return min(origins, key=lambda v: -1 if v.node is None else v.node.id)


def inside(value: Value, environment: dict[int, np.ndarray]) -> tuple[Value, dict[int, np.ndarray]]:
    """For a branch or loop: the first value of its subgraphs that is not finite, and all values at that point.

    Args:
        value: Value.
        environment: dict from the id of a Value to its array.

    Returns:
        tuple (Value, dict of what was known then).
    """
    found: list[tuple[Value, dict]] = []

    def look(node, values):
        if not found and not any(is_bad(array_of(v, values)) for v in node.inputs):
            found.extend((v, dict(values)) for v in node.outs if is_bad(values[id(v)]))

    control.watchers.append(look)
    try:
        evaluate(value.node, environment)
    finally:
        control.watchers.remove(look)
    return found[0] if found else (value, environment)


def about(view: GraphView, value: Value, environment: dict[int, np.ndarray]) -> str:
    """The op, Cell, line and inputs of the node that computes a value.

    Args:
        view: GraphView.
        value: Value.
        environment: dict from the id of a Value to its array.

    Returns:
        str.
    """
    node = value.node
    assert node is not None
    seen = view.by_id[node.id]
    side = f"in the gradient of '{node.forward.op.name}'" if node.forward is not None else f"in the {seen.section} pass"
    cell = f" of the Cell {seen.scope}" if seen.scope else ""
    lines = [f"It begins in '{node.op.name}' {side}{cell}: {seen}"]
    if node.location:
        lines.append(
            f"  at {node.location}: {_line(node)}" + ("  (the forward line)" if node.forward is not None else "")
        )
    result = array_of(value, environment)
    lines.append(f"  result: {ranges(result)}")
    for operand, v in zip(seen.operands, node.inputs):
        lines.append(f"  {operand}: {ranges(array_of(v, environment))}")
    where = np.unravel_index(int(np.argmin(np.isfinite(result))), result.shape) if result.ndim else ()
    if node.op.kind == "elementwise" and broadcast_shapes(node.op.name, [v.shape for v in node.inputs]) == result.shape:
        inside = [np.broadcast_to(array_of(v, environment), result.shape)[where] for v in node.inputs]
        place = f" at {[int(k) for k in where]}" if where else ""
        lines.append(f"  first{place}: {node.op.name}({', '.join(f'{x:g}' for x in inside)}) = {result[where]:g}")
    return "\n".join(lines)


def _line(node: Node) -> str:
    name, _, number = node.location.rpartition(":")
    return linecache.getline(name, int(number)).strip()


def ranges(array: np.ndarray) -> str:
    """The type and the range of an array, as text.

    Args:
        array: numpy.ndarray.

    Returns:
        str.

    >>> ranges(np.array([-1.0, 2.0, np.nan]))
    'float64[3] from -1 to 2, 1 NaN'
    """
    text = f"{array.dtype}{list(array.shape)}"
    if array.size == 0:
        return f"{text}, empty"
    if array.dtype.kind == "b":
        return f"{text}, {int(array.sum())} True"
    wide = array.astype(np.float64) if array.dtype.kind not in "iu" else array
    finite = wide[np.isfinite(wide)]
    if finite.size:
        text += f" from {finite.min():g} to {finite.max():g}" if finite.size > 1 else f" {finite.ravel()[0]:g}"
    for word, count in (("NaN", int(np.isnan(wide).sum())), ("infinite", int(np.isinf(wide).sum()))):
        text += f", {count} {word}" if count else ""
    return text
