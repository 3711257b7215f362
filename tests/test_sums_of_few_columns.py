"""Reductions over long axes that keep a few elements side by side: sixteen rows at a time."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops
from minispore.graph.build import set_threads, threads


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int32])
@pytest.mark.parametrize("shape, axis", [((1000, 7), 0), ((512, 16), 0), ((5, 45, 3), 1), ((3, 4, 600, 5), 2)])
def test_sum_and_extremes(kind, shape, axis, graph_mode):
    x = np.random.default_rng(0).integers(-50, 50, shape).astype(kind)
    found = ms.jit(lambda x: (ops.sum(x * 2, axis), ops.amax(x, axis) + 1, ops.amin(x, axis)))(Tensor(x))
    for out, exact in zip(found, ((x * 2).sum(axis), x.max(axis) + 1, x.min(axis))):
        np.testing.assert_array_equal(out.asnumpy(), exact)


def test_what_is_computed_before_and_after_and_stored_beside(graph_mode):
    x, scale = np.random.default_rng(1).standard_normal((700, 6)), np.float64(3.0)

    @ms.jit
    def f(x):
        e = ops.exp(x)
        return e, ops.sqrt(ops.sum(e * x * scale, 0) + 5e3)

    e, root = f(Tensor(x))
    np.testing.assert_allclose(e.asnumpy(), np.exp(x), rtol=1e-12)
    np.testing.assert_allclose(root.asnumpy(), np.sqrt((np.exp(x) * x * scale).sum(0) + 5e3), rtol=1e-10)


def test_nan_and_any_number_of_threads(graph_mode):
    x = np.random.default_rng(2).standard_normal((4000, 9)).astype(np.float32)
    x[3999, 8], x[17, 0] = np.nan, np.inf
    before, found = threads(), []
    try:
        for n in (1, 2):
            set_threads(n)
            found.append([out.asnumpy() for out in ms.jit(lambda x: (ops.amax(x, 0), ops.sum(x, 0)))(Tensor(x))])
    finally:
        set_threads(before)
    np.testing.assert_array_equal(found[0][0], x.max(0))
    np.testing.assert_allclose(found[0][1], x.astype(np.float64).sum(0), rtol=1e-4, atol=1e-4)
    for a, b in zip(*found):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("rows", [1, 3, 4, 7, 41])
@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int32])
def test_rows_that_are_added_four_at_a_time(rows, kind):
    """Long rows, whose sums are in memory: what multiplies a row is the same in all of its columns; two axes that go; several results."""
    rng = np.random.default_rng(rows)
    x = rng.integers(-9, 9, (2, rows, 70001)).astype(kind)
    a, b = rng.integers(1, 9, (rows, 1)).astype(kind), rng.integers(1, 9, (2, 1, 1)).astype(kind)

    def f(x, a, b):
        y = x * a + b
        return y, y.sum((0, 1)), ops.amax(y, (0, 1)), y.sum(1)

    y = x * a + b
    for found, expected in zip(ms.jit(f)(*map(Tensor, (x, a, b))), (y, y.sum((0, 1)), y.max((0, 1)), y.sum(1))):
        np.testing.assert_array_equal(found.asnumpy(), expected)
