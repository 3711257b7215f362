"""From calls, labels and controls to the rows that the runtime reads: addresses, tasks, phases, patches."""

import numpy as np

from ..core.dtype import BY_NAME
from . import runtime
from .compile import address_of
from .lower import Call, Control, Label
from .memory import Buffer, Loop, Operand, Row, Stack, root

ndarray = np.ndarray


def _key(operand: Operand):
    """(name, begin, end, row): the memory of an operand.  Ranges of the arena have the name None."""
    b = operand.buffer
    assert b is not None
    row = (id(b.parent), b.lag if b.ring != 1 else 0) if isinstance(b, Row) else None
    whole = root(b)
    if whole.kind == "temporary":
        return None, whole.offset, whole.offset + whole.nbytes, row
    if whole.kind in ("input", "output"):
        return (whole.kind, whole.index), 0, 1, row
    return (whole.kind, id(whole.array) if whole.kind == "fixed" else id(whole)), 0, 1, row


class _Touched:
    """What has been read or written since the last barrier, and by one thread or by all."""

    def __init__(self):
        self.entries: list[tuple] = []

    def conflicts(self, call: Call) -> bool:
        reads = [_key(o) for o in call.reads if o.buffer is not None]
        writes = [_key(o) for o in call.writes]
        for split, old_reads, old_writes in self.entries:
            if not split and not call.split:
                continue  # both on the first thread, in order
            if _overlap(reads, old_writes) or _overlap(writes, old_writes) or _overlap(writes, old_reads):
                return True
        return False

    def add(self, call: Call) -> None:
        self.entries.append(
            (call.split, [_key(o) for o in call.reads if o.buffer is not None], [_key(o) for o in call.writes])
        )


def _overlap(a, b) -> bool:
    for name, lo, hi, row in a:
        for other, lo2, hi2, row2 in b:
            if name == other and lo < hi2 and lo2 < hi:
                if row and row2 and row[0] == row2[0] and row[1] != row2[1]:
                    continue  # this turn's row and the next
                return True
    return False


