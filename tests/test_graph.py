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
