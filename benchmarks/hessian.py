#!/usr/bin/env python3
"""Hessians of a small network (10-32-32-1, tanh), composed of transforms, beside jax: same weights, same results.

Of the output with respect to the inputs, for each of 16 examples (vmap of jacfwd of jacrev), of the mean square with
respect to all 1441 weights (jacfwd of jacrev), and the latter times a vector (jvp of grad).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from machine import timed
from report import Table, duration, save

SIZES = (10, 32, 32, 1)
BATCH = 16


def arrays():
    random = np.random.default_rng(1)
    weights = [random.normal(size=s) / np.sqrt(s[0]) for a, b in zip(SIZES, SIZES[1:]) for s in ((a, b), (b,))]
    x = random.normal(size=(BATCH, SIZES[0]))
    flat = np.concatenate([w.ravel() for w in weights])
    return [a.astype(np.float32) for a in (flat, x, random.normal(size=(BATCH, 1)), random.normal(size=flat.shape))]


def network(tanh, flat, x):
    at = 0
    for layer, (a, b) in enumerate(zip(SIZES, SIZES[1:])):
        x = x @ flat[at : at + a * b].reshape(a, b) + flat[at + a * b : at + a * b + b]
        at += a * b + b
        x = tanh(x) if layer < len(SIZES) - 2 else x
    return x


def cases(transforms, tanh, compiled, flat, x, y, v):
    """{title: function without arguments}; ``transforms`` is minispore or jax."""
    t = transforms

    def loss(w):
        return ((network(tanh, w, x) - y) ** 2).mean()

    of_inputs = t.vmap(t.jacfwd(t.jacrev(lambda one: network(tanh, flat, one[None])[0, 0])))
    of_weights = t.jacfwd(t.jacrev(loss))
    times_vector = compiled(lambda w, v: t.jvp(t.grad(loss), (w,), (v,))[1])
    by_input, by_weight = compiled(of_inputs), compiled(of_weights)
    return {
        "16 Hessians of the inputs (10 x 10)": lambda: by_input(x),
        "Hessian of the weights (1441 x 1441)": lambda: by_weight(flat),
        "the same times a vector": lambda: times_vector(flat, v),
    }


def minispore_cases():
    import minispore as ms

    ms.set_context(mode=ms.GRAPH_MODE)
    made = cases(ms, ms.ops.tanh, ms.jit, *map(ms.Tensor, arrays()))
    return {title: lambda call=call: call().asnumpy() for title, call in made.items()}


def jax_cases():
    import jax

    made = cases(jax, jax.numpy.tanh, jax.jit, *map(jax.numpy.asarray, arrays()))
    return {title: lambda call=call: call().block_until_ready() for title, call in made.items()}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=15, help="in each of which both are timed (default: 15)")
    given = options.parse_args()
    own, peers = minispore_cases(), {}
    try:
        peers = jax_cases()
    except ImportError:
        print("jax is not installed: no ratios")
    table = Table("Hessians of a network 10-32-32-1", ["", "first call", "minispore", "jax", "ratio", "differs"])
    found: dict[str, dict] = {}
    for title, call in own.items():
        first = timed(call, 1)
        count = max(1, round(0.05 / timed(call, 3)))
        row = {"minispore": [], "jax": [], "first": first}
        differs = ""
        if peers:
            expected = np.asarray(peers[title]())
            off = np.abs(call() - expected).max() / np.abs(expected).max()
            differs = f"{off:.0e}"
            if off > 1e-3:
                print(f"{title}: the results differ by {off:.1e}")
                return 1
        for _ in range(given.rounds):
            row["minispore"].append(timed(call, count))
            if peers:
                row["jax"].append(timed(peers[title], count))
        ratio = median(a / b for a, b in zip(row["minispore"], row["jax"])) if peers else None
        table.rows.append(
            [title, duration(first), duration(median(row["minispore"])),
             duration(median(row["jax"])) if peers else "", "" if ratio is None else f"{ratio:.2f}", differs]
        )  # fmt: skip
        found[title] = row
    table.show()
    save("hessian", "Hessians", [table], found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
