"""Reverse-mode differentiation: one backward pass over recorded nodes, in both modes.

The pass calls the ``vjp`` of each op, which is written with ops.  So while a graph is traced the gradient becomes nodes of it, and
under an outer ``grad`` it is recorded and can be differentiated again: derivatives of any order come from this one function.
"""

from collections.abc import Sequence

from .core.op import REGISTRY, tensor_of, to, value_of
from .core.record import STATE, Node, Recorder, Value, give_back, needed_nodes
from .core.registry import supplied
from .core.tensor import Tensor
from .ops.complex import conjugated
from .ops.reduction import sum_to


def backward(
    recorder: Recorder,
    outputs: Sequence[Value],
    seeds: Sequence[Tensor],
    wrt: Sequence[Value],
    last: bool = False,
    after: int = -1,
):
    """Gradients of ``sum(output * seed)`` with respect to the values ``wrt``: Tensors, or None where there is no dependency.

    ``last``: the recording will not be differentiated again.  The backward pass is then not recorded itself, and each
    intermediate result is freed as soon as the pass does not need it any more.  ``after``: what nodes with ids up to it computed is constant.

    Invariant: when a node is visited, the gradients of its outputs are complete, because all nodes that read them came before.
    """
    wanted = {id(v) for v in wrt}
    nodes = _taken_from(recorder, wanted) if last else _between(outputs, wrt, after)
    # a Parameter that is given as an argument, too, has a leaf for that, whose gradient is not the Parameter's as well
    nodes = [n for n in nodes if n.op.name != "identity" or id(n.outs[0]) not in wanted]
    if last and all([node.op.joins_a_tape for node in nodes]):
        found = supplied("gradients of a tape")(nodes, outputs, seeds, wrt, recorder.integers)
        if found is not None:
            for node in nodes:
                node.detach()
            return found
    walk = _Walk(recorder, nodes, wanted, last)
    for out, seed in zip(outputs, seeds):
        walk.add(id(out), seed)
    outer, current = recorder.forward, STATE.recorder
    try:
        walk.run(current)
    finally:
        recorder.forward, STATE.recorder = outer, current
    return [walk.grads.get(id(v)) for v in wrt]


class _Walk:
    """A backward pass node by node; between nodes that have to be walked, by one call for all where that is possible.

    ``grads``: id(Value) -> its gradient so far; of a value that is not wanted it is taken out when its node is passed.
    """

    def __init__(self, recorder: Recorder, nodes: list[Node], wanted: set[int], last: bool):
        self.recorder, self.nodes, self.wanted, self.last = recorder, nodes, wanted, last
        self.depends = wanted.union([id(v) for n in nodes for v in n.outs])
        self.grads: dict[int, Tensor] = {}

    def add(self, key: int, g: Tensor) -> None:
        """Adds to the gradient of the value with the id ``key``."""
        old = self.grads.get(key)
        self.grads[key] = g if old is None else old + g

    def run(self, current: Recorder | None) -> None:
        """``current``: what records the ops of this pass, unless it is the last."""
        nodes, last = self.nodes, self.last
        begins = last and not all([node.op.joins_a_tape for node in nodes])  # whether a stretch may begin
        STATE.recorder = None if last else current
        while nodes:
            if begins and nodes[-1].op.joins_a_tape:
                begins = False
                if self.stretch():
                    continue
            node = nodes.pop()
            begins = last and not node.op.joins_a_tape
            self.node(node, current)
            if last:
                node.detach()

    def node(self, node: Node, current: Recorder | None) -> None:
        """Passes a node: from the gradients of its outputs to those of its inputs."""
        grads, wanted = self.grads, self.wanted
        given = [grads.get(id(v)) if id(v) in wanted else grads.pop(id(v), None) for v in node.outs]
        there = tuple([g is not None for g in given])
        if node.op.vjp is None or True not in there:
            return
        self.recorder.forward = node
        needs = tuple([id(v) in self.depends and self.recorder.has_gradient(v.dtype) for v in node.inputs])
        for value, g in zip(node.inputs, self.of_inputs(node, given, there, needs, current)):
            if g is not None:
                self.add(id(value), g)

    def of_inputs(self, node: Node, given, there, needs, current: Recorder | None):
        if self.last:
            program = supplied("gradient program")(node, needs, there, self.recorder.integers)
            if program is not None:
                return program(node, given)
            if node.op.vjp_traces:  # the rule traces functions that read from the recording
                STATE.recorder = current
                found = _input_gradients(self.recorder, node, given, needs)
                STATE.recorder = None
                return found
        return _input_gradients(self.recorder, node, given, needs)

    def stretch(self) -> bool:
        """Passes the nodes behind the last one that has to be walked, in one call; False where that is not possible."""
        nodes, grads, recorder = self.nodes, self.grads, self.recorder
        start = next((k for k in range(len(nodes), 0, -1) if not nodes[k - 1].op.joins_a_tape), 0)
        taken = nodes[start:]
        made = {id(v): v for node in taken for v in node.outs}
        if len(taken) == 1 or not self.wanted.isdisjoint(made):
            return False
        ends = [v for key, v in made.items() if key in grads]
        reads = {
            id(v): v
            for node in taken
            for v in node.inputs
            if id(v) in self.depends and id(v) not in made and recorder.has_gradient(v.dtype)
        }
        wrt = list(reads.values())
        found: Sequence[Tensor | None] | None = [None] * len(wrt)
        if ends:
            seeds = [grads[id(v)] for v in ends]
            found = supplied("gradients of a tape")(taken, ends, seeds, wrt, recorder.integers)
        if found is None:
            return False
        for v in ends:
            del grads[id(v)]
        for key, g in zip(reads, found):
            if g is not None:
                self.add(key, g)
        for node in taken:
            node.detach()
        del nodes[start:]
        return True


