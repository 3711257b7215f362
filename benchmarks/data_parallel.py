#!/usr/bin/env python3
"""Training on several ranks: beside one rank with as many threads, beside torch's DDP over gloo, and over a link of 1 Gbit/s.

Every contender is a job of its own that works only while it is asked; in each round each times a block of steps of one
global batch in turn. `--python torch=...` says which interpreter has torch. The link needs root (see network.py).
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from statistics import median

import network
from options import parse, parser
from pool import THREAD_VARIABLES

PROBLEMS = ("mlp_big", "resnet20")
AIMS = (1.0, 1.1, 0.7)  # time of 2 ranks / that of one with two threads, / that of torch


def free_port() -> str:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return str(s.getsockname()[1])


class Job:
    """``ranks`` processes of one framework, each with ``threads`` threads."""

    def __init__(self, name: str, python: str, framework: str, problem: str, ranks: int, threads: int):
        self.name = name
        env = os.environ | dict.fromkeys(THREAD_VARIABLES, str(threads))
        program = [str(Path(__file__).with_name("data_parallel_rank.py")), framework, problem]
        starts = [[python, *program]]
        envs = [env]
        if framework == "torch":
            port = free_port()
            envs = [
                env | {"RANK": str(r), "WORLD_SIZE": str(ranks), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
                for r in range(ranks)
            ]
            starts *= ranks
        elif ranks > 1:
            starts = [[str(Path(python).parent / "mpiexec"), "-n", str(ranks), python, *program]]
        self.processes = [
            subprocess.Popen(start, env=e, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for start, e in zip(starts, envs)
        ]

    def seconds(self, count: int) -> float:
        first = self.processes[0]
        print(count, file=first.stdin, flush=True)
        return json.loads(first.stdout.readline())["wall"]

    def steps_for(self, seconds: float) -> int:
        count, taken = 1, self.seconds(1)
        while taken < seconds / 3:
            count *= 2
            taken = self.seconds(count)
        return max(1, round(count * seconds / taken))

    def end(self) -> None:
        print(0, file=self.processes[0].stdin, flush=True)
        for process in self.processes:
            process.wait(60)


def compare(problem: str, options) -> list[tuple[str, float, float]]:
    """Prints times; rows of (what is compared, median ratio, aim)."""
    ours, ranks = sys.executable, options.ranks
    jobs = [
        Job(f"minispore {ranks} ranks x 1 thread", ours, "minispore", problem, ranks, 1),
        Job(f"minispore 1 rank x {ranks} threads", ours, "minispore", problem, 1, ranks),
    ]
    if "torch" in options.pythons:
        jobs.append(Job(f"torch DDP {ranks} ranks x 1 thread", options.pythons["torch"], "torch", problem, ranks, 1))
    counts = [job.steps_for(options.block) for job in jobs]
    rounds = [[job.seconds(n) / n for job, n in zip(jobs, counts)] for _ in range(options.rounds)]
    for job in jobs:
        job.end()
    print(f"\n{problem}, {options.rounds} rounds")
    for k, job in enumerate(jobs):
        print(f"  {job.name:32} {1000 * median(r[k] for r in rounds):9.3f} ms", flush=True)
    return [
        (f"{problem}: {ranks} ranks x 1 thread / {job.name}", median(r[0] / r[k] for r in rounds), AIMS[k])
        for k, job in enumerate(jobs)
        if k
    ]


def main() -> None:
    made = parser(__doc__)
    made.add_argument("problems", nargs="*", default=PROBLEMS)
    made.add_argument("--ranks", type=int, default=2)
    made.add_argument("--rounds", type=int, default=9)
    made.add_argument("--block", type=float, default=0.5, metavar="S", help="seconds of one block (default: 0.5)")
    options = parse(made)
    rows = [row for problem in options.problems for row in compare(problem, options)]
    print()
    problem = network.missing()
    if problem:
        print(f"the link between two namespaces is left out: {problem}")
    else:
        rows.append(network.compare(1000, 30))
    print(f"\n{'ratio':76} {'':>6} {'aim':>5}")
    for what, ratio, aim in rows:
        print(f"{what:76} {ratio:6.2f} {aim:5.2f}")


if __name__ == "__main__":
    main()
