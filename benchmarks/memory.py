#!/usr/bin/env python3
"""Memory of training steps: how far the resident size rises above that of the built network, and if it keeps rising.

A small network is trained first, so that what a framework loads late (compilers, kernels) is there: `loaded`. Then,
above the size with network, optimizer and data in place (`built`), `first step` is the highest point while the first
step compiles and runs, `steady` the highest during later steps; `growth` is what the last STEPS added. Linux only.
"""

from __future__ import annotations

import sys
from pathlib import Path

from frameworks import DEFAULT
from network_formulas import FORMULAS
from network_models import NETWORKS
from network_zoo import ZOO
from options import Options, parse, parser
from pool import Worker, WorkerError, workers
from report import Table, save

WARM, WATCHED = 20, 20


def profile(worker: Worker, problem: str, steps: int) -> dict[str, int]:
    """Bytes at the stages of a training run."""
    worker.ask("build", name="tinymlp")
    worker.ask("train", steps=WARM)
    loaded = worker.ask("memory")["now"]
    worker.ask("build", name=problem)
    built = worker.ask("memory", reset=True)["now"]
    worker.ask("train", steps=1)
    first = worker.ask("memory")["peak"]
    worker.ask("train", steps=WARM)
    worker.ask("memory", reset=True)
    worker.ask("train", steps=WATCHED)
    before = worker.ask("memory")
    worker.ask("train", steps=steps)
    after = worker.ask("memory")
    return {
        "loaded": loaded,
        "built": built,
        "first_step": first - built,
        "steady": before["peak"] - built,
        "growth": after["now"] - before["now"],
        "whole": max(first, before["peak"], after["peak"]),
    }


def network_size(worker: Worker, name: str) -> dict[str, float]:
    """Bytes by which the process grows from before the network is built to the highest point of its later steps; the arena."""
    worker.ask("build", name="tinymlp")  # what is loaded late, and the compiler
    worker.ask("train", steps=WARM)
    before = worker.ask("memory")["now"]
    worker.ask("build_network", name=name, training=True)
    worker.ask("train", steps=2)
    worker.ask("memory", reset=True)
    worker.ask("train", steps=3)
    return {"size": worker.ask("memory")["peak"] - before, **worker.ask("plan")}


def networks(options: Options) -> int:
    """The table of the networks; the number of them in which minispore needs more than the least of the others."""
    columns = ["network", *options.frameworks, "/ least peer", "arena", "/ alive at once"]
    table = Table("resident memory of training steps of networks", columns)
    record: dict[str, dict] = {}
    ordered = []  # (ratio, row)
    for name in options.networks or [*NETWORKS, *FORMULAS, *ZOO]:
        found: dict[str, dict[str, float]] = {}
        for framework in options.frameworks:
            with workers([framework], options) as (alive, errors):
                try:
                    found |= {k: network_size(worker, name) for k, worker in alive.items()}
                except WorkerError as error:
                    errors[framework] = str(error)
            table.notes.extend(f"{name}: {k}: {reason}" for k, reason in errors.items())
        record[name] = found
        ours, peers = found.get("minispore"), [v["size"] for k, v in found.items() if k != "minispore"]
        ratio = ours["size"] / min(peers) if ours and peers else 0.0
        row = [name, *(mebibytes(found[k]["size"]) if k in found else "" for k in options.frameworks)]
        row += [f"{ratio:.2f}" if ratio else ""]
        row += [mebibytes(ours["arena"]), f"{ours['arena'] / ours['alive']:.3f}"] if ours else ["", ""]
        print("  ".join(row), flush=True)
        ordered.append((ratio, row))
    table.rows += [row for _, row in sorted(ordered, key=lambda pair: -pair[0])]
    table.show()
    if not options.networks:
        save("memory-networks", "Memory of networks", [table], {"bytes": record})
    return sum(ratio > 1 for ratio, _ in ordered)


def mebibytes(size: float) -> str:
    return f"{size / 2**20:.1f} MiB"


def judged(name: str, problem: str, profiles: dict[str, dict[str, int]]) -> str:
    if problem != "cnn" or name != "minispore" or "torch" not in profiles:
        return ""
    return "at most torch's: " + ("met" if profiles[name]["steady"] <= profiles["torch"]["steady"] else "missed")


def main() -> int:
    options_parser = parser(__doc__)
    options_parser.add_argument("--problem", default="cnn", help="(default: cnn)")
    options_parser.add_argument("--steps", type=int, default=100, help="to watch for growth (default: 100)")
    options_parser.add_argument(
        "--networks", nargs="*", metavar="NAME", help="of networks.py (default: all of both lists)"
    )
    options: Options = parse(options_parser)
    if not Path("/proc/self/clear_refs").exists():
        sys.exit("memory.py reads /proc: it needs Linux")
    if options.networks is not None:
        if options.frameworks is DEFAULT:
            options.frameworks = ["minispore", "torch"]
        return 1 if networks(options) else 0
    profiles: dict[str, dict[str, int]] = {}
    versions: dict[str, str] = {}
    errors: dict[str, str] = {}
    for name in options.frameworks:  # one after the other: sizes do not depend on the machine's mood
        with workers([name], options, options.problem) as (alive, failed):
            errors |= failed
            for worker in alive.values():
                try:
                    profiles[name] = profile(worker, options.problem, options.steps)
                    versions[name] = worker.version
                except WorkerError as error:
                    errors[name] = str(error)
    columns = ["", "loaded", "built", "first step", "steady", f"growth, {options.steps} steps", "whole process", "aim"]
    table = Table(f"resident memory of the {options.problem} step", columns)
    for name, stages in profiles.items():
        table.rows.append([name, *map(mebibytes, stages.values()), judged(name, options.problem, profiles)])
    for name, reason in errors.items():
        table.failed(name, reason)
    table.show()
    save(f"memory-{options.problem}", f"Memory: {options.problem}", [table], {"versions": versions, "bytes": profiles})
    return 0


if __name__ == "__main__":
    sys.exit(main())
