# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""The native runtime: runs a table of kernels with a pool of threads, in one call that releases the GIL.

A job is a list of phases with a barrier after each; a phase is a list of tasks that do not touch each other's
results; a task is one or more kernel calls in order.  Threads claim tasks.  The calling thread never waits for a
worker that has not begun: where a processor is busy with something else, it does the work itself.  Branches and loops
are phases of other kinds, which only the calling thread acts on: it goes to another phase, or lets arguments point
to the next row of a stack.

The tasks of a phase lie in the order of what part of their call's range they are (table.py), and are cut into as many pieces,
the *homes*, as there are threads.  A thread claims from its own home first, so that it goes on with the items of a batch that it had in
the phase before, and finds them in its own caches.  Then it helps in the others.

What keeps the threads apart:

- A worker counts itself in (``WORKERS``) before it reads the address of a job and out when it no longer does; memory of a
  job is released only while the count is 0.
- The word of the open phase holds (tick, phase), that of a home (tick, tasks taken).  A word of another tick means that nothing is
  taken, if the phase is still open.  A task is claimed by a compare-and-swap of the home's word.  So a worker that has slept through a phase claims
  nothing: each home that has tasks had them taken, and its word is that of this tick with all taken, or of a later one.
- A phase ends when as many of its tasks are done as it has; then the calling thread, and no other, opens the next one.
"""

import ctypes
import os
import threading
from typing import Any

import numpy as np

from ..core.context import flushes_denormals
from ..core.kernel import device, kernel
from ..distributed.launcher import launched
from .compile import INTERPRETED, address_of

# Rows of the table, as int64.
# A call: kernel address, its first argument, lo, hi.  A task: first call, end.
CALL, TASK = 4, 2
# A phase: its kind and five numbers.  Only the calling thread reads kinds other than RUN.
PHASE = 6
RUN = 0  # first task, end
CHECK = 1  # ends the job if a kernel has reported an error
CHOOSE = 2  # slot of the address of an int64, first of the jumps to choose from, their number
JUMP = 3  # phase
BEGIN = 4  # address of a turn counter: set to 0
TURN = 5  # address of the counter, first patch, end, first stack, end
UNLESS = 6  # slot of the address of an int64, the phase to go to when it is 0
FINISHED = 7  # address of the counter, phase, slot of the address of the limit or -1, the limit
NEXT = 8  # address of the counter, phase
# A patch, which lets an argument point to this turn's row
PATCH = 7
PATCH_SLOT, PATCH_BASE = 0, 1  # the argument that moves; the slot with the address of the memory it moves in
PATCH_OFFSET, PATCH_ROW = 2, 3  # bytes before the first row; bytes a row
PATCH_LAG = 4  # 1: the next turn's row
PATCH_RING = 5  # rows that are used again and again; 0: one for each turn
PATCH_COUNT = 6  # slot of the address of the number of turns, where the last row comes first, or -1
# A stack, which grows while a loop fills it
STACK = 4
STACK_SLOT, STACK_ROW, STACK_CAPACITY = 0, 1, 2  # slot of its address, bytes a row, rows there is room for
STACK_COUNT = 3  # slot of the address of the number of turns, if it is known, or -1: filled from the front
# A move: slot, number of the array, offset in bytes
MOVE = 3

JOB_SLOTS = 16  # a job: addresses of tables, and their lengths
JOB_CALLS, JOB_TASKS, JOB_PHASES, JOB_PHASE_COUNT, JOB_ARGUMENTS, JOB_STATUS, JOB_MOVES, JOB_MOVE_COUNT = range(8)
JOB_POOL, JOB_ARRAY_HEADER, JOB_PATCHES, JOB_STACKS, JOB_FLOAT_BITS, JOB_THREADS = range(8, 14)

# The pool.  What threads spin on lies in cache lines of its own.
HOMES = 8  # at most; more threads share them, neighbours with neighbours
POOL_SLOTS = 192
EPOCH = 0  # changes with each job
JOB = 8  # address of the job; 0: none
THREADS = 9  # how many may work for it
WORKERS = 16  # workers that may be reading a job
SLEEPERS = 24  # workers that wait for the condition
OPEN_PHASE = 40  # the word of the phase whose tasks are being claimed: tick, phase; -1: none
DONE = 48  # tasks of the open phase that are done
TICK = 56  # how many phases have been opened
MUTEX, CONDITION = 64, 96
TAKEN, LINE = 128, 8  # the words of the homes: tick, tasks taken

EPOCH_MASK = (1 << 31) - 1  # epochs begin again here
FIELD_BITS = 20  # of the lower field of a word
FIELD_MASK = (1 << FIELD_BITS) - 1
TICK_MASK = (1 << 43) - 1
SPINS = 2000  # looks at a flag before a thread sleeps or yields
FIRST_ROWS = 64  # the least number of rows that a stack makes room for
NO_MEMORY = -1  # status when a stack cannot grow
THREAD_BITS = 16  # of the number of threads; the bits of the float control that a job sets lie above it
THREAD_MASK = (1 << THREAD_BITS) - 1
FLUSH_DENORMALS = 0x8040  # MXCSR: denormal results and denormal operands are zero
_FLUSHING = FLUSH_DENORMALS << THREAD_BITS

TUPLE_HEADER = ().__sizeof__() // 8  # where the items of a tuple begin, in words; verified below, like ARRAY_HEADER

CONSTANTS = {name: str(value) for name, value in list(globals().items()) if name.isupper() and type(value) is int}


# ---------------------------------------------------------------- what the calling thread does
@device
def announce_job(pool, job, threads):
    """Workers that spin see the new epoch; those that sleep are woken."""
    epoch = (atomic_load(pool, EPOCH) + 1) & EPOCH_MASK
    atomic_store(pool, JOB, address_of(job))
    atomic_store(pool, THREADS, threads)
    atomic_store(pool, EPOCH, epoch)
    if atomic_load(pool, SLEEPERS) > 0:
        pthread_mutex_lock(shift(pool, MUTEX))
        pthread_cond_broadcast(shift(pool, CONDITION))
        pthread_mutex_unlock(shift(pool, MUTEX))


@device
def begin_turn(job, phase):
    """Makes room in the stacks for the rows of this turn and the next, and lets arguments point to the rows of this turn.

    Of a ring with 2 rows, turns 0, 1, 2 use rows 0, 1, 0; of a stack in reversed order, with 3 turns, rows 2, 1, 0.
    """
    slots, turn = pointer_from(job[JOB_ARGUMENTS]), pointer_from(phase[1])[0]
    first_patch, patches_end, first_stack, stacks_end = phase[2], phase[3], phase[4], phase[5]
    for k in range(first_stack, stacks_end):
        stack = shift(pointer_from(job[JOB_STACKS]), STACK * k)
        needed = turn + 2
        if stack[STACK_COUNT] >= 0:
            needed = pointer_from(slots[stack[STACK_COUNT]])[0] + 1
        if needed > stack[STACK_CAPACITY]:
            rows = max(2 * needed, FIRST_ROWS)
            grown = address_of(realloc(pointer_from(slots[stack[STACK_SLOT]]), rows * stack[STACK_ROW]))
            if grown == 0:  # the stack stays as it is, and the job ends
                atomic_store(pointer_from(job[JOB_STATUS]), 0, NO_MEMORY)
            else:
                slots[stack[STACK_SLOT]] = grown
                stack[STACK_CAPACITY] = rows
    for k in range(first_patch, patches_end):
        patch = shift(pointer_from(job[JOB_PATCHES]), PATCH * k)
        row = turn + patch[PATCH_LAG]
        if patch[PATCH_COUNT] >= 0:
            row = pointer_from(slots[patch[PATCH_COUNT]])[0] - 1 - row
        if patch[PATCH_RING] != 0:
            row = row % patch[PATCH_RING]
        slots[patch[PATCH_SLOT]] = slots[patch[PATCH_BASE]] + patch[PATCH_OFFSET] + row * patch[PATCH_ROW]


@device
def act_on_control_phase(job, number):
    """Does what a phase that is not RUN says; returns the number of the next phase (their count: the job ends)."""
    slots, status = pointer_from(job[JOB_ARGUMENTS]), pointer_from(job[JOB_STATUS])
    phase = shift(pointer_from(job[JOB_PHASES]), PHASE * number)
    kind = phase[0]
    following = number + 1
    if kind == CHECK:
        if atomic_load(status, 0) != 0:
            following = job[JOB_PHASE_COUNT]
    elif kind == CHOOSE:
        chosen, first_jump, jumps = pointer_from(slots[phase[1]])[0], phase[2], phase[3]
        following = first_jump + min(max(chosen, 0), jumps - 1)
    elif kind == JUMP:
        following = phase[1]
    elif kind == BEGIN:
        pointer_from(phase[1])[0] = 0
    elif kind == TURN:
        begin_turn(job, phase)
        if atomic_load(status, 0) != 0:
            following = job[JOB_PHASE_COUNT]
    elif kind == UNLESS:
        if pointer_from(slots[phase[1]])[0] == 0:
            following = phase[2]
    elif kind == FINISHED:
        turn, limit_slot, limit = pointer_from(phase[1])[0], phase[3], phase[4]
        if limit_slot >= 0:
            limit = pointer_from(slots[limit_slot])[0]
        if turn >= limit:
            following = phase[2]
    else:  # NEXT
        pointer_from(phase[1])[0] += 1
        following = phase[2]
    return following


# ---------------------------------------------------------------- what all threads do
@device
def run_tasks(job, first, end):
    """The calls of consecutive tasks, in order."""
    calls, tasks, slots = pointer_from(job[JOB_CALLS]), pointer_from(job[JOB_TASKS]), pointer_from(job[JOB_ARGUMENTS])
    for k in range(tasks[TASK * first], tasks[TASK * end - 1]):
        call = shift(calls, CALL * k)
        address, first_argument, lo, hi = call[0], call[1], call[2], call[3]
        call_kernel(address, shift(slots, first_argument), lo, hi)


@device
def work_on_phase(pool, job, word, first, end, thread):
    """Claims and runs tasks of the open phase, those of the thread's home first, until all are claimed, or the phase is over."""
    tick, count, threads = word >> FIELD_BITS, end - first, job[JOB_THREADS]
    homes = min(threads, HOMES)
    own = thread * homes // threads
    for k in range(homes):
        home = (own + k) % homes
        begin = count * home // homes
        tasks, taken = count * (home + 1) // homes - begin, shift(pool, TAKEN + LINE * home)
        while tasks > 0:
            seen = atomic_load(taken, 0)
            number = seen & FIELD_MASK
            if seen >> FIELD_BITS != tick:
                number = 0
                if atomic_load(pool, OPEN_PHASE) != word:
                    return
            if number >= tasks:
                break
            if atomic_swap(taken, 0, seen, (tick << FIELD_BITS) | (number + 1)):
                task = first + begin + number
                run_tasks(job, task, task + 1)
                atomic_add(pool, DONE, 1)


