"""Batch rules of branches and loops.

A condition that differs between the examples becomes a selection between the results of both branches; a loop then runs
until the last example is done, and leaves those that are done unchanged.  The mask says which examples a branch or a turn is
for: a loop inside takes no turns for the others, for which it might not end, and nothing is raised because of them.  A
stack of unknown length has its examples on axis 1: only loops read it, row by row.
"""

from collections.abc import Callable
from functools import partial

from ..core.dtype import bool_, int64
from ..core.op import as_tensor, to
from ..core.record import STATE
from ..core.tensor import Tensor
from ..ops.batch import Same, full, swapped, to_front
from ..ops.creation import zeros
from ..ops.effects import for_examples
from ..ops.elementwise import logical_and, where
from .batching import run_batched
from .cond_op import CondSignature, choose, cond_op
from .control import UNKNOWN, intermediates, split
from .loop_op import LoopInputs, LoopSignature, loop_op, repeat
from .subgraph import Traced, read, replay, trace_inside


def _staged(function: Callable[[list[Tensor]], list[Tensor]], tensors) -> list[Tensor]:
    """``function(tensors)``; where nothing is being traced, it is traced first and the recorded nodes are run."""
    if STATE.recorder is not None and STATE.recorder.symbolic:
        return function(list(tensors))
    traced = trace_inside(lambda *given: function(list(given)), tensors)
    known = {id(v): t for v, t in zip(traced.inputs, tensors)}
    known.update((id(inner), outer) for outer, inner in traced.free)
    replay(traced.nodes, known)
    return [read(v, known) for v in traced.outputs]


def _run(graph, values, tensors, batched, size: int, mask: Tensor | None) -> list[tuple[Tensor, bool]]:
    """``values`` of a graph for all examples, each with whether it has an axis of examples."""
    traced = Traced([], [], list(graph.nodes), list(values), None)
    traced.free = [(t, v) for v, t, b in zip(graph.inputs, tensors, batched) if not b]
    return run_batched(traced, [], size, [(v, t) for v, t, b in zip(graph.inputs, tensors, batched) if b], mask)


def _both(mask: Tensor | None, other: Tensor) -> Tensor:
    """The examples that take part according to both."""
    return other if mask is None else logical_and(mask, other)


def _guarded(tensors, batched, mask: Tensor) -> list[Tensor]:
    """The same Tensors, to which no gradient passes of examples that the mask leaves out."""
    return [
        for_examples(t, mask.reshape((-1, *(1,) * (t.ndim - 1))))
        if b and (t.dtype.is_float or t.dtype.is_complex)
        else t
        for t, b in zip(tensors, batched)
    ]


def _cond(op, size, tensors, batched, attrs, mask):
    cond = CondSignature(**attrs)
    index_differs, axes = cond.inputs(batched)
    differ = any(batched)  # else only the mask depends on the example

    def outputs_of(k: int, operands, mask=mask) -> list[Tensor]:
        """The outputs of the node when branch ``k`` runs: zeros for the intermediate values of the others."""
        branch = cond.branches[k]
        found = _run(branch, [*branch.outputs, *intermediates(branch)], operands, axes, size, mask)
        results, computed = split([full(t, size, b) if differ else t for t, b in found], len(branch.outputs))
        zero = [[zeros((size, *v.shape) if differ else v.shape, v.dtype) for v in intermediates(b)] if j != k else computed
                for j, b in enumerate(cond.branches)]  # fmt: skip
        return cond.output_list(results, zero)

    def run(given):
        index, operands = cond.inputs(given)
        if not index_differs:
            return choose(index, [partial(outputs_of, k, operands) for k in range(len(cond.branches))])
        last = len(cond.branches) - 1
        chosen = [index <= 0 if k == 0 else index >= last if k == last else index == k for k in range(last + 1)]
        every = [outputs_of(k, _guarded(operands, axes, c), _both(mask, c)) for k, c in enumerate(chosen)]
        out = every[last]
        for k in range(last):
            out = [_pick(chosen[k], a, b) for a, b in zip(every[k], out)]
        return out

    outs = _staged(run, tensors)
    return outs if differ else [Same(out) for out in outs]


def _pick(mask, a, b):
    """Example by example ``a`` or ``b``."""
    return where(mask.reshape((-1, *(1,) * (a.ndim - 1))), a, b)


def _loop(op, size, tensors, batched, attrs, mask):
    loop = LoopSignature(**attrs)
    batch = _LoopBatch(loop, size, loop.inputs(batched), mask)
    outs = _staged(lambda given: batch.run(loop.inputs(given)), tensors)
    if not batch.uneven:
        made = loop.outputs(outs)
        outs = loop.output_list(made.final, made.stacked, Same(made.turns[0]))
    return outs


