"""Descriptions of sample inputs for op definitions; the tests draw arrays from them."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Sample:
    """A random array, uniform in [lo, hi), with absolute values of at least ``gap``.

    ``kind``: "f" floats, "i" integers, "b" bools, "spd" symmetric positive definite matrices.
    """

    shape: tuple[int, ...]
    kind: str = "f"
    lo: float = -2.0
    hi: float = 2.0
    gap: float = 0.0

    def make(self, seed: int, float_type=np.float32) -> np.ndarray:
        rng = np.random.default_rng(seed)
        if self.kind == "b":
            return rng.random(self.shape) < 0.5
        if self.kind == "i":
            return rng.integers(int(self.lo), int(self.hi), self.shape).astype(np.int32)
        x = rng.uniform(self.lo, self.hi, self.shape)
        if self.kind == "spd":
            x = x @ np.swapaxes(x, -1, -2) + np.eye(self.shape[-1])
        if self.gap:
            x = np.where(np.abs(x) < self.gap, np.sign(x + 1e-9) * (self.gap + np.abs(x)), x)
        return np.asarray(x, float_type)


def f(*shape):
    """Floats in [-2, 2)."""
    return Sample(shape)


def positive(*shape, lo=0.3, hi=3.0):
    return Sample(shape, lo=lo, hi=hi)


def unit(*shape):
    return Sample(shape, lo=-0.9, hi=0.9)


def away(*shape):
    """Floats at least 0.2 away from zero, for functions that are not differentiable there."""
    return Sample(shape, gap=0.2)


def i(*shape, lo=-5, hi=9):
    return Sample(shape, "i", lo, hi)


def spd(*shape):
    """Symmetric positive definite matrices."""
    return Sample(shape, "spd")


def b(*shape):
    return Sample(shape, "b")
