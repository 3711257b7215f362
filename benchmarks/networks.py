#!/usr/bin/env python3
"""Training steps of networks beside torch eager (both memory formats), torch.compile and JAX, or their answers, with the same weights and batch.

The learning rate is 0, so that the loss stays and no step is timed on vanished gradients. Losses must agree at step 1.
The slowest rows beside the best peer come first. With --zoo they are those of network_zoo.py, beside torch.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from statistics import median

from network_formulas import FORMULAS, Formula
from network_models import NETWORKS, Network
from network_zoo import ZOO, Member
from options import parse, parser
from pool import WorkerError, workers
from report import Table, duration, save

CLOSE, ROUNDED = 1e-3, 1e-2  # by which losses may differ, relatively; in bfloat16 and with random numbers
PEERS = ["torch", "torch-channels-last", "torch-compile", "jax"]  # the last two if they are asked for


def measured(name: str, frameworks: list[str], asked: dict, options) -> tuple[dict, dict, dict, dict]:
    """({framework: seconds of the rounds}, {framework: loss at the first step}, versions, {framework: why it is missing})."""
    losses: dict[str, float] = {}
    counts: dict[str, int] = {}
    with workers(frameworks, options) as (alive, errors):
        for k, worker in list(alive.items()):
            try:
                losses[k] = worker.ask("build_network", **asked, name=name)["loss"]
                counts[k] = worker.ask("calibrate", seconds=options.turn)["count"]
            except WorkerError as error:
                errors[k] = str(error)
                del alive[k]
        seconds: dict[str, list[float]] = {k: [] for k in alive}
        for _ in range(options.rounds):
            for k, worker in alive.items():
                seconds[k].append(worker.ask("time", count=counts[k])[options.clock] / counts[k])
        return seconds, losses, {k: w.version for k, w in alive.items()}, errors


def has_planes(network: Formula | Network | Member) -> bool:
    """Whether it makes a difference in which order torch has the axes of images."""
    return isinstance(network, Network) or (isinstance(network, Member) and network.has_planes)


def row_of(name: str, seconds: dict, losses: dict, asked_for: list[str]) -> tuple[float, float, list[str]]:
    """(ratio to the best peer, by how much the losses differ, the row)."""
    ours = seconds["minispore"]
    peers = {k: v for k, v in seconds.items() if k != "minispore"}
    row = [name, duration(min(ours)), duration(median(ours))]
    row += [duration(min(peers[k])) if k in peers else "" for k in asked_for]
    ratio = 0.0
    if peers:
        ratio = min(ours) / min(min(v) for v in peers.values())
        middle = max(median(a / b for a, b in zip(ours, v)) for v in peers.values())
        row += [f"{ratio:.2f}", f"{middle:.2f}"]
    else:
        row += ["", ""]
    differs = max((abs(v / losses["minispore"] - 1) for v in losses.values()), default=0.0)
    return ratio, differs, [*row, f"{losses['minispore']:.4f}", f"{differs:.0e}"]


def main() -> int:
    options_parser = parser(__doc__, ["minispore", *PEERS[:2]])
    options_parser.add_argument(
        "networks", nargs="*", help=f"of {', '.join([*NETWORKS, *FORMULAS])}; with --zoo: {', '.join(ZOO)}"
    )
    options_parser.add_argument("--zoo", action="store_true", help="the second list, which has no JAX and no bfloat16")
    options_parser.add_argument("--rounds", type=int, default=7, help="turns of each (default: 7)")
    options_parser.add_argument("--turn", type=float, default=0.3, metavar="S", help="length of a turn (default: 0.3)")
    options_parser.add_argument("--clock", choices=["wall", "cpu"], default="wall",
                                help="cpu: processor time, for busy machines (default: wall)")  # fmt: skip
    options_parser.add_argument("--inference", action="store_true", help="answers in place of training steps")
    options_parser.add_argument("--batch", type=int, default=0, help="examples (default: the network's own number)")
    options_parser.add_argument("--bfloat16", action="store_true",
                                help='mixed precision of bfloat16: level "O2" beside torch\'s autocast')  # fmt: skip
    options = parse(options_parser)
    known = [*ZOO] if options.zoo else [*NETWORKS, *FORMULAS]
    options.networks = options.networks or known
    if unknown := [name for name in options.networks if name not in known]:
        options_parser.error(f"no network {', '.join(unknown)}; there are: {', '.join(known)}")
    if options.zoo and (options.bfloat16 or "jax" in options.frameworks):
        options_parser.error("the networks of --zoo are written neither for JAX nor for bfloat16")
    asked_for = [name for name in PEERS if name in options.frameworks]
    columns = ["network", "minispore", "median", *asked_for, "/ best peer", "median", "loss", "differs"]
    kind = "Inference" if options.inference else "Training step"
    table = Table(f"{kind}, {options.threads} threads, {options.clock} time, shortest of turns", columns)
    record, versions, wrong = {}, {}, 0
    asked = {"training": not options.inference, "batch": options.batch, "bfloat16": options.bfloat16}
    ordered = []  # (ratio, row)
    for name in options.networks:
        network = ZOO[name] if options.zoo else FORMULAS.get(name) or NETWORKS[name]
        if not isinstance(network, Formula):
            network = replace(network, batch=options.batch or network.batch)
        about = network.about
        frameworks = [k for k in options.frameworks if k != "torch-channels-last" or has_planes(network)]
        try:
            seconds, losses, versions, errors = measured(name, frameworks, asked, options)
        except WorkerError as error:
            table.failed(name, str(error))
            continue
        table.notes.extend(f"{name}: {k}: {reason}" for k, reason in errors.items())
        if "minispore" not in seconds:
            table.failed(name, errors.get("minispore", "not measured"))
            continue
        record[name] = {"seconds": seconds, "losses": losses}
        ratio, differs, row = row_of(f"{name}, {about}", seconds, losses, asked_for)
        near = ROUNDED if options.bfloat16 or (name in NETWORKS and NETWORKS[name].random) else CLOSE
        wrong += differs > near
        ordered.append((ratio, row))
        print("  ".join(row), flush=True)
    table.rows += [row for _, row in sorted(ordered, key=lambda pair: -pair[0])]
    table.show()
    if options.networks == known and not options.bfloat16:
        which = f"{'zoo-' if options.zoo else ''}{'inference' if options.inference else 'networks'}"
        which += f"-batch-{options.batch}" if options.batch else ""
        save(which, "Networks", [table], {"versions": versions, "networks": record})
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
