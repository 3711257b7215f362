"""Where large arrays lie: freed blocks are kept for the next request, and the heap grows in huge pages.

With pages of 4 KiB an update of ten Parameters of 4 MB waits for a fifth of its time for the addresses of pages, and for reading
ahead, which ends with the page.  NumPy asks for huge pages for arrays of 4 MiB and more; this module does for what lies in glibc's
heap, once for each piece by which the heap has grown, and best before the piece is touched.
"""

import ctypes
import mmap
import sys

LARGE = 1 << 20  # bytes of an array after whose allocation one looks whether the heap has grown
MALLOC = {-3: 32 << 20, -1: 512 << 20, -2: 64 << 20}  # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, M_TOP_PAD
HUGE_PAGES = 14  # MADV_HUGEPAGE


class _Heap:
    """glibc's heap; where there is none, ``grown`` does nothing."""

    end = 0  # up to here huge pages have been asked for

    def __init__(self):
        libc = ctypes.CDLL(None) if sys.platform == "linux" else None
        if not all(hasattr(libc, name) for name in ("mallopt", "sbrk", "madvise")):
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


HEAP = _Heap()
