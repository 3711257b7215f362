#!/usr/bin/env python3
"""One operation after the other beside torch: convolutions of known networks, products, rows, sorting, scattering.

The two take turns of some milliseconds; the ratio is that of the shortest turns.  One table, the slowest rows first.
GFLOP/s stand beside what the processor's multiply-add units can do, measured in the same run; where the time is that of
the memory, GB/s count each input and each result once, and stand beside those of a copy that one thread makes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import geometric_mean

import numpy as np
from kernel_cases import Case
from machine import copy_bandwidth
from options import Options, parse, parser
from pool import Worker, WorkerError, workers
from report import Table, duration, save
from worker import CASES, SWEPT

AIM = 1.0
PIECES = 10  # of a turn, of which the fastest counts: in the others, other processes may have emptied the caches
ELEMENTS, CHAINS, STEPS, REPEATS = 256, 12, 32, 500  # of the loop that finds the processor's peak


def peak(threads: int, clock: Callable[[], float]) -> float:
    """GFLOP/s of float32 multiply-adds on numbers that stay in registers; 0 without minispore, whose compiler makes the loop.

    (numba's would use half of the longest vectors on some processors.)
    """
    sys.path.insert(1, str(Path(__file__).resolve().parents[1]))
    try:
        from minispore.core.kernel import KernelSource
        from minispore.graph.compile import ENTRY, address_of
    except ImportError:
        return 0.0
    # Written out: a loop over the steps would keep LLVM from vectorising the one over the elements.
    steps = "".join(f"            v{k} = v{k} * b + c\n" for _ in range(STEPS) for k in range(CHAINS))
    starts = "".join(f"            v{k} = x[{k * ELEMENTS} + i]\n" for k in range(CHAINS))
    body = (
        f"    b, c = y[0], y[1]\n    for _ in range({REPEATS}):\n        for i in range({ELEMENTS}):\n"
        f"{starts}{steps}            out[i] += {' + '.join(f'v{k}' for k in range(CHAINS))}\n"
    )
    call = ENTRY(address_of(KernelSource("peak", tuple((name, "float32*") for name in ("x", "y", "out")), body)))
    parts = []
    for _ in range(threads):
        arrays = np.ones((CHAINS, ELEMENTS), np.float32), np.full(2, 0.5, np.float32), np.ones(ELEMENTS, np.float32)
        parts.append((arrays, np.array([a.ctypes.data for a in arrays])))
    work = lambda part: call(None, None, part[1].ctypes.data, 0, 1)
    best = float("inf")
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(20):
            started = clock()
            list(pool.map(work, parts))
            best = min(best, clock() - started)
    return threads * REPEATS * ELEMENTS * STEPS * CHAINS * 2 / best / 1e9


@dataclass(frozen=True)
class Measured:
    seconds: dict[str, list[float]]  # of each turn
    differs: float  # by how much the results do, of the largest element
    bytes: int

    def best(self, name: str) -> float:
        return min(self.seconds.get(name, [0.0]))

    @property
    def ratio(self) -> float:
        """0 without a peer."""
        return self.best("minispore") / self.best("torch") if len(self.seconds) > 1 else 0.0


def difference(results: list[list[list[float]]]) -> float:
    first, *others = ([np.array(part) for part in parts] for parts in results)
    pairs = [pair for other in others for pair in zip(first, other) if pair[0].size]
    return max((float(np.abs(a - b).max() / (np.abs(b).max() or 1.0)) for a, b in pairs), default=0.0)


def measured(known_as: str, alive: dict[str, Worker], options: Options) -> Measured:
    built = {name: worker.ask("build_operation", name=known_as) for name, worker in alive.items()}
    piece = options.turn / PIECES
    counts = {name: worker.ask("calibrate", seconds=piece)["count"] for name, worker in alive.items()}
    seconds: dict[str, list[float]] = {name: [] for name in alive}
    for _ in range(options.rounds):
        for name, worker in alive.items():
            spent: list[float] = []
            while sum(spent) < options.turn and len(spent) < PIECES:
                spent.append(worker.ask("time", count=counts[name])[options.clock])
            seconds[name].append(min(spent) / counts[name])
    size = min(answer["bytes"] for answer in built.values())
    return Measured(seconds, difference([answer["samples"] for answer in built.values()]), size)


def row_of(case: Case, found: Measured, limit: float, copied: float) -> list[str]:
    best, ratio = found.best("minispore"), found.ratio
    row = [case.name, *(duration(found.best(name)) for name in ("minispore", "torch")), f"{ratio:.2f}" if ratio else ""]
    speed = case.operations / best / 1e9
    row += [f"{speed:.0f}", f"{speed / limit:.0%}" if limit else ""] if speed else ["", ""]
    moved = found.bytes / best
    return [*row, f"{moved / 1e9:.1f}", f"{moved / copied:.0%}" if case.moves or not speed else ""]


def by_group(found: dict[str, Measured], cases: dict[str, Case]) -> Table:
    """The geometric mean of the ratios of each group, the slowest first."""
    ratios: dict[str, list[float]] = {}
    for name, one in found.items():
        ratios.setdefault(cases[name].group, []).append(one.ratio)
    table = Table("Groups", ["", "cases", "slower than torch", "geometric mean", "worst"])
    for group, values in sorted(ratios.items(), key=lambda item: -geometric_mean(item[1])):
        above = sum(value > AIM for value in values)
        table.rows.append([group, str(len(values)), str(above), f"{geometric_mean(values):.2f}", f"{max(values):.2f}"])
    return table


def main() -> int:
    options_parser = parser(__doc__, ["minispore", "torch"])
    options_parser.add_argument(
        "--only", nargs="+", default=[""], metavar="TEXT", help="cases whose name has one of these"
    )
    options_parser.add_argument("--sweep", action="store_true", help="more cases: short and odd axes, types, views")
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
    clock = time.process_time if options.clock == "cpu" else time.perf_counter
    limit = peak(options.threads, clock)
    copied = copy_bandwidth(clock)
    cases = SWEPT if options.sweep else CASES
    chosen = {name: case for name, case in cases.items() if any(text in name for text in options.only)}
    found: dict[str, Measured] = {}
    notes = []
    with workers(options.frameworks, options) as (alive, errors):
        versions = {name: worker.version for name, worker in alive.items()}
        for known_as, case in chosen.items():
            try:
                found[known_as] = one = measured(known_as, alive, options)
            except WorkerError as error:
                notes.append(f"{case.name}: failed, {error}")
                continue
            print("  ".join(row_of(case, one, limit, copied)), flush=True)
            if one.differs > 1e-3:
                notes.append(f"{case.name}: the results differ by {one.differs:.1e}")
    columns = ["", "minispore", "torch", "ratio", "GFLOP/s", "of peak", "GB/s", "of a copy"]
    table = Table(
        f"Operations, {options.threads} threads, {options.clock} time, the slowest beside torch first", columns
    )
    table.rows = [
        row_of(cases[name], one, limit, copied) for name, one in sorted(found.items(), key=lambda item: -item[1].ratio)
    ]
    above = sum(one.ratio > AIM for one in found.values())
    table.notes = [*notes, *(f"{name}: {reason}" for name, reason in errors.items())]
    table.notes.append(
        f"peak: {limit:.0f} GFLOP/s, a copy: {copied / 1e9:.1f} GB/s; {above} of {len(found)} slower than torch"
    )
    tables = [table, by_group(found, cases)] if len(alive) > 1 else [table]
    for one_table in tables:
        print(one_table.plain(), end="\n\n")
    if options.only == [""] and not options.sweep:
        save("kernels", "Operations", tables, {"versions": versions, "peak": limit, "copy": copied,
             "cases": {name: vars(one) for name, one in found.items()}})  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
