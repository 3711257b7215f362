#!/usr/bin/env python3
"""Time of one training step, side by side in the frameworks that are installed.

Every framework lives in a process of its own. In each round each of them in turn times a block of steps while the
others sleep, so that a change in the machine's mood meets all of them and the ratios hold. See README.md.
"""

from __future__ import annotations

import sys
from statistics import median
from typing import Any

from data import PROBLEMS, problem
from frameworks import FRAMEWORKS
from options import Options, parse, parser
from pool import Worker, WorkerError, workers
from report import Table, digits, duration, save
from turns import counted, note, rounds

LOSS_STEPS = 20
TOLERANCE = 1e-3
COLUMNS = ["", "step", "min", "/ best peer", "aim", "first step", "loss 20", "differs", "processors", "idle"]


def prepare(worker: Worker, name: str, seconds: float) -> dict[str, Any]:
    worker.ask("build", name=name)
    result = worker.ask("losses", steps=LOSS_STEPS)
    return result | worker.ask("calibrate", seconds=seconds)


def measure(name: str, options: Options) -> dict[str, Any]:
    names = [framework for framework in options.frameworks if FRAMEWORKS[framework].takes(name)]
    with workers(names, options, name) as (alive, errors):
        prepared = {}
        for framework, worker in list(alive.items()):
            try:
                prepared[framework] = prepare(worker, name, options.block)
            except WorkerError as error:
                errors[framework] = str(error)
                alive.pop(framework).close()
        turns = rounds(alive, {framework: prepared[framework]["count"] for framework in alive}, options.rounds)
        versions = {framework: worker.version for framework, worker in alive.items()}
    return {"prepared": prepared, "rounds": turns, "errors": errors, "versions": versions}


def summary(result: dict[str, Any]) -> dict[str, dict[str, float]]:
    """For each framework the figures of the table, from the undisturbed rounds if there are enough of them."""
    turns = counted(result["rounds"])
    if not turns:
        return {}
    steps = {name: [turn[name]["step"] for turn in turns] for name in turns[0]}
    peers = [name for name in steps if name != "minispore"]
    best = min(peers, key=lambda name: median(steps[name]), default=None)
    judge = peers[0] if peers else "minispore"
    expected = result["prepared"][judge]["losses"]
    figures = {}
    for name, times in steps.items():
        losses = result["prepared"][name]["losses"]
        figures[name] = {
            "step": median(times),
            "min": min(times),
            "ratio": median(time / peer for time, peer in zip(times, steps[best])) if best else float("nan"),
            "first_step": result["prepared"][name]["first_step"],
            "loss": losses[-1],
            "differs": max(abs(loss - other) / abs(other) for loss, other in zip(losses, expected)),
            "processors": median(turn[name]["processors"] for turn in turns),
            "idle": median(turn[name]["idle"] for turn in turns),
        }
    return figures


def table(name: str, result: dict[str, Any], figures: dict[str, dict[str, float]], names: list[str]) -> Table:
    built = Table(name, [name, *COLUMNS[1:]])
    aim = problem(name).aim
    for framework in names:
        if framework in figures:
            figure = figures[framework]
            known = figure["ratio"] == figure["ratio"]  # not NaN: there are peers
            judged = known and framework == "minispore"
            built.rows.append([
                framework,
                duration(figure["step"]),
                duration(figure["min"]),
                digits(figure["ratio"]) if known else "",
                f"{aim} {'met' if figure['ratio'] <= aim else 'missed'}" if judged else "",
                duration(figure["first_step"]),
                f"{figure['loss']:.5f}",
                f"{figure['differs']:.0e}" + ("" if figure["differs"] < TOLERANCE else " !"),
                f"{figure['processors']:.1f}",
                f"{100 * figure['idle']:.0f}%",
            ])  # fmt: skip
        elif framework in result["errors"]:
            built.failed(framework, result["errors"][framework])
    built.notes.append(note(result["rounds"]))
    return built


def main() -> int:
    options_parser = parser(__doc__)
    add = options_parser.add_argument
    add("problems", nargs="*", metavar="PROBLEM", help=f"of {', '.join(PROBLEMS)} (default: all)")
    add("--rounds", type=int, default=9, help="undisturbed rounds wanted (default: 9)")
    add("--block", type=float, default=0.25, metavar="S", help="length of a turn in seconds (default: 0.25)")
    options = parse(options_parser)
    unknown = set(options.problems) - set(PROBLEMS)
    if unknown:
        options_parser.error(f"unknown problem {', '.join(sorted(unknown))}")
    agree = True
    for name in options.problems or PROBLEMS:
        result = measure(name, options)
        figures = summary(result)
        shown = table(name, result, figures, options.frameworks)
        shown.show()
        save(
            f"step-{name}",
            f"Training step: {name}",
            [shown],
            {"threads": options.threads, "figures": figures, **result},
        )
        agree &= all(figure["differs"] < TOLERANCE for figure in figures.values())
    if not agree:
        print(f"The losses of the first {LOSS_STEPS} steps differ by more than {TOLERANCE}.", file=sys.stderr)
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
