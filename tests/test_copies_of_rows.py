"""Copies of rows by whole vectors: flips, repetitions, parts, of every type and of rows shorter and longer than a vector."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops

KINDS = [np.float32, np.float64, np.float16, np.int8, np.int64, np.bool_, np.complex64]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("length", [1, 3, 7, 16, 33, 100])
def test_values(length, kind, graph_mode):
    x = np.random.default_rng(0).integers(0, 2 if kind is np.bool_ else 90, (5, 4, length)).astype(kind)

    @ms.jit
    def f(x):
        return (
            ops.flip(x, (0,)), ops.flip(x, (1, 2)), ops.repeat_interleave(x, 3, 1), ops.tile(x, (2, 1, 3)), x[::2, 1:] * 1,
            ops.cat((x, x[:, ::-1]), 0), ops.transpose(x, (1, 0, 2)).reshape((20, length)),
        )  # fmt: skip

    wanted = (
        x[::-1], x[:, ::-1, ::-1], np.repeat(x, 3, 1), np.tile(x, (2, 1, 3)), x[::2, 1:], np.concatenate((x, x[:, ::-1])),
        x.transpose(1, 0, 2).reshape(20, length),
    )  # fmt: skip
    for found, exact in zip(f(Tensor(x)), wanted):
        np.testing.assert_array_equal(found.asnumpy(), exact)


def test_a_repetition_is_copied_once(graph_mode):
    """Not first to scratch memory in the form that a broadcast has."""
    x = Tensor(np.arange(12, dtype=np.float32).reshape(3, 4))
    for f in (lambda x: ops.repeat_interleave(x, 2, 0), lambda x: ops.tile(x, (3, 2)) + 0.0):
        assert len(ms.jit(f).graph(x).kernels) == 1
    y = ms.jit(lambda x: ops.repeat_interleave(x, 2, 0))(x).asnumpy()
    np.testing.assert_array_equal(y, np.repeat(x.asnumpy(), 2, 0))


def test_without_elements(graph_mode):
    x = Tensor(np.zeros((3, 0, 4), np.float32))
    assert ms.jit(lambda x: ops.flip(x, (0,)))(x).shape == (3, 0, 4)
    assert ms.jit(lambda x: ops.tile(x, (2, 3, 1)))(x).shape == (6, 0, 4)
