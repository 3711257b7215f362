#!/usr/bin/env python3
"""Gradients of the networks of networks.py beside torch's in float64, and the memory of their training steps.

The gradients are those of all weights, the difference that of the worst element among some of each, of the largest. The memory is
how far the resident size of the process rises from before the network is built to its later steps.
"""

from __future__ import annotations

import sys

import numpy as np
from network_formulas import FORMULAS
from network_models import NETWORKS
from options import parse, parser
from pool import Worker, WorkerError, workers
from report import Table, save

CLOSE = 1e-9


def gradients(alive: dict[str, Worker], name: str, batch: int) -> float | None:
    """By how much the two differ; None for a formula, whose loss alone is compared."""
    if name in FORMULAS:
        return None
    found = [w.ask("network_gradients", name=name, batch=batch)["gradients"] for w in alive.values()]
    if len(found) < 2:
        return None
    ours, theirs = ([np.array(part) for part in parts] for parts in found)
    largest = max(part[-1] for part in theirs)
    worst = 0.0
    for a in ours:  # the order of the weights is the framework's own: with the nearest one of its size
        near = min((np.abs(a - b).max() / max(b[-1], 1e-3 * largest) for b in theirs if b.size == a.size), default=1.0)
        worst = max(worst, float(near))
    return worst


def peak(worker: Worker, name: str, batch: int) -> float:
    """MiB by which the process grows from before the network is built to the highest point of its later steps."""
    worker.ask("build", name="tinymlp")  # what is loaded late, and the compiler
    worker.ask("train", steps=20)
    before = worker.ask("memory")["now"]
    worker.ask("build_network", name=name, training=True, batch=batch)
    worker.ask("train", steps=2)
    worker.ask("memory", reset=True)
    worker.ask("train", steps=3)
    return (worker.ask("memory")["peak"] - before) / 2**20


def main() -> int:
    options_parser = parser(__doc__, ["minispore", "torch"])
    options_parser.add_argument("networks", nargs="*", default=[*NETWORKS, *FORMULAS])
    options_parser.add_argument("--batch", type=int, default=0, help="examples (default: the network's own number)")
    options_parser.add_argument("--only", choices=["gradients", "memory"], help="one of the two (default: both)")
    options = parse(options_parser)
    columns = ["network", "gradients differ", *(f"memory {name}, MiB" for name in options.frameworks)]
    table = Table("Networks beside torch: gradients in float64, memory of a training step", columns)
    wrong, record = 0, {}
    for name in options.networks:
        try:
            sizes, differs = {}, None
            if options.only != "gradients":
                with workers(options.frameworks, options) as (alive, errors):
                    sizes = {k: peak(w, name, options.batch) for k, w in alive.items()}
            if options.only != "memory":
                with workers(options.frameworks, options) as (alive, errors):
                    differs = gradients(alive, name, options.batch)
        except WorkerError as error:
            table.failed(name, str(error))
            continue
        table.notes.extend(f"{k}: {reason}" for k, reason in errors.items())
        wrong += differs is not None and differs > CLOSE
        row = [
            name,
            "" if differs is None else f"{differs:.0e}",
            *(f"{sizes[k]:.0f}" for k in options.frameworks if k in sizes),
        ]
        record[name] = {"gradients": differs, "memory": sizes}
        print("  ".join(row), flush=True)
        table.rows.append(row)
    table.show()
    save("network-checks", "Gradients and memory of networks", [table], record)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
