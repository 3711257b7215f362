"""The processes of a job: rank, size, groups.  Bytes travel by nonblocking MPI messages between pairs of ranks.

Every collective is made of such messages (see ``Moves``).  So waiting is ours: it lets other processes have the
processor, and it can be given up, with a reason, when a rank has failed or calls something else (watcher.py).  The tag of
a message follows from what is called: two ranks that call different collectives never read each other's numbers.
"""

import os
import pickle
import time
import zlib
from typing import Any

import numpy as np

from ..core.errors import fail
from ..core.registry import supplies
from . import moves
from .launcher import Launched, launched
from .moves import Moves
from .sites import STATE, CollectiveError, Site

LONGEST = 1 << 30  # bytes of one message
SPIN = 300  # tests for completion before the processor is offered to others
PATIENT = 10000  # tests before it is given away for a while


class World:
    """All processes of the job; one until ``start`` finds more."""

    def __init__(self):
        self.reset()

    def reset(self) -> None:
        self.rank, self.size, self.local_rank, self.local_size = 0, 1, 0, 1
        self.joined = False  # whether the numbers above are known to hold
        self.MPI: Any = None
        self.comm: Any = None
        self.watcher: Any = None
        self.broken: str | None = None  # why no collective can work any more
        self.groups: dict[str, tuple[int, ...]] = {}
        self.sites: list[Site] = []
        self.now: Site | None = None  # where Python code waits
        self.running: list = []  # (requests, memory) of messages that nobody waits for
        self.compares = False  # whether who calls the running step compares the weights after it
        self.entropy = 0  # drawn by rank 0
        self.shared: Any = None  # memory in common with the ranks of this machine

    # ------------------------------------------------------------ joining and leaving
    def start(self) -> None:
        """Joins the other processes, if the launcher has started any; once.

        Raises:
            RuntimeError: there are others and no MPI, or MPI does not see them.
        """
        if self.comm is not None:
            return
        self.joined = False
        told = launched()
        if told.size == 1:
            self.joined = True
            return
        MPI = _engine(told)
        size = MPI.COMM_WORLD.Get_size()
        if told.size not in (0, size):
            raise fail(
                RuntimeError,
                f"{told.by}={told.size} says that {told.size} processes were started, but MPI sees {size}: start them with "
                "'minispore launch -n N script.py' or with the mpiexec of the MPI library that mpi4py uses "
                f"({MPI.Get_library_version().splitlines()[0].strip()}).",
            )
        self.joined = True
        if size == 1:
            return
        from .native import handle, publish
        from .shared import Shared
        from .watcher import Watcher

        publish()
        self.MPI, self.comm = MPI, MPI.COMM_WORLD.Dup()
        self.comm.Set_errhandler(MPI.ERRORS_RETURN)
        self.rank, self.size = self.comm.Get_rank(), size
        near = MPI.COMM_WORLD.Split_type(MPI.COMM_TYPE_SHARED)
        self.local_rank, self.local_size = near.Get_rank(), near.Get_size()
        self.shared = Shared(near, self.rank)
        near.Free()
        os.environ.setdefault("RANK_ID", str(self.rank))
        os.environ.setdefault("RANK_SIZE", str(self.size))
        STATE[:] = 0
        STATE[3:6] = handle(MPI, self.comm), handle(MPI, MPI.BYTE), MPI._sizeof(MPI.REQUEST_NULL)
        self.entropy = self.agreed(int.from_bytes(os.urandom(7), "little"))
        self.watcher = Watcher(self)

    def agreed(self, value):
        """Rank 0's ``value``, on all ranks."""
        return self.comm.bcast(value, root=0)

    def note(self, site: Site) -> int:
        """The number by which a kernel says that it waits at ``site``."""
        self.sites.append(site)
        return len(self.sites)

    @property
    def waiting(self) -> Site | None:
        """Where this process waits for others, if it does."""
        number = int(STATE[1])
        return self.now if number < 0 else self.sites[number - 1] if number else None

    def failure(self, site: Site) -> CollectiveError:
        """The error of a collective that was given up."""
        return CollectiveError(self.broken or f"MPI reports an error in {site}.")

    # ------------------------------------------------------------ messages, from Python
    def exchange(self, what: Moves, sent: np.ndarray, received: np.ndarray, site: Site) -> None:
        """Carries out moves between flat arrays of one type; returns when all has arrived."""
        self.finish(self.begin(what, sent, received, site), site)

    def begin(self, what: Moves, sent: np.ndarray, received: np.ndarray, site: Site) -> list:
        """Starts moves; the arrays must stay until ``finish`` has had the requests that this returns."""
        if self.broken is not None:
            raise self.failure(site)
        MPI, comm = self.MPI, self.comm
        a, b = sent.view(np.uint8), received.view(np.uint8)
        width = sent.dtype.itemsize
        requests = [
            comm.Irecv([b[o : o + n], MPI.BYTE], peer, site.tag) for peer, o, n in messages(what.receives, width)
        ]
        requests += [comm.Isend([a[o : o + n], MPI.BYTE], peer, site.tag) for peer, o, n in messages(what.sends, width)]
        for begin, target, count in what.kept:
            received[target : target + count] = sent[begin : begin + count]
        return requests

    def finish(self, requests: list, site: Site) -> None:
        """Waits until all of what was begun is done."""
        self.now, STATE[2], STATE[1] = site, STATE[2] + 1, -1
        turns = 0
        try:
            while not self.MPI.Request.Testall(requests):
                if STATE[0]:
                    self.running.append((requests, None))  # MPI may still write to their memory
                    raise self.failure(site)
                turns += 1
                if turns > SPIN:
                    time.sleep(0 if turns < PATIENT else 0.0002)
        except self.MPI.Exception as error:
            raise self.failure(site) from error
        finally:
            STATE[1] = 0

    def gather(self, thing: Any, place: str, ranks: tuple[int, ...] = (), root: int | None = None) -> list:
        """What each rank gives, an object that can be pickled, as a list on all of them; with ``root`` on that one only,
        and the others get an empty list."""
        ranks = ranks or tuple(range(self.size))
        if len(ranks) == 1:
            return [thing]
        ours = np.frombuffer(pickle.dumps(thing), np.uint8)
        tag = 8 + zlib.crc32(f"objects {ranks}".encode()) % 32000
        site = Site("a gathering of results", place, ranks, tag)
        me = ranks.index(self.rank)
        lengths = np.zeros(len(ranks), np.int64)
        everything = moves.all_gather(1, ranks, me, 0, None)
        self.exchange(everything.first, np.array([ours.size], np.int64), lengths, site)
        takes = tuple(lengths.tolist())
        here = root is None or self.rank == root
        uneven = moves.all_gather_uneven(ours.size, ranks, me, 0, takes).first
        if root is not None:
            sends = tuple(m for m in uneven.sends if m[0] == root)
            uneven = Moves(sends, uneven.receives if here else (), uneven.kept if here else ())
        found = np.empty(sum(takes) if here else 0, np.uint8)
        self.exchange(uneven, ours, found, site)
        if not here:
            return []
        parts = np.split(found, np.cumsum(takes)[:-1])
        return [pickle.loads(part.tobytes()) for part in parts]

    def leave_running(self, requests: list, kept) -> None:
        """Sends whose end nobody waits for: their memory is kept until they are done."""
        self.running = [(r, k) for r, k in self.running if not self.MPI.Request.Testall(r)]
        self.running.append((requests, kept))


def messages(rows, width: int):
    """(peer, first byte, bytes) of each message; long ones in parts."""
    for peer, first, count in rows:
        begin, left = first * width, count * width
        while left > 0:
            n = min(left, LONGEST)
            yield peer, begin, n
            begin, left = begin + n, left - n


def _engine(told: Launched):
    try:
        from mpi4py import MPI
    except (ImportError, RuntimeError) as error:
        count = f"{told.size} processes were started" if told.size else "several processes may have been started"
        raise fail(
            RuntimeError,
            f"{count} (the environment has {told.by}={os.environ.get(told.by)}), but they cannot talk to each other: there "
            f"is no MPI here ({error}). Install it with: pip install 'minispore[mpi]'",
        ) from None
    return MPI


WORLD = World()


@supplies("number of processes")
def _size() -> int:
    return WORLD.size
