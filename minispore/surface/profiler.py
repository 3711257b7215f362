"""MindSpore's Profiler: times the kernels of the compiled calls between its start and stop, and writes them as traces."""

import os
import sys
import time
from contextlib import ExitStack

from ..core import checks
from ..inspect import profiling

__all__ = ["Profiler"]


class Profiler:
    """Profiles the calls that are compiled between its construction (or ``start``) and ``stop`` or ``analyse``.

    At the end each of these calls, as it ran last, is repeated for its times, without effect on Parameters.  For each a file
    ``<output_path>/<number>_<name>.json`` is written, which chrome://tracing and ui.perfetto.dev open; the time that passed
    and the files are printed.  The numbers are those of ``minispore.inspect.profiling``.

    Args:
        start_profile: bool, whether to begin at once.  Default: True.
        output_path: path of the directory to write to, which is made.  Default: "data".
        **kwargs: MindSpore's other arguments are accepted, without effect: there are no counters of devices.

    >>> import tempfile
    >>> import minispore as ms
    >>> double = ms.jit(lambda x: x * 2.0)
    >>> profiler = ms.Profiler(output_path=tempfile.mkdtemp())
    >>> _ = double(ms.Tensor([1.0]))
    >>> profiler.stop()
    Profiler: ... s; 1 trace in ...
    """

    def __init__(self, start_profile=True, output_path="data", **kwargs):
        self._folder = os.fspath(checks.instance("Profiler", (str, os.PathLike), output_path=output_path))
        self._since, self._open, self._profiles, self._number = 0.0, None, [], 0
        if start_profile:
            self.start()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *err):
        self.analyse()

    def start(self) -> None:
        """Begins; without effect where it has begun."""
        if self._open is None:
            self._since, self._open = time.perf_counter(), ExitStack()
            self._profiles = self._open.enter_context(profiling())

    def stop(self) -> None:
        """Ends, writes the traces and prints where they are."""
        if self._open is None:
            return
        seconds, opened, self._open = time.perf_counter() - self._since, self._open, None
        opened.close()
        for profile in self._profiles:
            os.makedirs(self._folder, exist_ok=True)
            name = "".join(c if c.isalnum() else "_" for c in profile.inspection.name)
            profile.to_trace(os.path.join(self._folder, f"{self._number}_{name}.json"))
            self._number += 1
        count = len(self._profiles)
        written = (
            f"; {count} trace{'s' if count > 1 else ''} in {self._folder}" if count else "; nothing was compiled in it"
        )
        print(f"Profiler: {seconds:.3f} s{written}", file=sys.stdout, flush=True)

    analyse = stop

    def step(self) -> None:
        """Accepted: nothing is counted by steps."""
