"""Running recorded nodes for many examples at once: what ``vmap`` and the Jacobians do with a traced function."""

import warnings
from collections.abc import Callable, Sequence

from .. import ops
from ..core import tree
from ..core.errors import fail
from ..core.op import apply
from ..core.record import STATE, Node, Value
from ..core.tensor import Tensor
from ..ops.batch import Same, full, one_by_one
from .subgraph import Traced, read, replay, trace_inside

LOOP_WARNING = 64  # examples from which on the loop for an op without a rule is worth a word
_warned: set[str] = set()


# ---------------------------------------------------------------- rules by class of op
def _elementwise(op, size, tensors, batched, attrs):
    """Axes of length 1 after that of the examples, so that the others broadcast as they did."""
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
                f"For 'vmap', the op {op.name!r} has no batch rule: it runs once for each example.", stacklevel=2
            )
        return one_by_one
    return rule


# ---------------------------------------------------------------- the walk
def run_batched(traced: Traced, tensors: Sequence[Tensor], size: int, stacked=()) -> list[tuple[Tensor, bool]]:
    """(Tensor, whether it has an axis of examples) for each output; the examples stand on axis 0.

    ``tensors``: the inputs, with the examples on axis 0.  ``stacked``: (Value, Tensor) of free values that differ
    between the examples, too.  Only nodes that depend on an example are batched.
    """
    known = {id(v): t for v, t in zip(traced.inputs, tensors)}
    batched = {id(v) for v in traced.inputs}
    known.update((id(inner), outside) for outside, inner in traced.free)
    for value, tensor in stacked:
        known[id(value)] = tensor
        batched.add(id(value))

    def rule(node: Node, given):
        flags = [id(v) in batched for v in node.inputs]
        recorder = STATE.recorder
        start = 0 if recorder is None else len(recorder.nodes)
        if any(flags):
            outs = list(_rule_of(node.op, size)(node.op, size, given, flags, node.attrs))
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

    replay(_needed(traced), known, rule)
    return [(read(v, known), id(v) in batched) for v in traced.outputs]


def _needed(traced: Traced) -> list[Node]:
    """The nodes that the outputs depend on, or that may raise, in order."""
    found: set[int] = set()
    stack: list[Value] = [*traced.outputs, *(n.outs[0] for n in traced.nodes if n.may_raise)]
    while stack:
        node = stack.pop().node
        if node is not None and node.id not in found:
            found.add(node.id)
            stack += node.inputs
    return [n for n in traced.nodes if n.id in found]


def example_of(x: Tensor) -> Tensor:
    """Stands for one example of ``x`` while a function is traced: a type without data."""
    made = Tensor.__new__(Tensor)
    made._data, made._recorder = None, None
    made._value = Value(x.shape[1:], x.dtype, kind="input")
    return made


def over_examples(function: Callable, tensors: Sequence[Tensor], size: int) -> list:
    """What ``function(*tensors)`` returns (a list of Tensors and Nones) for the examples on axis 0 of ``tensors``."""
    traced = trace_inside(function, [example_of(t) for t in tensors])
    outs = iter([full(x, size, batched) for x, batched in run_batched(traced, tensors, size)])
    return [next(outs) if isinstance(x, Tensor) else None for x in traced.result]


def assign_updates(traced: Traced, outs: list[tuple[Tensor, bool]], cells=()) -> None:
    """Gives Parameters, and Tensors changed in place, what the traced function assigned to them.

    ``cells``: the Parameters of an ensemble: {id(Parameter of the first cell): that Parameter of each cell}.
    """
    members = dict(cells)
    for parameter, (value, batched) in zip(traced.updates, outs[len(tree.tensors(traced.result)) :]):
        if id(parameter) in members:
            for k, p in enumerate(members[id(parameter)]):
                ops.assign(p, value[k] if batched else value)
        elif batched:
            what = f"the Parameter '{parameter.name}'" if parameter.is_parameter else "a Tensor from outside"
            raise fail(
                RuntimeError,
                f"For 'vmap', {what} is assigned a value that differs between the examples: it "
                "cannot hold them all. Return the value from the mapped function and assign outside, for example its mean.",
            )
        else:
            ops.assign(parameter, value)
