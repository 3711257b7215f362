"""Gamma and Poisson draws: their distribution functions against formulas, shapes, types and errors as in MindSpore 2.10."""

import math

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops

N = 20000
LIMIT = 1.95 / np.sqrt(N)  # of Kolmogorov and Smirnov, for a probability of 0.1 %; the seed is fixed


def drawn(function, *args):
    ms.set_seed(3)
    return function(Tensor([N], ms.int64), *args).asnumpy()


@pytest.mark.parametrize("k", [1, 2, 40])
def test_gamma_of_a_whole_alpha_has_erlangs_distribution(k, mode):
    x = np.sort(drawn(ops.random_gamma, Tensor(float(k), ms.float64)))
    below = 1 - sum(np.exp(-x + n * np.log(x) - math.lgamma(n + 1)) for n in range(k))
    assert np.abs(below - np.arange(N) / N).max() < LIMIT


def test_gamma_of_one_half_is_half_a_normal_number_squared(mode):
    x = np.sort(drawn(ops.random_gamma, Tensor(0.5)))
    below = np.array([math.erf(math.sqrt(v)) for v in x])
    assert np.abs(below - np.arange(N) / N).max() < LIMIT


@pytest.mark.parametrize("rate", [0.2, 9.99, 10.0, 3000.0])
def test_poisson_has_its_distribution(rate, mode):
    x = drawn(ops.random_poisson, Tensor(rate, ms.float64), None, ms.int64)
    counts = np.bincount(x) / N
    exact = [math.exp(k * math.log(rate) - rate - math.lgamma(k + 1)) for k in range(len(counts))]
    assert np.abs(np.cumsum(counts) - np.cumsum(exact)).max() < LIMIT
    assert abs(x.mean() - rate) < 4 * np.sqrt(rate / N)
    assert abs(x.var() / rate - 1) < 4 * np.sqrt((2 + 1 / rate) / N)


def test_moments_with_a_scale(mode):
    ms.set_seed(1)
    x = ops.gamma((N, 1), Tensor([0.3, 7.0]), Tensor([2.0, 0.5])).asnumpy()
    mean, variance = np.array([0.15, 14.0]), np.array([0.075, 28.0])
    assert (np.abs(x.mean(0) - mean) < 4 * np.sqrt(variance / N)).all()
    np.testing.assert_allclose(x.var(0), variance, rtol=0.1)


def test_both_modes_draw_the_same_and_a_seed_repeats():
    def draw():
        return ops.random_gamma(Tensor([5]), Tensor([0.4, 3.0]), 7), ops.random_poisson(
            Tensor([5]), Tensor([2.0, 50.0])
        )

    results = []
    for call in (draw, ms.jit(draw), draw):
        ms.set_seed(9)
        results.append([t.asnumpy() for t in call()])
    for k in range(2):
        np.testing.assert_allclose(results[0][k], results[1][k], 1e-6)
        np.testing.assert_array_equal(results[0][k], results[2][k])
    assert not np.array_equal(draw()[1].asnumpy(), draw()[1].asnumpy())


def test_shapes_and_types():
    shape, alpha = Tensor([7, 5], ms.int32), Tensor([0.5, 1.5])
    assert ops.random_gamma(shape, alpha, 5).shape == (7, 5, 2)
    assert [ops.random_gamma(shape, alpha.astype(t)).dtype for t in (ms.float16, ms.float64)] == [
        ms.float16,
        ms.float64,
    ]
    assert ops.gamma((3, 1, 2), Tensor([[3.0, 4], [5, 6]]), Tensor([1.0]), 5).shape == (3, 2, 2)
    assert ops.poisson((4, 1), Tensor([5.0, 10.0]), 5).shape == (4, 2)
    made = ops.random_poisson(Tensor([2, 2]), Tensor(5.0), 5, ms.float64)
    assert (made.shape, made.dtype) == ((2, 2), ms.float64)
    assert ops.random_poisson(Tensor([2, 2]), Tensor(5, ms.int32)).dtype is ms.float32
    assert ops.random_poisson(Tensor([2]), Tensor([-5.0, 0.0])).asnumpy().tolist() == [[0, 0], [0, 0]]
    assert ops.RandomPoisson(1, 2)(Tensor([2]), Tensor([3.0])).dtype is ms.int64
    assert ops.RandomGamma(1, 2)(Tensor([2]), Tensor([3.0])).shape == (2, 1)
    assert ops.Gamma()((2,), Tensor(3.0), Tensor(2.0)).shape == ops.Poisson()((2,), Tensor(3.0)).shape == (2,)


@pytest.mark.parametrize(
    "call, error",
    [
        (lambda: ops.random_gamma((7, 5), Tensor([0.5])), TypeError),
        (lambda: ops.random_gamma(Tensor([7]), 2.0), TypeError),
        (lambda: ops.random_gamma(Tensor([7]), Tensor([1])), TypeError),
        (lambda: ops.random_gamma(Tensor([7.0]), Tensor([1.0])), TypeError),
        (lambda: ops.random_gamma(Tensor([[7]]), Tensor([1.0])), ValueError),
        (lambda: ops.random_gamma(Tensor([7]), Tensor([1.0]), -5), ValueError),
        (lambda: ops.random_poisson((2, 2), Tensor([5.0])), TypeError),
        (lambda: ops.random_poisson(Tensor([2]), Tensor(5.0), 5, ms.int16), TypeError),
        (lambda: ops.gamma((3,), 2.0, 1.0), TypeError),
        (lambda: ops.poisson((3,), Tensor([5])), TypeError),
    ],
)
def test_errors(call, error):
    with pytest.raises(error):
        call()
