#!/usr/bin/env python3
"""One Adam update of many tensors: bytes per second against the machine's copy bandwidth, time against torch and JAX.

Also: a whole step, in which gradients are produced, clipped by their norm and used; and what a step of a model of many
tensors costs beyond its kernels.  Everything runs in turns in one process.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from report import Table, duration, save

import minispore as ms
from minispore import Parameter, Tensor, nn
from minispore.graph.build import set_threads

MOVED = 7 * 4  # bytes per parameter: weight, gradient and two moments are read, weight and moments are written
SHARE, RATIO = 0.8, 0.7  # the aims


def shapes(tensors: int, parameters: int) -> list[tuple[int, int]]:
    """Matrices of different sizes, ``parameters`` elements together."""
    sizes = np.linspace(0.2, 1.8, tensors) * parameters / tensors
    return [(max(1, round(size / 512)), 512) for size in sizes]


def minispore_update(arrays):
    ms.set_context(mode=ms.GRAPH_MODE)
    weights = [Parameter(Tensor(a), name=f"w{k}") for k, a in enumerate(arrays)]
    optimizer = nn.Adam(weights, 1e-3)
    gradients = tuple(Tensor(a * 0.1) for a in arrays)
    return lambda: optimizer(gradients)


def torch_update(arrays, **kind):
    import torch

    weights = [torch.nn.Parameter(torch.tensor(a)) for a in arrays]
    for w, a in zip(weights, arrays):
        w.grad = torch.tensor(a * 0.1)
    return torch.optim.Adam(weights, 1e-3, **kind).step


def jax_update(arrays):
    import jax
    import optax

    adam = optax.adam(1e-3)
    weights = [jax.numpy.array(a) for a in arrays]
    state, gradients = adam.init(weights), [jax.numpy.array(a * 0.1) for a in arrays]

    def update(weights, state, gradients):
        changes, state = adam.update(gradients, state, weights)
        return optax.apply_updates(weights, changes), state

    compiled = jax.jit(update, donate_argnums=(0, 1))
    held = [weights, state]

    def call():
        held[:] = compiled(*held, gradients)
        jax.block_until_ready(held)

    return call


# ---------------------------------------------------------------- gradients of the sum of w^4 / 4, clipped, and Adam
def minispore_step(arrays):
    ms.set_context(mode=ms.GRAPH_MODE)
    net = Powers([Parameter(Tensor(a), name=f"w{k}") for k, a in enumerate(arrays)])
    return nn.TrainOneStepCell(net, nn.GradientClipping(nn.Adam(net.trainable_params(), 1e-3), max_norm=1.0))


class Powers(nn.Cell):
    """The sum of ``w^4 / 4`` over all weights."""

    def __init__(self, weights):
        super().__init__(auto_prefix=False)
        self.weights = ms.ParameterTuple(weights)

    def construct(self):
        return sum((w * w * w * w).sum() for w in self.weights) * 0.25


def torch_step(arrays, **kind):
    import torch

    weights = [torch.nn.Parameter(torch.tensor(a)) for a in arrays]
    adam = torch.optim.Adam(weights, 1e-3, **kind)

    def call():
        adam.zero_grad()
        (sum((w * w * w * w).sum() for w in weights) * 0.25).backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        adam.step()

    return call


def jax_step(arrays):
    import jax
    import optax

    chain = optax.chain(optax.clip_by_global_norm(1.0), optax.adam(1e-3))
    weights = [jax.numpy.array(a) for a in arrays]
    held = [weights, chain.init(weights)]

    def step(weights, state):
        gradients = jax.grad(lambda ws: sum((w * w * w * w).sum() for w in ws) * 0.25)(weights)
        changes, state = chain.update(gradients, state, weights)
        return optax.apply_updates(weights, changes), state

    compiled = jax.jit(step, donate_argnums=(0, 1))

    def call():
        held[:] = compiled(*held)
        jax.block_until_ready(held)

    return call


def copy(elements: int, threads: int):
    """A copy of as many bytes as ``elements`` float32 numbers, by all threads."""
    source, target = np.ones(elements, np.float32), np.zeros(elements, np.float32)
    pool = ThreadPoolExecutor(threads)
    cuts = [elements * k // threads for k in range(threads + 1)]
    parts = [(target[a:b], source[a:b]) for a, b in zip(cuts, cuts[1:])]
    return lambda: list(pool.map(lambda part: np.copyto(*part), parts))


def prepared(makers) -> tuple[dict, dict[str, str]]:
    calls, missing = {}, {}
    for name, make in makers.items():
        try:
            calls[name] = make()
            calls[name]()
            calls[name]()
        except ImportError as error:
            missing[name] = str(error)
    return calls, missing


def in_turns(calls, rounds: int, repeats: int) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            started = time.perf_counter()
            for _ in range(repeats):
                call()
            seconds[name].append((time.perf_counter() - started) / repeats)
    return seconds


def many_tensors(count: int) -> Table:
    """A step whose kernels have next to nothing to do: what is left is the cost of the call."""
    ms.set_context(mode=ms.GRAPH_MODE)
    table = Table("Adam of tensors of 4 elements", ["tensors", "a step", "calls into native code", "distinct kernels"])
    for n in (1, count // 4, count):
        weights = [Parameter(Tensor(np.ones(4, np.float32)), name=f"w{k}") for k in range(n)]
        optimizer = nn.Adam(weights, 1e-3)
        step = nn.TrainOneStepCell(Powers(weights), optimizer)
        seconds = min(in_turns({"": lambda step=step: step()}, 30, 20)[""])
        calls = step._compiled.compiled.last.executable.calls
        table.rows.append([str(n), duration(seconds), "1", str(len({c.source.digest for c in calls}))])
    return table


def whole_step(arrays, options) -> tuple[Table, dict]:
    calls, missing = prepared({
        "minispore": lambda: minispore_step(arrays),
        "torch fused": lambda: torch_step(arrays, fused=True),
        "jax + optax": lambda: jax_step(arrays),
    })  # fmt: skip
    seconds = {name: median(times) for name, times in in_turns(calls, options.rounds, options.repeats).items()}
    table = Table(
        "Gradient, clipping by the norm of all gradients, Adam: the same tensors", ["", "a step", "of minispore's"]
    )
    for name, s in seconds.items():
        table.rows.append([name, duration(s), f"{s / seconds['minispore']:.2f}"])
    for name, reason in missing.items():
        table.failed(name, reason)
    return table, seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tensors", type=int, default=20)
    parser.add_argument("--parameters", type=int, default=10_000_000, help="of all tensors together")
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--repeats", type=int, default=5, help="updates per turn")
    options = parser.parse_args()
    set_threads(options.threads)
    try:
        import torch

        torch.set_num_threads(options.threads)
    except ImportError:
        pass
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=s).astype(np.float32) for s in shapes(options.tensors, options.parameters)]
    elements = sum(a.size for a in arrays)
    calls, missing = prepared({
        "copy": lambda: copy(elements * MOVED // 8, options.threads),
        "minispore": lambda: minispore_update(arrays),
        "torch fused": lambda: torch_update(arrays, fused=True),
        "torch foreach": lambda: torch_update(arrays, foreach=True),
        "jax + optax": lambda: jax_update(arrays),
    })  # fmt: skip
    seconds = {name: median(times) for name, times in in_turns(calls, options.rounds, options.repeats).items()}
    rate = {name: elements * MOVED / s for name, s in seconds.items()}
    peers = [s for name, s in seconds.items() if name not in ("copy", "minispore")]
    share = rate["minispore"] / rate["copy"]
    table = Table(
        f"Adam: {options.tensors} tensors, {elements:,} parameters, {options.threads} threads",
        ["", "an update", "GB/s", "of the copy"],
    )
    for name, s in seconds.items():
        table.rows.append([name, duration(s), f"{rate[name] / 1e9:.1f}", f"{rate[name] / rate['copy']:.0%}"])
    table.notes.append(f"{share:.0%} of the copy: aim {SHARE:.0%} {'met' if share >= SHARE else 'missed'}")
    if peers:
        ratio = seconds["minispore"] / min(peers)
        table.notes.append(f"{ratio:.2f} of the best peer's time: aim {RATIO} {'met' if ratio <= RATIO else 'missed'}")
    for name, reason in missing.items():
        table.failed(name, reason)
    calls.clear()
    whole, whole_seconds = whole_step(arrays, options)
    tables = [table, whole, many_tensors(200)]
    for shown in tables:
        shown.show()
    save("adam_bandwidth", "One Adam update", tables, {"seconds": seconds, "whole step": whole_seconds})
    return 0


if __name__ == "__main__":
    sys.exit(main())
