#!/usr/bin/env python3
"""One operation after the other beside torch: convolutions of known networks, products, rows, sorting, scattering.

The two take turns of some milliseconds; the ratio is that of the shortest turns.  GFLOP/s stand beside what the
processor's multiply-add units can do, measured in the same run.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import numpy as np
from kernel_cases import CASES, Case
from options import Options, parse, parser
from pool import Worker, WorkerError, workers
from report import Table, duration, save

AIM = 1.0
ELEMENTS, CHAINS, STEPS, REPEATS = 256, 4, 32, 1000  # of the loop that finds the processor's peak


def peak(threads: int) -> float:
    """GFLOP/s of float32 multiply-adds on numbers that stay in registers; 0 without numba."""
    try:
        from numba import njit
    except ImportError:
        return 0.0
    # Written out: a loop over the steps would keep LLVM from vectorising the one over the elements.
    steps = "".join(f"            v{k} = v{k} * b + c\n" for _ in range(STEPS) for k in range(CHAINS))
    starts = "".join(f"            v{k} = x[i] + {k} * c\n" for k in range(CHAINS))
    source = (
        f"def multiply_add(x, out, b, c):\n    for _ in range({REPEATS}):\n        for i in range({ELEMENTS}):\n"
        f"{starts}{steps}            out[i] += {' + '.join(f'v{k}' for k in range(CHAINS))}\n"
    )
    names: dict = {}
    exec(source, names)
    multiply_add = njit(fastmath={"contract"}, nogil=True)(names["multiply_add"])
    parts = [(np.ones(ELEMENTS, np.float32), np.ones(ELEMENTS, np.float32)) for _ in range(threads)]
    work = lambda part: multiply_add(*part, np.float32(0.5), np.float32(0.5))
    work(parts[0])
    best = float("inf")
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(10):
            started = time.perf_counter()
            list(pool.map(work, parts))
            best = min(best, time.perf_counter() - started)
    return threads * REPEATS * ELEMENTS * STEPS * CHAINS * 2 / best / 1e9


def measured(case: Case, alive: dict[str, Worker], options: Options) -> tuple[dict[str, list[float]], float]:
    """Seconds of each turn, and by how much the results differ (of the largest element)."""
    results = {
        name: np.array(worker.ask("build_operation", name=case.name)["result"]) for name, worker in alive.items()
    }
    counts = {name: worker.ask("calibrate", seconds=options.turn)["count"] for name, worker in alive.items()}
    seconds: dict[str, list[float]] = {name: [] for name in alive}
    for _ in range(options.rounds):
        for name, worker in alive.items():
            seconds[name].append(worker.ask("time", count=counts[name])[options.clock] / counts[name])
    first, *others = results.values()
    differs = max((np.abs(first - other).max() / np.abs(first).max() for other in others), default=0.0)
    return seconds, float(differs)


def main() -> int:
    options_parser = parser(__doc__, ["minispore", "torch"])
    options_parser.add_argument(
        "--only", nargs="+", default=[""], metavar="TEXT", help="cases whose name has one of these"
    )
    options_parser.add_argument("--rounds", type=int, default=15, help="turns of each (default: 15)")
    options_parser.add_argument(
        "--turn", type=float, default=0.01, metavar="S", help="length of a turn (default: 0.01)"
    )
    options_parser.add_argument(
        "--clock",
        choices=["wall", "cpu"],
        default="wall",
        help="cpu: processor time, for busy machines (default: wall)",
    )
    options = parse(options_parser)
    limit = peak(options.threads)
    chosen = [case for case in CASES.values() if any(text in case.name for text in options.only)]
    columns = ["", "minispore", "median", "torch", "median", "ratio", "GFLOP/s", "of peak"]
    tables: dict[str, Table] = {}
    record, above = {}, 0
    with workers(options.frameworks, options) as (alive, errors):
        versions = {name: worker.version for name, worker in alive.items()}
        for case in chosen:
            table = tables.setdefault(case.group, Table(case.group, columns))
            try:
                seconds, differs = measured(case, alive, options)
            except WorkerError as error:
                table.failed(case.shape, str(error))
                continue
            record[case.name] = {"seconds": seconds, "differs": differs}
            row, best = [case.shape], {name: min(times) for name, times in seconds.items()}
            for name in ("minispore", "torch"):
                row += [duration(best[name]), duration(median(seconds[name]))] if name in best else ["", ""]
            ratio = best["minispore"] / best["torch"] if len(best) > 1 else 0.0
            above += ratio > AIM
            speed = case.operations / best["minispore"] / 1e9
            row += [f"{ratio:.2f}" if ratio else "", f"{speed:.0f}" if speed else ""]
            row.append(f"{speed / limit:.0%}" if speed and limit else "")
            table.rows.append(row)
            if differs > 1e-3:
                table.notes.append(f"{case.shape}: the results differ by {differs:.1e}")
            print(f"{case.name}: {' '.join(row[1:])}", flush=True)
    for table in tables.values():
        table.notes.extend(f"{name}: {reason}" for name, reason in errors.items())
        table.show()
    print(f"peak of {options.threads} threads: {limit:.0f} GFLOP/s; {above} of {len(record)} slower than torch")
    if options.only == [""]:
        save("kernels", "Operations", list(tables.values()), {"versions": versions, "peak": limit, "cases": record})
    return 0


if __name__ == "__main__":
    sys.exit(main())
