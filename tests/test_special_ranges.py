"""Special functions and whole numbers at the ends of their ranges, against NumPy and the standard library."""

import math

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops


def test_log_gamma_of_huge_numbers_and_beside_poles(mode):
    x = np.array([1e30, 1e31, 1e100, 1e305, -1e-8, -1 + 1e-9, -100.25])
    np.testing.assert_allclose(ops.lgamma(Tensor(x)).asnumpy(), [math.lgamma(v) for v in x], rtol=1e-13)


def test_digamma_beside_a_pole(mode):
    x = 2.0**-30  # psi(-x) = 1 / x - euler - pi ** 2 / 6 x ...
    np.testing.assert_allclose(float(ops.digamma(Tensor(np.float64(-x)))), 2.0**30 - np.euler_gamma, rtol=1e-15)


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32, np.int64, np.uint8])
def test_common_divisors_over_the_whole_range(kind, graph_mode):
    ends, rng = np.iinfo(kind), np.random.default_rng(0)
    x, y = rng.integers(ends.min, ends.max, (2, 1000), dtype=kind, endpoint=True)
    x[:4], y[:4] = [0, 0, ends.max, 5], [0, 5, 0, ends.min]
    np.testing.assert_array_equal(ms.jit(ops.gcd)(Tensor(x), Tensor(y)).asnumpy(), np.gcd(x, y))


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_next_numbers_in_every_direction(kind, graph_mode):
    about = np.finfo(kind)
    ends = [0, -0.0, 1, -1, np.inf, -np.inf, np.nan, about.tiny, -about.tiny, about.max, -about.max, 2.5, -3.7]
    x, y = (a.ravel() for a in np.meshgrid(np.array(ends, kind), np.array(ends, kind)))
    with np.errstate(over="ignore"):
        wanted = np.nextafter(x, y)
    made = ms.jit(ops.nextafter)(Tensor(x), Tensor(y)).asnumpy()
    same = (made.view(f"i{made.itemsize}") == wanted.view(f"i{made.itemsize}")) | (np.isnan(made) & np.isnan(wanted))
    assert same.all()


def test_polygamma_of_each_kind_of_order(mode):
    """Whole powers for small orders, ``pow`` for large ones: the recurrence of both."""
    x = np.array([0.3, 1.7, 12.5])
    for n in (1, 2, 7, 15, 16, 20):
        step = ops.polygamma(n, Tensor(x + 1)).asnumpy() - ops.polygamma(n, Tensor(x)).asnumpy()
        np.testing.assert_allclose(step, (-1.0) ** n * math.factorial(n) / x ** (n + 1), rtol=1e-9)


def test_incomplete_gamma_by_recurrence(mode):
    rng = np.random.default_rng(4)
    a, x = rng.uniform(0.1, 30, 300), rng.uniform(0.01, 60, 300)
    lower, upper = (f(Tensor(a), Tensor(x)).asnumpy() for f in (ops.igamma, ops.igammac))
    step = np.exp(a * np.log(x) - x - [math.lgamma(v + 1) for v in a])  # Q(a + 1, x) - Q(a, x)
    np.testing.assert_allclose(ops.igammac(Tensor(a + 1), Tensor(x)).asnumpy() - upper, step, atol=1e-13)
    np.testing.assert_allclose(lower + upper, 1, atol=1e-13)


def test_extremes_of_float16_one_after_the_other(mode):
    x = np.array([*np.linspace(-3, 3, 101), np.nan, np.inf, -np.inf, -0.0], np.float16)
    wanted = np.minimum(np.maximum(x, np.float16(-1)), np.float16(1))
    np.testing.assert_array_equal(ops.hardtanh(Tensor(x)).asnumpy(), wanted)
