"""Branches and loops as ops: nodes that hold graphs.

``cond`` runs one of several graphs; ``loop`` runs one again and again on values that it carries on, on the rows of
stacked inputs, and leaves rows of stacked outputs.  Both also give, as further outputs, what their graphs compute on the
way: the gradient reads it there.  An output that nobody reads takes no memory and no time.
"""

from collections.abc import Callable, Sequence

import numpy as np

from ..autodiff import backward
from ..core import tree
from ..core.dtype import int64
from ..core.ir import Graph
from ..core.op import Library, as_tensor, tensor_of, to, value_of
from ..core.record import Value, current_recorder
from ..core.tensor import Tensor
from ..ops.creation import zeros
from .subgraph import Operands, Traced, bring_in, merged, rebuilt, trace_inside

UNKNOWN = -1  # the first size of a stack with a row for each turn of a ``while``


def graph_of(inputs, nodes, outputs):

    return Graph(tuple(inputs), (), (), tuple(nodes), tuple(outputs), ())


def exposed(graph) -> list[Value]:
    """What a graph computes on the way, as far as its shape is known."""
    return [v for node in graph.nodes for v in node.outs if UNKNOWN not in v.shape]


class Control(Library):
    """An op whose attributes hold graphs; it may fail where one of them may."""

    vjp_traces = True

    def raises(self, attrs):
        held = [g for a in attrs.values() for g in (a if isinstance(a, tuple) else (a,)) if hasattr(g, "nodes")]
        return any(node.may_raise for graph in held for node in graph.nodes)


watchers: list[Callable] = []  # called with each node that is interpreted, and all values so far


def _interpret(graph, arrays) -> dict[int, np.ndarray]:
    """Every value of a graph by NumPy, by id."""
    known = {id(v): a for v, a in zip(graph.inputs, arrays)}
    for node in graph.nodes:
        found = node.op.evaluate(*[array_of(v, known) for v in node.inputs], **node.attrs)
        known.update({id(v): np.asarray(a) for v, a in zip(node.outs, found)})
        for watcher in watchers:
            watcher(node, known)
    return known


def array_of(v: Value, known: dict[int, np.ndarray]) -> np.ndarray:
    """What a value is, among known ones."""
    return v.data if v.kind == "constant" else known[id(v)]


def _update(parameter, tensor) -> None:
    """``parameter``, or a Tensor changed in place, means ``tensor`` from here on."""
    if not parameter.is_parameter:
        parameter._rebind(tensor)
        return
    value_of(current_recorder(), parameter)
    current_recorder().parameters[id(parameter)][1] = value_of(current_recorder(), tensor)


# ---------------------------------------------------------------- cond
def _cond_types(index, *operands, branches):
    results = [(v.shape, v.dtype) for v in branches[0].outputs]
    return results + [(v.shape, v.dtype) for b in branches for v in exposed(b)]


def _cond_numpy(index, *operands, branches):
    chosen = min(max(int(index), 0), len(branches) - 1)
    known = _interpret(branches[chosen], operands)
    found = [array_of(v, known) for v in branches[chosen].outputs]
    for k, b in enumerate(branches):
        found += [known[id(v)] if k == chosen else np.zeros(v.shape, v.dtype.np) for v in exposed(b)]
    return tuple(found)


def _cond_vjp(needs, grads, outs, inputs, branches):
    index, operands = inputs[0], inputs[1:]
    results = len(branches[0].outputs)
    first, places, depends = results, [], set()
    for branch in branches:
        end = first + len(exposed(branch))
        places.append([*range(results), *range(first, end)])
        values = zip([*branch.outputs, *exposed(branch)], places[-1])
        depends |= _sources(branch, [v for v, k in values if grads[k] is not None])
        first = end
    wanted = [k for k, need in enumerate(needs[1:]) if need and any(id(b.inputs[k]) in depends for b in branches)]
    if not wanted:
        return [None] * len(inputs)
    traces = [
        _branch_gradient(branch, wanted, [grads[k] for k in theirs], operands, [outs[k] for k in theirs[results:]])
        for branch, theirs in zip(branches, places)
    ]
    found = iter(_choose(index, traces))
    return [next(found) if k - 1 in wanted else None for k in range(len(inputs))]


