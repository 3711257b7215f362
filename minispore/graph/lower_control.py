"""How branches and loops become phases of the table: the lowering of the ops in ``flow/cond_op.py`` and ``flow/loop_op.py``.

A ``cond`` is a CHOOSE, then for each branch its calls and a JUMP behind the last one.

A ``loop`` is, with c the counter of its turns (iterations)::

             BEGIN       c = 0
             TURN        grow the stacks, point the rows at turn 0
             copies      the state at the start -> its current place
    again:   TURN        the same for turn c
             FINISHED    c == number of turns: go to end   (or: calls of the condition, UNLESS: go to end)
             calls of the body
             NEXT        c += 1, go to again
    end:     copies      the current state -> the final values
"""

import numpy as np

from ..core.dtype import int64
from ..core.layout import dense_strides
from ..core.record import Node, Value
from ..core.sizes import SizedData, array_of
from ..flow.cond_op import CondSignature
from ..flow.control import UNKNOWN, with_intermediates
from ..flow.loop_op import LoopSignature
from .calls import Control, Label
from .lower import Builder, lowering
from .memory import Buffer, Loop, Operand, Row, Stack, dense_operand
from .runtime import BEGIN, CHOOSE, FINISHED, JUMP, NEXT, TURN, UNLESS


@lowering("cond")
def cond(build: Builder, node: Node) -> None:
    signature = CondSignature(**node.attrs)
    given = signature.inputs(node.inputs)
    places = signature.outputs(
        [build.output(node, k) if id(v) in build.read else None for k, v in enumerate(node.outs)]
    )
    operands = [build.operand(v) for v in given.operands]
    labels, end = tuple(Label() for _ in signature.branches), Label()
    build.calls.append(Control(CHOOSE, build.dense(given.index), labels, nodes=[node]))
    for label, branch, found in zip(labels, signature.branches, places.intermediates):
        build.calls.append(label)
        build.inside(with_intermediates(branch), operands, [*places.results, *found])
        build.calls.append(Control(JUMP, labels=(end,)))
    build.calls.append(end)


@lowering("loop")
def loop(build: Builder, node: Node) -> None:
    _Loop(build, node).emit()


def _fixed_int64(array, label: str) -> Operand:
    """One number; SizedData if it depends on sizes."""
    sized = array if type(array) is SizedData else None
    buffer = Buffer("fixed", array.nbytes, array=array if sized is None else sized.array, label=label, sized=sized)
    return Operand(buffer, 0, (), (), int64)


