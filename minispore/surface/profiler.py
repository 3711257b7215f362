"""MindSpore's Profiler of devices: accepted, with a warning that says what to use instead."""

import functools
import time
import warnings


@functools.cache
def _say() -> None:
    warnings.warn(
        "Profiler writes no device profile on a CPU; it prints the time between its start and stop. minispore.inspect "
        "shows what a step compiled to and what its kernels cost.",
        stacklevel=3,
    )


class Profiler:
    """Measures the time from its construction (or ``start``) to ``stop`` or ``analyse``, which print it.

    MindSpore's Profiler reads counters of devices.  For a compiled step use ``minispore.inspect``; for Python code
    ``cProfile``.

    Args:
        start_profile: bool, whether to begin at once.  Default: True.
        **kwargs: MindSpore's other arguments are accepted, without effect.

    >>> import warnings
    >>> import minispore as ms
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     ms.Profiler().stop()
    Profiler: ... s
    """

    def __init__(self, start_profile=True, **kwargs):
        _say()
        self._since = time.perf_counter() if start_profile else None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *err):
        self.analyse()

    def start(self) -> None:
        """Begins."""
        self._since = time.perf_counter()

    def stop(self) -> None:
        """Ends, and prints the time."""
        if self._since is not None:
            print(f"Profiler: {time.perf_counter() - self._since:.3f} s", flush=True)
            self._since = None

    analyse = stop

    def step(self) -> None:
        """Accepted: nothing is counted by steps."""
