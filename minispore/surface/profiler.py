"""MindSpore's Profiler: times the kernels of the compiled calls between its start and stop, and writes them as traces."""

import os
import sys
import time
from contextlib import ExitStack
from enum import Enum

from ..core import checks
from ..inspect import profiling

__all__ = [
    "AicoreMetrics", "ExportType", "Profiler", "ProfilerActivity", "ProfilerLevel", "schedule", "tensorboard_trace_handler",
]  # fmt: skip


def _options(name: str, values: str, doc: str):
    made = Enum(name, {value.partition(":")[0]: value.rpartition(":")[2] for value in values.split()})  # type: ignore[misc]
    made.__module__ = __name__
    made.__doc__ = f"""{doc}

    >>> from minispore.profiler import {name}
    >>> len({name})
    {len(made)}
    """
    return made


ProfilerLevel = _options(
    "ProfilerLevel", "LevelNone Level0 Level1 Level2", "Accepted: how much of a device is measured."
)
ProfilerActivity = _options("ProfilerActivity", "NPU GPU CPU", "Accepted: which devices are measured.")
ExportType = _options("ExportType", "Db:db Text:text", "Accepted: what files a device's measures are written to.")
AicoreMetrics = _options(
    "AicoreMetrics",
    "PipeUtilization ArithmeticUtilization Memory MemoryL0 MemoryUB ResourceConflictRatio L2Cache MemoryAccess AiCoreNone:None",
    "Accepted: which counters of a device are read.",
)


def schedule(*, wait, active, warmup=0, repeat=0, skip_first=0) -> dict:
    """Accepted: which steps MindSpore measures.  Here all calls between start and stop are.

    Args:
        wait: int from 0.
        active: int above 0.
        warmup: int from 0.  Default: 0.
        repeat: int from 0.  Default: 0.
        skip_first: int from 0.  Default: 0.

    Returns:
        dict of the arguments.

    Raises:
        TypeError: one is no int.
        ValueError: one is out of its range.

    >>> from minispore.profiler import schedule
    >>> schedule(wait=1, active=2)["active"]
    2
    """
    checks.positive_int("schedule", active=active)
    rest = {"wait": wait, "warmup": warmup, "repeat": repeat, "skip_first": skip_first}
    checks.non_negative_int("schedule", **rest)
    return {"active": active, **rest}


def tensorboard_trace_handler(dir_name=None, worker_name=None, analyse_flag=True, async_mode=False) -> None:
    """Accepted and without effect: the traces are written when the profiler stops.

    Args:
        dir_name: accepted.  Default: None.
        worker_name: accepted.  Default: None.
        analyse_flag: accepted.  Default: True.
        async_mode: accepted.  Default: False.

    >>> from minispore.profiler import tensorboard_trace_handler
    >>> tensorboard_trace_handler("traces")
    """


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

    def add_metadata(self, key, value) -> None:
        """Accepted and without effect: a note for MindSpore's files.

        Args:
            key: str.
            value: str.

        Raises:
            TypeError: one is no str.
        """
        checks.string("Profiler.add_metadata", key=key, value=value)

    add_metadata_json = add_metadata

    @staticmethod
    def offline_analyse(path, pretty=False, step_list=None, data_simplification=True) -> None:
        """Accepted and without effect: the traces are complete when they are written.

        Args:
            path: accepted.
            pretty: accepted.  Default: False.
            step_list: accepted.  Default: None.
            data_simplification: accepted.  Default: True.
        """
