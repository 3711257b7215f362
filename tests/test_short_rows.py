"""Groups over short rows, whose positions are walked side by side (graph/short_rows.py), against NumPy in float64."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops
from minispore.graph import compile_stats


def softmax(x, axis):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def shifted(x):
    """A softmax written out, which is one group, with results of rows and of elements."""
    high = x.max(-1, keepdims=True)
    e = ops.exp(x - high)
    total = e.sum(-1, keepdims=True)
    return e / total, high, ops.log(total), x - high


def check_shifted(x, rtol=1e-5):
    found = ms.jit(shifted)(Tensor(x))
    x = x.astype(np.float64)
    high = x.max(-1, keepdims=True)
    total = np.exp(x - high).sum(-1, keepdims=True)
    for got, expected in zip(found, (softmax(x, -1), high, np.log(total), x - high)):
        np.testing.assert_allclose(got.asnumpy().astype(np.float64), expected, rtol, rtol)


@pytest.mark.parametrize("shape", [(1, 4), (31, 4), (33, 10), (70, 16), (70, 17), (32, 2), (0, 4), (4,)])
def test_numbers_of_positions_and_lengths_of_rows(graph_mode, shape):
    check_shifted(np.random.default_rng(0).normal(size=shape).astype(np.float32))


def test_types(graph_mode):
    x = np.random.default_rng(0).normal(size=(40, 5))
    check_shifted(x, 1e-12)
    check_shifted(x.astype(np.float16), 2e-3)


def test_transposed_and_shared_operands_and_an_outer_loop(graph_mode):
    """Positions of stride 1, of another stride, of stride 0; copies in front."""
    rng = np.random.default_rng(0)
    x, by_row, by_element = rng.normal(size=(3, 6, 35)), rng.normal(size=(35, 1)), rng.normal(size=(3, 1, 6))

    @ms.jit
    def function(x, by_row, by_element):
        z = ops.swapaxes(x, 1, 2) * by_row + by_element
        z = z - z.mean(-1, keep_dims=True)
        return z / ops.sqrt((z * z).sum(-1, keepdims=True) + 1.0)

    z = x.swapaxes(1, 2) * by_row + by_element
    z = z - z.mean(-1, keepdims=True)
    found = function(*(Tensor(a.astype(np.float32)) for a in (x, by_row, by_element))).asnumpy()
    np.testing.assert_allclose(found, z / np.sqrt((z * z).sum(-1, keepdims=True) + 1), 1e-5, 1e-6)


def test_rows_of_two_axes_and_counters_of_elements(graph_mode):
    """Rows that are no single run of memory, and a choice by the index of the element."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 37, 3)).astype(np.float32)
    label = rng.integers(0, 3, (2, 37))

    @ms.jit
    def both(x, label):
        e = ops.exp(x - x.max((0, 2), keepdims=True))
        picked = ops.cross_entropy(x.reshape(74, 3), label.reshape(74))
        return e / e.sum((0, 2), keepdims=True), picked

    found, loss = both(Tensor(x), Tensor(label.astype(np.int32)))
    e = np.exp(x - x.max((0, 2), keepdims=True))
    np.testing.assert_allclose(found.asnumpy(), e / e.sum((0, 2), keepdims=True), 1e-5)
    logs = np.log(softmax(x.astype(np.float64), -1))
    np.testing.assert_allclose(float(loss), -np.take_along_axis(logs, label[..., None], -1).mean(), 1e-5)


def test_another_number_of_positions_compiles_nothing(graph_mode):
    function = ms.jit(shifted)
    function(Tensor(np.ones((12, 4), np.float32)))
    function(Tensor(np.ones((12, 7), np.float32)))
    before = compile_stats()
    function(Tensor(np.ones((50, 4), np.float32)))
    function(Tensor(np.ones((5, 9), np.float32)))
    after = compile_stats()
    assert after["executables"] > before["executables"]
    assert (after["compiled"], after["loaded"]) == (before["compiled"], before["loaded"])
