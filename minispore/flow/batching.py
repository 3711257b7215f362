"""Runs a traced function for a batch of examples at once, by the batch rule of each op: for ``vmap`` and the Jacobians."""

import warnings
from collections.abc import Callable, Sequence

from .. import ops
from ..core import tree
from ..core.errors import fail
from ..core.op import apply
from ..core.record import STATE, Node, Value, user_level
from ..core.tensor import Tensor
from ..ops.batch import Same, full, one_by_one
from .subgraph import Traced, read, replay, trace_inside

LOOP_WARNING = 64  # from this batch size on, an op without a batch rule (which runs in a loop) gives a warning
_warned: set[str] = set()


# ---------------------------------------------------------------- rules by class of op
def _elementwise(op, size, tensors, batched, attrs):
    """Inserts axes of length 1 after the batch axis, so that the other axes broadcast as for one example."""
    rank = max(x.ndim - b for x, b in zip(tensors, batched))
    aligned = [
        ops.reshape(x, (size, *(1,) * (rank - x.ndim + 1), *x.shape[1:])) if b else x for x, b in zip(tensors, batched)
    ]
    return apply(op, aligned, attrs)


def _reduction(op, size, tensors, batched, attrs):
    return apply(op, tensors, {"axis": tuple(a + 1 for a in attrs["axis"])})


BY_KIND = {"elementwise": _elementwise, "reduction": _reduction}


def _rule_of(op, size: int) -> Callable:
    rule = op.batch or BY_KIND.get(op.kind)
    if rule is None:
        if size >= LOOP_WARNING and op.name not in _warned:
            _warned.add(op.name)
            warnings.warn(
                f"For 'vmap', the op {op.name!r} has no batch rule: it runs once for each example.",
                stacklevel=user_level(),
            )
        return one_by_one
    return rule


# ---------------------------------------------------------------- running a traced function
def run_batched(
    traced: Traced, tensors: Sequence[Tensor], size: int, stacked=(), mask: Tensor | None = None
) -> list[tuple[Tensor, bool]]:
    """(Tensor, whether it is batched) for each output; the batch axis is axis 0.

    ``tensors``: the inputs, batched on axis 0.  ``stacked``: (Value, Tensor) of free values that are batched, too.  Only nodes
    that depend on a batched value are batched.  ``mask``: which examples take part, None for all (see ops/batch.py).
    """
    environment = {id(v): t for v, t in zip(traced.inputs, tensors)}
    batched = {id(v) for v in traced.inputs}
    environment.update((id(inner), outside) for outside, inner in traced.free)
    for value, tensor in stacked:
        environment[id(value)] = tensor
        batched.add(id(value))

    def rule(node: Node, given):
        flags = [id(v) in batched for v in node.inputs]
        recorder = STATE.recorder
        start = 0 if recorder is None else len(recorder.nodes)
        masked = node.op.takes_mask
        if any(flags) or (masked and mask is not None):
            further = (mask,) if masked else ()
            outs = list(_rule_of(node.op, size)(node.op, size, given, flags, node.attrs, *further))
            for k, (value, out) in enumerate(zip(node.outs, outs)):
                if isinstance(out, Same):
                    outs[k] = out.tensor
                else:
                    batched.add(id(value))
        else:
            outs = apply(node.op, given, node.attrs)
        for made in () if recorder is None else recorder.nodes[start:]:
            made.location, made.scope, made.forward = node.location, node.scope, node.forward
        return outs

    replay(_needed(traced), environment, rule)
    return [(read(v, environment), id(v) in batched) for v in traced.outputs]


def _needed(traced: Traced) -> list[Node]:
    """The nodes that the outputs depend on, and those that may raise or that other processes wait for, in order."""
    found: set[int] = set()
    stack: list[Value] = [*traced.outputs, *(n.outs[0] for n in traced.nodes if n.may_raise or n.ordered)]
    while stack:
        node = stack.pop().node
        if node is not None and node.id not in found:
            found.add(node.id)
            stack += node.inputs
    return [n for n in traced.nodes if n.id in found]


def example_of(x: Tensor) -> Tensor:
    """A symbolic Tensor with the type of one example of the batch ``x``."""
    made = Tensor.__new__(Tensor)
    made._data, made._recorder = None, None
    made._value = Value(x.shape[1:], x.dtype, kind="input")
    return made


def over_examples(function: Callable, tensors: Sequence[Tensor], size: int) -> list:
    """``function`` (which returns a list of Tensors and Nones) applied to the batch on axis 0 of ``tensors``."""
    traced = trace_inside(function, [example_of(t) for t in tensors])
    outs = iter([full(x, size, batched) for x, batched in run_batched(traced, tensors, size)])
    return [next(outs) if isinstance(x, Tensor) else None for x in traced.result]


def assign_updates(traced: Traced, outs: list[tuple[Tensor, bool]], to_members: Callable[..., bool]) -> None:
    """Stores what the traced function assigned to Parameters and changed in place.

    ``to_members(parameter, value, batched)`` stores what belongs to the members of an ensemble; else it returns False.
    """
    for parameter, (value, batched) in zip(traced.updates, outs[len(tree.tensors(traced.result)) :]):
        if parameter.is_literal >= traced.recorder or to_members(parameter, value, batched):
            continue  # a Tensor that was made since the trace began is of no use after it
        if batched:
            what = f"the Parameter '{parameter.name}'" if parameter.is_parameter else "a Tensor from outside"
            raise fail(
                RuntimeError,
                f"For 'vmap', {what} is assigned a value that differs between the examples: it "
                "cannot hold them all. Return the value from the mapped function and assign outside, for example its mean.",
            )
        ops.assign(parameter, value)
