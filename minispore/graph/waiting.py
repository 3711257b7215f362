"""What a terminal shows while kernels are compiled for the first time, which can take seconds."""

import sys
import time

from . import cache

PATIENCE = 2.0  # seconds of silence
_has_spoken = False


class Waiting:
    """Says once in a process what takes so long, and when it is over; nothing where stderr is not a terminal.

    Args:
        count: how many kernels are compiled.
    """

    def __init__(self, count: int):
        self.count, self.started, self.speaking = count, time.perf_counter(), False

    def look(self) -> None:
        """Called between kernels."""
        global _has_spoken
        if not _has_spoken and time.perf_counter() - self.started > PATIENCE and _is_terminal():
            _has_spoken = self.speaking = True
            kept = f"kept in {cache.directory()}" if cache.directory() else "not kept: there is no cache directory"
            _say(f"compiling {self.count} kernel{'s' * (self.count > 1)}, once; {kept}")

    def end(self) -> None:
        """Called when all kernels are compiled."""
        if self.speaking:
            _say(f"compiled in {time.perf_counter() - self.started:.1f} s")


def _is_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def _say(text: str) -> None:
    print(f"minispore: {text}", file=sys.stderr, flush=True)
