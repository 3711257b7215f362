"""Factorisations of matrices that are large enough for LAPACK, in compiled code, against NumPy and finite differences."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops
from minispore.ops.linalg import triangular_solve


@pytest.mark.parametrize("kind, tolerance", [(np.float32, 2e-3), (np.float64, 1e-10)])
@pytest.mark.parametrize("shape", [(2, 60, 53), (1, 49, 49)])
def test_factors_of_larger_matrices_are_factors(kind, tolerance, shape, graph_mode):
    x = np.random.default_rng(0).standard_normal(shape).astype(kind)
    turn = lambda a: np.swapaxes(a, -1, -2)
    s, u, v = (t.asnumpy() for t in ms.jit(ops.svd)(Tensor(x)))
    np.testing.assert_allclose(u * s[:, None] @ turn(v), x, atol=tolerance)
    np.testing.assert_allclose(turn(u) @ u, np.broadcast_to(np.eye(shape[2]), v.shape), atol=tolerance)
    largest = np.take_along_axis(v, np.abs(v).argmax(1)[:, None], 1)
    assert (largest > 0).all()  # the sign that is promised
    alone = ms.jit(lambda x: ops.svd(x, compute_uv=False))(Tensor(x)).asnumpy()
    np.testing.assert_allclose(alone, np.linalg.svd(x, compute_uv=False), atol=tolerance)
    for mode in ("reduced", "complete"):
        q, r = (t.asnumpy() for t in ms.jit(lambda x, mode=mode: ops.qr(x, mode))(Tensor(x)))
        np.testing.assert_allclose(q @ r, x, atol=tolerance)
        np.testing.assert_allclose(
            turn(q) @ q, np.broadcast_to(np.eye(q.shape[2]), (shape[0], *[q.shape[2]] * 2)), atol=tolerance
        )
        assert not np.tril(r, -1).any()


@pytest.mark.parametrize("n", [24, 50])
def test_systems_of_larger_matrices(n, graph_mode):
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((2, n, n)), rng.standard_normal((2, n, 3))
    np.testing.assert_allclose(
        ms.jit(ops.inverse)(Tensor(x)).asnumpy() @ x, np.broadcast_to(np.eye(n), x.shape), atol=1e-9
    )
    np.testing.assert_allclose(x @ ms.jit(ops.matrix_solve)(Tensor(x), Tensor(y)).asnumpy(), y, atol=1e-9)
    np.testing.assert_allclose(ms.jit(ops.det)(Tensor(x)).asnumpy(), np.linalg.det(x), rtol=1e-9)
    positive = x @ np.swapaxes(x, 1, 2) + np.eye(n)
    np.testing.assert_allclose(
        ms.jit(ops.cholesky)(Tensor(positive)).asnumpy(), np.linalg.cholesky(positive), atol=1e-9
    )
    for upper in (False, True):
        half = np.triu(positive) if upper else np.tril(positive)
        made = ms.jit(lambda b, a, upper=upper: triangular_solve(b, a, upper=upper)[0])(
            Tensor(y), Tensor(positive)
        ).asnumpy()
        np.testing.assert_allclose(half @ made, y, atol=1e-6)  # the other triangle is not read


@pytest.mark.parametrize(
    "function",
    [
        ops.inverse,
        lambda x: ops.svd(x, compute_uv=False),
        lambda x: ops.svd(x)[1],
        lambda x: ops.qr(x)[0],
        lambda x: ops.slogdet(x)[1],
    ],
    ids=["inverse", "singular values", "svd", "qr", "slogdet"],
)
def test_gradients_of_larger_matrices(function, graph_mode):
    rng = np.random.default_rng(2)
    x, along = rng.standard_normal((2, 50, 50))
    x += 10 * np.eye(50)
    weights = rng.standard_normal(ms.jit(function)(Tensor(x)).shape)
    value = ms.jit(lambda x: (function(x) * Tensor(weights)).sum())
    slope = (float(value(Tensor(x + 1e-6 * along))) - float(value(Tensor(x - 1e-6 * along)))) / 2e-6
    gradient = ms.jit(ms.grad(lambda x: (function(x) * Tensor(weights)).sum()))(Tensor(x)).asnumpy()
    np.testing.assert_allclose((gradient * along).sum(), slope, rtol=1e-4)


def test_larger_matrices_without_an_inverse_or_factors(graph_mode):
    x = np.random.default_rng(3).standard_normal((2, 30, 30))
    x[1, :, 3] = 0
    made = ms.jit(ops.inverse)(Tensor(x)).asnumpy()
    assert np.isfinite(made[0]).all() and not np.isfinite(made[1]).any()
    positive = x @ np.swapaxes(x, 1, 2) + np.eye(30)
    positive[0, 5, 5] = -1
    made = ms.jit(ops.cholesky)(Tensor(positive)).asnumpy()
    assert np.isnan(made[0, 5:, 5]).all() and np.isfinite(made[0, :5]).all() and np.isfinite(made[1]).all()
    x[0, 2, 2] = np.nan
    s, u, v = (t.asnumpy() for t in ms.jit(ops.svd)(Tensor(x)))
    assert all(np.isnan(t[0]).all() and np.isfinite(t[1]).all() for t in (s, u, v))


@pytest.mark.parametrize("n", [3, 40])
def test_exponentials_of_matrices(n, graph_mode):
    x = np.random.default_rng(5).standard_normal((2, n, n))
    x -= np.swapaxes(x, 1, 2)
    values, vectors = np.linalg.eig(x)
    wanted = (vectors * np.exp(values)[:, None] @ np.linalg.inv(vectors)).real
    np.testing.assert_allclose(ms.jit(ops.matrix_exp)(Tensor(x)).asnumpy(), wanted, atol=1e-12)


@pytest.mark.parametrize("shape", [(40, 30), (30, 40), (33, 33)])
@pytest.mark.parametrize("rank", [None, 7])
def test_least_squares_of_larger_matrices_are_the_shortest_solutions(shape, rank, graph_mode):
    rng = np.random.default_rng(4)
    a, b = rng.standard_normal(shape), rng.standard_normal((shape[0], 3))
    if rank:
        a = rng.standard_normal((shape[0], rank)) @ rng.standard_normal((rank, shape[1]))
    want = np.linalg.pinv(a, rcond=1e-13) @ b
    np.testing.assert_allclose(ms.jit(ops.lstsq)(Tensor(a), Tensor(b)).asnumpy(), want, atol=1e-10)
    np.testing.assert_allclose(ops.lstsq(Tensor(a), Tensor(b[:, 0])).asnumpy(), want[:, :1], atol=1e-10)
    single = ms.jit(ops.lstsq)(Tensor(a.astype(np.float32)), Tensor(b.astype(np.float32))).asnumpy()
    np.testing.assert_allclose(single, want, atol=2e-3 * np.abs(want).max())
    a[1, 2] = np.nan
    assert np.isnan(ms.jit(ops.lstsq)(Tensor(a), Tensor(b)).asnumpy()).all()


@pytest.mark.parametrize("shape", [(28, 25), (25, 28)])
def test_gradients_of_least_squares_of_larger_matrices_are_differences(shape, graph_mode):
    rng = np.random.default_rng(5)
    a, b, along = rng.standard_normal(shape), rng.standard_normal((shape[0], 2)), rng.standard_normal(shape)
    weight = rng.standard_normal((shape[1], 2))
    value = lambda a, b: (np.linalg.lstsq(a, b)[0] * weight).sum()
    da, db = ms.grad(lambda a, b: (ops.lstsq(a, b) * Tensor(weight)).sum(), (0, 1))(Tensor(a), Tensor(b))
    step = 1e-5
    slope = (value(a + step * along, b) - value(a - step * along, b)) / (2 * step)
    np.testing.assert_allclose((da.asnumpy() * along).sum(), slope, rtol=1e-5)
    np.testing.assert_allclose(db.asnumpy(), np.linalg.pinv(a).T @ weight, atol=1e-9)
