"""Initial values: which numbers of the generator they are, and how much memory is needed beside them."""

import subprocess
import sys
import tracemalloc

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter
from minispore.common.initializer import (
    HeNormal,
    HeUniform,
    Normal,
    TruncatedNormal,
    Uniform,
    XavierNormal,
    initializer,
)

SHAPE = (300, 200)  # more than is drawn at once


def generator(seed):
    """That of the first initial values after ``set_seed(seed)``."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, 0))))


@pytest.mark.parametrize(
    ("init", "expected"),
    [
        (Normal(0.5, 2.0), lambda rng: rng.normal(2.0, 0.5, SHAPE)),
        (Uniform(0.3), lambda rng: rng.uniform(-0.3, 0.3, SHAPE)),
        (HeNormal(), lambda rng: rng.normal(0, (2 / 200) ** 0.5, SHAPE)),
        (HeUniform(), lambda rng: rng.uniform(-((6 / 200) ** 0.5), (6 / 200) ** 0.5, SHAPE)),
        (XavierNormal(), lambda rng: rng.normal(0, (2 / 500) ** 0.5, SHAPE)),
    ],
)
@pytest.mark.parametrize("dtype", [ms.float32, ms.float64, ms.float16])
def test_the_values_are_those_of_one_draw(init, expected, dtype):
    ms.set_seed(5)
    got = initializer(init, SHAPE, dtype).init_data().asnumpy()
    wanted = expected(generator(5)).astype(got.dtype)
    assert np.allclose(got, wanted, rtol=4 * np.finfo(got.dtype).eps, atol=0)


def test_what_is_cut_off_is_drawn_anew():
    ms.set_seed(6)
    got = initializer(TruncatedNormal(1.0, 0.25, a=-0.5, b=1.0), SHAPE).init_data().asnumpy()
    rng = generator(6)
    wanted = rng.normal(0.25, 1.0, SHAPE)
    while (outside := (wanted < -0.5) | (wanted > 1.0)).any():
        wanted[outside] = rng.normal(0.25, 1.0, outside.sum())
    np.testing.assert_array_equal(got, wanted.astype(np.float32))


def test_an_array_with_gaps_is_filled():
    ms.set_seed(7)
    memory = np.full((300, 400), 9.0, np.float32)
    Normal(1.0)(memory[:, ::2])
    np.testing.assert_array_equal(memory[:, ::2], generator(7).normal(0, 1.0, SHAPE).astype(np.float32))
    assert (memory[:, 1::2] == 9).all()
    TruncatedNormal(1.0, a=-0.1, b=0.1)(memory[:, ::2])
    assert (abs(memory[:, ::2]) <= 0.1).all()
    assert (memory[:, 1::2] == 9).all()


@pytest.mark.parametrize("init", ["normal", "he_uniform", "xavier_normal", "truncated_normal", "zeros"])
def test_beside_a_large_weight_there_is_no_second_one(init):
    size = 1024 * 1024 * 4
    tracemalloc.start()
    try:
        weight = Parameter(initializer(init, (1024, 1024)), name="w")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert weight.shape == (1024, 1024)
    assert peak < 1.2 * size


WITHOUT_SET_SEED = """
import numpy as np
import minispore as ms
from minispore import nn

def weights():
    return np.concatenate([nn.Dense(3, 2).weight.asnumpy().ravel(), nn.Conv2d(1, 1, 2).weight.asnumpy().ravel()])

np.random.seed(7)
first, second = weights(), weights()
np.random.seed(7)
assert (weights() == first).all() and (weights() == second).all() and not (first == second).all()
np.random.seed(8)
assert not (weights() == first).all()
state = ms.get_rng_state()
later = weights()
ms.set_rng_state(state)
assert (weights() == later).all()
np.random.seed(7)
assert (weights() == first).all()
ms.set_seed(3)
first = weights()
np.random.seed(7)
ms.set_seed(3)
assert (weights() == first).all()
"""


def test_without_set_seed_the_seed_of_numpy_settles_initial_values():
    subprocess.run([sys.executable, "-c", WITHOUT_SET_SEED], check=True, timeout=120)
