#!/usr/bin/env python3
"""One LSTM (width 128, 32 turns, batch 32, Adam) as a Python loop, as a scan and as a while loop, beside torch and jax.

A training step each: forward through all turns, gradient, update.  Same weights and data; the losses must agree.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from machine import timed
from report import Table, duration, save

WIDTH, TURNS, BATCH, INPUTS, CLASSES, RATE = 128, 32, 32, 64, 10, 1e-3


def arrays():
    random = np.random.default_rng(1)
    shapes = {
        "wx": (INPUTS, 4 * WIDTH),
        "wh": (WIDTH, 4 * WIDTH),
        "b": (4 * WIDTH,),
        "wo": (WIDTH, CLASSES),
        "bo": (CLASSES,),
    }
    weights = {k: (random.normal(size=s) / np.sqrt(s[0])).astype(np.float32) for k, s in shapes.items()}
    x = random.normal(size=(TURNS, BATCH, INPUTS)).astype(np.float32)
    return weights, x, random.integers(0, CLASSES, BATCH).astype(np.int32)


def cell(m, w, h, c, x):
    """One turn; ``m`` has sigmoid and tanh."""
    gates = x @ w["wx"] + h @ w["wh"] + w["b"]
    i, f, o, u = (gates[:, k * WIDTH : (k + 1) * WIDTH] for k in range(4))
    c = m.sigmoid(f) * c + m.sigmoid(i) * m.tanh(u)
    return m.sigmoid(o) * m.tanh(c), c


def minispore_steps():
    import minispore as ms
    from minispore import Parameter, Tensor, nn, ops

    ms.set_context(mode=ms.GRAPH_MODE)
    weights, x, y = arrays()

    class Lstm(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = {k: Parameter(Tensor(v), name=k) for k, v in weights.items()}
            self.all = ms.ParameterTuple(self.w.values())

        def construct(self, x):
            h, _ = self.turns(x, ops.zeros((BATCH, WIDTH)), ops.zeros((BATCH, WIDTH)))
            return h @ self.w["wo"] + self.w["bo"]

    class Loop(Lstm):
        def turns(self, x, h, c):
            for t in range(TURNS):
                h, c = cell(ops, self.w, h, c, x[t])
            return h, c

    class Scan(Lstm):
        def turns(self, x, h, c):
            (h, c), _ = ops.scan(lambda s, row: (cell(ops, self.w, *s, row), None), (h, c), x)
            return h, c

    class While(Lstm):
        def turns(self, x, h, c):
            t = ops.zeros((), ms.int64)
            while t < x.shape[0]:
                h, c = cell(ops, self.w, h, c, x[t])
                t = t + 1
            return h, c

    made = {}
    for title, kind in (("Python loop", Loop), ("ops.scan", Scan), ("while", While)):
        net = kind()
        step = nn.TrainOneStepCell(
            nn.WithLossCell(net, nn.CrossEntropyLoss()), nn.Adam(net.trainable_params(), RATE, eps=1e-8)
        )
        given = Tensor(x), Tensor(y)
        made[f"minispore, {title}"] = lambda step=step, given=given: float(step(*given))
    return made


def torch_steps():
    import torch

    torch.set_num_threads(2)
    weights, x, y = arrays()
    x, y = torch.tensor(x), torch.tensor(y, dtype=torch.long)
    loss = torch.nn.CrossEntropyLoss()

    def step_of(parameters, forward):
        optimizer = torch.optim.Adam(parameters, RATE, eps=1e-8, fused=True)

        def step():
            optimizer.zero_grad()
            value = loss(forward(), y)
            value.backward()
            optimizer.step()
            return float(value.detach())

        return step

    w = {k: torch.tensor(v, requires_grad=True) for k, v in weights.items()}

    def by_loop():
        h = c = torch.zeros(BATCH, WIDTH)
        for t in range(TURNS):
            h, c = cell(torch, w, h, c, x[t])
        return h @ w["wo"] + w["bo"]

    layer, out = torch.nn.LSTM(INPUTS, WIDTH), torch.nn.Linear(WIDTH, CLASSES)
    with torch.no_grad():  # its gates come in another order
        order = np.concatenate([np.arange(k * WIDTH, (k + 1) * WIDTH) for k in (0, 1, 3, 2)])
        layer.weight_ih_l0.copy_(torch.tensor(weights["wx"].T[order]))
        layer.weight_hh_l0.copy_(torch.tensor(weights["wh"].T[order]))
        layer.bias_ih_l0.copy_(torch.tensor(weights["b"][order]))
        layer.bias_hh_l0.zero_()
        out.weight.copy_(torch.tensor(weights["wo"].T))
        out.bias.copy_(torch.tensor(weights["bo"]))
    layer.bias_hh_l0.requires_grad_(False)
    trained = [p for p in [*layer.parameters(), *out.parameters()] if p.requires_grad]
    return {
        "torch, Python loop": step_of(list(w.values()), by_loop),
        "torch, nn.LSTM": step_of(trained, lambda: out(layer(x)[0][-1])),
    }


def jax_steps():
    import jax
    import jax.numpy as jnp

    class Functions:
        sigmoid, tanh = staticmethod(jax.nn.sigmoid), staticmethod(jnp.tanh)

    weights, x, y = arrays()
    start = jnp.zeros((BATCH, WIDTH)), jnp.zeros((BATCH, WIDTH))

    def by_scan(w):
        return jax.lax.scan(lambda s, row: (cell(Functions, w, *s, row), None), start, x)[0]

    def by_loop(w):
        h, c = start
        for t in range(TURNS):
            h, c = cell(Functions, w, h, c, x[t])
        return h, c

    def step_of(turns):
        def loss(w):
            scores = turns(w)[0] @ w["wo"] + w["bo"]
            return -jnp.take_along_axis(jax.nn.log_softmax(scores), jnp.asarray(y)[:, None], 1).mean()

        @jax.jit
        def step(state):
            w, m, v, t = state
            value, g = jax.value_and_grad(loss)(w)
            t = t + 1
            m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
            v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
            rate = RATE * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
            w = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + 1e-8), w, m, v)
            return (w, m, v, t), value

        zeros = {k: jnp.zeros_like(a) for k, a in weights.items()}
        held = [({k: jnp.asarray(a) for k, a in weights.items()}, zeros, zeros, 0.0)]

        def run():
            held[0], value = step(held[0])
            return float(value)

        return run

    return {"jax, Python loop": step_of(by_loop), "jax, lax.scan": step_of(by_scan)}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=15, help="in each of which all are timed (default: 15)")
    given = options.parse_args()
    steps, first, losses = {}, {}, {}
    for make in (minispore_steps, torch_steps, jax_steps):
        try:
            made = make()
        except ImportError as error:
            print(f"{make.__name__.split('_')[0]} is not installed ({error.name}): left out")
            continue
        for title, call in made.items():
            start = perf_counter()
            losses[title] = [call()]
            first[title] = perf_counter() - start
            losses[title] += [call() for _ in range(4)]
            steps[title] = call
    reference = next(iter(losses.values()))
    off = {title: max(abs(a - b) for a, b in zip(values, reference)) for title, values in losses.items()}
    for title, difference in off.items():
        if difference > 1e-3:
            print(f"{title}: the losses differ by {difference:.1e}: {losses[title]} and {reference}")
            return 1
    found: dict[str, list[float]] = {title: [] for title in steps}
    for _ in range(given.rounds):
        for title, call in steps.items():
            found[title].append(timed(call, 10))
    peers = [t for t in steps if not t.startswith("minispore")]
    best = min(peers, key=lambda t: median(found[t])) if peers else None
    table = Table("LSTM 128, 32 turns, batch 32, Adam", ["", "first step", "step", "/ best peer", "differs"])
    for title, times in found.items():
        ratio = "" if best is None else f"{median(a / b for a, b in zip(times, found[best])):.2f}"
        table.rows.append([title, duration(first[title]), duration(median(times)), ratio, f"{off[title]:.0e}"])
    table.show()
    save("control_flow", "Loops in a step", [table], {t: {"rounds": v, "first": first[t]} for t, v in found.items()})
    return 0


if __name__ == "__main__":
    sys.exit(main())
