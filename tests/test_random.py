"""Random numbers: the same in both modes, for any number of threads, and never twice the same."""

import warnings

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops
from minispore.graph.build import set_threads, threads


def draws():
    @ms.jit
    def compiled(x):
        return ops.dropout(x, 0.3) + ops.rand(4), ops.randn(1000), ops.randint(0, 10, (50,))

    x = Tensor(np.ones((3, 4), np.float32))
    plain = compiled.function if ms.get_context("mode") == ms.PYNATIVE_MODE else compiled
    return [t.asnumpy() for _ in range(3) for t in plain(x)]


@pytest.mark.quick
def test_both_modes_draw_the_same_numbers():
    ms.set_seed(5)
    eager = draws()
    ms.set_context(mode=ms.GRAPH_MODE)
    ms.set_seed(5)
    compiled = draws()
    for a, b in zip(eager, compiled):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
    assert not np.array_equal(compiled[0], compiled[3])  # a step compiled once does not repeat its draw


def test_any_number_of_threads_draws_the_same(graph_mode):
    found = []
    before = threads()
    try:
        for n in (1, 2):
            set_threads(n)
            ms.set_seed(3)
            found.append(ms.jit(lambda: ops.randn(100_000))().asnumpy())
    finally:
        set_threads(before)
    np.testing.assert_array_equal(*found)


def test_distributions():
    ms.set_seed(0)
    u, n = ops.rand(200_000).asnumpy(), ops.randn(200_000).asnumpy()
    assert 0 <= u.min() and u.max() < 1 and abs(u.mean() - 0.5) < 0.003 and abs(u.var() - 1 / 12) < 0.001
    assert abs(n.mean()) < 0.01 and abs(n.std() - 1) < 0.01 and abs((n**3).mean()) < 0.05
    k = ops.randint(0, 10, (100_000,)).asnumpy()
    assert set(np.unique(k)) == set(range(10)) and abs(np.bincount(k) / 1e4 - 1).max() < 0.06


def test_dropout_keeps_the_mask_for_the_gradient(mode):
    ms.set_seed(1)
    cell = nn.Dropout(p=0.5)
    cell.set_train()
    x = Tensor(np.ones(2000, np.float32))

    def f(x):
        y = cell(x)
        return (y * y).sum(), y

    (_, y), g = ms.value_and_grad(f, 0, has_aux=True)(x)
    np.testing.assert_allclose(g.asnumpy(), y.asnumpy() * 2 * 2, rtol=1e-6)  # d(4 x^2) = 8 x where kept, y = 2 x
    assert abs((y.asnumpy() > 0).mean() - 0.5) < 0.05


def test_construction_follows_the_seed():
    def weights():
        ms.set_seed(7)
        return nn.Dense(3, 4).weight.asnumpy(), nn.Dense(3, 4).weight.asnumpy()

    (a, b), (c, d) = weights(), weights()
    assert np.array_equal(a, c) and np.array_equal(b, d) and not np.array_equal(a, b)


def test_another_device_is_accepted_with_one_warning(monkeypatch):
    monkeypatch.setattr(ms.context, "_warned_device", False)
    with pytest.warns(UserWarning, match="on the CPU"):
        ms.set_context(device_target="GPU")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ms.set_context(device_target="Ascend")
    ms.set_context(device_target="CPU")