class _LoopBatch:
    """One loop that takes the turns of all examples.

    It is *uneven* when the examples may take different numbers of turns.  Then it runs until the last of them is done,
    and a mask keeps the state of those that are done as it is.  Invariant: a carried value either has the axis of
    examples in all turns or in none.
    """

    def __init__(self, loop: LoopSignature, size: int, batched: LoopInputs, mask: Tensor | None):
        self.loop, self.size, self.batched, self.mask = loop, size, batched, mask
        self.uneven = bool(batched.count)
        self.state_axes = list(batched.state)  # of each carried value: whether it has the axis of examples

    def run(self, given: LoopInputs) -> list[Tensor]:
        """The outputs of the node.  Carried: the state, the turns that were taken, the number of this turn."""
        loop, size = self.loop, self.size
        known = loop.length != UNKNOWN  # a stack of unknown length has its examples on axis 1 already
        xs = [swapped(x, 1) if b and known else x for x, b in zip(given.xs, self.batched.xs)]
        self.given = given._replace(xs=xs)
        self._find_state_axes()
        limit = given.count.max() if self.uneven and loop.counted else given.count
        taken, number = zeros((size,) if self.uneven else (), int64), zeros((), int64)

        def turn(carried, rows):
            state, (taken, number) = split(carried, loop.carried)
            return self._turn(state, taken, number, rows, limit)

        def test(carried):
            found = self._active(carried[: loop.carried], None, limit)
            if self.uneven:
                return found.any()
            return found if self.mask is None else logical_and(found, self.mask.any())

        condition = test if loop.condition is not None else None
        final, stacks = repeat(
            [*self._start(), taken, number], turn, condition, xs, loop.length, loop.reverse, limit
        )  # fmt: skip
        state, (turns, _) = split(final, loop.carried)
        return loop.output_list(
            [full(t, size, b) for t, b in zip(state, self.state_axes)],
            [to_front(t, 1) if known else t for t in stacks],
            full(turns, size, self.uneven),
        )

    def _find_state_axes(self) -> None:
        """Widens the state until a turn gives an axis of examples to no value that had none."""
        loop = self.loop
        rows = [zeros(x.shape[1:], x.dtype) for x in self.given.xs]
        while True:
            state = self._start()
            after = self._axes_of(lambda rows: self._run_body(loop.body_outputs.state, state, rows, self.mask), rows)
            if loop.condition is not None:
                self.uneven = self.uneven or self._axes_of(lambda: self._run_condition(state))[0]
            wider = [self.uneven or before or b for before, b in zip(self.state_axes, after)]
            if wider == self.state_axes:
                return
            self.state_axes = wider

    @staticmethod
    def _axes_of(run: Callable, *args) -> list[bool]:
        """Which results of ``run`` have the axis of examples; what it records is thrown away."""
        return trace_inside(lambda *given: [b for _, b in run(*given)], args).result

    def _start(self) -> list[Tensor]:
        """The state at the start, with the axis of examples where ``state_axes`` says so."""
        return [
            full(s, self.size, b) if wanted else s
            for s, b, wanted in zip(self.given.state, self.batched.state, self.state_axes)
        ]

    def _run_body(self, values, state, rows, mask) -> list[tuple[Tensor, bool]]:
        axes = [*self.state_axes, *self.batched.xs, *self.batched.consts]
        given = [*state, *rows, *self.given.consts]
        if self.uneven and mask is not None:
            given = _guarded(given, axes, mask)
        return _run(self.loop.body, values, given, axes, self.size, mask)

    def _run_condition(self, state) -> list[tuple[Tensor, bool]]:
        condition, axes = self.loop.condition, [*self.state_axes, *self.batched.consts]
        return _run(condition, condition.outputs, [*state, *self.given.consts], axes, self.size, self.mask)

    def _turn(self, state, taken, number, rows, limit):
        """(state, turns taken, number of the next turn), and a row of each stacked output."""
        loop, size = self.loop, self.size
        active = self._active(state, number, limit) if self.uneven else self.mask
        found = self._run_body([*loop.body_outputs.state, *loop.stacked], state, rows, active)
        after, stacked = split(found, loop.carried)
        new = [full(t, size, b) if wanted else t for (t, b), wanted in zip(after, self.state_axes)]
        if self.uneven:
            new = [_pick(active, a, b) for a, b in zip(new, state)]
            taken = taken + to(active, int64)
        else:
            taken = taken + 1
        return [*new, taken, number + 1], [full(t, size, b) for t, b in stacked]

    def _active(self, state, number, limit):
        """Which examples take the turn with this number; a 0-d Tensor where that is the same for all."""
        loop = self.loop
        if loop.condition is None:
            row = as_tensor(limit) - 1 - number if loop.reverse else number
            return row < self.given.count
        found = to(as_tensor(self._run_condition(state)[0][0]), bool_)
        return _both(self.mask, found.reshape(-1)) if self.uneven else found.reshape(())


cond_op.batch, loop_op.batch = _cond, _loop
