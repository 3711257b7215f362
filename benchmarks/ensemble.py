#!/usr/bin/env python3
"""A training step of many copies of a small network, as a multiple of a step of one: minispore's ensemble and JAX's vmap.

Everything runs in turns in one process.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from adam_bandwidth import in_turns, prepared
from report import Table, duration, save

import minispore as ms
from minispore import Tensor, nn
from minispore.graph.build import set_threads

CASES = {  # sizes of the layers, batch, copies, how many single steps they may cost
    "tiny": ((16, 32, 4), 32, 64, 12),
    "mlp": ((784, 128, 10), 32, 8, 5),
    "cnn": ((1, 8, 16, 10), 16, 8, 8),
}
REPEATS = 100  # calls of a turn, as a training makes them: threads that slept are awake after the first
SIDE = 16  # of the pictures of the cnn: 3 x 3 convolutions, each with ReLU and max pooling by 2, then a Dense layer


def arrays(name):
    """The weights, the batch and its labels."""
    sizes, batch, _, _ = CASES[name]
    rng = np.random.default_rng(0)
    if name == "cnn":
        *channels, classes = sizes
        shapes = [(b, a, 3, 3) for a, b in zip(channels, channels[1:])]
        shapes.append((classes, channels[-1] * (SIDE >> len(channels) - 1) ** 2))
        x = rng.normal(size=(batch, channels[0], SIDE, SIDE))
    else:
        shapes, x = [(b, a) for a, b in zip(sizes, sizes[1:])], rng.normal(size=(batch, sizes[0]))
    weights = [(rng.normal(size=s) * np.prod(s[1:]) ** -0.5).astype(np.float32) for s in shapes]
    return weights, x.astype(np.float32), rng.integers(0, sizes[-1], batch).astype(np.int32)


def of_minispore(name, copies):
    ms.set_context(mode=ms.GRAPH_MODE)
    weights, x, y = arrays(name)
    layers = []
    for w in weights:
        if w.ndim == 4:
            layers += [
                nn.Conv2d(w.shape[1], w.shape[0], 3, has_bias=True, weight_init=Tensor(w)),
                nn.ReLU(),
                nn.MaxPool2d(2, 2),
            ]
        else:
            flat = [nn.Flatten()] if layers and name == "cnn" else []
            activation = None if w is weights[-1] else "relu"
            layers += [*flat, nn.Dense(w.shape[1], w.shape[0], Tensor(w), activation=activation)]
    net = nn.WithLossCell(nn.SequentialCell(*layers), nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean"))
    step = nn.TrainOneStepCell(net, nn.Adam(net.trainable_params(), 1e-3))
    x, y = Tensor(x), Tensor(y)
    if copies is None:
        return lambda: step(x, y)
    many = ms.ensemble(step, learning_rate=np.geomspace(1e-4, 1e-2, copies))
    return lambda: many(x, y)


def of_jax(name, copies):
    import jax
    import jax.numpy as jnp
    import optax

    weights, x, y = arrays(name)
    x, y = jnp.array(x), jnp.array(y)
    adam = optax.scale_by_adam()

    def layer(w, b, x, last):
        if w.ndim == 4:
            x = jax.lax.conv_general_dilated(x, w, (1, 1), "SAME") + b[:, None, None]
            return jax.lax.reduce_window(jax.nn.relu(x), -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")
        x = x.reshape(len(x), -1) @ w.T + b
        return x if last else jax.nn.relu(x)

    def loss_of(layers, x, y):
        for k, (w, b) in enumerate(layers):
            x = layer(w, b, x, k == len(layers) - 1)
        return optax.softmax_cross_entropy_with_integer_labels(x, y).mean()

    def step(layers, state, rate):
        loss, g = jax.value_and_grad(loss_of)(layers, x, y)
        updates, state = adam.update(g, state)
        return jax.tree.map(lambda w, u: w - rate * u, layers, updates), state, loss

    layers = [(jnp.array(w), jnp.zeros(len(w))) for w in weights]
    rate = jnp.float32(1e-3)
    if copies is not None:
        layers = jax.tree.map(lambda w: jnp.stack([w] * copies), layers)
        rate = jnp.geomspace(1e-4, 1e-2, copies)
        step = jax.vmap(step)
        state = jax.vmap(adam.init)(layers)
    else:
        state = adam.init(layers)
    compiled, held = jax.jit(step, donate_argnums=(0, 1)), [layers, state]

    def call():
        *held[:], loss = compiled(*held, rate)
        return loss.block_until_ready()

    return call


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--rounds", type=int, default=25)
    options = parser.parse_args()
    set_threads(options.threads)
    if options.threads == 1:  # for JAX, which reads it when it is imported
        os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
    tables, found = [], {}
    for name, (sizes, batch, copies, aim) in CASES.items():
        calls, missing = prepared({
            f"{peer} {what}": lambda make=make, n=n, name=name: make(name, n)
            for peer, make in (("minispore", of_minispore), ("jax", of_jax)) for what, n in (("one", None), ("all", copies))
        })  # fmt: skip
        seconds = {n: median(times) for n, times in in_turns(calls, options.rounds, REPEATS).items()}
        found[name] = seconds
        table = Table(
            f"{name} {'-'.join(map(str, sizes))}, batch {batch}, {copies} copies, {options.threads} threads",
            ["", "one", "all", "all / one", "per copy"],
        )
        for peer in ("minispore", "jax"):
            if f"{peer} all" in seconds:
                one, every = seconds[f"{peer} one"], seconds[f"{peer} all"]
                table.rows.append(
                    [peer, duration(one), duration(every), f"{every / one:.1f}", duration(every / copies)]
                )
        for peer, reason in missing.items():
            table.failed(peer, reason)
        ratio = seconds["minispore all"] / seconds["minispore one"]
        table.notes.append(f"{ratio:.1f} single steps: aim {aim} {'met' if ratio <= aim else 'missed'}")
        if "jax all" in seconds:
            table.notes.append(f"{seconds['minispore all'] / seconds['jax all']:.2f} of the time of JAX's vmap")
        tables.append(table)
    for table in tables:
        table.show()
    save("ensemble", "Many trainings in one call", tables, {"seconds": found})
    return 0


if __name__ == "__main__":
    sys.exit(main())
