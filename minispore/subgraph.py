"""Functions traced inside a recording: the bodies of branches and loops, and what vmap and recomputation run again.

``trace_inside`` runs a function on symbolic Tensors of its own; whatever it reads from outside becomes a free input.
``replay`` runs recorded nodes again on other Tensors, in whatever recording (or none) is going on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import tree
from .flow import runnable
from .op import apply, fixed, tensor_of, value_of
from .record import STATE, Node, Recorder, Value
from .tensor import Tensor


@dataclass
class Traced:
    """One function as nodes: ``outputs`` computed from ``inputs`` and from ``free`` values of the surroundings."""

    inputs: list[Value]
    free: list[tuple[Tensor, Value]]  # (what it is outside, what stands for it inside)
    nodes: list[Node]
    outputs: list[Value]  # one for each Tensor in ``result``, then one for each update
    result: Any  # what the function returned, with symbolic Tensors
    updates: list = field(default_factory=list)  # Parameters that the function assigned to


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
    finally:
        STATE.recorder = parent
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
