#!/usr/bin/env python3
"""One small operation at a time: an 8x8 addition without a graph, in minispore's PYNATIVE mode and in its peers."""

from __future__ import annotations

import sys
from statistics import median

from frameworks import DEFAULT
from options import parse, parser
from pool import WorkerError, workers
from report import Table, duration, save
from turns import counted, note, rounds

AIM = 4e-6


def main() -> int:
    options_parser = parser(__doc__, [*DEFAULT, "numpy"])
    options_parser.add_argument("--size", type=int, default=8, help="of the square matrices (default: 8)")
    options_parser.add_argument("--rounds", type=int, default=9, help="undisturbed rounds wanted (default: 9)")
    options = parse(options_parser)
    with workers(options.frameworks, options) as (alive, errors):
        counts = {}
        for name, worker in list(alive.items()):
            try:
                worker.ask("build_add", size=options.size)
                counts[name] = worker.ask("calibrate", seconds=0.2)["count"]
            except WorkerError as error:
                errors[name] = str(error)
                alive.pop(name).close()
        turns = rounds(alive, counts, options.rounds)
        versions = {name: worker.version for name, worker in alive.items()}
    table = Table(f"{options.size}x{options.size} addition", ["", "median", "min", "aim"])
    for name in counts:
        seconds = [turn[name]["step"] for turn in counted(turns)]
        middle = median(seconds)
        met = f"{duration(AIM)} {'met' if middle <= AIM else 'missed'}" if name == "minispore" else ""
        table.rows.append([name, duration(middle), duration(min(seconds)), met])
    for name, reason in errors.items():
        table.failed(name, reason)
    table.notes.append(note(turns))
    table.show()
    save("pynative", "One operation", [table], {"versions": versions, "rounds": turns})
    return 0


if __name__ == "__main__":
    sys.exit(main())
