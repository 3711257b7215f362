"""Random numbers in loops are those of the seed, in both modes and after resuming."""

import numpy as np

import minispore as ms
from minispore import Tensor, ops


def compiled(function):
    """``function``, compiled in GRAPH mode: a test in both modes shows that they do the same."""
    return ms.jit(function) if ms.get_context("mode") == ms.GRAPH_MODE else function


def draws(n=2):
    def f(x):
        last, rows = ops.scan(lambda c, _: (c + ops.rand(3).sum(), ops.dropout(x, 0.5)), Tensor(0.0), None, 3)
        tries = 0
        while ops.rand(1)[0] < 0.7:
            tries += 1
        return ops.randn(4), last, rows, tries

    g = compiled(f)
    found = [t for _ in range(n) for t in g(Tensor(np.ones(5, np.float32)))]
    return [t.asnumpy() if isinstance(t, Tensor) else t for t in found]


def test_draws_in_loops_follow_the_seed_in_both_modes():
    found = []
    for mode in (ms.PYNATIVE_MODE, ms.GRAPH_MODE):
        ms.set_context(mode=mode)
        ms.set_seed(11)
        found.append(draws())
    for a, b in zip(*found):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_draws_go_on_after_resuming(mode):
    ms.set_seed(4)
    draws(1)
    state = ms.get_rng_state()
    wanted = draws()
    ms.set_seed(5)
    draws(1)
    ms.set_rng_state(state)
    for a, b in zip(draws(), wanted):
        np.testing.assert_array_equal(a, b)
