"""The thread that watches while a rank waits, and the ends of a job: an exception, an early exit, a rank that never comes.

The threads of all ranks talk over a communicator of their own.  When a collective has been waiting for a second, they
ask each other where they are: ranks that wait in different collectives, or for one that has ended, give up with one and
the same reason.  A rank that is busy elsewhere says where its program is.
"""

import atexit
import contextlib
import io
import os
import sys
import threading
import time
import traceback
from typing import TYPE_CHECKING

from ..core.record import PACKAGE
from .sites import STATE, CollectiveError

if TYPE_CHECKING:
    from .world import World

TURN = 0.1  # seconds between looks
STALLED = 1.0  # seconds after which a wait is looked into
GRACE = 4.0  # seconds that other ranks get to report before a failed job is ended
LAST_WORDS = 0.3  # seconds between the last line and the end
_TAG = 7


def patience() -> float:
    """Seconds that ranks wait for one that does not arrive: ``MINISPORE_COLLECTIVE_TIMEOUT``, 1800 by default."""
    return float(os.environ.get("MINISPORE_COLLECTIVE_TIMEOUT", 1800))


class Watcher:
    def __init__(self, ours: "World"):
        self.thread = threading.Thread(target=self.run, name="minispore ranks", daemon=True)
        self.world, self.rank = ours, ours.rank
        self.control = ours.MPI.COMM_WORLD.Dup()
        self.peers = [r for r in range(ours.size) if r != ours.rank]
        self.main = threading.main_thread().ident
        self.ended = threading.Event()
        self.lock = threading.RLock()
        self.sent: list = []  # messages that may still be on their way
        self.gone: set[int] = set()  # ranks that have left
        self.answers: dict[int, dict] = {}
        self.seen, self.since, self.asked, self.told = -1, 0.0, 0.0, False
        self.leaving = False
        self.hook = sys.excepthook
        sys.excepthook = self.on_exception
        atexit.register(self.leave)
        self.thread.start()

    # ------------------------------------------------------------ the thread
    def run(self) -> None:
        while not self.ended.wait(TURN):
            with self.lock:
                self.turn()

    def turn(self) -> None:
        """One look: messages of the others, and how long we have been waiting."""
        self._receive()
        site, count = self.world.waiting, int(STATE[2])
        if site is None or count != self.seen:
            self.seen, self.since, self.asked, self.told = count, time.monotonic(), 0.0, False
            self.answers.clear()
            return
        waited = time.monotonic() - self.since
        if waited >= STALLED and self.world.broken is None:
            self._look_into(site, waited)

    def _receive(self) -> None:
        status = self.world.MPI.Status()
        while self.control.iprobe(tag=_TAG, status=status):
            source = status.Get_source()
            kind, what = self.control.recv(source=source, tag=_TAG)
            if kind == "where":
                self._send(source, "at", self._position())
            elif kind == "at":
                before = self.answers.get(source)
                what["again"] = before is not None and before["count"] == what["count"]
                self.answers[source] = what
            elif kind == "left":
                self.gone.add(source)
            elif kind == "stop" and self.world.broken is None:
                self._stop(what)

    def _send(self, rank: int, kind: str, what=None) -> None:
        if rank not in self.gone or kind == "left":  # who has left waits until all have
            self.sent = [r for r in self.sent if not r.Test()]
            self.sent.append(self.control.isend((kind, what), rank, _TAG))

    def _tell_all(self, kind: str, what=None) -> None:
        for rank in self.peers:
            self._send(rank, kind, what)

    def _position(self) -> dict:
        site = self.world.waiting
        found: dict = {"count": int(STATE[2]), "site": None, "at": _line_of(self.main)}
        if site is not None and time.monotonic() - self.since >= STALLED:
            found["site"] = (site.what, site.place, site.ranks, site.tag)
        return found

    # ------------------------------------------------------------ what keeps us waiting
    def _look_into(self, site, waited: float) -> None:
        missing = sorted(self.gone & set(site.ranks))
        if missing:
            return self._give_up(f"{_ranks(missing)} ended while {_ranks([self.rank])} waited in {site}.")
        now = time.monotonic()
        if now - self.asked >= STALLED:
            self.asked = now
            for rank in site.ranks:
                if rank != self.rank:
                    self._send(rank, "where")
        for rank, answer in self.answers.items():
            other = answer["site"]
            if other and answer["again"] and other[3] != site.tag and self.rank in other[2] and rank in site.ranks:
                return self._give_up(self._different(site))
        if waited > patience():
            return self._give_up(f"waited {waited:.0f} s in {site}: {self._late(site)}")
        if waited > 60 and not self.told:
            self.told = True
            print(
                f"rank {self.rank}: waiting in {site} for {waited:.0f} s: {self._late(site)}",
                file=sys.stderr,
                flush=True,
            )

    def _different(self, site) -> str:
        lines = {self.rank: f"rank {self.rank}: {site}"}
        for rank, answer in self.answers.items():
            if answer["site"]:
                lines[rank] = f"rank {rank}: {answer['site'][0]} at {answer['site'][1]}"
        shown = "\n  ".join(lines[r] for r in sorted(lines))
        return f"the ranks wait in different collectives; all must call the same ones in the same order:\n  {shown}"

    def _late(self, site) -> str:
        """Which ranks have not arrived, and where they are."""
        late = []
        for rank in site.ranks:
            answer = self.answers.get(rank)
            if rank == self.rank or (answer and answer["site"] and answer["site"][3] == site.tag):
                continue
            late.append(f"rank {rank} " + (f"is at {answer['at']}" if answer else "does not answer"))
        return "; ".join(late) or "all ranks have arrived, but their messages have not"

    def _give_up(self, reason: str) -> None:
        self._stop(reason)
        self._tell_all("stop", reason)

    def _stop(self, reason: str) -> None:
        self.world.broken = reason
        STATE[0] = 1

    # ------------------------------------------------------------ the end of this process
    def on_exception(self, kind, error, trace) -> None:
        """An exception that nobody caught: shown with the rank, told to the others, and the whole job ends."""
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        shown = self._traceback(kind, error, trace)
        if isinstance(error, CollectiveError) and self.world.broken and self.world.broken.startswith("rank "):
            shown = "".join(traceback.format_exception_only(kind, error))  # another rank shows what went wrong
        rank = "" if "MINISPORE_LAUNCHED" in os.environ else f"[rank {self.rank}] "  # else the lines have it already
        sys.stderr.write("".join(rank + line for line in shown.splitlines(True)))
        sys.stderr.flush()
        summary = "".join(traceback.format_exception_only(kind, error)).strip()
        with self.lock:
            if self.world.broken is None:
                self._stop(f"rank {self.rank} failed: {summary}")
                self._tell_all("stop", self.world.broken)
            self._tell_all("left")
        self._until(lambda: len(self.gone) == len(self.peers), GRACE)
        self._abort()

    def _traceback(self, kind, error, trace) -> str:
        """What the hook before ours prints."""
        text = io.StringIO()
        with contextlib.redirect_stderr(text):
            self.hook(kind, error, trace)
        return text.getvalue()

    def leave(self) -> None:
        """At the end of the program: says so, and waits for the others without taking a processor."""
        if self.leaving:
            return
        self.leaving = True
        with self.lock:
            self._tell_all("left")
        if self.world.broken is not None:
            sys.stdout.flush()
            self._until(lambda: len(self.gone) == len(self.peers), GRACE)
            self._abort()
        self._until(lambda: len(self.gone) == len(self.peers) or self.world.broken is not None, None)
        self.ended.set()
        self.thread.join()
        sys.excepthook = self.hook

    def _until(self, condition, seconds: float | None) -> None:
        end = None if seconds is None else time.monotonic() + seconds
        while not condition() and (end is None or time.monotonic() < end):
            with self.lock:
                self._receive()
                for request in self.sent:
                    request.Test()
            time.sleep(0.01)

    def _abort(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        time.sleep(LAST_WORDS)  # the starter ends all at once, and may drop what it has not read yet
        self.world.MPI.COMM_WORLD.Abort(1)
        os._exit(1)


def _ranks(ranks) -> str:
    return f"rank {ranks[0]}" if len(ranks) == 1 else "ranks " + ", ".join(map(str, ranks))


def _line_of(thread) -> str:
    """Where a thread is in the user's code."""
    frame = sys._current_frames().get(thread)
    while frame is not None and frame.f_code.co_filename.startswith(PACKAGE) and frame.f_back is not None:
        frame = frame.f_back
    return (
        "the end of its program"
        if frame is None
        else f"{frame.f_code.co_filename}:{frame.f_lineno}, in {frame.f_code.co_name}"
    )
