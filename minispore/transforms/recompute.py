"""Recomputation (gradient checkpointing): the backward pass computes intermediate values of a block again."""

from ..autodiff import backward
from ..core import tree
from ..core.errors import fail
from ..core.op import tensor_of, value_of, view
from ..core.record import STATE, Value, current_recorder
from ..flow.subgraph import replay
from ..ops.batch import batch_elementwise
from .custom_gradient import with_gradient

# Marks the inputs of the recomputed nodes: without it, common subexpression elimination would merge these with the original nodes.
again = view(
    "again", lambda x: x, lambda shape: shape, lambda strides, shape: (0, strides), vjp=lambda g, out, x: g, samples=[],
    batch=batch_elementwise,
)  # fmt: skip


def recompute(block, *args, **kwargs):
    """``block(*args)`` without keeping intermediate values: the backward pass computes them again.

    Values and gradients are the same, dropout included; a compiled step needs less memory and about one more forward
    pass of the block.  In PYNATIVE mode it is the plain call.  ``Cell.recompute()`` marks a Cell for it.

    Args:
        block: Cell or function.
        *args: its inputs.
        **kwargs: its inputs by name; MindSpore's ``use_reentrant``, ``output_recompute``, ``early_stop`` and
            ``context_fn`` are accepted.

    Returns:
        what ``block`` returns.

    Raises:
        TypeError: ``block`` cannot be called.

    >>> import minispore as ms
    >>> block = ms.nn.SequentialCell(ms.nn.Dense(2, 8), ms.nn.ReLU())
    >>> g = ms.jit(ms.grad(lambda x: ms.recompute(block, x)))(ms.Tensor([[1.0, 2.0]]))
    >>> bool((g == ms.grad(block)(ms.Tensor([[1.0, 2.0]]))).all())
    True
    """
    if not callable(block):
        raise fail(TypeError, f"For 'recompute', 'block' must be a Cell or a function, but got {type(block).__name__}.")
    for name in ("use_reentrant", "output_recompute", "early_stop", "context_fn"):
        kwargs.pop(name, None)
    recorder = STATE.recorder
    if recorder is None or not recorder.symbolic:
        return block(*args, **kwargs)
    begin, before = len(recorder.nodes), len(recorder.assignments)
    result = block(*args, **kwargs)
    nodes = recorder.nodes[begin:]
    own = {id(v) for node in nodes for v in node.outs}
    assigned = dict.fromkeys(key for key, _ in recorder.assignments[before:])
    changed = [  # weights and moments that the block updates are among its outputs
        entry
        for entry in map(recorder.parameters.__getitem__, assigned)
        if entry[0].requires_grad and id(entry[1]) in own
    ]
    returned = [t for t in tree.tensors(result) if id(value_of(recorder, t)) in own]  # others are inputs of the block
    outputs = [*(value_of(recorder, t) for t in returned), *(now for _, now, _ in changed)]
    if not outputs:
        return result
    read: dict[int, Value] = {
        id(v): v for node in nodes for v in node.inputs if v.kind != "constant" and id(v) not in own
    }

    def gradient(needs, grads, inputs):
        environment = {key: again(x) for key, x in zip(read, inputs[len(outputs) :])}
        starts = [value_of(current_recorder(), t) for t in environment.values()]
        replay(nodes, environment)
        pairs = [(value_of(current_recorder(), environment[id(v)]), g) for v, g in zip(outputs, grads) if g is not None]
        found = backward(current_recorder(), [v for v, _ in pairs], [g for _, g in pairs], starts)
        return [None] * len(outputs) + found

    tensors, inputs = ([tensor_of(recorder, v) for v in values] for values in (outputs, read.values()))
    made = with_gradient(tensors, inputs, gradient)
    for entry, tensor in zip(changed, made[len(returned) :]):
        recorder.assign(id(entry[0]), value_of(recorder, tensor))
    new = {id(old): tensor for old, tensor in zip(returned, made)}
    return tree.map_leaves(lambda x: new.get(id(x), x), result)