# ---------------------------------------------------------------- what workers do
@device
def wait_for_job(pool, epoch):
    """Until there is another epoch: spins for a while, then sleeps."""
    spins = 0
    while atomic_load(pool, EPOCH) == epoch:
        relax()
        spins += 1
        if spins > SPINS:
            pthread_mutex_lock(shift(pool, MUTEX))
            atomic_add(pool, SLEEPERS, 1)
            while atomic_load(pool, EPOCH) == epoch:
                pthread_cond_wait(shift(pool, CONDITION), shift(pool, MUTEX))
            atomic_add(pool, SLEEPERS, -1)
            pthread_mutex_unlock(shift(pool, MUTEX))


@device
def help_with_job(pool, job, epoch, thread):
    """Works on each phase that is opened, until the job is over."""
    spins, last = 0, -1
    while True:
        word = atomic_load(pool, OPEN_PHASE)
        # Read after the word: if the epoch is still the same, so was the job when the word was written.
        if atomic_load(pool, EPOCH) != epoch:
            break
        if word < 0 and atomic_load(pool, JOB) == 0:
            break
        if word >= 0 and word != last:
            phase = shift(pointer_from(job[JOB_PHASES]), PHASE * (word & FIELD_MASK))
            spins, last = 0, word
            work_on_phase(pool, job, word, phase[1], phase[2], thread)
        else:
            relax()
            spins += 1
            if spins > SPINS:
                sched_yield()


