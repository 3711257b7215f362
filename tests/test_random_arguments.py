"""Arguments of random ops count: a seed of the op's own, drawing without replacement."""

import subprocess
import sys

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, mint, ops

ONES = Tensor(np.ones(64, np.float32))
ZERO, ONE = Tensor(0.0), Tensor(1.0)
DRAWS = {
    "normal": lambda seed: ops.normal((8,), ZERO, ONE, seed=seed),
    "uniform": lambda seed: ops.uniform((8,), ZERO, ONE, seed=seed),
    "standard_normal": lambda seed: ops.standard_normal((8,), seed=seed),
    "rand": lambda seed: ops.rand(8, seed=seed),
    "randn": lambda seed: ops.randn(8, seed=seed),
    "rand_like": lambda seed: ops.rand_like(ONES, seed=seed),
    "randn_like": lambda seed: ops.randn_like(ONES, seed=seed),
    "randint": lambda seed: ops.randint(0, 1000, (8,), seed=seed),
    "randperm": lambda seed: ops.randperm(64, seed=seed),
    "dropout": lambda seed: ops.dropout(ONES, 0.5, seed=seed),
    "bernoulli": lambda seed: ops.bernoulli(ONES, 0.5, seed=seed),
    "shuffle": lambda seed: ops.shuffle(Tensor(np.arange(64)), seed=seed),
    "multinomial": lambda seed: ops.multinomial(ONES, 16, seed=seed),
    "multinomial without replacement": lambda seed: ops.multinomial(ONES, 16, False, seed=seed),
}


def drawn(name, global_seed, seed, compiled=False):
    ms.set_seed(global_seed)
    run = ms.jit(DRAWS[name]) if compiled else DRAWS[name]
    return run(seed).asnumpy()


@pytest.mark.parametrize("name", DRAWS)
def test_the_seed_of_an_op(name):
    """The same seeds give the same numbers in both modes; another seed of either kind gives others."""
    first = drawn(name, 1, 5)
    np.testing.assert_allclose(drawn(name, 1, 5, compiled=True), first, rtol=1e-5)
    for other in ((1, 6), (2, 5)):
        assert (drawn(name, *other) != first).any()
    ms.set_seed(1)
    assert (DRAWS[name](5).asnumpy() != DRAWS[name](5).asnumpy()).any()  # a sequence, not one draw


def test_an_op_with_a_seed_needs_no_global_one():
    program = "from minispore import ops; print(ops.rand(3, seed=5).tolist())"
    found = {subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout for _ in range(2)}
    assert len(found) == 1 and found != {""}


@pytest.mark.parametrize("draw", [ops.multinomial, mint.multinomial], ids=["ops", "mint"])
def test_without_replacement(draw):
    weights = Tensor(np.array([[1.0, 0.0, 2.0, 5.0], [0.0, 1.0, 1.0, 1.0]], np.float32))
    for _ in range(20):
        found = draw(weights, 3, False).asnumpy()
        assert [len(set(row)) for row in found] == [3, 3]
        assert found.dtype == (np.int32 if draw is ops.multinomial else np.int64)  # as in MindSpore 2.10
        assert 1 not in found[0] and 0 not in found[1]
    assert sorted(draw(weights, 4, False).asnumpy()[0][:3]) == [0, 2, 3]
    with pytest.raises(ValueError, match="multinomial"):
        draw(weights, 5, False)


def test_the_first_drawn_follows_the_weights():
    ms.set_seed(3)
    weights = Tensor(np.tile(np.array([1.0, 2.0, 5.0], np.float32), (20000, 1)))
    first = ops.multinomial(weights, 2, False).asnumpy()[:, 0]
    np.testing.assert_allclose(np.bincount(first) / 20000, [0.125, 0.25, 0.625], atol=0.015)


def test_a_generator_is_refused():
    with pytest.raises(ValueError, match="generator"):
        mint.bernoulli(ONES, generator=object())
