"""From calls, labels and controls to the rows that the runtime reads: addresses, tasks, phases, patches.

Calls that do not conflict share a phase, so that threads run them side by side: a call starts a new phase (a barrier) when
it touches what another of the open phase writes, or writes what that reads, unless both run on one thread, in order.  For
``a = f(x)``, ``b = g(x)``, ``c = h(a, b)``, each split between two threads::

    phase 0   RUN   tasks: f in four parts, g in four parts
    phase 1   RUN   tasks: h in four parts
"""

import numpy as np

from ..core.dtype import BY_NAME
from . import runtime
from .calls import Call, Chain, Control, Label
from .compile import address_of
from .memory import Buffer, Loop, Operand, Row, Stack, name_of, root
from .touched import Touched

ndarray = np.ndarray


def _range_of(operand: Operand):
    """(name, begin, end, row): the memory of an operand.  Ranges of the arena have the name None."""
    b = operand.buffer
    assert b is not None
    row = (id(b.parent), b.lag if b.ring != 1 else 0) if isinstance(b, Row) else None
    memory = root(b)
    name, start = (None, memory.offset) if memory.kind == "temporary" else (name_of(memory), 0)
    if memory.in_parts and min(operand.strides, default=0) >= 0:
        begin = start + operand.offset * operand.dtype.itemsize
        return name, begin, begin + operand.span * operand.dtype.itemsize, row
    return name, start, start + max(memory.nbytes, 1), row


class _OpenPhase:
    """The calls that have been put into the phase that is being filled, and what memory they touch."""

    def __init__(self):
        self.calls: list[Call] = []
        self.chain: Chain | None = None  # that the calls are
        self.read: dict[tuple, Touched] = {}  # (name of memory, whether the calls are split) -> its ranges
        self.written: dict[tuple, Touched] = {}

    def conflicts(self, touched: tuple) -> bool:
        if self.chain is not None:
            return False  # each item is in order
        split, reads, writes = touched
        return (
            _overlap(reads, self.written, split)
            or _overlap(writes, self.written, split)
            or _overlap(writes, self.read, split)
        )

    def add(self, call: Call, touched: tuple) -> None:
        self.calls.append(call)
        split, reads, writes = touched
        for ranges, known in ((reads, self.read), (writes, self.written)):
            for name, begin, end, row in ranges:
                memory = known.get((name, split))
                if memory is None:
                    memory = known[name, split] = Touched()
                memory.add(begin, end, row)


def _overlap(ranges, known: dict[tuple, Touched], split: bool) -> bool:
    """Whether a call touches what others do, other than where all run on one thread, in order."""
    for name, begin, end, row in ranges:
        for other in (True, False) if split else (True,):
            memory = known.get((name, other))
            if memory is not None and memory.has(begin, end, row):
                return True
    return False


