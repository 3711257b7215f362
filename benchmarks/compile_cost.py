#!/usr/bin/env python3
"""What a new kind of call costs beside its kernels: trace, passes, fusion, lowering and the plan of the memory, in processor time.

An unrolled LSTM of 10, 30 and 60 words, a loop written out into 5,000 to 20,000 nodes, Adam over 250 and 1,000 small Parameters, with
the time of its step, and new lengths of an encoder of two layers, each with gradient and update. `per 1000` should not grow with the size.
Then what a new length costs a function that has met others: from a template (graph/families.py), and where it is traced.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from report import Table, digits, save

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.core.cycles import no_cycle_search
from minispore.graph import compile_stats
from minispore.graph.arguments import flatten
from minispore.graph.compiled import Compiled
from minispore.graph.executable import plan
from minispore.graph.fuse import fuse
from minispore.graph.lower import Builder
from minispore.graph.passes import optimise
from minispore.graph.trace import trace

PHASES = ("trace", "passes", "fuse", "lower", "plan")
REPEATS = 3


def floats(*shape: int) -> Tensor:
    return Tensor(np.ones(shape, np.float32))


def trained(net: nn.Cell) -> Any:
    optimizer = nn.Adam(net.trainable_params(), 1e-3)
    compute = ms.value_and_grad(net, None, optimizer.parameters)

    def step(*inputs):
        loss, grads = compute(*inputs)
        optimizer(grads)
        return loss

    return step


def written_out(turns: int) -> Any:
    def loss(x, w):
        for _ in range(turns):
            h = ops.tanh(x @ w)
            x = h * 0.5 + x * ops.sigmoid(h)
        return (x * x).sum()

    return ms.value_and_grad(loss, (0, 1))


class Words(nn.Cell):
    """An LSTM cell called for each word."""

    def __init__(self):
        super().__init__()
        self.cell, self.out = nn.LSTMCell(64, 64), nn.Dense(64, 10)

    def construct(self, x, y):
        h = c = ops.zeros((x.shape[0], 64), ms.float32)
        for t in range(x.shape[1]):
            h, c = self.cell(x[:, t], (h, c))
        return ops.cross_entropy(self.out(h), y)


class Encoder(nn.Cell):
    def __init__(self):
        super().__init__()
        self.inner = nn.TransformerEncoder(nn.TransformerEncoderLayer(64, 4, 128, dropout=0.0, batch_first=True), 2)
        self.out = nn.Dense(64, 5)

    def construct(self, x, y):
        return ops.cross_entropy(self.out(self.inner(x).mean(1)), y)


class Many(nn.Cell):
    """The squares of many small Parameters."""

    def __init__(self, count: int):
        super().__init__()
        self.all = ms.ParameterTuple([Parameter(floats(10, 10), name=f"p{k}") for k in range(count)])

    def construct(self):
        return sum((p * p).sum() for p in self.all)


def phases(function, inputs) -> tuple[int, list[float]]:
    """(nodes, seconds of each phase), without kernels."""
    seconds, at = [], process_time()

    def done() -> None:
        nonlocal at
        seconds.append(process_time() - at)
        at = process_time()

    with no_cycle_search():
        traced, _, _ = trace(function, inputs, {})
        done()
        graph = optimise(traced)
        done()
        units = fuse(graph)
        done()
        builder = Builder(graph, units, 2)
        items = builder.run()
        done()
        plan(builder, items)
        done()
    return len(traced.nodes), seconds


def new_lengths(function, calls) -> tuple[list[float], list[float]]:
    """Seconds until the step of each call is ready: (of those served by a template, of those that were traced)."""
    compiled = Compiled(function, "encoder")
    served: list[float] = []
    traced: list[float] = []
    for args in calls:
        _, key = flatten(args, {})
        count, before = compile_stats()["resized"], process_time()
        compiled._find(key, args, {})
        seconds = process_time() - before
        (served if compile_stats()["resized"] > count else traced).append(seconds)
        gc.collect()
    return served, traced


def main() -> None:
    labels = Tensor(np.zeros(8, np.int32))
    words, encoder = trained(Words()), trained(Encoder())
    cases = [(f"loop of {n} turns", written_out(n), (floats(4, 8), floats(8, 8))) for n in (250, 500, 1000)]
    cases += [(f"LSTM, {n} words", words, (floats(8, n, 64), labels)) for n in (10, 30, 60)]
    cases += [(f"{n} Parameters, Adam", trained(Many(n)), ()) for n in (250, 1000)]
    cases += [(f"encoder, length {n}", encoder, (floats(8, n, 64), labels)) for n in (16, 17, 50)]
    table = Table("Compile cost without kernels, processor time in ms", ["", "nodes", *PHASES, "all", "per 1000 nodes"])
    record = {}
    for name, function, inputs in cases:
        runs = []
        for _ in range(REPEATS):
            nodes, seconds = phases(function, inputs)
            runs.append(seconds)
            gc.collect()
        best = min(runs, key=sum)
        record[name] = {"nodes": nodes, "seconds": dict(zip(PHASES, best))}
        times = [digits(1e3 * s) for s in (*best, sum(best), 1e3 * sum(best) / nodes)]
        table.rows.append([name, str(nodes), *times])
    lengths = np.random.default_rng(0).permutation(np.arange(10, 101))[:40]
    for _ in range(2):  # the second time all kernels are there
        served, traced = new_lengths(encoder, [(floats(8, int(n), 64), labels) for n in lengths])
    record["encoder, new lengths"] = {"served": served, "traced": traced}
    table.notes.append(
        f"40 lengths of the encoder from 10 to 100, in random order: {len(served)} from templates, {1e3 * min(served):.1f} to "
        f"{1e3 * max(served):.1f} ms (median {1e3 * median(served):.1f}); {len(traced)} traced, median {1e3 * median(traced):.0f} ms"
    )
    step = ms.jit(trained(Many(1000)))
    step()
    before = process_time()
    for _ in range(100):
        step()
    table.notes.append(f"a step of Adam over 1,000 Parameters of 100 numbers: {1e4 * (process_time() - before):.0f} us")
    table.show()
    save("compile-cost", "Compile cost", [table], {"versions": {"minispore": ms.__version__}, "cases": record})


if __name__ == "__main__":
    main()
