"""Times each kernel call of a step, with the threads and memory of a normal step."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..graph import python_kernels, runtime
from ..graph.calls import Call
from ..graph.executable import Executable
from ..ops import host
from .replay import arrays_of

if TYPE_CHECKING:
    from .inspection import Inspection


class TimedExecutable(Executable):
    """An Executable that runs its kernel calls one by one and times each.

    The table is walked by Python; each kernel call is a native call of its own, on all threads when it is split.
    ``spans`` are the calls since it was last cleared: (index, when it began, seconds).

    Args:
        graph: Graph.
        builder: Builder of the table.
        items: its rows.
    """

    one_call_per_phase = True

    def __init__(self, graph, builder, items):
        super().__init__(graph, builder, items)
        self.spans: list[tuple[int, float, float]] = []
        self.pool = _Stepper(self)

    @property
    def seconds(self) -> dict[int, list[float]]:
        """{index of a call: its durations}."""
        return durations(self.spans)


@dataclass
class Timings:
    """What ``record`` measured.

    Attributes:
        spans: for each profiled step its kernel calls: (index, start time, seconds).
        profiled: seconds of each profiled step, whose kernels run one by one; ``normal``: seconds of each normal step, in one native call.
        empty: seconds of an empty native call, which are included in each span.
    """

    spans: list[list[tuple[int, float, float]]]
    profiled: list[float]
    normal: list[float]
    empty: float


def record(inspection: Inspection, arrays: list[np.ndarray], steps: int = 10) -> Timings:
    """Times ``steps`` profiled and as many normal calls, each kind after one call that is not counted.

    Parameters, random state and counters are as they were afterwards; nothing is printed or tapped.

    Args:
        inspection: Inspection.
        arrays: list of arrays, the inputs.
        steps: int, how many of each.  Default: 10.

    Returns:
        Timings.
    """
    builder, items, _, _ = inspection._plan
    return timings(TimedExecutable(inspection.final, builder, items), inspection.executable, arrays, steps)


def timings(timed: TimedExecutable, plain: Executable, arrays: list[np.ndarray], steps: int) -> Timings:
    """``record`` of a step that is there in both forms.

    Args:
        timed: the executable that times its kernels.
        plain: the one that does not.
        arrays: list of arrays, the inputs.
        steps: int, how many of each.

    Returns:
        Timings.
    """
    before = [p._data.copy() for p in timed.parameters]
    spans: list[list] = []
    seconds: dict[Executable, list[float]] = {}
    host.muted += 1
    try:
        for executable in (plain, timed):
            executable.run(arrays)
            spent = seconds[executable] = []
            for _ in range(steps):
                timed.spans.clear()
                started = time.perf_counter()
                executable.run(arrays)
                spent.append(time.perf_counter() - started)
                if executable is timed:
                    spans.append(list(timed.spans))
    finally:
        host.muted -= 1
        for p, old in zip(timed.parameters, before):
            np.copyto(p._data, old)
    return Timings(spans, seconds[timed], seconds[plain], timed.pool.empty())


def measure(inspection: Inspection, args=(), kwargs=None, steps: int = 10) -> dict[int, list[float]]:
    """{index of a kernel call: seconds of each run} for ``steps`` calls.

    Args:
        inspection: Inspection.
        args: tuple of arguments.  Default: ().
        kwargs: dict of arguments.  Default: None.
        steps: int, how many calls.  Default: 10.

    Returns:
        dict from the index of a kernel call to the seconds of each time it ran.
    """
    return durations(span for step in record(inspection, arrays_of(args, kwargs or {}), steps).spans for span in step)


def durations(spans) -> dict[int, list[float]]:
    """The durations of each call among spans.

    Args:
        spans: iterable of (index, when it began, seconds).

    Returns:
        dict from an index to a list of seconds.
    """
    found: dict[int, list[float]] = defaultdict(list)
    for k, _, spent in spans:
        found[k].append(spent)
    return dict(found)


class PrintingExecutable(TimedExecutable):
    """Prints the slowest calls after each run: MINISPORE_DEBUG=5."""

    def run(self, arrays):
        """Runs the step and prints its slowest calls.

        Args:
            arrays: list of arrays, the inputs.

        Returns:
            list of arrays.
        """
        self.spans.clear()
        outputs = super().run(arrays)
        print(table(self.calls, {k: sum(times) for k, times in self.seconds.items()}), file=sys.stderr)
        return outputs


class _Stepper:
    """Takes the place of the thread pool: runs the phases of a job one by one."""

    def __init__(self, executable: TimedExecutable):
        self.lock = runtime.POOL.lock
        self.spans = executable.spans
        index = {id(call): k for k, call in enumerate(executable.calls)}
        self.call_of = {phase: index[id(calls[0])] for phase, calls in executable.members.items()}
        phases = executable.table[2]
        self.single = executable.job.copy()  # one phase, its addresses already filled in
        self.single[runtime.JOB_PHASE_COUNT], self.single[runtime.JOB_MOVE_COUNT] = 1, 0
        self.first_phase, self.step = int(executable.job[runtime.JOB_PHASES]), runtime.PHASE * 8
        self.n_threads = executable.n_threads
        # the job as the Python form of the table: phase k calls "kernel" k
        count = len(phases)
        numbers = np.arange(count, dtype=np.int64)
        self.calls = np.stack([numbers, *np.zeros((runtime.CALL - 1, count), np.int64)], 1).copy()
        self.tasks = np.stack([numbers, numbers + 1], 1).copy()
        self.phases = phases.copy()
        runs = self.phases[:, 0] == runtime.RUN
        self.phases[runs, 1], self.phases[runs, 2] = numbers[runs], numbers[runs] + 1
        self.job = executable.job.copy()
        self.job[[runtime.JOB_CALLS, runtime.JOB_TASKS, runtime.JOB_PHASES]] = [
            a.ctypes.data for a in (self.calls, self.tasks, self.phases)
        ]
        self.walk = python_kernels.entry(runtime.SOURCE, call_kernel=self._call)

    def run(self, job: int, n_threads: int, objects: tuple) -> None:
        self.walk(0, 0, self.job.ctypes.data, id(objects), 1)

    def _call(self, phase, args, lo, hi) -> None:
        phase = int(phase)
        self.single[runtime.JOB_PHASES] = self.first_phase + phase * self.step
        started = time.perf_counter()
        runtime.POOL.run(self.single.ctypes.data, self.n_threads)
        self.spans.append((self.call_of[phase], started, time.perf_counter() - started))

    def empty(self, runs: int = 200) -> float:
        """Seconds of a native call without a kernel: the median."""
        nothing = self.single.copy()
        nothing[runtime.JOB_PHASE_COUNT] = 0
        spent = []
        for _ in range(runs):
            started = time.perf_counter()
            runtime.POOL.run(nothing.ctypes.data, self.n_threads)
            spent.append(time.perf_counter() - started)
        return float(np.median(spent))


def table(calls: list[Call], seconds: dict[int, float], most: int = 20) -> str:
    """The slowest calls, a line each.

    Args:
        calls: list of Call.
        seconds: dict from the index of a call to its seconds.
        most: int, lines.  Default: 20.

    Returns:
        str.
    """
    total = sum(seconds.values()) or 1.0
    lines = [f"minispore: {1e6 * total:.0f} us in {len(seconds)} kernel calls"]
    for k, spent in sorted(seconds.items(), key=lambda item: -item[1])[:most]:
        node = calls[k].nodes[0] if calls[k].nodes else None
        where = (
            f"{node.scope.partition('/')[2]} {(node.location or '').rpartition('/')[2]}" if node is not None else "copy"
        )
        lines.append(
            f"  {1e6 * spent:9.1f} us {100 * spent / total:5.1f}%  [{k}] {calls[k].source.name}  {where}".rstrip()
        )
    return "\n".join(lines)
