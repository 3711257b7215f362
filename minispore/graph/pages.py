"""Pages of memory that a new step will write: a thread has the system provide them while Python still works on the step.

Memory that nothing has written, such as the moments of an optimizer, has no pages yet.  The first write to each waits until the
system has found one and filled it with zeros: a tenth of a second for a gigabyte, and up to two on a virtual machine whose host has to find
them, too.  A step is made by one thread, so another processor can do that meanwhile.  Only what the step writes as a whole is asked
for, no more memory than it would use; no value changes, and what is not there when the step begins comes as it is written.
"""

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from ..core.heap import LARGE
from ..core.ir import Graph
from . import runtime
from .compile import INTERPRETED, at_hand

LEAST = 64 << 20  # bytes for which a thread is worth it


def written_whole(graph: Graph) -> list[np.ndarray]:
    """The large arrays of Parameters of which a step writes every element: not those of which it may write some rows."""
    written = [p._array() for p, v in graph.updates if v.node is not None and v.node.op.kind == "elementwise"]
    return [a for a in written if a.nbytes >= LARGE and a.flags.c_contiguous and a.flags.writeable]


@contextmanager
def provided(arrays: Sequence[np.ndarray], threads: int) -> Iterator[None]:
    """Has the pages of ``arrays``, which a step with so many threads writes, provided while the block runs, as far as that gets."""
    work = None
    if sys.platform == "linux" and not INTERPRETED and threads > 1 and sum([a.nbytes for a in arrays]) >= LEAST:
        work = _begun(arrays)
    try:
        yield
    finally:
        if work is not None:
            work.end()


def _begun(arrays: Sequence[np.ndarray]) -> "_Work | None":
    """None where the runtime has to be compiled first: that takes longer than the pages."""
    return _Work(arrays) if at_hand(runtime.SOURCE) else None


class _Work:
    """A thread that asks for the pages of arrays."""

    def __init__(self, arrays: Sequence[np.ndarray]):
        ranges = [x for a in arrays for x in (a.ctypes.data, a.ctypes.data + a.nbytes)]
        self.table = np.array([0, len(arrays), *ranges], np.int64)
        self.arrays = arrays  # the thread may still be at them when the step has failed
        self.provide = runtime.entry()
        self.thread = threading.Thread(target=self._run, daemon=True, name="minispore pages")
        self.thread.start()

    def _run(self) -> None:
        self.provide(runtime.SLOT, runtime.SLOT, self.table.ctypes.data, 0, runtime.PROVIDE)

    def end(self) -> None:
        """Waits until the thread is through with the piece that it is at."""
        self.table[runtime.PROVIDE_STOP] = 1
        self.thread.join()