# ---------------------------------------------------------------- the kernel
@kernel
def runtime(lo, hi):
    """Runs a job, or works for others that do: one kernel, so that the loop over tasks is compiled once.

    To run a job: args is the job, lo the address of a tuple of its arrays, hi the number of threads and, above it, bits for the float
    control of the threads while they work.  As a worker: args is the pool, lo the worker's number, hi is -1.  A job
    for n threads wants the workers with numbers below n.
    """
    epoch = 0
    float_before = float_control()
    while hi < 0:  # a worker, as long as the process lives
        wait_for_job(args, epoch)
        atomic_add(args, WORKERS, 1)  # from here the job's memory is in use
        epoch = atomic_load(args, EPOCH)
        wanted = lo < atomic_load(args, THREADS)
        address = atomic_load(args, JOB)
        if wanted and address != 0:
            set_float_control(float_before | pointer_from(address)[JOB_FLOAT_BITS])
            help_with_job(args, pointer_from(address), epoch, lo)
            set_float_control(float_before)
        atomic_add(args, WORKERS, -1)

    job, pool, threads = args, pointer_from(args[JOB_POOL]), hi & THREAD_MASK
    job[JOB_FLOAT_BITS], job[JOB_THREADS] = hi >> THREAD_BITS, threads
    set_float_control(float_before | job[JOB_FLOAT_BITS])
    slots, objects = pointer_from(job[JOB_ARGUMENTS]), shift(pointer_from(lo), TUPLE_HEADER)
    for k in range(job[JOB_MOVE_COUNT]):  # addresses of this call's arrays: the data pointer follows the header
        move = shift(pointer_from(job[JOB_MOVES]), MOVE * k)
        slot, array, offset = move[0], objects[move[1]], move[2]
        slots[slot] = pointer_from(array + job[JOB_ARRAY_HEADER])[0] + offset
    if threads > 1:
        announce_job(pool, job, threads)
    number = 0
    while number < job[JOB_PHASE_COUNT]:
        phase = shift(pointer_from(job[JOB_PHASES]), PHASE * number)
        if phase[0] != RUN:
            number = act_on_control_phase(job, number)
            continue
        first, end = phase[1], phase[2]
        if threads > 1 and end - first > 1:
            pool[TICK] = (pool[TICK] + 1) & TICK_MASK
            word = (pool[TICK] << FIELD_BITS) | number
            atomic_store(pool, DONE, 0)
            atomic_store(pool, OPEN_PHASE, word)
            work_on_phase(pool, job, word, first, end, 0)
            waited = 0
            while atomic_load(pool, DONE) < end - first:  # tasks that others have claimed
                relax()
                waited += 1
                if waited > SPINS:  # another thread may have lost its processor
                    sched_yield()
        else:
            run_tasks(job, first, end)
        number += 1
    if threads > 1:
        atomic_store(pool, OPEN_PHASE, -1)
        atomic_store(pool, JOB, 0)
    set_float_control(float_before)


