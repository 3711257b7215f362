"""Where a rank waits for others: what is compared between them, what kernels share with Python, and the error of a wait in vain."""

import os
import zlib
from dataclasses import dataclass

import numpy as np

from . import moves

# What kernels share: 0 stop, 1 number of the site that waits (0: none, -1: Python code waits), 2 waits so far,
# 3 communicator, 4 type of a byte, 5 bytes of a request
STATE = np.zeros(16, np.int64)


class CollectiveError(RuntimeError):
    """A collective operation could not be completed: another rank failed, ended, or called something else."""


@dataclass(frozen=True)
class Site:
    """A place in the program that waits for other ranks."""

    what: str  # "all_reduce of 4,000 bytes"
    place: str  # file:line
    ranks: tuple
    tag: int

    def __str__(self) -> str:
        return f"{self.what} at {self.place}"


def site_of(what, reduce, ranks, root, total, dtype, place, sizes=None, label="", mixed="") -> Site:
    """What ranks must agree on is in the tag: kind, reduction, size, type, and ``mixed``, the other collectives of the step."""
    if what in ("send", "receive"):
        key = f"message {sizes} {total} {dtype}"
        shown = f"{what} of {total * dtype.itemsize:,} bytes, {'to' if what == 'send' else 'from'} rank {root}"
    else:
        size = "" if what in moves.UNEVEN else total
        key = f"{what} {reduce} {ranks} {root} {size} {dtype} {mixed}"
        how = f" ({reduce})" if what in ("all_reduce", "reduce", "reduce_scatter") else ""
        shown = f"{what}{how} of {f'{label}, ' if label else ''}{total * dtype.itemsize:,} bytes"
    return Site(shown, place or "an unknown line", ranks, 8 + zlib.crc32(key.encode()) % 32000)


def line_of(place: str | None) -> str:
    """``file:line`` without the folder, which may differ between machines."""
    return os.path.basename(place or "")
