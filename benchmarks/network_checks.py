#!/usr/bin/env python3
"""Gradients of the networks of networks.py beside torch's in float64.

They are those of all weights, the difference that of the worst element among some of each, of the largest.
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


def main() -> int:
    options_parser = parser(__doc__, ["minispore", "torch"])
    options_parser.add_argument("networks", nargs="*", default=[*NETWORKS, *FORMULAS])
    options_parser.add_argument("--batch", type=int, default=0, help="examples (default: the network's own number)")
    options = parse(options_parser)
    table = Table("Networks beside torch: gradients in float64", ["network", "gradients differ"])
    wrong, record = 0, {}
    for name in options.networks:
        try:
            with workers(options.frameworks, options) as (alive, errors):
                differs = gradients(alive, name, options.batch)
        except WorkerError as error:
            table.failed(name, str(error))
            continue
        table.notes.extend(f"{k}: {reason}" for k, reason in errors.items())
        wrong += differs is not None and differs > CLOSE
        row = [name, "" if differs is None else f"{differs:.0e}"]
        record[name] = {"gradients": differs}
        print("  ".join(row), flush=True)
        table.rows.append(row)
    table.show()
    save("network-checks", "Gradients of networks", [table], record)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
