#!/usr/bin/env python3
"""Time from the start of the process to the end of the first LeNet training step.

Import, building the network and its optimizer, compiling, one step, reading the loss. Frameworks that can keep compiled
code on disk are measured with an empty and with a warm cache directory; jax and mindspore keep none unless told to.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from frameworks import FRAMEWORKS
from options import Options, parse, parser
from pool import Worker, WorkerError
from report import Table, duration, save

AIM = {("minispore", "warm"): 1.0, ("minispore", "empty"): 3.0}


def launch(name: str, problem: str, options: Options, cache: str) -> tuple[float, str]:
    """Seconds until the first loss is known, and the framework's version."""
    start = perf_counter()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        worker = Worker(name, options, FRAMEWORKS[name].environment(problem, cache), directory)
        try:
            version = worker.ask("start")["version"]
            worker.ask("build", name=problem)
            worker.ask("losses", steps=1)
            seconds = perf_counter() - start
            if cache:
                worker.leave()  # some write their cache behind the step, or when they end
            return seconds, version
        finally:
            worker.close()


def cases(names: list[str]) -> list[tuple[str, str]]:
    """Each framework with the states of its cache: "none" is how it comes if its cache is not on by default."""
    result = []
    for name in names:
        if name in ("jax", "mindspore", "torch"):
            result.append((name, "none"))
        if FRAMEWORKS[name].cache:
            result += [(name, "empty"), (name, "warm")]
    return result


def main() -> int:
    options_parser = parser(__doc__)
    options_parser.add_argument("--problem", default="lenet", help="(default: lenet)")
    options_parser.add_argument("--rounds", type=int, default=3, help="(default: 3)")
    options = parse(options_parser)
    times: dict[tuple[str, str], list[float]] = {case: [] for case in cases(options.frameworks)}
    versions: dict[str, str] = {}
    errors: dict[str, str] = {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as root:
        for turn in range(-1, options.rounds):  # the first one brings the files into memory and fills the warm caches
            for name, cache in times:
                if name in errors:
                    continue
                directory = {"none": "", "empty": f"{root}/{name}.{turn}", "warm": f"{root}/{name}.warm"}[cache]
                if directory:
                    Path(directory).mkdir(exist_ok=True)
                try:
                    seconds, versions[name] = launch(name, options.problem, options, directory)
                except WorkerError as error:
                    errors[name] = str(error)
                    continue
                if turn >= 0:
                    times[name, cache].append(seconds)
    table = Table(f"from process start to the first {options.problem} step", ["", "disk cache", "median", "min", "aim"])
    for (name, cache), seconds_of in times.items():
        if seconds_of:
            middle, aim = median(seconds_of), AIM.get((name, cache))
            met = "" if aim is None else f"{duration(aim)} {'met' if middle <= aim else 'missed'}"
            table.rows.append([name, cache, duration(middle), duration(min(seconds_of)), met])
    for name, error in errors.items():
        table.failed(name, error)
    table.show()
    data = {f"{name} {cache}": seconds_of for (name, cache), seconds_of in times.items()}
    save("startup", "Start-up", [table], {"versions": versions, "seconds": data})
    return 0


if __name__ == "__main__":
    sys.exit(main())
