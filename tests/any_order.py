"""Steps whose tasks run in other orders: the barriers between phases must be all that a step needs.

Threads run the tasks of a phase in any order, and at once.  What goes wrong then depends on who is faster, and shows in few runs.
Here one thread runs them, one after the other, so that each run shows it.
"""

import time
from contextlib import contextmanager

import numpy as np

from minispore.core.errors import IndexOutOfRange
from minispore.distributed import WORLD
from minispore.graph import build, lower, python_kernels, runtime
from minispore.graph.executable import Executable
from minispore.graph.memory import root
from minispore.ops import host

THREADS = 3  # that steps are compiled for
SPLIT_COST = 64  # calls on so many elements are cut into parts
MOST_TASKS = 64  # of a phase that are also run alone
MOST_BYTES = 1 << 22  # of the memory of a step whose tasks are also run alone
LATE = 0.01  # seconds that a rank lingers between tasks of which one may tell the others that something is there


class OtherBits(AssertionError):
    """A step gave other bits when the tasks of its phases ran in another order."""


@contextmanager
def in_any_order(orders=("alone", "reversed", 1)):
    """Each native call is made by one thread, and once for each of ``orders`` too, from the same Parameters, and has to give the same bits.

    "alone": each task of a phase begins with the memory as it was before the phase; no two may change the same byte.  A number: the tasks
    are shuffled.  Scratch memory is full of ones before.  On several ranks, all of them are in here.
    """
    run, cost, threads, seen = Executable.run, lower.SPLIT_COST, build.threads(), Seen()

    def checked(self, arrays):
        before = [a.copy() for a in self.storage]
        # By one thread, in the order of the table: where a barrier is missing, several give now this and now that.
        threads, self.n_threads = self.n_threads, 1
        try:
            expected = run(self, arrays)
        finally:
            self.n_threads = threads
        after = [a.copy() for a in self.storage]
        host.muted += 1
        try:
            for order in orders:
                _put_back(self, before)
                self.pool = _Steps(self, order, seen)
                try:
                    found = run(self, arrays)
                except IndexOutOfRange as error:
                    raise OtherBits(
                        f"in the order {order!r} indices are read before they are there:\n{_shown(self)}"
                    ) from error
                pairs = [*zip(expected, found), *zip(after, self.storage)]
                if any(a.tobytes() != b.tobytes() for a, b in pairs):
                    raise OtherBits(f"in the order {order!r}:\n{_shown(self)}")
        finally:
            host.muted -= 1
            self.__dict__.pop("pool", None)
        return expected

    Executable.run, lower.SPLIT_COST = checked, SPLIT_COST
    build.set_threads(THREADS)
    try:
        yield seen
    finally:
        Executable.run, lower.SPLIT_COST = run, cost
        build.set_threads(threads)


class Seen:
    """How many phases of several tasks have run, and how many of them had parts of several calls, or calls beside parts."""

    def __init__(self):
        self.phases = self.mixed = 0


def _put_back(executable, before) -> None:
    """The Parameters as they were, and ones in all memory that a step must not know."""
    for memory, old in zip(executable.storage, before):
        memory[...] = old
    _scratch(executable)[:] = 255
    for call in executable.calls:
        for operand in call.writes:
            if operand.buffer.label == f"shared, rank {WORLD.rank}":
                operand.buffer.array[:] = 255


