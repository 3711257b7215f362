"""Quotients and remainders of int64 numbers, also those that float64 does not hold, against Python's."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops

LEAST, MOST = -(2**63), 2**63 - 1


def pairs() -> np.ndarray:
    """Limits, powers and their neighbours with each other; numbers of every length; numbers beside multiples."""
    rng = np.random.default_rng(0)
    edges = [k + d for e in (0, 1, 2, 31, 32, 52, 53, 54, 61, 62) for k in (2**e, -(2**e)) for d in (-1, 0, 1)]
    edges += [LEAST, LEAST + 1, MOST, MOST - 1, MOST // 3, LEAST // 3, 3**39, -(3**39)]
    every = np.stack(np.meshgrid(edges, edges), -1).reshape(-1, 2)
    random = rng.integers(LEAST, MOST, (4000, 2)) >> rng.integers(0, 64, (4000, 2))
    y = rng.integers(1, 2**31, 2000) * rng.choice([-1, 1], 2000)
    beside = np.stack([y * rng.integers(-(2**31), 2**31, 2000) + rng.integers(-1, 2, 2000), y], -1)
    return np.concatenate([every, random, beside])


@pytest.mark.parametrize("jitted", [True, False])
@pytest.mark.parametrize(
    "op, exact",
    [
        (ops.floor_divide, lambda x, y: x // y),
        (ops.remainder, lambda x, y: x % y),
        (ops.fmod, lambda x, y: abs(x) % abs(y) * (-1 if x < 0 else 1)),
    ],
)
def test_division_of_long_numbers_is_exact(op, exact, jitted, graph_mode):
    x, y = pairs().T
    defined = (y != 0) & ~((x == LEAST) & (y == -1))
    x, y = x[defined], y[defined]
    run = ms.jit(op) if jitted else op
    found = run(Tensor(x), Tensor(y)).asnumpy()
    assert found.dtype == np.int64
    np.testing.assert_array_equal(found, [exact(int(a), int(b)) for a, b in zip(x, y)])
