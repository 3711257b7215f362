"""The compiler from inside: the check of passes, functions that kernels call."""

import ctypes
from dataclasses import replace

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops
from minispore.core.kernel import ENTRY, device, kernel
from minispore.graph import compile, passes
from minispore.graph.build import set_threads, threads


def _drop_first_node(graph, record):
    return replace(graph, nodes=graph.nodes[1:])


def test_a_pass_that_breaks_the_graph_is_found(monkeypatch):
    monkeypatch.setattr(passes, "PASSES", [_drop_first_node])
    with pytest.raises(AssertionError, match="not defined"):
        ms.jit(lambda x: ops.tanh(x) * 2.0 + 1.0)(Tensor([1.0, 2.0]))


@device
def doubled_sum(x, first, end):
    total = 0
    for k in range(first, end):
        total += x[k]
    return 2 * total


@device
def put_sum(out, at, value):
    total = doubled_sum(value, 0, at + 1)
    out[at] = total


@kernel
def sums(x: "int64*", out: "int64*", lo, hi):
    for k in range(lo, hi):
        put_sum(out, k, x)


def test_kernels_call_device_functions_that_call_others():
    x, out = np.arange(1, 6), np.zeros(5, np.int64)
    arguments = (ctypes.c_int64 * 2)(x.ctypes.data, out.ctypes.data)
    slots = (ctypes.c_int64 * 2)()
    ENTRY(compile.address_of(sums.bind()))(slots, slots, ctypes.addressof(arguments), 0, 5)
    assert out.tolist() == (2 * np.cumsum(x)).tolist()


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


def _arrays(*shapes):
    rng = np.random.default_rng(1)
    return [rng.normal(size=s).astype(np.float32) for s in shapes]


def _ops(inspection):
    return [node.op.name for node in inspection.final.nodes]


def test_a_sum_of_products_is_one_product(graph_mode):
    xs, ys = _arrays(*[(2, 5)] * 4), _arrays(*[(2, 3)] * 4)
    f = ms.jit(lambda xs, ys, rest: sum((x.T @ y for x, y in zip(xs, ys)), rest))
    given = [Tensor(x) for x in xs], [Tensor(y) for y in ys], Tensor(np.ones((5, 3), np.float32))
    names = _ops(f.graph(*given))
    assert names.count("matmul") == 1 and names.count("add") == 1
    np.testing.assert_allclose(f(*given).asnumpy(), 1 + sum(x.T @ y for x, y in zip(xs, ys)), rtol=1e-5, atol=1e-6)


def test_products_that_are_read_elsewhere_or_long_stay(graph_mode):
    a, b, long, wide = map(Tensor, _arrays((2, 3), (3, 2), (2, 40), (40, 2)))
    used = ms.jit(lambda a, b: (a @ b + (a + 1.0) @ b, a @ b))
    assert _ops(used.graph(a, b)).count("matmul") == 2
    costly = ms.jit(lambda x, y: x @ y + (x * 2.0) @ y)
    assert _ops(costly.graph(long, wide)).count("matmul") == 2


