"""The problem of the recorded trajectories: a quadratic bowl with noise in the gradients, NumPy alone."""

import numpy as np

SHAPES = {"a.weight": (4, 4), "conv": (2, 3, 2), "bias": (5,)}
SNAPSHOTS = (2, 5, 10)  # after how many steps the weights are noted
NOISE = np.float32(0.3)


def _draws(seed, low=None):
    rng = np.random.default_rng(seed)
    make = rng.normal if low is None else lambda size: rng.uniform(low, 3.0, size)
    return {n: make(size=s).astype(np.float32) for n, s in SHAPES.items()}


def start():
    return _draws(0)


target = _draws(1)
curvature = _draws(2, 0.2)


def noise(t):
    return _draws(100 + t)
