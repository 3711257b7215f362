# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""The native runtime: runs a table of kernels with a pool of threads, in one call that releases the GIL.

A job is a list of phases with a barrier after each; a phase is a list of tasks that do not touch each other's
results; a task is one or more kernel calls in order.  Threads claim tasks.  The calling thread never waits for a
worker that has not begun: where a processor is busy with something else, it does the work itself.  Branches and loops
are phases of other kinds, which only the calling thread acts on: it goes to another phase, or lets arguments point
to the next row of a stack.
"""

import ctypes
import os
import sys
import threading
from typing import Any

import numpy as np

from ..core.kernel import kernel
from .compile import ENTRY, INTERPRETED, address_of

# A call: kernel address, its first argument, lo, hi.  A task: first call, end.
CALL, TASK = 4, 2
# A phase: kind and five numbers.  Only the calling thread reads kinds other than RUN.
PHASE = 6
RUN = 0  # first task, end
CHECK = 1  # ends the job if a kernel has reported an error
CHOOSE = 2  # slot of the address of an int64, first of the jumps to choose from, their number
JUMP = 3  # phase
BEGIN = 4  # address of a turn counter: 0
TURN = 5  # address of the counter, first patch, end, first stack, end
UNLESS = 6  # slot of the address of an int64, the phase to go to when it is 0
FINISHED = 7  # address of the counter, phase, slot of the address of the limit or -1, the limit
NEXT = 8  # address of the counter, phase
# A patch: slot, slot of the base, offset, bytes a turn, lag, ring (0: none), slot of the count for reversed order or -1
PATCH = 7
# A stack: slot of its address, bytes a row, rows there is room for, slot of the count or -1 (filled from the front)
STACK = 4
# A job (int64 slots): 0 calls, 1 tasks, 2 phases, 3 their number, 4 arguments, 5 status, 6 moves, 7 their number,
# 8 objects, 9 the header of an array, 10 patches, 11 stacks
JOB_SLOTS = 16
# The pool: 0 epoch, 8 job, 9 threads, 16 workers inside a job, 24 sleepers, 40 the phase that is open (tick, phase,
# tasks taken; -1: none), 48 its tasks done, 56 ticks so far, 64.. mutex, 96.. condition
POOL_SLOTS = 128
NO_MEMORY = -1  # status when a stack cannot grow


@kernel
def runtime(lo, hi):
    """Runs a job, or works for others that do: one kernel, so that the loop over tasks is compiled once.

    To run a job: args is the job, lo the pool's address, hi the number of threads.  As a worker: args is the pool, lo
    the worker's number, hi is -1.  The caller decides which phase is next and opens it; all threads claim its tasks.
    """
    worker = hi < 0
    job = args
    pool = args
    epoch = 0
    shared = hi > 1
    if not worker:
        pool = pointer_from(lo)
        slots, moves, objects = pointer_from(job[4]), pointer_from(job[6]), pointer_from(job[8])
        for i in range(job[7]):  # a NumPy array's data pointer follows its header
            data = pointer_from(objects[moves[3 * i + 1]] + job[9])[0]
            slots[moves[3 * i]] = data + moves[3 * i + 2]
        if shared:
            epoch = (atomic_load(pool, 0) + 1) & 0x7FFFFFFF
            atomic_store(pool, 8, address_of(job))
            atomic_store(pool, 9, hi)
            atomic_store(pool, 0, epoch)
            if atomic_load(pool, 24) > 0:
                pthread_mutex_lock(shift(pool, 64))
                pthread_cond_broadcast(shift(pool, 96))
                pthread_mutex_unlock(shift(pool, 64))
    while True:
        wanted = True
        if worker:
            turns = 0
            while atomic_load(pool, 0) == epoch:
                relax()
                turns += 1
                if turns > 2000:
                    pthread_mutex_lock(shift(pool, 64))
                    atomic_add(pool, 24, 1)
                    while atomic_load(pool, 0) == epoch:
                        pthread_cond_wait(shift(pool, 96), shift(pool, 64))
                    atomic_add(pool, 24, -1)
                    pthread_mutex_unlock(shift(pool, 64))
            atomic_add(pool, 16, 1)  # from here the job's memory is in use
            epoch = atomic_load(pool, 0)
            wanted = lo < atomic_load(pool, 9)
            at = atomic_load(pool, 8)
            if at == 0:
                wanted = False
            else:
                job = pointer_from(at)
        if wanted:
            calls, tasks, phases = pointer_from(job[0]), pointer_from(job[1]), pointer_from(job[2])
            slots, status = pointer_from(job[4]), pointer_from(job[5])
            phase, count, word, turns = 0, job[3], 0, 0
            while True:
                first, end = 0, 0
                together = True
                if worker:
                    word = atomic_load(pool, 40)
                    if word < 0 or atomic_load(pool, 0) != epoch:
                        if atomic_load(pool, 0) != epoch or atomic_load(pool, 8) == 0:
                            break
                        end = 0
                    else:
                        phase = (word >> 20) & 0xFFFFF
                        first, end = phases[phase * 6 + 1], phases[phase * 6 + 2]
                    if (word & 0xFFFFF) >= end - first:
                        relax()
                        turns += 1
                        if turns > 2000:
                            sched_yield()
                        continue
                    turns = 0
                else:
                    while phase < count and phases[phase * 6] != 0:
                        row = shift(phases, phase * 6)
                        kind = row[0]
                        phase += 1
                        if kind == 1:
                            if atomic_load(status, 0) != 0:
                                phase = count
                        elif kind == 2:
                            chosen = pointer_from(slots[row[1]])[0]
                            phase = row[2] + min(max(chosen, 0), row[3] - 1)
                        elif kind == 3:
                            phase = row[1]
                        elif kind == 4:
                            pointer_from(row[1])[0] = 0
                        elif kind == 5:
                            turn = pointer_from(row[1])[0]
                            stacks = pointer_from(job[11])
                            for k in range(row[4], row[5]):
                                stack = shift(stacks, 4 * k)
                                wanted_rows = turn + 2
                                if stack[3] >= 0:
                                    wanted_rows = pointer_from(slots[stack[3]])[0] + 1
                                if wanted_rows > stack[2]:
                                    rows = max(2 * wanted_rows, 64)
                                    grown = realloc(pointer_from(slots[stack[0]]), rows * stack[1])
                                    if address_of(grown) == 0:
                                        atomic_store(status, 0, -1)
                                    else:
                                        slots[stack[0]] = address_of(grown)
                                        stack[2] = rows
                            if atomic_load(status, 0) != 0:
                                phase = count
                            else:
                                patches = pointer_from(job[10])
                                for k in range(row[2], row[3]):
                                    patch = shift(patches, 7 * k)
                                    at = turn + patch[4]
                                    if patch[6] >= 0:
                                        at = pointer_from(slots[patch[6]])[0] - 1 - at
                                    if patch[5] != 0:
                                        at = at % patch[5]
                                    slots[patch[0]] = slots[patch[1]] + patch[2] + at * patch[3]
                        elif kind == 6:
                            if pointer_from(slots[row[1]])[0] == 0:
                                phase = row[2]
                        elif kind == 7:
                            limit = row[4]
                            if row[3] >= 0:
                                limit = pointer_from(slots[row[3]])[0]
                            if pointer_from(row[1])[0] >= limit:
                                phase = row[2]
                        else:
                            pointer_from(row[1])[0] += 1
                            phase = row[2]
                    if phase >= count:
                        break
                    first, end = phases[phase * 6 + 1], phases[phase * 6 + 2]
                    together = shared and end - first > 1
                    if together:
                        tick = (pool[56] + 1) & 0x7FFFFF
                        pool[56] = tick
                        word = (tick << 40) | (phase << 20)
                        atomic_store(pool, 48, 0)
                        atomic_store(pool, 40, word)
                task, last = first, end
                while True:
                    if together:  # claim the next task; none when all are taken
                        last = 0
                        seen = atomic_load(pool, 40)
                        while seen >> 20 == word >> 20 and seen & 0xFFFFF < end - first:
                            if atomic_swap(pool, 40, seen, seen + 1):
                                task = first + (seen & 0xFFFFF)
                                last = task + 1
                                break
                            seen = atomic_load(pool, 40)
                        if last == 0:
                            break
                    for k in range(tasks[task * 2], tasks[last * 2 - 1]):
                        call_kernel(calls[k * 4], shift(slots, calls[k * 4 + 1]), calls[k * 4 + 2], calls[k * 4 + 3])
                    if not together:
                        break
                    atomic_add(pool, 48, 1)
                if not worker:
                    if together:  # until the tasks that others have claimed are done
                        waited = 0
                        while atomic_load(pool, 48) < end - first:
                            relax()
                            waited += 1
                            if waited > 2000:  # another thread may have lost its processor
                                sched_yield()
                    phase += 1
        if not worker:
            if shared:
                atomic_store(pool, 40, -1)
                atomic_store(pool, 8, 0)
            return
        atomic_add(pool, 16, -1)


SOURCE = runtime.bind()  # what every process needs before its first step

_slots = (ctypes.c_int64 * 2)()  # numba's return and exception slots; kernels use neither
SLOT = ctypes.addressof(_slots)

ARRAY_HEADER = object.__basicsize__  # where an ndarray keeps its data pointer; verified below


def _verify_array_layout() -> None:
    probe = np.empty(3)
    if ctypes.c_void_p.from_address(id(probe) + ARRAY_HEADER).value != probe.ctypes.data:
        raise ImportError("minispore: this build of Python and NumPy keeps the data pointer of an array elsewhere")


_verify_array_layout()


def default_threads() -> int:
    """Threads a step may use: one for kernels run as Python; ``MINISPORE_NUM_THREADS``, else the processors this process may run on."""
    if INTERPRETED:
        return 1
    named = os.environ.get("MINISPORE_NUM_THREADS")
    if named:
        return max(1, int(named))
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _entry():
    """The runtime as a function of five numbers."""
    if INTERPRETED:
        from . import python_kernels

        return python_kernels.entry(SOURCE)
    return ENTRY(address_of(SOURCE))


class Pool:
    """The one pool of the process, started by the first step that can use it, and again after a fork."""

    def __init__(self):
        self.reset()

    def reset(self) -> None:
        self.lock = threading.Lock()  # one native call at a time
        self.state = np.zeros(POOL_SLOTS, np.int64)
        self.state[40] = -1
        self.address = self.state.ctypes.data
        self.workers = 0
        self.launch: Any = None
        self.retired: list = []

    def start(self, n_threads: int) -> None:
        """Makes ``launch`` ready, and workers for ``n_threads``."""
        if self.launch is None:
            self.launch = _entry()
        if n_threads - 1 <= self.workers:
            return
        for number in range(self.workers + 1, n_threads):
            threading.Thread(
                target=self.launch, args=(SLOT, SLOT, self.address, number, -1), daemon=True, name="minispore"
            ).start()
        self.workers = n_threads - 1

    def run(self, job: int, n_threads: int) -> None:
        """One native call; the caller holds the lock."""
        if self.launch is None or n_threads - 1 > self.workers:
            self.start(n_threads)
        self.launch(SLOT, SLOT, job, self.address, n_threads)
        if self.retired and self.state[16] == 0:
            self.retired.clear()

    def retire(self, memory: list) -> None:
        """Keeps the memory of a job that is no longer needed until no late worker can be reading it."""
        if self.workers:
            self.retired.append(memory)


MALLOC = {-3: 32 << 20, -1: 512 << 20, -2: 16 << 20}  # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, M_TOP_PAD


def _keep_freed_memory() -> None:
    """Lets glibc keep freed blocks of up to 32 MiB for the next request.

    By default it gives each large array back to the system, and the first touch of the pages of the next one then costs
    as much as the work on it.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    for parameter, value in MALLOC.items() if mallopt is not None else ():
        mallopt(parameter, value)


_keep_freed_memory()
POOL = Pool()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=POOL.reset)  # threads do not survive a fork