def _branch_gradient(branch, wanted, grads, operands, kept) -> Traced:
    """The gradients of the ``wanted`` operands of one branch.  ``kept``: what it computed on the way."""
    computed = exposed(branch)
    pairs = [(v, g) for v, g in zip([*branch.outputs, *computed], grads) if g is not None]
    wrt = [branch.inputs[k] for k in wanted]

    def gradient():
        found = backward(current_recorder(), [v for v, _ in pairs], [g for _, g in pairs], wrt)
        return [zeros(v.shape, v.dtype) if g is None else g for g, v in zip(found, wrt)]

    traced = trace_inside(gradient)
    known = {id(v): t for v, t in zip([*branch.inputs, *computed], [*operands, *kept])}

    def find(v, inner):
        if id(v) in known:
            traced.free.append((known[id(v)], inner))
        return id(v) in known

    bring_in(traced, find)
    return traced


def _choose(index: Tensor, traces: list[Traced]) -> list[Tensor]:
    """The outputs of the branch that ``index`` names."""
    operands = Operands()
    for traced in traces:
        for outer, _ in traced.free:
            operands.place(outer)
    branches = []
    for traced in traces:
        new = merged(traced)
        nodes = rebuilt(traced.nodes, new)
        outputs = [new.get(id(v), v) for v in traced.outputs]
        free = [(outer, new[id(inner)]) for outer, inner in traced.free]
        branches.append(graph_of(operands.inputs(free), nodes, outputs))
    count = len(branches[0].outputs)
    if count == 0:
        return []
    outs = cond_op(index, *operands.tensors, branches=tuple(branches))
    return list(outs[:count]) if isinstance(outs, tuple) else [outs]


cond_op = Control("cond", _cond_numpy, _cond_types, None, vjp=_cond_vjp, samples=[])


def choose(index: Tensor, functions: Sequence[Callable[[], list[Tensor]]]) -> list[Tensor]:
    """What the function with the number ``index`` returns; Parameters that it assigns to take their new values.

    All functions return as many Tensors, of the same types.
    """
    return choose_traced(index, [trace_inside(f) for f in functions])


def choose_traced(index: Tensor, traces: list[Traced]) -> list[Tensor]:
    """See ``choose``."""
    parameters = list({id(p): p for t in traces for p in t.updates}.values())
    for t in traces:
        n = len(t.outputs) - len(t.updates)
        new = {id(p): v for p, v in zip(t.updates, t.outputs[n:])}
        t.outputs = t.outputs[:n]
        for p in parameters:
            if id(p) in new:
                t.outputs.append(new[id(p)])
            else:
                inner = Value(p.shape, p.dtype, kind="input")
                t.free.append((tensor_of(current_recorder(), value_of(current_recorder(), p)), inner))
                t.outputs.append(inner)
    found = _choose(to(as_tensor(index), int64).reshape(()), traces)
    n = len(found) - len(parameters)
    for p, tensor in zip(parameters, found[n:]):
        _update(p, tensor)
    return found[:n]


# ---------------------------------------------------------------- loop
# inputs: values carried on, stacks, [the number of turns], what the graphs read from outside
# outputs: values carried on at the end, stacks, the number of turns, the carried values at the start of each turn,
# and what the body computes on the way, stacked
def loop_parts(inputs, body, carried, rows, length, condition):
    counted = condition is None and length == UNKNOWN
    n = carried + rows
    return inputs[:carried], inputs[carried:n], inputs[n] if counted else None, inputs[n + counted :]


def _loop_types(*inputs, body, condition, carried, rows, length, reverse):
    final = [(v.shape, v.dtype) for v in inputs[:carried]]
    stacks = [*body.outputs[carried:], *body.inputs[:carried], *exposed(body)]
    shapes = [((length, *v.shape), v.dtype) for v in stacks]
    made = len(body.outputs) - carried
    return [*final, *shapes[:made], ((), int64), *shapes[made:]]


def _loop_numpy(*inputs, body, condition, carried, rows, length, reverse):
    state, xs, count, consts = loop_parts(inputs, body, carried, rows, length, condition)
    state, turns = list(state), 0
    total = length if count is None else int(count)
    stacked: list[list] = [[] for _ in [*body.outputs[carried:], *body.inputs[:carried], *exposed(body)]]
    while True:
        if condition is not None:
            known = _interpret(condition, [*state, *consts])
            if not bool(array_of(condition.outputs[0], known)):
                break
        elif turns >= total:
            break
        row = total - 1 - turns if reverse else turns
        known = _interpret(body, [*state, *[x[row] for x in xs], *consts])
        values = [*body.outputs[carried:], *body.inputs[:carried], *exposed(body)]
        for rows_of, v in zip(stacked, values):
            rows_of.append(np.array(array_of(v, known)))
        state = [array_of(v, known) for v in body.outputs[:carried]]
        turns += 1
    values = [*body.outputs[carried:], *body.inputs[:carried], *exposed(body)]
    found = [np.stack(r[::-1] if reverse else r) if r else np.zeros((0, *v.shape), v.dtype.np)
             for r, v in zip(stacked, values)]  # fmt: skip
    made = len(body.outputs) - carried
    return (*state, *found[:made], np.asarray(turns), *found[made:])