SOURCE = runtime.bind(**CONSTANTS)  # what every process needs before its first step

_slots = (ctypes.c_int64 * 2)()  # return and exception slots, as numba's functions have them; kernels use neither
SLOT = ctypes.addressof(_slots)

ARRAY_HEADER = object.__basicsize__  # where an ndarray keeps its data pointer; verified below


def _verify_array_layout() -> None:
    probe = np.empty(3)
    if ctypes.c_void_p.from_address(id(probe) + ARRAY_HEADER).value != probe.ctypes.data:
        raise ImportError("minispore: this build of Python and NumPy keeps the data pointer of an array elsewhere")
    pair = (probe, None)
    items = (ctypes.c_void_p * 2).from_address(id(pair) + 8 * TUPLE_HEADER)
    if items[:] != [id(probe), id(None)]:
        raise ImportError("minispore: this build of Python keeps the items of a tuple elsewhere")


_verify_array_layout()


def default_threads() -> int:
    """Threads a step may use: one for kernels run as Python; ``MINISPORE_NUM_THREADS``, else the processors this process may run on.

    Processes that a launcher has started on one machine share it, unless each has been given processors of its own.
    """
    if INTERPRETED:
        return 1
    named = os.environ.get("MINISPORE_NUM_THREADS")
    if named:
        return max(1, int(named))
    there = os.cpu_count() or 1
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else there
    return max(1, ours // max(launched().local_size, 1)) if ours == there else ours


def _entry():
    """The runtime as a function of five numbers.  As pointers they take ctypes less time than as integers."""
    if INTERPRETED:
        from . import python_kernels

        return python_kernels.entry(SOURCE)
    return ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 5)(address_of(SOURCE))


class Pool:
    """The one pool of the process, started by the first step that can use it, and again after a fork."""

    def __init__(self):
        memory = np.zeros(POOL_SLOTS + LINE, np.int64)
        begin = -memory.ctypes.data % (8 * LINE) // 8  # the slots that threads spin on are lines of the cache
        self.state = memory[begin : begin + POOL_SLOTS]
        self.address = self.state.ctypes.data  # for good: jobs know it
        self.reset()

    def reset(self) -> None:
        self.lock = threading.Lock()  # one native call at a time
        self.state[:] = 0
        self.state[OPEN_PHASE] = -1
        self.workers = 0
        self.ready = 0  # for how many threads ``launch`` and workers are there
        self.launch: Any = None
        self.retired: list = []

    def start(self, n_threads: int) -> None:
        """Makes ``launch`` ready, and workers for ``n_threads``."""
        if self.launch is None:
            self.launch = _entry()
        for number in range(self.workers + 1, n_threads):
            threading.Thread(
                target=self.launch, args=(SLOT, SLOT, self.address, number, -1), daemon=True, name="minispore"
            ).start()
        self.workers = max(self.workers, n_threads - 1)
        self.ready = self.workers + 1

    def run(self, job: int, n_threads: int, objects: tuple = ()) -> None:
        """One native call on these arrays; the caller holds the lock."""
        if n_threads > self.ready:
            self.start(n_threads)
        self.launch(SLOT, SLOT, job, id(objects), n_threads | _FLUSHING if flushes_denormals() else n_threads)
        if self.retired and self.state[WORKERS] == 0:
            self.retired.clear()

    def retire(self, memory: list) -> None:
        """Keeps the memory of a job that is no longer needed until no late worker can be reading it."""
        if self.workers:
            self.retired.append(memory)


POOL = Pool()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=POOL.reset)  # threads do not survive a fork
