"""Where large arrays lie: freed blocks are kept for the next request, and the heap grows in huge pages.

With pages of 4 KiB an update of ten Parameters of 4 MB waits for a fifth of its time for the addresses of pages, and for reading
ahead, which ends with the page.  NumPy asks for huge pages for arrays of 4 MiB and more; this module does for what lies in glibc's
heap, once for each piece by which the heap has grown, and best before the piece is touched.
"""

import ctypes
import math
import mmap
import sys

import numpy as np

LARGE = 1 << 20  # bytes of an array after whose allocation one looks whether the heap has grown
MALLOC = {-3: 32 << 20, -1: 512 << 20, -2: 64 << 20}  # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, M_TOP_PAD
HUGE_PAGES = 14  # MADV_HUGEPAGE
STAGGERED = 1 << 15  # bytes of an array for which a page more is little
# Where arrays of one size begin in a page.  A prime: the moments of any number of equal weights are in other places than these.
PLACES, APART = 13, 256


class _Heap:
    """glibc's heap; where there is none, ``grown`` does nothing."""

    end = 0  # up to here huge pages have been asked for

    def __init__(self):
        libc = ctypes.CDLL(None) if sys.platform == "linux" else None
        if not all(hasattr(libc, name) for name in ("mallopt", "malloc_trim", "sbrk", "madvise")):
            return
        for parameter, value in MALLOC.items():
            libc.mallopt(parameter, value)
        libc.sbrk.restype, libc.sbrk.argtypes = ctypes.c_void_p, [ctypes.c_ssize_t]
        libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        self.libc, self.end = libc, libc.sbrk(0)

    def grown(self) -> None:
        """To be called after a large array was allocated."""
        if not self.end:
            return
        end = self.libc.sbrk(0)
        if end > self.end:
            start = self.end // mmap.PAGESIZE * mmap.PAGESIZE
            self.libc.madvise(start, end - start, HUGE_PAGES)  # a system without them says so, and nothing is lost
        self.end = end

    def trim(self) -> None:
        """Gives the pages of freed blocks back, after something that left much behind and takes long anyway."""
        if self.end:
            self.libc.malloc_trim(0)
            self.end = self.libc.sbrk(0)


HEAP = _Heap()


_rooms: dict[int, int] = {}  # bytes of an array -> how many such arrays have been placed


def room(shape, dtype) -> np.ndarray:
    """An array without values.  A larger one begins with a cache line, and at another place of a page than others of its size.

    No vector of a kernel lies in two lines then.  Arrays of one size, such as a weight and its moments, are walked together, and
    the processor takes a load for one of what has just been stored where the last 12 bits of the addresses are the same: an update
    that reads element i of one array a line behind element i of another takes a third longer.
    """
    nbytes = math.prod(shape) * np.dtype(dtype).itemsize
    if nbytes < STAGGERED:
        return np.empty(shape, dtype)
    turn = _rooms[nbytes] = _rooms.get(nbytes, -1) + 1
    memory = np.empty(nbytes + mmap.PAGESIZE, np.uint8)
    if nbytes >= LARGE:
        HEAP.grown()
    first = (turn % PLACES * APART - memory.ctypes.data) % mmap.PAGESIZE
    return memory[first : first + nbytes].view(dtype).reshape(shape)