class Table:
    """The rows that runtime.py reads, laid out from calls, labels and controls."""

    def __init__(self, executable, n_inputs: int):
        self.executable, self.n_inputs = executable, n_inputs
        self.n_threads, self.base = executable.n_threads, executable.base
        self.arguments: list[int] = []
        self.calls: list[tuple] = []
        self.tasks: list[tuple] = []
        self.phases: list[tuple] = []
        self.moves: list[tuple[int, int, int]] = []
        self.patches: list[tuple] = []
        self.stacks: list[tuple] = []
        self.keep: list = []
        self.slots: dict[int, int] = {}  # id(buffer) -> slot of its address
        self.stack_rows: dict[int, int] = {}  # id(Stack) -> bytes a row
        self.patches_of: dict[int, list[tuple]] = {}  # id(Loop) -> its patches
        self.moving: list[tuple[int, Row, int]] = []  # slots of rows
        self.waiting: list[Call] = []  # calls that may run together
        self.members: dict[int, list[Call]] = {}  # phase -> its calls

    # ------------------------------------------------------------ addresses
    def argument(self, operand: Operand) -> None:
        """A slot with the address of an operand."""
        b = operand.buffer
        assert b is not None
        offset = operand.offset * operand.dtype.itemsize
        slot = len(self.arguments)
        if isinstance(b, Row):
            self.arguments.append(0)
            self.moving.append((slot, b, offset))
        elif isinstance(b, Stack):
            raise AssertionError("a stack is read and written by rows")
        elif b.kind == "temporary":
            self.arguments.append(self.base + b.offset + offset)
        elif b.kind == "fixed":
            self.keep.append(b.array)
            self.arguments.append(b.array.ctypes.data + offset)
        else:
            self.moves.append((slot, b.index + (self.n_inputs if b.kind == "output" else 0), offset))
            self.arguments.append(0)

    def _patch(self, slot: int, row: Row, offset: int) -> None:
        """Only when all calls have their slots, which lie side by side."""
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
        labels: dict[int, int] = {}
        jumps: list[tuple[int, Control]] = []
        touched, committed = _Touched(), False
        first_argument: dict[int, int] = {}
        for item in items:
            if isinstance(item, Label):
                self._flush(first_argument)
                touched = _Touched()
                labels[id(item)] = len(self.phases)
                continue
            if isinstance(item, Control):
                self._flush(first_argument)
                touched = _Touched()
                jumps.append((len(self.phases), item))
                extra = len(item.labels) if item.kind == runtime.CHOOSE else 0
                self.phases += [(item.kind,)] + [(runtime.JUMP, label) for label in item.labels[:extra]]
                continue
            first_argument[id(item)] = len(self.arguments)
            for argument in item.arguments:
                if isinstance(argument, Operand):
                    self.argument(argument)
                else:
                    self.arguments.append(int(argument))
            if item.commits and not committed and self.executable.may_stop:
                self._flush(first_argument)
                touched = _Touched()
                self.phases.append((runtime.CHECK,))
            committed = committed or item.commits
            if self.executable.apart or touched.conflicts(item):
                self._flush(first_argument)
                touched = _Touched()
            touched.add(item)
            self.waiting.append(item)
        self._flush(first_argument)
        for at, item in jumps:
            self.phases[at] = self._control(item, at, labels)
        self._follow_rows()
        stacks: dict[int, tuple[int, int]] = {}
        for _, item in jumps:
            if item.kind == runtime.TURN and id(item.loop) not in stacks:
                stacks[id(item.loop)] = self._stacks(item.loop)
        self._follow_rows()
        ranges: dict[int, tuple[int, int]] = {}
        for key, rows in self.patches_of.items():
            ranges[key] = (len(self.patches), len(self.patches) + len(rows))
            self.patches += rows
        for at, item in jumps:
            if item.kind == runtime.TURN:
                kind, counter, *_ = self.phases[at]
                self.phases[at] = (kind, counter, *ranges.get(id(item.loop), (0, 0)), *stacks[id(item.loop)])
            elif item.kind == runtime.CHOOSE:
                for k, label in enumerate(item.labels):
                    self.phases[at + 1 + k] = (runtime.JUMP, labels[id(label)])

    def _follow_rows(self) -> None:
        while self.moving:  # grows with the addresses of rows in rows
            self._patch(*self.moving.pop(0))

    def _stacks(self, loop: Loop | None) -> tuple[int, int]:
        assert loop is not None
        first = len(self.stacks)
        for stack in loop.stacks:
            size = self.stack_rows.get(id(stack))
            if size is not None:
                count = -1 if loop.count is None else self.slot_of(loop.count)
                self.stacks.append((self._base(stack), size, 0, count))
        return first, len(self.stacks)

    def _control(self, item: Control, at: int, labels) -> tuple:
        target = labels[id(item.labels[0])] if item.labels else 0
        counter = 0
        if item.loop is not None:
            self.keep.append(item.loop.turn)
            counter = item.loop.turn.ctypes.data
        if item.kind == runtime.CHOOSE:
            return item.kind, self.slot_of(item.cell), at + 1, len(item.labels)
        if item.kind == runtime.JUMP:
            return item.kind, target
        if item.kind == runtime.UNLESS:
            return item.kind, self.slot_of(item.cell), target
        if item.kind == runtime.FINISHED:
            return item.kind, counter, target, -1 if item.cell is None else self.slot_of(item.cell), item.limit
        return item.kind, counter, target

    def _flush(self, first_argument: dict[int, int]) -> None:
        """The waiting calls as one phase."""
        if not self.waiting:
            return
        first = len(self.tasks)
        for call in self.waiting:
            if call.split:
                parts = min(call.extent, 2 * self.n_threads)
                for k in range(parts):
                    lo, hi = call.extent * k // parts, call.extent * (k + 1) // parts
                    self.tasks.append((len(self.calls), len(self.calls) + 1))
                    self.calls.append((address_of(call.source), first_argument[id(call)], lo, hi))
        start = len(self.calls)
        for call in self.waiting:  # in order, on one thread
            if not call.split:
                self.calls.append((address_of(call.source), first_argument[id(call)], 0, call.extent))
        if len(self.calls) > start:
            self.tasks.append((start, len(self.calls)))
        self.members[len(self.phases)] = self.waiting
        self.phases.append((runtime.RUN, first, len(self.tasks)))
        self.waiting = []

    def arrays(self) -> list[ndarray]:
        widths = [
            (self.calls, runtime.CALL), (self.tasks, runtime.TASK), (self.phases, runtime.PHASE), (self.moves, 3),
            (self.patches, runtime.PATCH), (self.stacks, runtime.STACK),
        ]  # fmt: skip
        return [
            np.array([(*r, *(0,) * (width - len(r))) for r in rows] or [(0,) * width], np.int64)
            for rows, width in widths
        ]
