"""Memory that the ranks of one machine share: each rank writes into a part of its own and reads those of the others.

A rank's part is a file without a name in the machine's memory, which all have mapped since they joined.  What lies in it
does not outlive one native call: all steps use it from its beginning, as they use one arena.  Values of the same collective
lie at the same place of each part, because all ranks count the bytes of the same collectives.
"""

import mmap
import os
import tempfile

import numpy as np

FOLDER = "/dev/shm"
SHARE = 4  # a step may use one part in so many of what is free there
PAGE = 4096


def _wanted() -> bool:
    return os.environ.get("MINISPORE_SHARED_MEMORY", "1") != "0"


class Shared:
    """Ours and the others' parts, by rank; ``budget``: bytes of each, the same on all ranks that share; 0: there are none.

    Args:
        near: communicator of the ranks of this machine.
        rank: int, our rank in the world.
    """

    def __init__(self, near, rank: int):
        self.budget = 0
        self.parts: dict[int, np.ndarray] = {}
        if near.Get_size() == 1:
            return
        made = self._make(near.Get_size()) if _wanted() else None
        told = near.allgather((rank, made))
        found = None if any(one is None for _, one in told) else self._attach(told)
        agreed = all(near.allgather(found is not None))  # all have opened all
        if made is not None:
            os.unlink(made[0])
        if agreed and found is not None:
            self.parts = found
            self.budget = min(size for _, (_, size, _) in told)

    @staticmethod
    def _make(ranks: int) -> tuple[str, int, bytes] | None:
        """(path, bytes, first bytes) of our part."""
        try:
            room = os.statvfs(FOLDER)
            size = room.f_bavail * room.f_frsize // (SHARE * ranks) // PAGE * PAGE
            if size == 0:
                return None
            mark = os.urandom(16)
            file, path = tempfile.mkstemp(prefix="minispore-", dir=FOLDER)
            with open(file, "wb") as out:
                out.write(mark)
                out.truncate(size)  # takes no memory until it is written to
            return path, size, mark
        except OSError:
            return None

    @staticmethod
    def _attach(told) -> dict[int, np.ndarray] | None:
        found = {}
        for rank, (path, size, mark) in told:
            try:
                with open(path, "r+b") as file:
                    part = np.frombuffer(mmap.mmap(file.fileno(), size), np.uint8)
            except (OSError, ValueError):
                return None
            if part[: len(mark)].tobytes() != mark:  # another machine's file of this name
                return None
            found[rank] = part
        return found

    def reaches(self, ranks) -> bool:
        """Whether all of these ranks are among those that share."""
        return all(r in self.parts for r in ranks)

    def part(self, rank: int, first: int, nbytes: int) -> np.ndarray:
        """``nbytes`` of a rank's part from ``first`` on."""
        return self.parts[rank][first : first + nbytes]
