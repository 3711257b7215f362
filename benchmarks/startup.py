#!/usr/bin/env python3
"""Time from the start of the process to the end of the first LeNet training step.

Import, building the network and its optimizer, compiling, one step, reading the loss. Frameworks that can keep compiled
code on disk are measured with an empty and with a warm cache directory; jax and mindspore keep none unless told to.

With --networks it is the first step of networks of networks.py, in stages: start of the process and import; the network and its
optimizer, for which all draw the same weights by NumPy; the first step.  Ratios are to minispore with a warm cache.  --clock cpu is for busy machines.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from frameworks import FRAMEWORKS
from machine import busy_seconds
from network_models import NETWORKS
from options import Options, parse, parser
from pool import Worker, WorkerError
from report import Table, duration, save
from turns import DISTURBED

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


def disturbance(launched: Callable[[], Any]) -> tuple[Any, bool]:
    """What was launched, and if the machine did much else meanwhile."""
    start, before, own = perf_counter(), busy_seconds(), own_seconds()
    result = launched()
    after = busy_seconds()
    if before is None or after is None:
        return result, False
    others = after - before - (own_seconds() - own)
    return result, others > DISTURBED * (perf_counter() - start)


def own_seconds() -> float:
    """Processor time of this process and of the workers that ended."""
    return sum(os.times()[:4])


def cases(names: list[str]) -> list[tuple[str, str]]:
    """Each framework with the states of its cache: "none" is how it comes if its cache is not on by default."""
    result = []
    for name in names:
        if name in ("jax", "mindspore", "torch"):
            result.append((name, "none"))
        if FRAMEWORKS[name].cache:
            result += [(name, "empty"), (name, "warm")]
    return result


STAGES = ("import", "build", "first step")


def stages(name: str, network: str, options: Options, cache: str) -> tuple[list[float], str]:
    """Seconds of each of STAGES, by the clock that is asked for, and the framework's version."""
    start = perf_counter()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        worker = Worker(name, options, FRAMEWORKS[name].environment("cnn", cache), directory)
        try:
            answer = worker.ask("start")
            imported = answer["cpu"] if options.clock == "cpu" else perf_counter() - start
            made = worker.ask("build_network", name=network)
            if cache:
                worker.leave()
            return [imported, made["built"][options.clock], made["first_step"][options.clock]], answer["version"]
        finally:
            worker.close()


def of_networks(options: Options) -> int:
    """The stages of the first steps of networks; of each the shortest of the rounds."""
    table = Table(
        f"process start to the first step, {options.threads} threads, {options.clock} time",
        ["network", "", "disk cache", *STAGES, "all", "/ minispore", "without build", "/ minispore"],
    )
    seconds: dict[str, dict[str, list[float]]] = {}
    versions: dict[str, str] = {}
    for network in options.networks:
        times: dict[tuple[str, str], list[list[float]]] = {}
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as root:
            for turn in range(-1, options.rounds):
                for name, cache in cases(options.frameworks):
                    directory = {"none": "", "empty": f"{root}/{name}.{turn}", "warm": f"{root}/{name}.warm"}[cache]
                    if directory:
                        Path(directory).mkdir(exist_ok=True)
                    try:
                        found, versions[name] = stages(name, network, options, directory)
                    except WorkerError as error:
                        table.failed(name, f"{network}: {error}")
                        continue
                    if turn >= 0:
                        times.setdefault((name, cache), []).append(found)
        least = {case: [min(stage) for stage in zip(*runs)] for case, runs in times.items()}
        seconds[network] = {" ".join(case): found for case, found in least.items()}
        ours = least.get(("minispore", "warm"))
        for (name, cache), found in least.items():
            row = [network, name, cache, *map(duration, found)]
            for sums in (sum, lambda parts: parts[0] + parts[2]):
                row += [duration(sums(found)), f"{sums(found) / sums(ours):.2f}" if ours else ""]
            table.rows.append(row)
    table.show()
    save(
        f"startup-networks-{options.clock}",
        "First steps of networks",
        [table],
        {"versions": versions, "seconds": seconds},
    )
    return 0


def main() -> int:
    options_parser = parser(__doc__)
    options_parser.add_argument("--problem", default="lenet", help="(default: lenet)")
    options_parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=[], metavar="NAME",
                                help="first steps of these in place of the problem's")  # fmt: skip
    options_parser.add_argument("--clock", choices=["wall", "cpu"], default="wall",
                                help="of --networks (default: wall)")  # fmt: skip
    options_parser.add_argument("--rounds", type=int, default=3, help="(default: 3)")
    options = parse(options_parser)
    if options.networks:
        return of_networks(options)
    times: dict[tuple[str, str], list[tuple[float, bool]]] = {case: [] for case in cases(options.frameworks)}
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
                    answer, disturbed = disturbance(partial(launch, name, options.problem, options, directory))
                except WorkerError as error:
                    errors[name] = str(error)
                    continue
                seconds, versions[name] = answer
                if turn >= 0:
                    times[name, cache].append((seconds, disturbed))
    columns = ["", "disk cache", "median", "min", "undisturbed", "aim"]
    table = Table(f"from process start to the first {options.problem} step", columns)
    for (name, cache), launches in times.items():
        if launches:
            quiet = [seconds for seconds, disturbed in launches if not disturbed]
            counted = quiet or [seconds for seconds, _ in launches]
            middle, aim = median(counted), AIM.get((name, cache))
            met = "" if aim is None else f"{duration(aim)} {'met' if middle <= aim else 'missed'}"
            share = f"{len(quiet)} of {len(launches)}"
            table.rows.append([name, cache, duration(middle), duration(min(counted)), share, met])
    for name, reason in errors.items():
        table.failed(name, reason)
    table.show()
    data = {f"{name} {cache}": launches for (name, cache), launches in times.items()}
    save("startup", "Start-up", [table], {"versions": versions, "seconds": data})
    return 0


if __name__ == "__main__":
    sys.exit(main())