PARTS = ("body", "carried", "rows", "length", "condition")


def _loop_vjp(needs, grads, outs, inputs, body, condition, carried, rows, length, reverse):
    state, xs, count, consts = loop_parts(inputs, body, carried, rows, length, condition)
    first_const = len(inputs) - len(consts)
    made = len(body.outputs) - carried
    computed = exposed(body)
    stacks = dict(zip(map(id, [*body.inputs[:carried], *computed]), outs[carried + made + 1 :]))
    floats = [k for k in range(carried) if current_recorder().has_gradient(body.inputs[k].dtype)]
    row_grads = [(v, g) for v, g in zip([*body.outputs[carried:], *body.inputs[:carried], *computed],
                                        [*grads[carried : carried + made], *grads[carried + made + 1 :]]) if g is not None]  # fmt: skip
    const_inputs = body.inputs[carried + rows :]
    floats, depends = _with_gradient(
        body, floats, {k for k in floats if grads[k] is not None}, [v for v, _ in row_grads]
    )
    wanted_rows = [k for k in range(rows) if needs[carried + k] and id(body.inputs[carried + k]) in depends]
    wanted_consts = [k for k in range(len(consts)) if needs[first_const + k] and id(const_inputs[k]) in depends]
    wrt = [
        *(body.inputs[k] for k in floats),
        *(body.inputs[carried + k] for k in wanted_rows),
        *(const_inputs[k] for k in wanted_consts),
    ]

    def gradient(*given):
        carry, sums, pieces = (
            given[: len(floats)],
            given[len(floats) : len(floats) + len(wanted_consts)],
            given[len(floats) + len(wanted_consts) :],
        )
        values = [*(body.outputs[k] for k in floats), *(v for v, _ in row_grads)]
        found = backward(current_recorder(), values, [*carry, *pieces], wrt)
        found = [zeros(v.shape, v.dtype) if g is None else g for g, v in zip(found, wrt)]
        n = len(floats) + len(wanted_rows)
        return [*found[: len(floats)], *(s + g for s, g in zip(sums, found[n:])), *found[len(floats) : n]]

    recorder = current_recorder()
    seeds = [grads[k] if grads[k] is not None else zeros(state[k].shape, state[k].dtype) for k in floats]
    sums = [zeros(consts[k].shape, consts[k].dtype) for k in wanted_consts]
    shapes = [Value(v.shape, v.dtype) for v, _ in row_grads]
    traced = trace_inside(gradient, [*seeds, *sums, *(tensor_of(recorder, v) for v in shapes)])
    extra: list[tuple[Tensor, Value]] = []  # (stack, its row inside)
    places = {id(v): k for k, v in enumerate(body.inputs)}

    def find(v, inner):
        k = places.get(id(v))
        if k is not None and k >= carried + rows:
            traced.free.append((consts[k - carried - rows], inner))
        elif k is not None and k >= carried:
            extra.append((xs[k - carried], inner))
        elif id(v) in stacks:
            extra.append((stacks[id(v)], inner))
        else:
            return False
        return True

    bring_in(traced, find)
    n = len(floats) + len(wanted_consts)
    found = _loop(traced, None, [*seeds, *sums], [*(g for _, g in row_grads), *(s for s, _ in extra)],
                  [inner for _, inner in extra], length, not reverse,
                  outs[carried + made] if length == UNKNOWN else None)  # fmt: skip
    by_state = dict(zip(floats, found))
    by_const = dict(zip(wanted_consts, found[len(floats) :]))
    by_row = dict(zip(wanted_rows, found[n:]))
    return [
        *(by_state.get(k) for k in range(carried)), *(by_row.get(k) for k in range(rows)),
        *([] if count is None else [None]), *(by_const.get(k) for k in range(len(consts))),
    ]  # fmt: skip


