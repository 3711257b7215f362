"""Processes that compile beside this one: LLVM runs one call at a time in a process.

They are started when many kernels are missing, which is the first step of a new model, and end with that.  They get the text
of LLVM IR and answer with object code, so all they load is LLVM; the same text gives the same code in each.
"""

import contextlib
import os
import pickle
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path

from ..core.kernel import KernelSource
from ..distributed.launcher import launched
from .interrupts import interrupts_wait

FEWEST = 4  # kernels: fewer are compiled before another process would have started
MOST = 4  # processes
_started: list["_Helper"] = []


class _Helper:
    def __init__(self):
        import llvmlite

        packages = str(Path(llvmlite.__file__).parents[1])
        script = str(Path(__file__).parent / "llvm_work.py")
        command = f"import sys, runpy; sys.path.append({packages!r}); runpy.run_path({script!r}, run_name='__main__')"
        self.process = subprocess.Popen(
            [sys.executable, "-S", "-c", command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.results: list[tuple[KernelSource, tuple[str, bytes, float] | None]] = []
        self.thread: threading.Thread | None = None

    def work(self, todo: deque) -> None:
        """Feeds the process from the list, one kernel at a time."""
        self.thread = threading.Thread(target=self._feed, args=(todo,), daemon=True)
        self.thread.start()

    def _feed(self, todo: deque) -> None:
        from .kernel_compiler import KernelError
        from .machine_code import llvm_text

        inlet, outlet = self.process.stdin, self.process.stdout
        assert inlet is not None and outlet is not None  # pipes, both
        try:
            while pickle.load(outlet) == b"ready" and todo:
                while todo:
                    source = todo.popleft()
                    self.results.append((source, None))
                    started = time.perf_counter()
                    symbol, text = llvm_text(source)
                    pickle.dump(text, inlet)
                    inlet.flush()
                    code = pickle.load(outlet)
                    self.results[-1] = source, (symbol, code, time.perf_counter() - started)
                return
        except (IndexError, OSError, EOFError, KernelError, pickle.UnpicklingError):
            return  # it ended, or cannot help: the kernel it had is None and is compiled by this process
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
        if not self.results and self.thread is not None and self.thread.is_alive():
            self.process.kill()  # not even started: do not wait for it
        if self.thread is not None:
            self.thread.join()
        self.process.stdout.close()
        self.process.kill()
        self.process.wait()
        return self.results


def start_early() -> None:
    """Starts the processes ahead of the first compilation, so that they are ready when this one has traced."""
    try:
        with interrupts_wait():
            while len(_started) < _wanted():
                _started.append(_Helper())
    except OSError:
        return


def abandon() -> None:
    """Ends the processes after a compilation that was not finished: their next answers would be those to old questions."""
    with interrupts_wait():
        while _started:
            _started.pop().abandon()


def assist(todo: deque) -> None:
    """Lets other processes compile from ``todo`` too, if it is long."""
    if len(todo) >= FEWEST and not _started:
        start_early()
    for helper in _started:
        helper.work(todo)


def finish():
    """What the other processes compiled: (source, result), where None means that it was not finished."""
    found = []
    for helper in _started:
        found += helper.finish()
    _started.clear()
    return found


def _wanted() -> int:
    """How many processes: one for each processor besides this one's, shared with the other ranks of a machine."""
    if os.environ.get("MINISPORE_COMPILE_PROCESSES") == "0" or not sys.executable:
        return 0
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(max(count // max(launched().local_size, 1) - 1, 0), MOST)