class _Steps:
    """A pool of one thread, which runs the tasks of each phase one by one; Python walks the table."""

    def __init__(self, executable, order, seen: Seen):
        self.executable, self.order, self.seen, self.lock = executable, order, seen, runtime.POOL.lock
        self.random = np.random.default_rng(order if isinstance(order, int) else 0)
        self.phases = executable.table[2]
        self.one = np.zeros(runtime.PHASE, np.int64)  # the phase that is run: some tasks of another one
        self.single = executable.job.copy()
        self.single[[runtime.JOB_PHASE_COUNT, runtime.JOB_MOVE_COUNT]] = 1, 0
        self.single[runtime.JOB_PHASES] = self.one.ctypes.data
        # the job as the walk sees it: phase k is one task, which calls "kernel" k
        numbers = np.arange(len(self.phases), dtype=np.int64)
        self.calls = np.stack([numbers, *np.zeros((runtime.CALL - 1, len(numbers)), np.int64)], 1).copy()
        self.tasks = np.stack([numbers, numbers + 1], 1).copy()
        self.walked = self.phases.copy()
        runs = self.walked[:, 0] == runtime.RUN
        self.walked[runs, 1], self.walked[runs, 2] = numbers[runs], numbers[runs] + 1
        self.job = executable.job.copy()
        self.job[[runtime.JOB_CALLS, runtime.JOB_TASKS, runtime.JOB_PHASES]] = [
            a.ctypes.data for a in (self.calls, self.tasks, self.walked)
        ]
        self.walk = python_kernels.entry(runtime.SOURCE, call_kernel=self._phase)

    def run(self, job: int, n_threads: int, objects: tuple) -> None:
        first = len(objects) - len(self.executable.output_shapes)
        written = [root(o.buffer).array for c in self.executable.calls for o in c.writes]
        kept = {a.ctypes.data: a for a in (self.executable.status, *written) if a is not None}
        self.memory = [_bytes(a) for a in (_scratch(self.executable), *kept.values(), *objects[first:])]
        self.walk(0, 0, self.job.ctypes.data, id(objects), 1)

    def _phase(self, number, args, lo, hi) -> None:
        number = int(number)
        _, first, end = self.phases[number, :3].tolist()
        if end - first > 1:
            self.seen.phases += 1
            self.seen.mixed += len(self.executable.members[number]) > 1
        if self.order == "alone" and 1 < end - first <= MOST_TASKS and self._can_be_repeated(number):
            return self._alone(number, first, end)
        tasks = np.arange(first, end)
        if self.order == "reversed":
            tasks = tasks[::-1]
        elif self.order != "alone":
            self.random.shuffle(tasks)
        tells = any(n.ordered for call in self.executable.members[number] for n in call.nodes)
        for k, task in enumerate(tasks.tolist()):
            if tells and k:
                time.sleep(LATE)
            self._task(task)

    def _task(self, task: int) -> None:
        self.one[:3] = runtime.RUN, task, task + 1
        runtime.POOL.run(self.single.ctypes.data, 1)

    def _can_be_repeated(self, number: int) -> bool:
        """Whether all that the calls of a phase change is known: not what other ranks read, nor rows of stacks."""
        members = self.executable.members[number]
        known = all(root(o.buffer).kind in ("temporary", "output", "fixed") for c in members for o in c.writes)
        return known and WORLD.size == 1 and sum(m.size for m in self.memory) <= MOST_BYTES

    def _alone(self, number: int, first: int, end: int) -> None:
        before = [m.copy() for m in self.memory]
        made, changed = [m.copy() for m in before], [np.zeros(m.size, bool) for m in before]
        for task in range(first, end):
            for memory, old in zip(self.memory, before):
                memory[:] = old
            self._task(task)
            for memory, old, new, known in zip(self.memory, before, made, changed):
                its = memory != old
                if (its & known).any():
                    raise OtherBits(f"two tasks of phase {number} change one byte:\n{_shown(self.executable, number)}")
                new[its], known[its] = memory[its], True
        for memory, new in zip(self.memory, made):
            memory[:] = new


def _scratch(executable) -> np.ndarray:
    begin = executable.base - executable.arena.ctypes.data
    return executable.arena[begin : begin + executable.arena_bytes]


def _bytes(array: np.ndarray) -> np.ndarray:
    return array.reshape(-1).view(np.uint8)


def _shown(executable, only: int | None = None) -> str:
    """The phases of several tasks."""
    lines = []
    for number, members in executable.members.items():
        if (len(members) > 1 or members[0].split) and only in (None, number):
            lines.append(f"phase {number}")
            for c in members:
                places = [
                    [f"{o.buffer.kind} {o.buffer.label}" for o in side if o.buffer] for side in (c.reads, c.writes)
                ]
                lines.append(
                    f"  {c.source.name} of {[n.op.name for n in c.nodes]}, split: {c.split}, {places[0]} -> {places[1]}"
                )
    return "\n".join(lines)
