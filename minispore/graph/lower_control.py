"""How branches and loops become phases of the table: the lowering of ``flow/control.py``'s ops."""

import numpy as np

from ..core.dtype import int64
from ..core.record import Value
from ..flow.control import PARTS, UNKNOWN, exposed, graph_of, loop_parts
from .lower import Control, Label, lowering
from .memory import Buffer, Loop, Operand, Row, Stack, dense_strides
from .runtime import BEGIN, CHOOSE, FINISHED, JUMP, NEXT, TURN, UNLESS


@lowering("cond")
def cond(build, node):

    branches = node.attrs["branches"]
    results = len(branches[0].outputs)
    places = [build.output(node, k) if id(v) in build.read else None for k, v in enumerate(node.outs)]
    operands = [build.operand(v) for v in node.inputs[1:]]
    labels, end = tuple(Label() for _ in branches), Label()
    build.calls.append(Control(CHOOSE, build.dense(node.inputs[0]), labels, nodes=[node]))
    first = results
    for label, branch in zip(labels, branches):
        computed = exposed(branch)
        build.calls.append(label)
        graph = graph_of(branch.inputs, branch.nodes, [*branch.outputs, *computed])
        build.inside(graph, operands, [*places[:results], *places[first : first + len(computed)]])
        build.calls.append(Control(JUMP, labels=(end,)))
        first += len(computed)
    build.calls.append(end)


@lowering("loop")
def loop(build, node):

    attrs = node.attrs
    body, condition, carried, length = attrs["body"], attrs["condition"], attrs["carried"], attrs["length"]
    state, xs, count, consts = loop_parts(node.inputs, **{k: attrs[k] for k in PARTS})
    counter = np.zeros((), np.int64)
    turn = Operand(Buffer("fixed", 8, array=counter, label="turn"), 0, (), (), int64)
    loop = Loop(counter)
    limit = None if count is None else build.dense(count)
    if attrs["reverse"]:
        loop.count = limit
        if limit is None:
            loop.count = Operand(Buffer("fixed", 8, array=np.asarray(length), label="turns"), 0, (), (), int64)

    def row(parent, v: Value, start=0, lag=0, ring=0) -> Operand:
        made = Row("row", v.size * v.dtype.itemsize, parent=parent, start=start, loop=loop, lag=lag, ring=ring)
        return Operand(made, 0, v.shape, dense_strides(v.shape), v.dtype)

    def whole(parent, v: Value, start=0) -> Operand:
        shape = (length, *v.shape)
        return Operand(parent, start, shape, dense_strides(shape), v.dtype)

    def stack_for(out: Value, v: Value, more=0):
        """(memory for a row for each turn, and ``more`` rows)"""
        if length == UNKNOWN:
            made = Stack("stack", 0)
            loop.stacks.append(made)
            return made
        return build.temp((length + more, *v.shape), v.dtype).buffer

    made = len(body.outputs) - carried
    outs = node.outs
    final, stacks, turns, states = (
        outs[:carried],
        outs[carried : carried + made],
        outs[carried + made],
        outs[carried + made + 1 :],
    )
    computed = exposed(body)
    wanted = [id(v) in build.read for v in states]
    current, after, in_place = [], [], []
    for k, v in enumerate(body.inputs[:carried]):
        if wanted[k]:  # each turn's value is kept: the next is written to the next row
            parent = stack_for(states[k], v, 1)
            skip = v.size * v.dtype.itemsize if attrs["reverse"] else 0
            build.operands[id(states[k])] = whole(parent, v, v.size if attrs["reverse"] else 0)
            current.append(row(parent, v, skip))
            after.append(row(parent, v, skip, lag=1))
        else:
            parent = build.temp((2, *v.shape), v.dtype).buffer
            current.append(row(parent, v, ring=2))
            after.append(row(parent, v, lag=1, ring=2))
            in_place.append((v, after[-1], current[-1]))
    pieces = []
    for x, v in zip(xs, body.inputs[carried : carried + attrs["rows"]]):
        source = build.operand(x) if UNKNOWN in x.shape else build.dense(x)
        pieces.append(row(source.buffer, v, source.offset * v.dtype.itemsize))
    targets = []
    for out, v in zip(stacks, body.outputs[carried:]):
        targets.append(_stacked(build, out, v, length, stack_for, row))
    for out, v in zip(states[carried:], computed):
        targets.append(_stacked(build, out, v, length, stack_for, row))
    operands = [build.operand(v) for v in consts]
    starts = [build.operand(v) for v in state]
    again, end, finished = Label(), Label(), Label()
    build.operands[id(turns)] = turn
    build.calls += [Control(BEGIN, loop=loop), Control(TURN, loop=loop)]
    for source, target in zip(starts, current):
        if target.size:
            build.copy(source, target)
    build.calls += [again, Control(TURN, loop=loop, nodes=[node])]
    if condition is None:
        build.calls.append(Control(FINISHED, limit, (end,), loop, length))
    else:
        flag = build.temp((), int64)
        build.inside(condition, [*current, *operands], [flag])
        build.calls.append(Control(UNLESS, flag, (end,)))
    graph = graph_of(body.inputs, body.nodes, [*body.outputs, *computed])
    build.inside(graph, [*current, *pieces, *operands], [*after, *targets], in_place)
    build.calls += [Control(NEXT, None, (again,), loop), end]
    for out, source in zip(final, current):
        if id(out) in build.read and out.size:
            build.copy(source, build.place(out))
    build.calls.append(finished)
    build.loops.append((again, finished))


def _stacked(build, out: Value, v: Value, length, stack_for, row):
    """A row of a stacked output, or None if nobody reads it."""

    if id(out) not in build.read:
        return None
    if length == UNKNOWN:
        parent = stack_for(out, v)
        build.operands[id(out)] = Operand(parent, 0, out.shape, dense_strides(out.shape), v.dtype)
        return row(parent, v)
    place = build.place(out)
    return row(place.buffer, v, place.offset * v.dtype.itemsize)
