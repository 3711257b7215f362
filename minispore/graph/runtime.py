# ruff: noqa: F821  (kernel source: the names are bound when it is compiled)
"""The native runtime: runs a table of kernels with a pool of threads, in one call that releases the GIL.

All threads walk the same table.  A row is either split between them or done by the first one; a row that needs
what another thread produced has a barrier before it.  Idle workers wait a moment, then sleep.
"""

import ctypes
import os
import threading

import numpy as np

from ..kernel import device, kernel
from .compile import address_of

# A row of the table: kernel address, its first argument, extent, split?, barrier before?, stop here on error?
ROW = 6
# A job (int64 slots; the counters that threads write stand on cache lines of their own):
#   0 table, 1 rows, 2 arguments, 3 relocations, 4 their number, 5 objects, 6 status, 16 arrived, 24 generation
JOB_SLOTS = 40
# The pool: 0 epoch, 8 job, 9 threads, 10 workers, 16 finished, 24 sleepers, 32 stop, 64.. mutex, 96.. condition
POOL_SLOTS = 128


@device
def wait_for_all(job, n_threads):
    generation = atomic_load(job, 24)
    if atomic_add(job, 16, 1) == n_threads - 1:
        atomic_store(job, 16, 0)
        atomic_store(job, 24, generation + 1)
    else:
        turns = 0
        while atomic_load(job, 24) == generation:
            relax()
            turns += 1
            if turns > 4000:  # the others may have lost their processor
                sched_yield()


@device
def run_rows(job, thread, n_threads):
    table = pointer_from(job[0])
    args = pointer_from(job[2])
    status = pointer_from(job[6])
    for row in range(job[1]):
        at = row * 6
        if table[at + 4] != 0 and n_threads > 1:
            wait_for_all(job, n_threads)
        if table[at + 5] != 0 and atomic_load(status, 0) != 0:
            return
        extent = table[at + 2]
        if table[at + 3] != 0:
            lo = extent * thread // n_threads
            hi = extent * (thread + 1) // n_threads
            if hi > lo:
                call_kernel(table[at], shift(args, table[at + 1]), lo, hi)
        elif thread == 0:
            call_kernel(table[at], shift(args, table[at + 1]), 0, extent)


@kernel
def launch(lo, hi):
    """args is the job, lo the pool's address, hi the number of threads."""
    slots = pointer_from(args[2])
    moves = pointer_from(args[3])
    objects = pointer_from(args[5])
    header = args[7]
    for i in range(args[4]):
        data = pointer_from(objects[moves[3 * i + 1]] + header)[0]  # a NumPy array's data pointer follows its header
        slots[moves[3 * i]] = data + moves[3 * i + 2]
    if hi <= 1:
        run_rows(args, 0, 1)
        return
    pool = pointer_from(lo)
    atomic_store(pool, 8, address_of(args))
    atomic_store(pool, 9, hi)
    atomic_store(pool, 16, 0)
    atomic_add(pool, 0, 1)
    if atomic_load(pool, 24) > 0:
        pthread_mutex_lock(shift(pool, 64))
        pthread_cond_broadcast(shift(pool, 96))
        pthread_mutex_unlock(shift(pool, 64))
    run_rows(args, 0, hi)
    turns = 0
    while atomic_load(pool, 16) < pool[10]:
        relax()
        turns += 1
        if turns > 4000:
            sched_yield()


@kernel
def work(lo, hi):
    """A worker: args is the pool, lo its number, hi the epoch it starts from."""
    seen = hi
    while True:
        turns = 0
        while atomic_load(args, 0) == seen:
            relax()
            turns += 1
            if turns > 3000:
                pthread_mutex_lock(shift(args, 64))
                atomic_add(args, 24, 1)
                while atomic_load(args, 0) == seen:
                    pthread_cond_wait(shift(args, 96), shift(args, 64))
                atomic_add(args, 24, -1)
                pthread_mutex_unlock(shift(args, 64))
        seen += 1
        stop = atomic_load(args, 32)
        n_threads = atomic_load(args, 9)
        if stop == 0 and lo < n_threads:
            run_rows(pointer_from(atomic_load(args, 8)), lo, n_threads)
        atomic_add(args, 16, 1)
        if stop != 0:
            return


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
        self.state = None
        self.workers = 0
        self.launch = None

    def start(self, n_threads: int) -> None:
        """Makes ``launch`` ready, and workers for ``n_threads``."""
        if self.launch is None:
            self.launch = _NATIVE(address_of(launch.bind()))
        if n_threads - 1 <= self.workers:
            return
        self.stop()
        self.state = np.zeros(POOL_SLOTS, np.int64)
        self.state[10] = n_threads - 1
        worker = _NATIVE(address_of(work.bind()))
        for number in range(1, n_threads):
            threading.Thread(
                target=worker, args=(SLOT, SLOT, self.state.ctypes.data, number, 0), daemon=True, name="minispore"
            ).start()
        self.workers = n_threads - 1

    def stop(self) -> None:
        """Ends the workers (their memory stays until they are gone)."""
        if self.workers:
            self.state[32] = 1
            _retired.append(self.state)
            empty = np.zeros(JOB_SLOTS, np.int64)
            _retired.append(empty)
            self.launch(SLOT, SLOT, empty.ctypes.data, self.state.ctypes.data, self.workers + 1)
            self.workers = 0

    @property
    def address(self) -> int:
        return self.state.ctypes.data if self.state is not None else 0


_retired: list = []
POOL = Pool()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=POOL.reset)  # threads do not survive a fork
