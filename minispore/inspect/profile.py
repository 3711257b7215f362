"""The time of a step by kernel and by Cell, compared with the peak performance of the machine."""

from __future__ import annotations

import io
import json
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..core import notebook
from ..core.errors import fail
from .cost import flops
from .machine import Peaks, peaks
from .replay import arrays_of
from .timing import Timings, record

if TYPE_CHECKING:
    from .inspection import Inspection
    from .kernels import Kernel


@dataclass
class Cost:
    """Time and rates of one kernel call, or of a Cell (the time of a kernel of several Cells is divided by operations).

    Attributes:
        name: of the kernel or Cell.
        kernel: the kernel call; None for a Cell.
        seconds: per step; ``share``: of the time of all kernels, from 0 to 1.
        runs: times it runs in a step (more than one in a loop).
        flops, bytes: per step.
    """

    name: str
    kernel: Kernel | None
    seconds: float
    share: float
    runs: float
    flops: float
    bytes: float

    @property
    def flops_per_second(self) -> float:
        """Operations a second: a float, 0.0 where nothing was measured."""
        return self.flops / self.seconds if self.seconds else 0.0

    @property
    def bytes_per_second(self) -> float:
        """Bytes a second: a float, 0.0 where nothing was measured."""
        return self.bytes / self.seconds if self.seconds else 0.0


class Profile:
    """What ``Inspection.profile`` measured; ``print`` it to see tables.

    Args:
        inspection: Inspection.
        timings: Timings.
        peaks: Peaks.

    Attributes:
        inspection, steps: what was profiled and how often.
        timings: the raw times.
        step_seconds: of a normal step, in one native call (median).
        profiled_seconds: of a step whose kernels are timed one by one (median).
        peaks: what the machine can do (see ``Peaks``).
        kernels: a ``Cost`` for each kernel call, in the order in which they run.
    """

    def __init__(self, inspection: Inspection, timings: Timings, peaks: Peaks):
        self.inspection, self.timings, self.peaks = inspection, timings, peaks
        self.steps = len(timings.spans)
        self.step_seconds = float(np.median(timings.normal))
        self.profiled_seconds = float(np.median(timings.profiled))
        count = len(inspection.kernels)
        spent, runs = np.zeros((self.steps, count)), np.zeros(count)
        for k, step in enumerate(timings.spans):
            for index, _, seconds in step:
                spent[k, index] += max(seconds - timings.empty, 0.0)
                runs[index] += 1 / self.steps
        medians = np.median(spent, axis=0)
        total = float(medians.sum()) or 1.0
        self.kernels = [
            Cost(k.name, k, float(s), float(s) / total, round(float(r), 3), k.flops * r, k.bytes * r)
            for k, s, r in zip(inspection.kernels, medians, runs)
        ]

    @property
    def kernel_seconds(self) -> float:
        """The sum over all kernels of a step."""
        return sum(k.seconds for k in self.kernels)

    @property
    def overhead(self) -> float:
        """How much longer a profiled step takes than a normal one, as a fraction: 0.3 is 30 %."""
        return self.profiled_seconds / self.step_seconds - 1 if self.step_seconds else 0.0

    @cached_property
    def cells(self) -> list[Cost]:
        """A ``Cost`` for each Cell that computes something itself, the slowest first: a list."""
        found: dict[str, list[float]] = {}
        for cost, kernel in zip(self.kernels, self.inspection.kernels):
            for scope, part in shares(kernel).items():
                row = found.setdefault(scope, [0.0] * 5)
                for k, x in enumerate((cost.seconds, cost.share, cost.runs, cost.flops, cost.bytes)):
                    row[k] += x if k == 2 else x * part
        return sorted((Cost(name, None, *row) for name, row in found.items()), key=lambda c: -c.seconds)

    # ------------------------------------------------------------ forms
    def tables(self, most: int = 15) -> list:
        """``rich`` tables of the slowest kernels and Cells.

        Args:
            most: int, rows of each.  Default: 15.

        Returns:
            list of rich.table.Table.
        """
        order = sorted(self.kernels, key=lambda c: -c.seconds)
        return [
            self._table("kernel", order, most, lambda c: f"[{c.kernel.index}] {c.name}", lambda c: c.kernel.where),
            self._table("Cell", self.cells, most, lambda c: c.name or "(no Cell)", None),
        ]

    def _table(self, title, costs, most, name, line):
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column(title, overflow="fold")
        for head in ("us", "share", "GFLOP/s", "of peak", "GB/s", "of peak"):
            table.add_column(head, justify="right", no_wrap=True)
        if line:
            table.add_column("line", overflow="fold")
        for c in costs[:most]:
            measured = c.seconds > self.timings.empty * c.runs  # rates of shorter calls would be noise
            work, moved = c.flops_per_second, c.bytes_per_second
            rates = (
                (f"{work / 1e9:.2f}", f"{100 * work / self.peaks.flops:.0f}%", f"{moved / 1e9:.2f}", f"{100 * moved / self.peaks.bytes:.0f}%")
                if measured else ("", "", "", "")
            )  # fmt: skip
            cells = [name(c), f"{1e6 * c.seconds:.1f}", f"{100 * c.share:.1f}%", *rates, *([line(c)] if line else [])]
            table.add_row(*map(Text, cells))
        if len(costs) > most:
            rest = costs[most:]
            table.add_row(Text(f"{len(rest)} more"), f"{1e6 * sum(c.seconds for c in rest):.1f}", f"{100 * sum(c.share for c in rest):.1f}%")  # fmt: skip
        return table

    def summary(self) -> str:
        """Times and rates in a few lines.

        Returns:
            str.
        """
        total = sum(k.flops for k in self.kernels)
        return (
            f"{self.inspection.name}: {1e6 * self.step_seconds:.0f} us a step ({total / self.step_seconds / 1e9:.2f} GFLOP/s), "
            f"median of {self.steps}, best {1e6 * min(self.timings.normal):.0f}; its {len(self.kernels)} kernel calls one after another "
            f"{1e6 * self.kernel_seconds:.0f} us\n"
            f"machine, measured on {self.inspection.threads} threads: {self.peaks.flops / 1e9:.1f} GFLOP/s (float32 product), "
            f"{self.peaks.bytes / 1e9:.1f} GB/s (memory)\n"
            f"profiling makes a step {100 * self.overhead:.0f}% slower ({1e6 * self.profiled_seconds:.0f} us); the "
            f"{1e6 * self.timings.empty:.1f} us that an empty call takes are subtracted from each"
        )

    def __rich_console__(self, console, options):
        yield self.summary()
        for table in self.tables():
            yield ""
            yield table

    def __str__(self) -> str:
        from rich.console import Console

        out = io.StringIO()
        Console(file=out, width=140, highlight=False).print(self)
        return "\n".join(line.rstrip() for line in out.getvalue().splitlines())

    def __repr__(self) -> str:
        return f"<Profile of {self.inspection.name}: {1e6 * self.step_seconds:.0f} us a step, {self.steps} steps>"

    def _repr_html_(self) -> str:
        """What notebooks show: the kernels and Cells, the slowest first."""
        parts = [notebook.text(self.summary())]
        for title, costs in (("kernel", sorted(self.kernels, key=lambda c: -c.seconds)), ("Cell", self.cells)):
            rows = [
                (c.name or "(no Cell)", f"{1e6 * c.seconds:.1f}", f"{100 * c.share:.1f}%", f"{c.flops_per_second / 1e9:.2f}",
                 f"{c.bytes_per_second / 1e9:.2f}", c.kernel.where if c.kernel else "")
                for c in costs[:15]
            ]  # fmt: skip
            parts.append(
                notebook.table((title, "us", "share", "GFLOP/s", "GB/s", "line" if title == "kernel" else ""), rows)
            )
        return "".join(parts)

    def to_trace(self, path=None) -> str:
        """The profiled steps as a trace, which chrome://tracing and ui.perfetto.dev open.

        One row for each section of the graph; each slice has its Cell, line, nodes and work.

        Args:
            path: a file to write it to, too.  Default: None.

        Returns:
            str, JSON.
        """
        text = json.dumps({"traceEvents": list(self._events()), "displayTimeUnit": "ns"})
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text

    def _events(self):
        rows = {"forward": 1, "backward": 2, "update": 3, "copy": 4}
        yield {"ph": "M", "pid": 1, "name": "process_name", "args": {"name": self.inspection.name}}
        for name, row in rows.items():
            yield {"ph": "M", "pid": 1, "tid": row, "name": "thread_name", "args": {"name": name}}
            yield {"ph": "M", "pid": 1, "tid": row, "name": "thread_sort_index", "args": {"sort_index": row}}
        begin = next((start for step in self.timings.spans for _, start, _ in step), 0.0)
        for number, step in enumerate(self.timings.spans):
            for index, start, seconds in step:
                k = self.inspection.kernels[index]
                yield {
                    "ph": "X", "pid": 1, "tid": rows[(k.sections or ["copy"])[0]], "name": k.name, "cat": "kernel",
                    "ts": 1e6 * (start - begin), "dur": 1e6 * seconds,
                    "args": {
                        "step": number, "call": index, "cell": ", ".join(k.scopes), "line": k.where,
                        "nodes": [str(n) for n in k.nodes], "flops": k.flops, "bytes": k.bytes, "threads": k.threads,
                    },
                }  # fmt: skip

    def to_html(self, path) -> None:
        """The page of ``Inspection.to_html`` with these times.

        Args:
            path: the file to write.
        """
        self.inspection.to_html(path, profile=self)


