# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""The native runtime: runs a table of kernels with a pool of threads, in one call that releases the GIL.

A job is a list of phases with a barrier after each; a phase is a list of tasks that do not touch each other's
results; a task is one or more kernel calls in order.  Threads claim tasks.  The calling thread never waits for a
worker that has not begun: where a processor is busy with something else, it does the work itself.
"""

import ctypes
import os
import threading
from typing import Any

import numpy as np

from ..kernel import kernel
from .compile import address_of

# A call: kernel address, its first argument, lo, hi.  A task: first call, end.  A phase: first task, end, stop on error?
CALL, TASK, PHASE = 4, 2, 3
# A job (int64 slots): 0 calls, 1 tasks, 2 phases, 3 their number, 4 arguments, 5 status, 6 moves, 7 their number,
# 8 objects, 9 the header of an array, 10 counters (two a phase: claimed, done), 11 number of calls
JOB_SLOTS = 16
# The pool: 0 epoch, 8 job, 9 threads, 16 workers inside a job, 24 sleepers, 64.. mutex, 96.. condition
POOL_SLOTS = 128


@kernel
def runtime(lo, hi):
    """Runs a job, or works for others that do: one kernel, so that the loop over phases is compiled once.

    To run a job: args is the job, lo the pool's address, hi the number of threads.  As a worker: args is the pool, lo
    the worker's number, hi is -1.
    """
    worker = hi < 0
    job = args
    pool = args
    epoch = 0
    counted = hi > 1
    if not worker:
        pool = pointer_from(lo)
        slots, moves, objects = pointer_from(job[4]), pointer_from(job[6]), pointer_from(job[8])
        for i in range(job[7]):  # a NumPy array's data pointer follows its header
            data = pointer_from(objects[moves[3 * i + 1]] + job[9])[0]
            slots[moves[3 * i]] = data + moves[3 * i + 2]
        if counted:
            epoch = (atomic_load(pool, 0) + 1) & 0x7FFFFFFF
            counters = pointer_from(job[10])
            for k in range(2 * job[3]):
                atomic_store(counters, k, epoch << 32)
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
            job = pointer_from(atomic_load(pool, 8))
            wanted = lo < atomic_load(pool, 9)
            counted = True
        if wanted:
            calls, tasks, phases = pointer_from(job[0]), pointer_from(job[1]), pointer_from(job[2])
            slots, status, counters = pointer_from(job[4]), pointer_from(job[5]), pointer_from(job[10])
            phase, count = 0, job[3]
            while phase < count:
                first, end = phases[phase * 3], phases[phase * 3 + 1]
                if phases[phase * 3 + 2] != 0 and atomic_load(status, 0) != 0:
                    break
                task, last = first, end
                while True:
                    if counted:  # claim the next task; none when all are taken or the job is over
                        last = 0
                        seen = atomic_load(counters, 2 * phase)
                        while seen >> 32 == epoch and seen & 0xFFFFFFFF < end - first:
                            if atomic_swap(counters, 2 * phase, seen, seen + 1):
                                task = first + (seen & 0xFFFFFFFF)
                                last = task + 1
                                break
                            seen = atomic_load(counters, 2 * phase)
                        if last == 0:
                            break
                    for k in range(tasks[task * 2], tasks[last * 2 - 1]):
                        call_kernel(calls[k * 4], shift(slots, calls[k * 4 + 1]), calls[k * 4 + 2], calls[k * 4 + 3])
                    if not counted:
                        break
                    atomic_add(counters, 2 * phase + 1, 1)
                if counted:  # until the tasks that others have claimed are done
                    turns = 0
                    seen = atomic_load(counters, 2 * phase + 1)
                    while seen >> 32 == epoch and seen & 0xFFFFFFFF < end - first:
                        relax()
                        turns += 1
                        if turns > 2000:  # another thread may have lost its processor
                            sched_yield()
                        seen = atomic_load(counters, 2 * phase + 1)
                    if seen >> 32 != epoch:
                        break
                phase += 1
        if not worker:
            return
        atomic_add(pool, 16, -1)


SOURCE = runtime.bind()  # what every process needs before its first step

_NATIVE = ctypes.CFUNCTYPE(
    ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64
)
_slots = (ctypes.c_int64 * 2)()  # numba's return and exception slots; kernels use neither
SLOT = ctypes.addressof(_slots)

ARRAY_HEADER = object.__basicsize__  # where an ndarray keeps its data pointer; verified below


def _verify_array_layout() -> None:
    probe = np.empty(3)
    if ctypes.c_void_p.from_address(id(probe) + ARRAY_HEADER).value != probe.ctypes.data:
        raise ImportError("minispore: this build of Python and NumPy keeps the data pointer of an array elsewhere")


_verify_array_layout()


def default_threads() -> int:
    """Threads a step may use: ``MINISPORE_NUM_THREADS``, else the processors this process may run on."""
    named = os.environ.get("MINISPORE_NUM_THREADS")
    if named:
        return max(1, int(named))
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Pool:
    """The one pool of the process, started by the first step that can use it, and again after a fork."""

    def __init__(self):
        self.reset()

    def reset(self) -> None:
        self.lock = threading.Lock()  # one native call at a time
        self.state = np.zeros(POOL_SLOTS, np.int64)
        self.address = self.state.ctypes.data
        self.workers = 0
        self.launch: Any = None
        self.retired: list = []

    def start(self, n_threads: int) -> None:
        """Makes ``launch`` ready, and workers for ``n_threads``."""
        if self.launch is None:
            self.launch = _NATIVE(address_of(SOURCE))
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


POOL = Pool()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=POOL.reset)  # threads do not survive a fork
