#!/usr/bin/env python3
"""Training steps of networks beside torch eager (both memory formats), or their answers, with the same weights and batch.

The learning rate is 0, so that the loss stays and no step is timed on vanished gradients. Losses must agree at step 1.
The slowest rows beside the best peer come first.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from statistics import median

from network_formulas import FORMULAS
from network_models import NETWORKS
from options import parse, parser
from pool import WorkerError, workers
from report import Table, duration, save

CLOSE, ROUNDED = 1e-3, 1e-2  # by which losses may differ, relatively; in bfloat16
PEERS = [
    "torch",
    "torch-channels-last",
    "torch-compile",
    "jax",
]  # the last two if they are asked for; JAX has the formulas alone


def main() -> int:
    options_parser = parser(__doc__, ["minispore", *PEERS[:2]])
    options_parser.add_argument(
        "networks", nargs="*", default=[*NETWORKS, *FORMULAS], help=f"of {', '.join([*NETWORKS, *FORMULAS])}"
    )
    options_parser.add_argument("--rounds", type=int, default=7, help="turns of each (default: 7)")
    options_parser.add_argument("--turn", type=float, default=0.3, metavar="S", help="length of a turn (default: 0.3)")
    options_parser.add_argument("--clock", choices=["wall", "cpu"], default="wall",
                                help="cpu: processor time, for busy machines (default: wall)")  # fmt: skip
    options_parser.add_argument("--inference", action="store_true", help="answers in place of training steps")
    options_parser.add_argument("--batch", type=int, default=0, help="examples (default: the network's own number)")
    options_parser.add_argument("--bfloat16", action="store_true",
                                help='mixed precision of bfloat16: level "O2" beside torch\'s autocast')  # fmt: skip
    options = parse(options_parser)
    asked_for = [name for name in PEERS if name in options.frameworks]
    columns = ["network", "minispore", "median", *asked_for, "/ best peer", "median", "loss", "differs"]
    kind = "Inference" if options.inference else "Training step"
    table = Table(f"{kind}, {options.threads} threads, {options.clock} time, shortest of turns", columns)
    record, wrong = {}, 0
    asked = {"training": not options.inference, "batch": options.batch, "bfloat16": options.bfloat16}
    ordered = []  # (ratio, row)
    for name in options.networks:
        frameworks = [k for k in options.frameworks if name in FORMULAS or k != "jax"]
        frameworks = [k for k in frameworks if name in NETWORKS or k != "torch-channels-last"]
        if name in FORMULAS:
            about = FORMULAS[name].about
        else:
            about = replace(NETWORKS[name], batch=options.batch or NETWORKS[name].batch).about
        with workers(frameworks, options) as (alive, errors):
            try:
                losses = {k: w.ask("build_network", **asked, name=name)["loss"] for k, w in alive.items()}
                counts = {k: w.ask("calibrate", seconds=options.turn)["count"] for k, w in alive.items()}
                seconds: dict[str, list[float]] = {k: [] for k in alive}
                for _ in range(options.rounds):
                    for k, worker in alive.items():
                        seconds[k].append(worker.ask("time", count=counts[k])[options.clock] / counts[k])
            except WorkerError as error:
                table.failed(name, str(error))
                continue
            versions = {k: w.version for k, w in alive.items()}
        record[name] = {"seconds": seconds, "losses": losses}
        peers = {k: v for k, v in seconds.items() if k != "minispore"}
        ours = seconds["minispore"]
        row = [
            f"{name}, {about}",
            duration(min(ours)),
            duration(median(ours)),
        ]
        row += [duration(min(peers[k])) if k in peers else "" for k in asked_for]
        if peers:
            best = min(min(v) for v in peers.values())
            ratios = [median(a / b for a, b in zip(ours, v)) for v in peers.values()]
            row += [f"{min(ours) / best:.2f}", f"{max(ratios):.2f}"]
        else:
            row += ["", ""]
        differs = max((abs(v / losses["minispore"] - 1) for v in losses.values()), default=0.0)
        wrong += differs > (ROUNDED if options.bfloat16 else CLOSE)
        row += [f"{losses['minispore']:.4f}", f"{differs:.0e}"]
        ordered.append((float(row[3 + len(asked_for)] or 0), row))
        table.notes.extend(f"{k}: {reason}" for k, reason in errors.items())
        print("  ".join(row), flush=True)
    table.rows += [row for _, row in sorted(ordered, key=lambda pair: -pair[0])]
    table.show()
    if options.networks == [*NETWORKS, *FORMULAS] and not options.batch and not options.bfloat16:
        save(
            "inference" if options.inference else "networks",
            "Networks",
            [table],
            {"versions": versions, "networks": record},
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