def test_parts_of_a_concatenation_are_computed_in_place(graph_mode):
    """Nested ones too; inputs and a part that stands twice are copied, and interleaved parts come out right."""
    x, y = _arrays((4, 8), (4, 8))

    @ms.jit
    def f(x, y):
        low = ops.concat([x * 2.0, y + x], 0)
        first = ops.concat([low, y, low], 0)
        return first.sum() + first, ops.concat([ops.exp(x), y], 1) + 1.0

    low = np.concatenate([x * 2, y + x])
    first = np.concatenate([low, y, low])
    total, side = f(Tensor(x), Tensor(y))
    np.testing.assert_allclose(total.asnumpy(), first.sum() + first, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(side.asnumpy(), np.concatenate([np.exp(x), y], 1) + 1, rtol=1e-5)
    kernels = [k.name for k in f.graph(Tensor(x), Tensor(y)).kernels]
    assert kernels.count("fused_identity") == 3  # y and the second ``low`` in ``first``, y beside the exponentials


@pytest.mark.parametrize("rows", [13, 16, 37])
@pytest.mark.parametrize("transposed", [False, True])
def test_products_of_few_rows(rows, transposed, graph_mode):
    """Of rows that tiles of eight leave and do not leave, with columns that need tiles of each width."""
    k, n = 300, 464
    xs = _arrays(*[(rows, k)] * 4)
    (w,) = _arrays((n, k) if transposed else (k, n))
    f = ms.jit(lambda xs, w: [ops.matmul(x, w.T if transposed else w) for x in xs])
    for found, x in zip(f([Tensor(x) for x in xs], Tensor(w)), xs):
        exact = x.astype(np.float64) @ (w.T if transposed else w)
        np.testing.assert_allclose(found.asnumpy(), exact, rtol=1e-4, atol=1e-4)
    assert "few_rows" in [k.name for k in f.graph([Tensor(x) for x in xs], Tensor(w)).kernels]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("copies, m, n, k", [(1, 32, 128, 784), (4, 48, 62, 300)])
def test_products_with_weights_that_lie_by_columns(copies, m, n, k, workers, graph_mode):
    """``x @ w.T``, and one x with several w: whole numbers, so exact, also where the last block begins inside of another."""
    before = threads()
    set_threads(workers)
    try:
        rng = np.random.default_rng(0)
        x, w = rng.integers(-4, 5, (m, k)).astype(np.float32), rng.integers(-4, 5, (copies, n, k)).astype(np.float32)
        f = ms.jit(lambda x, w: ops.matmul(ops.broadcast_to(x, (copies, m, k)), ops.swapaxes(w, 1, 2)))
        if copies == 1:
            f = ms.jit(lambda x, w: ops.matmul(x, w[0].T))
        found = f(Tensor(x), Tensor(w))
        np.testing.assert_array_equal(found.asnumpy(), (x @ w.swapaxes(1, 2)).reshape(found.shape))
        assert [k.name for k in f.graph(Tensor(x), Tensor(w)).kernels] == ["few_rows_turned"]
    finally:
        set_threads(before)


@pytest.mark.parametrize("n", [1, 2])
def test_products_with_the_own_transpose(n, graph_mode):
    """Half of them is computed, and half of the product of such a product with itself."""
    before = threads()
    set_threads(n)
    try:
        (x,) = _arrays((200, 70))
        x /= 8

        @ms.jit
        def f(x, y):
            square = ops.matmul(x, x.T)
            return square, ops.matmul(square, square), ops.matmul(y.T, y), ops.matmul(x, y)

        given = Tensor(x), Tensor(np.ascontiguousarray(x.T))
        outs = f(*given)
        exact = x.astype(np.float64) @ x.T
        for out, wanted in zip(outs, (exact, exact @ exact, exact, exact)):
            np.testing.assert_allclose(out.asnumpy(), wanted, rtol=1e-4, atol=1e-4)
        for out in outs[:3]:
            np.testing.assert_array_equal(out.asnumpy(), out.asnumpy().T)
        names = [k.name for k in f.graph(*given).kernels]
        assert names.count("gram") == 3 and names.count("mirror") == 3 and names.count("few_rows") == 1
    finally:
        set_threads(before)


@pytest.mark.parametrize("shared", [True, False])
def test_products_of_rows_with_rows(shared, graph_mode):
    """Small ones, for which the left factor is transposed: one for all, or one each."""
    x, y = _arrays((17, 7) if shared else (3, 17, 7), (3, 33, 7))
    f = ms.jit(lambda x, y: ops.matmul(ops.broadcast_to(x, (3, 17, 7)), ops.swapaxes(y, 1, 2)))
    np.testing.assert_allclose(f(Tensor(x), Tensor(y)).asnumpy(), x @ y.swapaxes(1, 2), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("rows", [1, 5])
@pytest.mark.parametrize("order", [(2, 0, 1, 3, 4), (0, 2, 1, 4, 3), (1, 0, 2, 3, 4)])
def test_batches_of_products_in_any_order_of_axes(rows, order, graph_mode):
    """Batch axes that lie in memory in another order than those of the other factor, so that two loops do not cover them."""
    y = np.transpose(_arrays((2, 3, 4, 6, 6))[0], order)
    (x,) = _arrays((*y.shape[:3], rows, 6))
    f = ms.jit(lambda x, y: ops.matmul(x, ops.transpose(y, order)))
    given = Tensor(np.ascontiguousarray(np.transpose(y, np.argsort(order))))
    np.testing.assert_allclose(f(Tensor(x), given).asnumpy(), x @ y, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("transposed", [(False, False), (False, True), (True, False)])
@pytest.mark.parametrize("m,k,n", [(9, 33, 40), (197, 64, 203)])
def test_a_batch_of_products_by_tiles(m, k, n, transposed, graph_mode):
    """Columns and rows that fill no tile, a left matrix read across its rows, and a right one that has to be turned.

    A right one that many rows meet is worth panels.
    """
    left, right = transposed
    x, y = _arrays((3, k, m) if left else (3, m, k), (3, n, k) if right else (3, k, n))
    turned = lambda t, wanted: t.swapaxes(1, 2) if wanted else t
    f = ms.jit(lambda x, y: ops.matmul(turned(x, left), turned(y, right)))
    exact = turned(x, left).astype(np.float64) @ turned(y, right)
    np.testing.assert_allclose(f(Tensor(x), Tensor(y)).asnumpy(), exact, rtol=1e-4, atol=1e-4)
    kernel = "panel_product" if right and m > 160 else "few_rows"
    assert [k.name for k in f.graph(Tensor(x), Tensor(y)).kernels] == [kernel]


def test_a_product_with_a_vector_is_a_sum(graph_mode):
    """A row or a column, times a matrix or its transposed form."""
    x, w, y = _arrays((1, 30), (12, 30), (1, 12))
    f = ms.jit(lambda x, w, y: (ops.matmul(x, w.T), ops.matmul(w, x.T), ops.matmul(y, w), ops.matmul(w.T, y.T)))
    arguments = [Tensor(a) for a in (x, w, y)]
    wide = [a.astype(np.float64) for a in (x, w, y)]
    exact = wide[0] @ wide[1].T, wide[1] @ wide[0].T, wide[2] @ wide[1], wide[1].T @ wide[2].T
    for found, e in zip(f(*arguments), exact):
        np.testing.assert_allclose(found.asnumpy(), e, rtol=1e-5, atol=1e-5)
    assert not [k for k in f.graph(*arguments).kernels if k.name == "gemm"]


def test_cheap_values_are_computed_again(graph_mode):
    """A normalisation's gradient reads the input and the statistics, not the differences from the mean: those are stored nowhere."""
    x, scale, shift, g = _arrays((6, 5), (5,), (5,), (6, 5))

    def both(x, scale, shift, g):
        out, backward = ms.vjp(lambda *a: ops.layer_norm(a[0], (5,), a[1], a[2]), x, scale, shift)
        return out, *backward(g)

    f = ms.jit(both)
    arguments = [Tensor(a) for a in (x, scale, shift, g)]
    found = [t.asnumpy() for t in f(*arguments)]
    wide = x.astype(np.float64)
    deviation = np.sqrt(wide.var(1, keepdims=True) + 1e-5)
    normal = (wide - wide.mean(1, keepdims=True)) / deviation
    scaled = g * scale
    by_x = (scaled - scaled.mean(1, keepdims=True) - normal * (scaled * normal).mean(1, keepdims=True)) / deviation
    for one, exact in zip(found, (normal * scale + shift, by_x, (g * normal).sum(0), g.sum(0))):
        np.testing.assert_allclose(one, exact, rtol=1e-4, atol=1e-5)
    inspection = f.graph(*arguments)
    assert len(inspection.kernels) == 3  # forward, both column sums, the input's gradient
    assert max(b.nbytes for b in inspection.memory.buffers) < x.nbytes