class Table:
    """The rows that runtime.py reads, laid out from calls, labels and controls."""

    def __init__(self, executable, n_inputs: int):
        self.executable, self.n_inputs = executable, n_inputs
        self.parts, self.arena = executable.parts, executable.base  # base: the arena's aligned address
        self.arguments: list[int] = []
        self.calls: list[tuple] = []
        self.tasks: list[tuple] = []
        self.phases: list[tuple] = []
        self.moves: list[tuple[int, int, int]] = []
        self.patches: list[tuple] = []
        self.stacks: list[tuple] = []
        self.keep: list = []
        self.kept: set[int] = set()  # of the buffers of fixed memory whose arrays are in ``keep``
        self.slots: dict[int, int] = {}  # id(buffer) -> slot of its address
        self.stack_rows: dict[int, int] = {}  # id(Stack) -> bytes a row
        self.patches_of: dict[int, list[tuple]] = {}  # id(Loop) -> its patches
        self.moving: list[tuple[int, Row, int]] = []  # slots of rows that have no patch yet
        self.members: dict[int, list[Call]] = {}  # phase -> its calls
        self.open = _OpenPhase()
        self.ranges: dict[int, tuple] = {}  # id of a buffer in one part -> its range
        self.first_argument: dict[int, int] = {}  # id(Call) -> slot
        self.labels: dict[int, int] = {}  # id(Label) -> phase
        self.controls: list[tuple[int, Control]] = []  # (phase, what it does)

    # ------------------------------------------------------------ addresses
    def argument(self, operand: Operand) -> None:
        """A slot with the address of an operand."""
        b = operand.buffer
        assert b is not None
        offset = operand.offset * operand.dtype.itemsize
        slot = len(self.arguments)
        if b.kind == "temporary":
            self.arguments.append(self.arena + b.offset + offset)
        elif b.kind == "fixed":
            if id(b) not in self.kept:
                self.kept.add(id(b))
                self.keep.append(b.array)
            self.arguments.append(b.address + offset)
        elif isinstance(b, Row):
            self.arguments.append(0)
            self.moving.append((slot, b, offset))
        elif isinstance(b, Stack):
            raise AssertionError("a stack is read and written by rows")
        else:
            self.moves.append((slot, b.index + (self.n_inputs if b.kind == "output" else 0), offset))
            self.arguments.append(0)

    def _patch(self, slot: int, row: Row, offset: int) -> None:
        count = -1 if row.loop.count is None else self.slot_of(row.loop.count)
        parent = self._base(row.parent)
        if isinstance(row.parent, Stack):
            self.stack_rows[id(row.parent)] = row.nbytes
        rows = self.patches_of.setdefault(id(row.loop), [])
        rows.append((slot, parent, row.start + offset, row.nbytes, row.lag, row.ring, count))

    def _base(self, buffer: Buffer) -> int:
        """The slot that holds where a buffer begins."""
        slot = self.slots.get(id(buffer))
        if slot is None:
            if isinstance(buffer, Stack):
                slot = len(self.arguments)
                self.arguments.append(0)
            else:
                slot = self.slot_of(Operand(buffer, 0, (), (), BY_NAME["int8"]))
            self.slots[id(buffer)] = slot
        return slot

    def slot_of(self, operand: Operand | None) -> int:
        assert operand is not None
        self.argument(operand)
        return len(self.arguments) - 1

    # ------------------------------------------------------------ phases
    def lay_out(self, items) -> None:
        """Two steps: all phases, with room for those that jump; then what these refer to.

        Invariant: the arguments of a call lie in consecutive slots.  So slots for anything else (addresses that rows move
        in, counts) come after those of all calls, in the second step.
        """
        committing = False
        for item in items:
            if isinstance(item, Label):
                self._close_phase()
                self.labels[id(item)] = len(self.phases)
            elif isinstance(item, Control):
                self._close_phase()
                self.controls.append((len(self.phases), item))
                jumps = len(item.labels) if item.kind == runtime.CHOOSE else 0
                self.phases += [()] * (1 + jumps)
            else:
                commits = item.commits if item.chain is None else item.chain.commits
                if commits and not committing and self.executable.can_end_early:
                    self._close_phase()
                    self.phases.append((runtime.CHECK,))
                committing = committing or commits
                self._add(item)
        self._close_phase()
        self._resolve()

    def _ranges(self, operands) -> list[tuple]:
        """The memory of operands."""
        found, known = [], self.ranges
        for o in operands:
            b = o.buffer
            if b is None:
                continue
            its = known.get(id(b))
            if its is None:
                its = _range_of(o)
                if not root(b).in_parts:
                    known[id(b)] = its
            found.append(its)
        return found

    def _add(self, call: Call) -> None:
        arguments, arena = self.arguments, self.arena
        self.first_argument[id(call)] = len(arguments)
        for argument in call.arguments:
            if type(argument) is not Operand:
                arguments.append(int(argument))
            elif argument.buffer.kind == "temporary":
                arguments.append(arena + argument.buffer.offset + argument.offset * argument.dtype.itemsize)
            else:
                self.argument(argument)
        if call.then is not None:
            self.arguments[self.first_argument[id(call)] + len(call.source.params)] = address_of(call.then)
        chain = None if self.executable.one_call_per_phase else call.chain
        touched = call.split, self._ranges(call.reads), self._ranges(call.writes)
        if self.executable.one_call_per_phase or chain is not self.open.chain or self.open.conflicts(touched):
            self._close_phase()
        self.open.chain = chain
        self.open.add(call, touched)

    def _close_phase(self) -> None:
        """The calls of the open phase as tasks: the parts of those that are split, then the others, in order, as one.

        The first parts of all calls come first, the last ones last: a thread takes neighbours (runtime.py).
        Those of a chain: some items through all of them are a task.
        """
        calls, chain, self.open = self.open.calls, self.open.chain, _OpenPhase()
        if not calls:
            return
        first = len(self.tasks)
        if chain is None:
            found: list[tuple] = []  # (twice the middle of a part, its call, its number, of how many)
            for call in calls:
                if call.split:
                    parts = min(call.extent, self.parts)
                    found += [((2 * k + 1) / parts, call, k, parts) for k in range(parts)]
            for _, call, k, parts in sorted(found, key=lambda part: part[0]):
                self._task([(call, call.extent * k // parts, call.extent * (k + 1) // parts)])
            self._task([(call, 0, call.extent) for call in calls if not call.split])
        else:
            cuts = [chain.count * k // chain.parts for k in range(chain.parts + 1)]
            for begin, end in zip(cuts, cuts[1:]):
                each = [call.extent // chain.count for call in calls]
                self._task([(call, begin * n, end * n) for call, n in zip(calls, each)])
        self.members[len(self.phases)] = calls
        self.phases.append((runtime.RUN, first, len(self.tasks)))

    def _task(self, rows) -> None:
        """Calls that one thread runs, in order, each over a range."""
        start = len(self.calls)
        for call, lo, hi in rows:
            self.calls.append((address_of(call.source), self.first_argument[id(call)], lo, hi))
        if rows:
            self.tasks.append((start, len(self.calls)))

    # ------------------------------------------------------------ what phases refer to
    def _resolve(self) -> None:
        for at, item in self.controls:
            self.phases[at] = self._control(item, at)
        self._patch_rows()
        turns = [(at, item.loop) for at, item in self.controls if item.kind == runtime.TURN and item.loop is not None]
        stacks: dict[int, tuple[int, int]] = {}
        for _, loop in turns:
            if id(loop) not in stacks:
                stacks[id(loop)] = self._stacks(loop)
        self._patch_rows()  # of the counts of stacks
        patches: dict[int, tuple[int, int]] = {}
        for key, rows in self.patches_of.items():
            patches[key] = (len(self.patches), len(self.patches) + len(rows))
            self.patches += rows
        for at, loop in turns:
            self.phases[at] = (*self.phases[at], *patches.get(id(loop), (0, 0)), *stacks[id(loop)])

    def _patch_rows(self) -> None:
        while self.moving:  # ``_patch`` may append: the base of a row may be a row itself
            self._patch(*self.moving.pop(0))

    def _stacks(self, loop: Loop) -> tuple[int, int]:
        """The stacks that a loop fills, if it is known how long their rows are: they are read or written."""
        first = len(self.stacks)
        for stack in loop.stacks:
            size = self.stack_rows.get(id(stack))
            if size is not None:
                count = -1 if loop.count is None else self.slot_of(loop.count)
                self.stacks.append((self._base(stack), size, 0, count))
        return first, len(self.stacks)

    def _control(self, item: Control, at: int) -> tuple:
        """The row of a phase that is not RUN; that of a TURN without its patches and stacks."""
        targets = [self.labels[id(label)] for label in item.labels]
        counter = 0
        if item.loop is not None:
            self.keep.append(item.loop.turn)
            counter = item.loop.turn.ctypes.data
        if item.kind == runtime.CHOOSE:
            self.phases[at + 1 : at + 1 + len(targets)] = [(runtime.JUMP, target) for target in targets]
            return item.kind, self.slot_of(item.cell), at + 1, len(targets)
        if item.kind == runtime.JUMP:
            return item.kind, *targets
        if item.kind == runtime.UNLESS:
            return item.kind, self.slot_of(item.cell), *targets
        if item.kind == runtime.FINISHED:
            return item.kind, counter, *targets, -1 if item.cell is None else self.slot_of(item.cell), item.limit
        return item.kind, counter, *targets

    def arrays(self) -> list[ndarray]:
        widths = [
            (self.calls, runtime.CALL), (self.tasks, runtime.TASK), (self.phases, runtime.PHASE), (self.moves, runtime.MOVE),
            (self.patches, runtime.PATCH), (self.stacks, runtime.STACK),
        ]  # fmt: skip
        return [
            np.array([(*r, *(0,) * (width - len(r))) for r in rows] or [(0,) * width], np.int64)
            for rows, width in widths
        ]