def shares(kernel: Kernel) -> dict[str, float]:
    """{Cell: its fraction of a kernel}, by the operations of its nodes (at least one each).

    Args:
        kernel: Kernel.

    Returns:
        dict from the path of a Cell to its share.
    """
    parts: Counter = Counter()
    for n in kernel.nodes:
        parts[n.scope] += max(flops(n.node), 1)
    total = parts.total()
    return {scope: part / total for scope, part in parts.items()} or {"": 1.0}


def profile(inspection: Inspection, args, kwargs, steps: int) -> Profile:
    """``Inspection.profile``.

    Args:
        inspection: Inspection.
        args: tuple of arguments.
        kwargs: dict of arguments.
        steps: int above 0.

    Returns:
        Profile.

    Raises:
        ValueError: arguments of other shapes or types, or ``steps`` is no such int.
    """
    if not isinstance(steps, int) or steps < 1:
        raise fail(ValueError, f"For 'profile', 'steps' must be a positive integer, but got {steps!r}.")
    wanted = [(v.shape, v.dtype.np) for v in inspection.final.inputs]
    arrays = arrays_of(args, kwargs)
    given = [(a.shape, a.dtype) for a in arrays]
    if given != wanted:
        raise fail(
            ValueError,
            f"For 'profile', the arguments must be like those the graph was made for: {_kinds(wanted)}, but got "
            f"{_kinds(given)}. Make the graph of such a call: graph(...).profile(...).",
        )
    return Profile(inspection, record(inspection, arrays, steps), peaks())


def _kinds(types) -> str:
    return ", ".join(f"{np.dtype(dtype).name}{list(shape)}" for shape, dtype in types) or "no Tensor"
