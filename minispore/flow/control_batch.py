"""Batch rules of branches and loops.

A condition that differs between the examples becomes a choice between the results of both branches; a loop then runs
until the last example is done, and leaves those that are as they are.  A stack of unknown length has its examples on
axis 1: nothing but loops ever reads it.
"""

from collections.abc import Callable
from functools import partial

from ..core.dtype import bool_, int64
from ..core.op import as_tensor, to
from ..core.record import STATE
from ..core.tensor import Tensor
from ..ops.batch import Same, full, swapped, to_front
from ..ops.creation import zeros
from ..ops.elementwise import where
from .control import UNKNOWN, choose, cond_op, exposed, loop_op, loop_parts, repeat
from .subgraph import Traced, read, replay, trace_inside


def _staged(function: Callable[[list[Tensor]], list[Tensor]], tensors) -> list[Tensor]:
    """``function(tensors)``; where nothing is being traced, it is traced first and what was recorded is run."""
    if STATE.recorder is not None and STATE.recorder.symbolic:
        return function(list(tensors))
    traced = trace_inside(lambda *given: function(list(given)), tensors)
    known = {id(v): t for v, t in zip(traced.inputs, tensors)}
    known.update((id(inner), outer) for outer, inner in traced.free)
    replay(traced.nodes, known)
    return [read(v, known) for v in traced.outputs]


def _run(graph, values, tensors, batched, size: int) -> list[tuple[Tensor, bool]]:
    """``values`` of a graph for all examples, each with whether it has an axis of examples."""
    from .batching import run_batched

    traced = Traced([], [], list(graph.nodes), list(values), None)
    traced.free = [(t, v) for v, t, b in zip(graph.inputs, tensors, batched) if not b]
    return run_batched(traced, [], size, [(v, t) for v, t, b in zip(graph.inputs, tensors, batched) if b])


def _cond(op, size, tensors, batched, attrs):
    branches = attrs["branches"]
    results = len(branches[0].outputs)

    def values_of(k: int, operands) -> list[Tensor]:
        """The node's outputs, as far as branch ``k`` knows them."""
        found = _run(branches[k], [*branches[k].outputs, *exposed(branches[k])], operands, batched[1:], size)
        made = [full(t, size, b) for t, b in found]
        out = made[:results]
        for j, b in enumerate(branches):
            out += made[results:] if j == k else [zeros((size, *v.shape), v.dtype) for v in exposed(b)]
        return out

    def run(given):
        index, *operands = given
        if not batched[0]:
            return choose(index, [partial(values_of, k, operands) for k in range(len(branches))])
        every = [values_of(k, operands) for k in range(len(branches))]
        out = every[-1]
        for k in range(len(branches) - 2, -1, -1):
            chosen = index <= 0 if k == 0 else index == k
            out = [_pick(chosen, a, b) for a, b in zip(every[k], out)]
        return out

    return _staged(run, tensors)


def _pick(mask, a, b):
    """Example by example ``a`` or ``b``."""
    return where(mask.reshape((-1, *(1,) * (a.ndim - 1))), a, b)


def _loop(op, size, tensors, batched, attrs):
    body, condition, reverse, length = attrs["body"], attrs["condition"], attrs["reverse"], attrs["length"]
    carried, rows = attrs["carried"], attrs["rows"]
    parts = (body, carried, rows, length, condition)
    state_is, xs_are, count_is, consts_are = loop_parts(list(batched), *parts)
    uneven = bool(count_is)  # whether the examples need different numbers of turns
    made = len(body.outputs) - carried

    def run(given):
        nonlocal uneven
        state, xs, count, consts = loop_parts(given, *parts)
        xs = [swapped(x, 1) if b and length != UNKNOWN else x for x, b in zip(xs, xs_are)]
        flags = list(state_is)
        while True:  # what a turn makes different between the examples is so from the start
            pieces = [zeros(x.shape[1:], x.dtype) for x in xs]
            now = [full(s, size, b) if f else s for s, f, b in zip(state, flags, state_is)]
            seen = trace_inside(lambda: _flag_tensors(_turn(now, flags, pieces, consts, body.outputs[:carried]))).result
            if condition is not None:
                ask = trace_inside(
                    lambda: _flag_tensors(
                        _run(condition, condition.outputs, [*now, *consts], [*flags, *consts_are], size)
                    )
                )
                uneven = uneven or ask.result[0]
            wider = [True if uneven else f or s for f, s in zip(flags, seen)]
            if wider == flags:
                break
            flags = wider
        start = [full(s, size, b) if f else s for s, f, b in zip(state, flags, state_is)]
        turns = zeros((size,) if uneven else (), int64)
        step = zeros((), int64)
        limit = None
        if count is not None:
            limit = count.max() if uneven else count

        def going_on(values, turn_number):
            """Which examples take this turn."""
            if condition is not None:
                return to(
                    as_tensor(
                        _run(condition, condition.outputs, [*values, *consts], [*flags, *consts_are], size)[0][0]
                    ),
                    bool_,
                ).reshape(-1)
            row = as_tensor(limit) - 1 - turn_number if reverse else turn_number
            return row < count

        def turn(s, pieces):
            values, done, number = s[:carried], s[carried], s[carried + 1]
            wanted = [*body.outputs, *body.inputs[:carried], *exposed(body)]
            found = _run(body, wanted, [*values, *pieces, *consts], [*flags, *xs_are, *consts_are], size)
            new = [full(t, size, b) if f else t for (t, b), f in zip(found, flags)]
            stacks = [full(t, size, b) for t, b in found[carried:]]
            if uneven:
                mask = going_on(values, number)
                new = [_pick(mask, a, b) for a, b in zip(new, values)]
                done = done + to(mask, int64)
            else:
                done = done + 1
            return [*new, done, number + 1], stacks

        def asked(s):
            found = going_on(s[:carried], s[carried + 1])
            return found.any() if uneven else found.reshape(())

        test = asked if condition is not None else None
        final, stacks = repeat([*start, turns, step], turn, test, xs, length, reverse, limit)
        shaped = [t if length == UNKNOWN else to_front(t, 1) for t in stacks]
        ends = [full(t, size, f) for t, f in zip(final[:carried], flags)]
        count_out = full(final[carried], size, uneven)
        return [*ends, *shaped[:made], count_out, *shaped[made:]]

    def _turn(values, flags, pieces, consts, wanted):
        return _run(body, wanted, [*values, *pieces, *consts], [*flags, *xs_are, *consts_are], size)

    outs = _staged(run, tensors)
    if not uneven:  # one number of turns for all
        outs[carried + made] = Same(outs[carried + made][0])
    return outs


def _flag_tensors(found) -> list[bool]:
    return [b for _, b in found]


cond_op.batch, loop_op.batch = _cond, _loop
