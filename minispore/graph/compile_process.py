"""A second process that compiles kernels beside this one: numba holds the interpreter's lock, so threads do not help.

It is started when many kernels are missing, which is the first step of a new model, and ends with that.
"""

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path

from ..core.kernel import DEVICE, KernelSource
from .interrupts import interrupts_wait

FEWEST = 6  # kernels: fewer are compiled before a second process would have started
_started: "_Helper | None" = None


class _Helper:
    def __init__(self):
        root = str(Path(__file__).parents[2])
        command = (
            f"import sys; sys.path.insert(0, {root!r}); from minispore.graph.compile_process import serve; serve()"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.results: list[tuple[KernelSource, tuple[str, bytes, float] | None]] = []
        self.thread: threading.Thread | None = None

    def work(self, todo: deque) -> None:
        """Feeds the process from the back of the list, one kernel at a time."""
        self.thread = threading.Thread(target=self._feed, args=(todo,), daemon=True)
        self.thread.start()

    def _feed(self, todo: deque) -> None:
        inlet, outlet = self.process.stdin, self.process.stdout
        assert inlet is not None and outlet is not None  # pipes, both
        try:
            while pickle.load(outlet) == "ready" and todo:
                try:
                    source = todo.pop()
                except IndexError:
                    break
                self.results.append((source, None))
                devices = {name: DEVICE[name] for name in source.devices}
                pickle.dump((source, devices), inlet)
                inlet.flush()
                self.results[-1] = (source, pickle.load(outlet))
        except (OSError, EOFError, pickle.UnpicklingError):
            return  # it ended: the kernel that it was compiling stays None and is compiled here
        finally:
            with contextlib.suppress(OSError):
                inlet.close()

    def abandon(self) -> None:
        """Ends the process, whatever it does."""
        self.process.kill()
        if self.thread is not None:
            self.thread.join()
        self.process.wait()

    def finish(self):
        """What the process compiled; ends it."""
        global _started
        if not self.results and self.thread is not None and self.thread.is_alive():
            self.process.kill()  # not even started: do not wait for it
        if self.thread is not None:
            self.thread.join()
        self.process.stdout.close()
        self.process.kill()
        self.process.wait()
        _started = None
        return self.results


def start_early() -> None:
    """Starts the process ahead of the first compilation, so that it imports while this process traces."""
    global _started
    if _started is None and _allowed():
        try:
            with interrupts_wait():
                _started = _Helper()
        except OSError:
            _started = None


def abandon() -> None:
    """Ends the process after a compilation that was not finished: its next answer would be one to an old question."""
    global _started
    with interrupts_wait():
        if _started is not None:
            _started.abandon()
        _started = None


def assist(todo: deque) -> _Helper | None:
    """A second process that compiles from the back of ``todo``, or None for few kernels."""
    global _started
    helper = _started
    if len(todo) >= FEWEST and helper is None:
        start_early()
        helper = _started
    if helper is not None:
        helper.work(todo)
    return helper


def _allowed() -> bool:
    if os.environ.get("MINISPORE_COMPILE_PROCESSES") == "0" or not sys.executable:
        return False
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return count > 1


def serve() -> None:
    """The process: answers "ready", then the object code of each source that it is sent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    sys.modules["scipy"] = None  # type: ignore[assignment]  # numba would import it, and nothing here needs it
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed must not mix with the answers
    from .numba_compiler import _compiler, compile_kernel

    _compiler()
    while True:
        pickle.dump("ready", out)
        out.flush()
        try:
            source, devices = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        DEVICE.update(devices)
        pickle.dump(compile_kernel(source), out)
        out.flush()
