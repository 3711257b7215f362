"""Descriptions of sample inputs for op definitions; the tests draw arrays from them."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Sample:
    """A random array, uniform in [lo, hi), with absolute values of at least ``gap``.

    Args:
        shape: tuple of ints.
        kind: "f" (floats), "i" (int32), "b" (bool) or "spd" (symmetric positive definite matrices).  Default: "f".
        lo: float.  Default: -2.0.
        hi: float.  Default: 2.0.
        gap: float.  Default: 0.0.

    >>> x = Sample((2, 3), lo=0.0).make(seed=1)
    >>> x.shape, x.dtype, bool((x >= 0).all())
    ((2, 3), dtype('float32'), True)
    """

    shape: tuple[int, ...]
    kind: str = "f"
    lo: float = -2.0
    hi: float = 2.0
    gap: float = 0.0

    def make(self, seed: int, float_type=np.float32) -> np.ndarray:
        """Draws the array.

        Args:
            seed: int.
            float_type: NumPy type of floats.  Default: float32.

        Returns:
            array.

        >>> Sample((2,), "i", 0, 3).make(seed=1).dtype
        dtype('int32')
        """
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
    """Floats in [-2, 2).

    Args:
        *shape: ints.

    Returns:
        Sample.

    >>> f(2, 3).make(seed=1).shape
    (2, 3)
    """
    return Sample(shape)


def positive(*shape, lo=0.3, hi=3.0):
    """Floats in [lo, hi), for what is defined above zero only.

    Args:
        *shape: ints.
        lo: float.  Default: 0.3.
        hi: float.  Default: 3.0.

    Returns:
        Sample.

    >>> bool((positive(2, 3).make(seed=1) > 0).all())
    True
    """
    return Sample(shape, lo=lo, hi=hi)


def unit(*shape):
    """Floats in [-0.9, 0.9), for what is defined between -1 and 1 only.

    Args:
        *shape: ints.

    Returns:
        Sample.

    >>> bool((abs(unit(2, 3).make(seed=1)) < 1).all())
    True
    """
    return Sample(shape, lo=-0.9, hi=0.9)


def away(*shape):
    """Floats at least 0.2 away from zero, for functions that are not differentiable there.

    Args:
        *shape: ints.

    Returns:
        Sample.

    >>> bool((abs(away(2, 3).make(seed=1)) >= 0.2).all())
    True
    """
    return Sample(shape, gap=0.2)


def i(*shape, lo=-5, hi=9):
    """Integers (int32) in [lo, hi).

    Args:
        *shape: ints.
        lo: int.  Default: -5.
        hi: int.  Default: 9.

    Returns:
        Sample.

    >>> i(2, lo=3, hi=4).make(seed=1).tolist()
    [3, 3]
    """
    return Sample(shape, "i", lo, hi)


def spd(*shape):
    """Symmetric positive definite matrices.

    Args:
        *shape: ints, the last two equal.

    Returns:
        Sample.

    >>> x = spd(2, 2).make(seed=1)
    >>> bool((x == x.T).all())
    True
    """
    return Sample(shape, "spd")


def b(*shape):
    """Bools.

    Args:
        *shape: ints.

    Returns:
        Sample.

    >>> b(2).make(seed=1).dtype
    dtype('bool')
    """
    return Sample(shape, "b")


# ---------------------------------------------------------------- edges
_EDGES = (0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 1e-300, -1e300, np.inf, -np.inf, np.nan)


def edge_points(inputs: int) -> list[np.ndarray]:
    """Points where functions have zeros, kinks, poles and limits: every combination for so many inputs.

    Args:
        inputs: int, the number of inputs.

    Returns:
        list of one float64 array of shape (n,) for each input.

    >>> x, y = edge_points(2)
    >>> x.shape, y.shape
    ((144,), (144,))
    """
    grid = np.meshgrid(*[_EDGES] * inputs, indexing="ij")
    return [x.ravel() for x in grid]


def edge_arrays(rows: int = 3, columns: int = 3) -> dict[str, np.ndarray]:
    """Matrices with zeros, ties, infinities, the ends of the type, and without elements.

    Args:
        rows: int, at least 3.  Default: 3.
        columns: int, at least 3.  Default: 3.

    Returns:
        dict of float64 arrays, by what they show.

    >>> print(edge_arrays()["zeros"])
    [[0. 0. 0.]
     [0. 0. 0.]
     [0. 0. 0.]]
    """
    base = 0.7 + np.arange(rows * columns, dtype=np.float64).reshape(rows, columns) * 0.9 % 2.5

    def but(changes, array=base):
        out = array.copy()
        for at, value in changes.items():
            out[at] = value
        return out

    return {
        "zeros": np.zeros_like(base),
        "one zero": but({(0, 1): 0.0}),
        "zeros in a row": but({(1, 0): 0.0, (1, 2): 0.0, (0, 0): 0.0}),
        "ties": np.full_like(base, 2.0),
        "equal rows": np.tile(base[:1], (rows, 1)),
        "negative": -base,
        "+inf": but({(0, 1): np.inf}),
        "-inf": but({(2, 0): -np.inf}),
        "both infinities": but({(1, 0): np.inf, (1, 1): -np.inf}),
        "a row of -inf": but({(2, ...): -np.inf}),
        "NaN": but({(1, 1): np.nan}),
        "smallest": but({(0, 0): 2.3e-308, (1, 1): 1e-300}),
        "largest": but({(0, 0): 1e300, (0, 1): 1.5e300}),
        "one element": base[:1, :1],
        "one column": base[:, :1],
        "no columns": base[:, :0],
        "no rows": base[:0],
    }
