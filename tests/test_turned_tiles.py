"""Fused units that read or write arrays across their rows: whole tiles are turned in registers, the rest is walked."""

import numpy as np
import pytest

import minispore as ms


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int32, np.int64, np.float16, np.bool_])
@pytest.mark.parametrize("shape", [(600, 33), (520, 64), (17, 700), (1, 600), (0, 40)])
def test_transposed_operand(mode, kind, shape):
    rng = np.random.default_rng(0)
    x = rng.integers(0, 2 if kind is np.bool_ else 90, shape).astype(kind)
    f = lambda t: ms.ops.transpose(t, (1, 0)) + t.reshape((shape[1], shape[0]))
    got = (ms.jit(f) if mode == "graph" else f)(ms.Tensor(x)).asnumpy()
    np.testing.assert_array_equal(got, x.T + x.reshape(shape[1], shape[0]))


def test_with_operands_along_and_across_and_broadcast():
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((2, 5, 530, 40))
    column, row = rng.standard_normal((530, 1)), rng.standard_normal(40)

    def f(x, y, column, row):
        return ms.ops.transpose(ms.ops.exp(x) * y - column + row, (0, 2, 1)) * 2.0

    got = ms.jit(f)(*map(ms.Tensor, (x, y, column, row))).asnumpy()
    np.testing.assert_allclose(got, (np.exp(x) * y - column + row).transpose(0, 2, 1) * 2, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("axes", [(0, 2, 3, 1), (0, 3, 1, 2), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_copies_of_several_axes(axes):
    x = np.random.default_rng(2).standard_normal((3, 32, 30, 37)).astype(np.float32)
    f = ms.jit(lambda t: (ms.ops.transpose(t, axes) + 1.0, ms.ops.transpose(t[:, ::2, 1:], axes) * 1.0))
    for got, expected in zip(f(ms.Tensor(x)), (x.transpose(axes) + 1, x[:, ::2, 1:].transpose(axes))):
        np.testing.assert_array_equal(got.asnumpy(), expected)


def test_shared_between_threads():
    """Parts that threads take begin and end within tiles."""
    x = np.random.default_rng(3).standard_normal((1030, 1050)).astype(np.float32)
    got = ms.jit(lambda t: ms.ops.transpose(t, (1, 0)) * 3.0)(ms.Tensor(x)).asnumpy()
    np.testing.assert_array_equal(got, x.T * 3)


def test_a_broadcast_column_beside_rows(graph_mode):
    """Elements that lie apart and are read again for each row are copied side by side first."""
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((30, 40, 20)).astype(np.float32), rng.standard_normal((20, 16)).astype(np.float32)
    found = ms.jit(lambda x, y: x + y.T[3])(ms.Tensor(x), ms.Tensor(y)).asnumpy()
    np.testing.assert_array_equal(found, x + y.T[3])


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int32, np.int8])
def test_elements_that_lie_a_few_apart(kind, graph_mode):
    """Read and written; the last vector must not read beyond the array."""
    rng = np.random.default_rng(4)
    for n in (2, 3, 4, 5):
        x, y = rng.integers(-60, 60, (2, 37, 53, n)).astype(kind)
        for k in (0, n - 1):

            def f(x, y, k=k):
                z = ms.ops.relu(x[..., k]) + y[..., 1]
                x[..., k] = z
                return z, x, (x[:, ::n] - y[:, ::n]).sum(-1)

            z = np.maximum(x[..., k], 0) + y[..., 1]
            w = x.copy()
            w[..., k] = z
            for found, expected in zip(ms.jit(f)(ms.Tensor(x), ms.Tensor(y)), (z, w, (w[:, ::n] - y[:, ::n]).sum(-1))):
                np.testing.assert_array_equal(found.asnumpy(), expected.astype(found.asnumpy().dtype))


@pytest.mark.parametrize("step", [2, 3, 4])
def test_elements_a_few_apart_in_rows_with_gaps(step, graph_mode):
    """Short and long rows have different loops; one function meets both."""
    rng = np.random.default_rng(5)
    f = ms.jit(lambda x: (x[..., 1::step] + 1, (x[..., 1::step] * 2).sum(-1)))
    for n in (9, 23, 24, 25, 50, 10, 30):
        x = rng.integers(-60, 60, (7, n * step + 1)).astype(np.float32)
        for found, expected in zip(f(ms.Tensor(x)), (x[:, 1::step] + 1, (x[:, 1::step] * 2).sum(-1))):
            np.testing.assert_array_equal(found.asnumpy(), expected)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("axes", [(0, 2, 3), (0, 3), (2, 3), (0, 1)])
def test_sums_of_arrays_that_lie_in_other_orders(kind, axes, graph_mode):
    """A normalisation over channels, which lie last for it and second for what is around: no sum fetches a cache line for each element."""
    rng = np.random.default_rng(5)
    x, y = rng.standard_normal((3, 20, 24, 33)).astype(kind), rng.standard_normal((3, 24, 33, 20)).astype(kind)

    def f(x, y):
        moved = y.transpose(0, 3, 1, 2)
        return ms.ops.sum(x * moved, axes), x - moved

    f = ms.jit(f)
    given = ms.Tensor(x), ms.Tensor(y)
    product = (x.astype(np.float64) * y.transpose(0, 3, 1, 2)).sum(axes)
    got, rest = f(*given)
    np.testing.assert_allclose(got.asnumpy(), product, rtol=0, atol=1e-4 if kind is np.float32 else 1e-11)
    np.testing.assert_array_equal(rest.asnumpy(), x - y.transpose(0, 3, 1, 2))
    if axes == (0, 2, 3):  # all of an array between two channels
        (sums,) = (k for k in f.graph(*given).kernels if "reduce_sum" in k.name)
        assert all(o.strides[-1] == 1 for o in sums.call.reads if o.size == x.size)
