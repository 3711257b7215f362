#!/usr/bin/env python3
"""PYNATIVE mode beside torch's eager mode: training steps and their memory, optimizers, single operations.

The two take turns; a ratio is the median of the ratios of the turns.  Every row is shown, lost ones too.
"""

from __future__ import annotations

import math
import sys
from statistics import median

from data import PROBLEMS
from eager_cases import EAGER, OPERATIONS, UPDATES, EagerCase
from options import Options, parse, parser
from pool import Worker, WorkerError, workers
from report import Table, digits, duration, save

PARTS = "networks", "optimizers", "operations"
OURS, THEIRS = "minispore-pynative", "torch"
STEP_AIM, OP_AIM, ADD_AIM = 1.0, 2.0, 2.5e-6
WARM = 20
Times = dict[str, list[float]]


def turns(alive: dict[str, Worker], options: Options, seconds: float) -> Times:
    """Seconds of one step of each turn."""
    counts = {name: worker.ask("calibrate", seconds=seconds)["count"] for name, worker in alive.items()}
    found: Times = {name: [] for name in alive}
    for _ in range(options.rounds):
        for name, worker in alive.items():
            found[name].append(worker.ask("time", count=counts[name])[options.clock] / counts[name])
    return found


def ratio(times: Times) -> float:
    return median(a / b for a, b in zip(times[OURS], times[THEIRS]))


def verdict(value: float, aim: float) -> str:
    return f"{aim} {'met' if value <= aim else 'missed'}"


def networks(options: Options, record: dict) -> Table:
    """Each problem in processes of its own; memory is the highest resident size above that of the built network."""
    table = Table("Training steps", ["", "PYNATIVE", "torch", "ratio", "aim", "peak memory", "torch", "ratio"])
    for name in options.problems or PROBLEMS:
        with workers([OURS, THEIRS], options, name) as (alive, errors):
            try:
                peaks = {}
                for framework, worker in alive.items():
                    worker.ask("build", name="tinymlp")
                    worker.ask("train", steps=WARM)
                    worker.ask("build", name=name)
                    worker.ask("train", steps=2)
                    built = worker.ask("memory", reset=True)["now"]
                    worker.ask("train", steps=WARM)
                    peaks[framework] = (worker.ask("memory")["peak"], built)
                times = turns(alive, options, options.block)
                value, (ours, _), (theirs, _) = ratio(times), peaks[OURS], peaks[THEIRS]
            except (WorkerError, KeyError) as error:
                table.failed(name, str(error) + "".join(f" {k}: {v}" for k, v in errors.items()))
                continue
        record[name] = {"seconds": times, "peaks": peaks}
        table.rows.append([
            name, duration(median(times[OURS])), duration(median(times[THEIRS])), digits(value), verdict(value, STEP_AIM),
            f"{ours / 2**20:.0f} MiB", f"{theirs / 2**20:.0f} MiB", digits(ours / theirs),
        ])  # fmt: skip
        print("  ".join(table.rows[-1]), flush=True)
    table.notes.append("peak memory: of the whole process, in steady training")
    return table


def cases(title: str, chosen: list[EagerCase], aim: float, options: Options, record: dict, turn: float) -> Table:
    table = Table(title, ["", "PYNATIVE", "torch", "ratio", "aim"])
    ratios, ours = [], []
    with workers([OURS, THEIRS], options) as (alive, errors):
        for case in chosen:
            if not any(text in case.name for text in options.only):
                continue
            try:
                for worker in alive.values():
                    worker.ask("build_eager", name=f"{case.group}: {case.name}")
                times = turns(alive, options, turn)
                value = ratio(times)
            except (WorkerError, KeyError) as error:
                table.failed(case.name, str(error))
                continue
            record[f"{case.group}: {case.name}"] = times
            ratios.append(value)
            ours.append((median(times[OURS]), median(times[THEIRS])))
            table.rows.append([case.name, *map(duration, ours[-1]), digits(value), verdict(value, aim)])
            print("  ".join(table.rows[-1]), flush=True)
    table.notes.extend(f"{k}: {v}" for k, v in errors.items())
    if len(ratios) > 1:
        mean = [sum(column) / len(column) for column in zip(*ours)]
        shared = math.exp(sum(map(math.log, ratios)) / len(ratios))
        table.notes.append(
            f"mean {duration(mean[0])} beside {duration(mean[1])}: {digits(mean[0] / mean[1])}; geometric mean of the ratios "
            f"{digits(shared)}; {sum(r > aim for r in ratios)} of {len(ratios)} above {aim}"
        )
    return table


def main() -> int:
    options_parser = parser(__doc__, [OURS, THEIRS])
    add = options_parser.add_argument
    add("parts", nargs="*", default=list(PARTS), metavar="PART", help=f"of {', '.join(PARTS)} (default: all)")
    add("--problems", nargs="+", choices=PROBLEMS, default=[], help="networks (default: all)")
    add("--only", nargs="+", default=[""], metavar="TEXT", help="operations and optimizers whose name has one of these")
    add("--rounds", type=int, default=9, help="turns of each (default: 9)")
    add("--block", type=float, default=0.25, metavar="S", help="length of a turn of a network (default: 0.25)")
    add(
        "--clock",
        choices=["wall", "cpu"],
        default="wall",
        help="cpu: processor time, for busy machines (default: wall)",
    )
    options = parse(options_parser)
    if unknown := set(options.parts) - set(PARTS):
        options_parser.error(f"unknown part {', '.join(sorted(unknown))}")
    record: dict = {}
    tables: list[Table] = []
    if "networks" in options.parts:
        tables.append(networks(options, record))
    if "optimizers" in options.parts:
        for size, chosen in UPDATES.items():
            title = f"One update of {chosen[0].group} numbers"
            tables.append(cases(title, chosen, STEP_AIM, options, record, 0.02 if size < 10**5 else 0.1))
    if "operations" in options.parts:
        tables.append(cases("One operation on 8x8 numbers", OPERATIONS, OP_AIM, options, record, 0.01))
        chain = [case for case in EAGER.values() if case.group == "chain"]
        tables.append(cases("Operations with gradient", chain, OP_AIM, options, record, 0.1))
    for table in tables:
        table.show()
    if options.parts == list(PARTS) and options.only == [""] and not options.problems:
        save("eager", "PYNATIVE mode beside torch", tables, {"clock": options.clock, "record": record})
    return 0


if __name__ == "__main__":
    sys.exit(main())