class _Loop:
    """One ``loop`` node being lowered.

    Invariant: the body reads the state at ``self.state`` and writes the next one at ``self.next_state``, the place that
    ``self.state`` points to in the next turn.  How each carried value gets these two rows, for three turns:

    - A ring of two rows, if no one reads the value of each turn.  Turn t reads row t % 2 and writes the other one::

          turn 0   row 0 -> row 1
          turn 1   row 1 -> row 0
          turn 2   row 0 -> row 1       final value: row 1 = 3 % 2

      Where the body may write the new value over the old one, ``Builder`` makes it a ring of one row.

    - A stack of one row more than there are turns, if the node's output ``states`` is read (by the gradient).  Then the
      states are a part of this stack, and nothing is copied::

          turn 0   row 0 -> row 1       states: rows 0, 1, 2
          turn 1   row 1 -> row 2       final value: row 3
          turn 2   row 2 -> row 3

      A reverse loop fills it from the back, as turn t belongs to row 2 - t of all other stacks::

          turn 0   row 3 -> row 2       states: rows 1, 2, 3
          turn 1   row 2 -> row 1       final value: row 0
          turn 2   row 1 -> row 0

      So it is where the new value is a row of a stacked result too, as in recurrent networks: the result is then the
      other part of the stack (rows 1, 2, 3; of a reverse loop rows 0, 1, 2), and written once.
    """

    def __init__(self, build: Builder, node: Node):
        self.build, self.node = build, node
        self.signature = LoopSignature(**node.attrs)
        self.given, self.made = self.signature.inputs(node.inputs), self.signature.outputs(node.outs)
        counter = np.zeros((), np.int64)
        self.limit = None if self.given.count is None else build.dense(self.given.count)
        self.memory = Loop(counter)
        if self.signature.reverse:
            self.memory.count = self.limit or _fixed_int64(array_of(self.signature.length, np.int64), "turns")
        self.state: list[Operand] = []
        self.next_state: list[Operand] = []
        self.in_place: list[tuple[Value, Operand, Operand]] = []  # what Builder may turn into rings of one row
        for v, states, new in zip(
            self.signature.body_inputs.state, self.made.states, self.signature.body_outputs.state
        ):
            self._place_state(v, states, self._same_result(new))
        self.xs = [self._row_of_input(x, v) for x, v in zip(self.given.xs, self.signature.body_inputs.rows)]
        self.ys = [self._row_of_output(out, v) for out, v in zip(self.made.ys, self.signature.body_outputs.rows)]
        self.intermediates = [
            self._row_of_output(out, v) for out, v in zip(self.made.intermediates, self.signature.intermediates)
        ]
        self.consts = [build.operand(v) for v in self.given.consts]
        self.start = [build.operand(v) for v in self.given.state]
        build.know(self.made.turns, _fixed_int64(counter, "turn"))

    # ------------------------------------------------------------ memory
    def _row(self, parent: Buffer | None, v: Value, start=0, lag=0, ring=0) -> Operand:
        """This turn's row of ``parent`` (``lag`` 1: the next turn's); ``start``: bytes before the first row."""
        row = Row("row", v.nbytes, parent=parent, start=start, loop=self.memory, lag=lag, ring=ring)  # type: ignore[arg-type]
        return dense_operand(row, v)

    def _stack(self, v: Value, more_rows=0) -> Buffer:
        """Memory for a row for each turn, and ``more_rows``."""
        length = self.signature.length
        if length == UNKNOWN:
            stack = Stack("stack", 0)
            self.memory.stacks.append(stack)
            return stack
        return self.build.temp((length + more_rows, *v.shape), v.dtype).buffer  # type: ignore[return-value]

    def _same_result(self, new: Value) -> Value | None:
        """The stacked output whose rows are the new state ``new``, if it may lie in a stack of states."""
        if self.signature.length == UNKNOWN:
            return None
        build = self.build
        for out, v in zip(self.made.ys, self.signature.body_outputs.rows):
            if (
                v is new
                and id(out) in build.read
                and id(out) not in build.operands
                and id(out) not in build.destination
            ):
                return out
        return None

    def _place_state(self, v: Value, states: Value, result: Value | None) -> None:
        """The two rows of one carried value (see the class).

        ``states``: the output that holds it for each turn, ``result``: one that holds the new value, if any.
        """
        parent: Buffer | None
        if result is not None or id(states) in self.build.read:
            parent, ring = self._stack(v, more_rows=1), 0
            first = 1 if self.signature.reverse else 0  # the row of the stack that is row 0 of ``states``
            shape = (self.signature.length, *v.shape)
            for out, start in ((states, first), (result, 1 - first)):
                if out is not None:
                    self.build.know(out, Operand(parent, start * v.size, shape, dense_strides(shape), v.dtype))
        else:
            parent, ring, first = self.build.temp((2, *v.shape), v.dtype).buffer, 2, 0
        self.state.append(self._row(parent, v, first * v.nbytes, ring=ring))
        self.next_state.append(self._row(parent, v, first * v.nbytes, lag=1, ring=ring))
        if ring:
            self.in_place.append((v, self.next_state[-1], self.state[-1]))

    def _row_of_input(self, x: Value, v: Value) -> Operand:
        source = self.build.operand(x) if UNKNOWN in x.shape else self.build.dense(x)
        return self._row(source.buffer, v, source.offset * v.dtype.itemsize)

    def _row_of_output(self, out: Value, v: Value) -> Operand | None:
        """Where the body writes a row of a stacked output; None if nobody reads the output, or it is written as a state."""
        if id(out) not in self.build.read or id(out) in self.build.operands:  # (it is where the states are)
            return None
        if self.signature.length == UNKNOWN:
            stack = self._stack(v)
            self.build.know(out, dense_operand(stack, out))
            return self._row(stack, v)
        place = self.build.place(out)
        return self._row(place.buffer, v, place.offset * v.dtype.itemsize)

    # ------------------------------------------------------------ calls
    def emit(self) -> None:
        build, memory = self.build, self.memory
        again, end, last = Label(), Label(), Label()
        build.calls += [Control(BEGIN, loop=memory), Control(TURN, loop=memory)]
        for source, target in zip(self.start, self.state):
            if target.size:
                build.copy(source, target)
        build.calls += [again, Control(TURN, loop=memory, nodes=[self.node])]
        self._emit_test(end)
        build.inside(
            with_intermediates(self.signature.body),
            [*self.state, *self.xs, *self.consts],
            [*self.next_state, *self.ys, *self.intermediates],
            self.in_place,
        )
        build.calls += [Control(NEXT, None, (again,), memory), end]
        for out, source in zip(self.made.final, self.state):
            if id(out) in build.read:
                place = build.place(out)
                if out.size:
                    build.copy(source, place)
        build.calls.append(last)
        build.loops.append((again, last))

    def _emit_test(self, end: Label) -> None:
        """Goes to ``end`` when there is no further turn."""
        condition = self.signature.condition
        if condition is None:
            self.build.calls.append(Control(FINISHED, self.limit, (end,), self.memory, self.signature.length))
            return
        flag = self.build.temp((), int64)
        self.build.inside(condition, [*self.state, *self.consts], [flag])
        self.build.calls.append(Control(UNLESS, flag, (end,)))