def _taken_from(recorder: Recorder, wanted: set[int]) -> list[Node]:
    """The nodes that depend on a wanted value, in order; the recorder lets go of all its nodes."""
    nodes, recorder.nodes, recorder.passes = recorder.nodes, [], {}
    depends, found = set(wanted), []
    for node in nodes:
        for v in node.inputs:
            if id(v) in depends:
                found.append(node)
                for out in node.outs:
                    depends.add(id(out))
                break
        else:
            node.detach()
    return found


def _between(outputs, wrt, after: int = -1) -> list[Node]:
    """The nodes on a path from a wanted value to an output, in the order in which they were recorded."""
    wanted = {id(v) for v in wrt}
    # none is older than the oldest of the wanted values: of a training of a thousand steps only the last is looked at
    oldest = max(after, min([-1 if v.node is None else v.node.id for v in wrt], default=-1))
    order = sorted(needed_nodes(outputs, after=oldest).values(), key=lambda n: n.id)
    on_path: dict[int, bool] = {}
    for node in order:
        on_path[node.id] = any(
            id(v) in wanted or (v.node is not None and on_path.get(v.node.id, False)) for v in node.inputs
        )
    return [n for n in order if on_path[n.id]]


def _input_gradients(recorder: Recorder, node: Node, given, needs) -> list:
    """What the rule of a node gives for its inputs, in their shapes and types."""
    found = []
    for value, g in zip(node.inputs, _vjp(recorder, node, given, needs)):
        if g is not None and (len(g.shape) != len(value.shape) or g.shape != value.shape):
            g = sum_to(g, value.shape)
        found.append(None if g is None else to(g, value.dtype))
    return found


def _vjp(recorder: Recorder, node: Node, given, needs):
    # tensors of the recorded values: a Parameter itself may have been assigned another value since
    inputs = [tensor_of(recorder, v) for v in node.inputs]
    outs = [tensor_of(recorder, v) for v in node.outs]
    op, attrs = node.op, node.attrs
    # The gradient of a real loss L by z = x + iy is dL/dx + i dL/dy.  Through a holomorphic function it is multiplied by the
    # conjugate of the derivative: the rule of the op, which multiplies by the derivative, between two conjugations.
    crossed = op.holomorphic and op.kind != "view" and any([v.dtype.is_complex for v in (*node.inputs, *node.outs)])
    if crossed:
        given = [conjugated(g) for g in given]
        return [conjugated(g) for g in _by_rule(op, attrs, given, needs, inputs, outs)]
    return _by_rule(op, attrs, given, needs, inputs, outs)


def _by_rule(op, attrs, given, needs, inputs, outs):
    if isinstance(op.vjp, tuple):
        g, out = (given[0], outs[0]) if len(outs) == 1 else (given, outs)
        return [
            rule(g, out, *inputs, **attrs) if need and rule is not None else None for rule, need in zip(op.vjp, needs)
        ]
    return op.vjp(needs, given, outs, inputs, **attrs)


class recording:
    """``with recording() as recorder``: the recorder of this thread, when there is none ``resumed`` or a new eager one.

    ``keeps``: the new one can be resumed afterwards.

    An interrupt can come where a function of Python begins, so also before the first line of ``__exit__``.  What uses this calls
    ``end`` in a ``finally`` around it where ``is_open`` still holds.
    """

    is_open = own = False

    def __init__(self, resumed: Recorder | None = None, keeps: bool = False):
        self.resumed, self.keeps = resumed, keeps

    def __enter__(self) -> Recorder:
        if STATE.recorder is not None:
            return STATE.recorder
        recorder, self.outermost = self.resumed or Recorder(symbolic=False), STATE.undo is None
        self.is_open = self.own = True  # no calls from here: all of this happens, or nothing
        if self.outermost:
            STATE.undo = {}
        STATE.recorder = recorder
        return recorder

    def __exit__(self, kind, *rest):
        if self.is_open:
            self.end(kind is not None)

    def end(self, failed: bool) -> None:
        recorder, undo = STATE.recorder, STATE.undo
        STATE.recorder, self.is_open = None, False
        if self.outermost:
            STATE.undo = None
        if recorder is None:
            return
        try:
            if not failed:
                recorder.store_outside()
        except BaseException:  # an interrupt
            failed = True
            raise
        finally:
            if failed:
                recorder.restore_outside()
                if self.outermost and undo:
                    give_back(undo)
        if failed or not self.keeps:
            recorder.close()


def leaf(recorder: Recorder, tensor: Tensor) -> Tensor:
    """A Tensor of the same value, by which one can differentiate without including the other uses of ``tensor``."""
    value = value_of(recorder, tensor)
    if value.kind == "constant" and not recorder.symbolic:
        value = Value(value.shape, value.dtype, data=value.data, kind="input")
        return tensor_of(recorder, value)
    node = Node(REGISTRY["identity"], (value,), {}, [(value.shape, value.dtype)], None, "", recorder.forward,
                None if value.data is None else [value.data])  # fmt: skip
    recorder.nodes.append(node)
    made = tensor_of(recorder, node.outs[0])
    if tensor.is_number:
        made.is_number = True
    return made
