"""What a network of network_zoo.py consists of: how it is built, its batch and its loss."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from network_zoo_layers import Layers

Draw = Callable[[np.random.Generator, int], np.ndarray]


# ---------------------------------------------------------------- batches: of so many examples
def normal(*shape: int) -> Draw:
    return lambda rng, n: rng.standard_normal((n, *shape)).astype(np.float32)


def uniform(*shape: int, low: float = 0.0, high: float = 1.0) -> Draw:
    return lambda rng, n: (low + (high - low) * rng.random((n, *shape), dtype=np.float32)).astype(np.float32)


def chance(of_one: float, *shape: int) -> Draw:
    """1 with this probability, else 0."""
    return lambda rng, n: (rng.random((n, *shape)) < of_one).astype(np.float32)


def whole(low: int, high: int, *shape: int) -> Draw:
    return lambda rng, n: rng.integers(low, high, (n, *shape)).astype(np.int32)


def same(draw: Draw, count: int) -> Draw:
    """Of a batch that is always so large."""
    return lambda rng, n: draw(rng, count)


# ---------------------------------------------------------------- losses
def labelled(lib: Any, out: Any, y: Any) -> Any:
    """Cross-entropy of the last axis."""
    return lib.cross_entropy(out.reshape((-1, out.shape[-1])), y.reshape((-1,)))


def labelled_channels(lib: Any, out: Any, y: Any) -> Any:
    """Cross-entropy of the second axis, that of the channels."""
    return labelled(lib, lib.permute(out, (0, *range(2, out.ndim), 1)), y)


def squared(lib: Any, out: Any, y: Any) -> Any:
    return lib.mean((out - y) ** 2)


def own(lib: Any, out: Any) -> Any:
    """Of a network whose answers are to be small."""
    return lib.mean(out)


# ---------------------------------------------------------------- networks
@dataclass(frozen=True)
class Member:
    build: Callable[[Layers], Callable]  # makes the layers, and gives the function of the inputs
    batch: int
    inputs: tuple[Draw, ...]
    targets: tuple[Draw, ...] = (whole(0, 10),)
    loss: Callable = labelled  # of the layers, the answer and the targets

    def arrays(self) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """(inputs, targets)"""
        rng = np.random.default_rng(1)
        return [draw(rng, self.batch) for draw in self.inputs], [draw(rng, self.batch) for draw in self.targets]

    @property
    def has_planes(self) -> bool:
        """Whether images are among the inputs."""
        return any(x.ndim == 4 for x in self.arrays()[0])

    @property
    def about(self) -> str:
        return "x".join(map(str, self.arrays()[0][0].shape))


# ---------------------------------------------------------------- what several networks use
def chain(*layers: Callable) -> Callable:
    def run(x):
        for layer in layers:
            x = layer(x)
        return x

    return run


def attention(lib: Any, width: int, heads: int) -> Callable:
    """Of ``x`` to ``y``, with weights of their own for queries, keys, values and the result."""
    query, key, value, out = (lib.linear(width, width) for _ in range(4))

    def run(x, y, mask=None, causal=False):
        n, t, s = x.shape[0], x.shape[1], y.shape[1]
        part = lambda z, count: lib.permute(z.reshape((n, count, heads, width // heads)), (0, 2, 1, 3))
        mixed = lib.attend(part(query(x), t), part(key(y), s), part(value(y), s), mask, causal)
        return out(lib.permute(mixed, (0, 2, 1, 3)).reshape((n, t, width)))

    return run


def heads_of(lib: Any, x: Any, heads: int) -> Any:
    """Queries, keys and values (3, n, heads, t, width / heads) of one product (n, t, 3 * width)."""
    n, t, width = x.shape
    return lib.permute(x.reshape((n, t, 3, heads, width // 3 // heads)), (2, 0, 3, 1, 4))


def root_mean_square(lib: Any, x: Any, gain: Any) -> Any:
    return x * lib.rsqrt(lib.mean(x * x, -1, True) + 1e-6) * gain
