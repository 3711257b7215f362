#!/usr/bin/env python3
"""One training step of a table of which it looks up few rows: the time must not grow with the table.

minispore's nn.EmbeddingLookup with the optimizers that have a form for rows, in both modes, beside torch's
nn.Embedding(sparse=True) with optim.SparseAdam.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from machine import timed
from report import Table, duration, save

WIDTH = 64
GROWTH = 1.5  # the time with the largest table over that with the smallest; more is a miss


def minispore_step(optimizer: str, mode: str, rows: int, ids, target):
    """A function that does one step."""
    import minispore as ms
    from minispore import nn

    ms.set_context(mode=getattr(ms, f"{mode}_MODE"))

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.table = nn.EmbeddingLookup(rows, WIDTH, param_init="zeros")

        def construct(self, ids, target):
            difference = self.table(ids) - target
            return (difference * difference).sum()

    net = Net()
    step = nn.TrainOneStepCell(net, getattr(nn, optimizer)(net.trainable_params()))
    step.set_train()
    inputs = ms.Tensor(ids), ms.Tensor(target)
    return lambda: step(*inputs).asnumpy()


def torch_step(rows: int, ids, target):
    import torch

    table = torch.nn.Embedding(rows, WIDTH, sparse=True)
    optimizer = torch.optim.SparseAdam(table.parameters(), lr=1e-3)
    inputs, wanted = torch.from_numpy(ids), torch.from_numpy(target)

    def step():
        optimizer.zero_grad()
        loss = ((table(inputs) - wanted) ** 2).sum()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def make_step(case, rows: int, used: int):
    """A step of ``used`` random rows, once done; ``case``: (optimizer, mode), or None for torch."""
    generator = np.random.default_rng(1)
    ids = generator.integers(0, rows, used)
    target = generator.standard_normal((used, WIDTH)).astype(np.float32)
    step = torch_step(rows, ids, target) if case is None else minispore_step(*case, rows, ids, target)
    step()
    return step


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="of the tables")
    options.add_argument("--used", type=int, default=512, help="rows looked up in a step (default: 512)")
    options.add_argument("--rounds", type=int, default=15, help="default: 15")
    given = options.parse_args()
    cases = [(name, mode) for name in ("LazyAdam", "FTRL", "ProximalAdagrad") for mode in ("GRAPH", "PYNATIVE")]
    titles = [f"{name}, {mode}" for name, mode in cases] + ["torch SparseAdam"]
    found: dict[str, list[float]] = {}
    for title, case in zip(titles, [*cases, None]):
        try:
            steps = [make_step(case, rows, given.used) for rows in given.rows]
        except ImportError:
            continue
        count = max(3, round(0.03 / max(timed(step, 5) for step in steps)))
        turns = [[timed(step, count) for step in steps] for _ in range(given.rounds)]  # sizes in turn: alike disturbed
        found[title] = [min(times) for times in zip(*turns)]
    table = Table(
        f"Steps that use {given.used} of n rows of {WIDTH} floats, the fastest of {given.rounds} rounds",
        ["n", *(f"{n:,}" for n in given.rows), "growth"],
    )
    for title, seconds in found.items():
        growth = seconds[-1] / seconds[0]
        met = "" if title.startswith("torch") else f" {'met' if growth < GROWTH else 'missed'}"
        table.rows.append([title, *map(duration, seconds), f"{growth:.2f}{met}"])
    table.show()
    save("embedding_update", "Row-sparse updates", [table], {"seconds": found, "rows": given.rows})
    return 0


if __name__ == "__main__":
    sys.exit(main())
