"""The compiler from inside: the check of passes, functions pasted into kernels."""

import ctypes
from dataclasses import replace

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops
from minispore.core.kernel import inline, kernel
from minispore.graph import compile, passes


def _drop_first_node(graph, record):
    return replace(graph, nodes=graph.nodes[1:])


def test_a_pass_that_breaks_the_graph_is_found(monkeypatch):
    monkeypatch.setattr(passes, "PASSES", [_drop_first_node])
    with pytest.raises(AssertionError, match="not defined"):
        ms.jit(lambda x: ops.tanh(x) * 2.0 + 1.0)(Tensor([1.0, 2.0]))


@inline
def doubled_sum(x, first, end):
    total = 0
    for k in range(first, end):
        total += x[k]
    return 2 * total


@inline
def put(out, at, value):
    total = doubled_sum(value, 0, at + 1)
    out[at] = total


@kernel
def sums(x: "int64*", out: "int64*", lo, hi):
    for k in range(lo, hi):
        put(out, k, x)


def test_inline_functions_are_pasted_with_names_of_their_own():
    x, out = np.arange(1, 6), np.zeros(5, np.int64)
    arguments = (ctypes.c_int64 * 2)(x.ctypes.data, out.ctypes.data)
    slots = (ctypes.c_int64 * 2)()
    compile.ENTRY(compile.address_of(sums.bind()))(slots, slots, ctypes.addressof(arguments), 0, 5)
    assert out.tolist() == (2 * np.cumsum(x)).tolist()


def test_an_inline_function_returns_at_its_end_only():
    def early(x):
        if x > 0:
            return x
        return -x

    with pytest.raises(SyntaxError, match="early: only its last statement"):
        inline(early)


# shape, axes: walked in tiles, because of many lines, of lines a power of two apart, of axes in between; and not
@pytest.mark.parametrize("shape, axes", [((601, 70), (1, 0)), ((70, 601), (1, 0)), ((50, 512), (1, 0)), ((37, 5, 3, 41), (3, 1, 0, 2)), ((20, 30), (1, 0))])  # fmt: skip
def test_transposed_operands(shape, axes, graph_mode):
    rng = np.random.default_rng(0)
    x = rng.normal(size=shape).astype(np.float32)
    y = rng.normal(size=[shape[a] for a in axes]).astype(np.float32)
    column = rng.normal(size=(y.shape[0],) + (1,) * (y.ndim - 1)).astype(np.float32)
    f = ms.jit(lambda x, y, column: (x.transpose(axes) * column + y, y - 1.0))
    sums, less = f(Tensor(x), Tensor(y), Tensor(column))
    np.testing.assert_array_equal(less.asnumpy(), y - 1)
    np.testing.assert_allclose(sums.asnumpy(), x.transpose(axes) * column + y, rtol=1e-5, atol=1e-6)
