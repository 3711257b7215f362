"""One framework in a process of its own. It answers JSON lines on stdin, one at a time, and sleeps in between.

`worker.py FRAMEWORK THREADS`; `pool.py` starts it and asks.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, TextIO

import numpy as np
from data import problem
from eager_cases import EAGER
from frameworks import FRAMEWORKS
from kernel_cases import described
from kernel_convolutions import CONVOLUTIONS
from kernel_layers import PRODUCTS
from kernel_names import NAMES
from kernel_random_convolutions import CONVOLUTIONS as RANDOM_CONVOLUTIONS
from kernel_rows import ROW_CASES
from kernel_sweep import SWEEP
from kernel_wide import WIDE
from kernel_wider import WIDER
from network_formulas import FORMULAS
from network_models import NETWORKS
from network_zoo import ZOO
from runner import Add, Operation, Runner

CASES = {case.name: case for case in [*CONVOLUTIONS, *PRODUCTS, *ROW_CASES]}
SWEPT = {f"sweep, {case.name}": case for case in [*SWEEP, *WIDE, *RANDOM_CONVOLUTIONS]}  # names of their own
SWEPT |= {f"wider, {case.name}": case for case in WIDER}
SWEPT |= {f"names, {case.name}": case for case in NAMES}
WARM = 20
TOO_SHORT = 0.05  # seconds of rest from which nothing can be said


class Worker:
    """The commands are its methods."""

    runner: Runner
    timed: Runner | Add | Operation

    def __init__(self, name: str, threads: int):
        self.name, self.threads = name, threads
        self.rested = (perf_counter(), process_time())

    def start(self) -> dict[str, Any]:
        self.adapter = FRAMEWORKS[self.name].adapter(self.threads)
        return {"version": self.adapter.version, "cpu": process_time()}

    def build(self, name: str) -> dict[str, Any]:
        self.timed = self.runner = self.adapter.build(problem(name))
        return {}

    def build_add(self, size: int) -> dict[str, Any]:
        self.timed = self.adapter.add(np.ones((size, size), np.float32))
        return {}

    def build_operation(self, name: str) -> dict[str, Any]:
        """One of the operations of kernels.py; a part of its results, to compare."""
        case = CASES.get(name) or SWEPT[name]
        self.timed = operation = self.adapter.operation(case)
        return described(case, operation.call())

    def build_eager(self, name: str) -> dict[str, Any]:
        """One of the cases of eager_cases.py."""
        self.timed = Operation(self.adapter.eager(EAGER[name]))
        for _ in range(WARM):  # what is traced at an early call would shorten the turns
            self.timed.call()
        return {}

    def build_network(self, name: str, training: bool = True, batch: int = 0, bfloat16: bool = False) -> dict[str, Any]:
        """One of the networks of networks.py; its loss at the first step, or the mean size of its answers, and how long both took."""
        spent = [(perf_counter(), process_time())]
        network: Any = FORMULAS.get(name)
        if name in ZOO:
            network = replace(ZOO[name], batch=batch or ZOO[name].batch)
        elif network is None:
            network = replace(NETWORKS[name], batch=batch or NETWORKS[name].batch, bfloat16=bfloat16)
        self.timed = self.runner = self.adapter.network(network, training)
        spent.append((perf_counter(), process_time()))
        loss = self.runner.losses(1)[0]
        spent.append((perf_counter(), process_time()))
        built, first = (dict(zip(("wall", "cpu"), np.subtract(b, a).tolist())) for a, b in zip(spent, spent[1:]))
        return {"loss": loss, "built": built, "first_step": first}

    def network_gradients(self, name: str, batch: int = 0) -> dict[str, Any]:
        """In float64, for each weight some elements of its gradient and the norm."""
        network = replace(NETWORKS[name], batch=batch) if batch else NETWORKS[name]
        found = self.adapter.gradients(network)
        parts = [[*g.ravel()[:: max(1, g.size // 50)].tolist(), float(np.linalg.norm(g))] for g in found]
        return {"gradients": parts}

    def losses(self, steps: int) -> dict[str, Any]:
        """Train and report every loss, and how long the first step took: it compiles."""
        start = perf_counter()
        first = self.runner.losses(1)
        return {"first_step": perf_counter() - start, "losses": first + self.runner.losses(steps - 1)}

    def calibrate(self, seconds: float) -> dict[str, Any]:
        """The number of steps that takes about so long, found by doubling (which also warms up)."""
        count, taken = 1, self.timed.seconds(1)
        while taken < seconds / 3:
            count *= 2
            taken = self.timed.seconds(count)
        return {"count": max(1, round(count * seconds / taken))}

    def time(self, count: int) -> dict[str, Any]:
        """`idle` is the share of a processor that was used since the last answer, when there was nothing to do."""
        rested_wall, rested_cpu = perf_counter() - self.rested[0], process_time() - self.rested[1]
        cpu = process_time()
        wall = self.timed.seconds(count)
        idle = rested_cpu / rested_wall if rested_wall > TOO_SHORT else 0.0
        return {"wall": wall, "cpu": process_time() - cpu, "idle": idle}

    def train(self, steps: int) -> dict[str, Any]:
        return {"wall": self.runner.seconds(steps)}

    def memory(self, reset: bool = False) -> dict[str, Any]:
        """Resident bytes now, and at most since the start or the last reset."""
        try:
            status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
            now, peak = (1024 * int(status[key].split()[0]) for key in ("VmRSS", "VmHWM"))
            if reset:
                Path("/proc/self/clear_refs").write_text("5")
        except OSError:  # not Linux: no present size, and the peak of the whole life of the process
            unit = 1 if sys.platform == "darwin" else 1024
            now = peak = unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"now": now, "peak": peak}

    def plan(self) -> dict[str, Any]:
        """The bytes of the arena of a step, and the bytes alive at once in it; nothing of a framework that does not tell."""
        if self.runner.graph is None:
            return {}
        memory = self.runner.graph().memory
        return {"arena": memory.arena_bytes, "alive": memory.peak}

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            return getattr(self, request.pop("command"))(**request)
        except Exception as error:
            traceback.print_exc()
            return {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        finally:
            self.rested = (perf_counter(), process_time())


def own_output() -> TextIO:
    """The pipe to the parent; what the framework prints goes to stderr from now on."""
    pipe = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return pipe


def stay_on(threads: int) -> None:
    """As many processors as threads, where the system can say so: runtimes that count processors then agree."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


def main() -> None:
    name, threads = sys.argv[1], int(sys.argv[2])
    pipe = own_output()
    stay_on(threads)
    sys.path.insert(1, str(Path(__file__).resolve().parents[1]))  # minispore: the one of this checkout
    worker = Worker(name, threads)
    for line in sys.stdin:
        print(json.dumps(worker.answer(json.loads(line))), file=pipe, flush=True)


if __name__ == "__main__":
    main()
