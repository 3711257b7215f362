"""Ctrl-C at a moment at which it does no harm: while the compiler is imported or compiles, an interrupt waits until that is done."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def interrupts_wait() -> Iterator[None]:
    """A SIGINT that comes inside the block is handled at its end.

    Libraries that are interrupted while they register or cache something do not work afterwards.  Python handles signals in the main
    thread only, so that elsewhere there is nothing to do.
    """
    handler: Any = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not isinstance(handler, Callable):  # type: ignore[arg-type]
        yield
        return
    came: list[tuple] = []
    signal.signal(signal.SIGINT, lambda *arguments: came.append(arguments))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if came:
            handler(*came[-1])