def _sources(graph, values) -> set[int]:
    """Ids of all that ``values`` are computed from.  Zeros for what is not among them would make NaN of infinities."""
    found = {id(v) for v in values}
    for node in reversed(graph.nodes):
        if any(id(v) in found for v in node.outs):
            found |= {id(v) for v in node.inputs}
    return found


def _with_gradient(body, floats: list[int], seeded: set[int], values: list[Value]) -> tuple[list[int], set[int]]:
    """(the carried values that a gradient comes to in some turn, all that it comes to)"""
    while True:
        depends = _sources(body, [*values, *(body.outputs[k] for k in seeded)])
        found = seeded | {k for k in floats if id(body.inputs[k]) in depends}
        if found == seeded:
            return sorted(found), depends
        seeded = found


def _loop(traced: Traced, condition: Traced | None, state, xs, more_rows, length, reverse, count=None) -> list[Tensor]:
    """Final values, then stacks.  ``more_rows``: rows inside for the last of ``xs``."""
    carried = len(state)
    operands = Operands()
    kept = [t for t in (traced, condition) if t is not None]
    graphs = []
    for t in kept:
        for outer, _ in t.free:
            operands.place(outer)
    for t in kept:
        new = merged(t)
        nodes = rebuilt(t.nodes, new)
        free = [(outer, new[id(inner)]) for outer, inner in t.free]
        explicit = [*t.inputs, *more_rows] if t is traced else t.inputs
        graphs.append(graph_of([*explicit, *operands.inputs(free)], nodes, [new.get(id(v), v) for v in t.outputs]))
    counted = [] if count is None else [count]
    found = loop_op(
        *state, *xs, *counted, *operands.tensors, body=graphs[0], condition=graphs[1] if condition is not None else None,
        carried=carried, rows=len(xs), length=length, reverse=reverse,
    )  # fmt: skip
    found = found if isinstance(found, tuple) else (found,)
    return list(found[: len(graphs[0].outputs)])


loop_op = Control("loop", _loop_numpy, _loop_types, None, vjp=_loop_vjp, samples=[])


def repeat(state: list[Tensor], body: Callable, condition: Callable | None = None, xs: Sequence[Tensor] = (),
           length: int = UNKNOWN, reverse=False, count: Tensor | None = None) -> tuple[list[Tensor], list[Tensor]]:  # fmt: skip
    """Runs ``body(state, rows) -> (state, rows of results)`` as long as ``condition(state)``, or ``length`` turns.

    ``count``: their number, where that is known only when the step runs, and ``xs`` are stacks of a loop before.

    The types of the state stay as they are.  Parameters that the body assigns to are carried on too.
    Returns (state at the end, stacked results).
    """
    recorder = current_recorder()
    pieces = [tensor_of(recorder, Value(x.shape[1:], x.dtype)) for x in xs]
    n = len(state)
    traced = trace_inside(lambda s, r: body(s, r), (list(state), pieces))
    asked = None if condition is None else trace_inside(lambda s: [to(condition(s), int64)], (list(state),))
    if (
        condition is not None and asked is not None and asked.updates
    ):  # it draws random numbers: asked before the loop and at the end of each turn

        def turn(s, r):
            after = tree.tensors(body(s[:-1], r))
            return [*after, to(condition(after), int64)]

        found, _ = repeat([*state, to(condition(list(state)), int64)], turn, lambda s: s[-1])
        return found[:-1], []
    results = len(traced.outputs) - len(traced.updates)
    carried = list(state)
    inner_states = traced.inputs[:n]
    for p in traced.updates:
        now = value_of(recorder, p)
        carried.append(tensor_of(recorder, now))
        inner_states.append(_take(traced, now))
        if asked is not None:
            asked.inputs.append(_take(asked, now))
    traced.outputs = [*traced.outputs[:n], *traced.outputs[results:], *traced.outputs[n:results]]
    traced.inputs = [*inner_states, *traced.inputs[n:]]
    found = _loop(traced, asked, carried, list(xs), [], length, reverse, count)
    for k, p in enumerate(traced.updates):
        _update(p, found[n + k])
    return found[:n], found[len(carried) :]


def _take(traced: Traced, outer: Value) -> Value:
    """What stands inside for a value of the surroundings, which is no longer read from there."""
    for k, (tensor, inner) in enumerate(traced.free):
        if value_of(current_recorder(), tensor) is outer:
            del traced.free[k]
            return inner
    return Value(outer.shape, outer.dtype, kind="input")
