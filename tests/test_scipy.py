"""mindspore.scipy beyond what is recorded: gradients of eigenvalues against finite differences, inverses, assignments by trying all."""

import itertools

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops
from minispore.scipy import fft, linalg, optimize

RNG = np.random.default_rng(0)
A, M = RNG.standard_normal((3, 3)), RNG.standard_normal((3, 3))
H = A + 1j * M
H = H @ H.conj().T


def moved(loss, x, step=1e-6):
    """dL/dx + i dL/dy by central differences."""
    out = np.zeros_like(x)
    for k in np.ndindex(x.shape):
        for unit in (1, 1j) if np.iscomplexobj(x) else (1,):
            e = np.zeros_like(x)
            e[k] = step * unit
            out[k] += unit * (float(loss(Tensor(x + e))) - float(loss(Tensor(x - e)))) / (2 * step)
    return out


def symmetric(x):
    return (x + ops.conj(x.swapaxes(0, 1))) / 2


LOSSES = {
    "eigh": (lambda x: (linalg.eigh(symmetric(x))[0] ** 2 * Tensor([1.0, 2.0, 3.0], ms.float64)).sum(), A),
    "eigh_vectors": (lambda x: (linalg.eigh(symmetric(x))[1] ** 2 * Tensor(M)).sum(), A),
    "eigh_hermitian": (lambda x: (linalg.eigh(symmetric(x))[0] ** 3).sum() + ops.real(ops.abs(linalg.eigh(symmetric(x))[1]) * Tensor(M)).sum(), H),
    "eig": (lambda x: ops.real(ops.eig(x)[0] * Tensor(M[0] + 1j * M[1])).sum(), A),
    "eig_vectors": (lambda x: ops.real(ops.abs(ops.eig(x)[1]) * Tensor(M)).sum(), A),
    "eigvals": (lambda x: ops.imag(ops.eigvals(x) ** 2 * Tensor(M[0])).sum(), H + A),
    "cholesky": (lambda x: (linalg.cholesky(ops.matmul(x, x.T) + ops.eye(3, dtype=ms.float64)) * Tensor(M)).sum(), A),
    "cho_solve": (lambda x: linalg.cho_solve(linalg.cho_factor(ops.matmul(x, x.T) + ops.eye(3, dtype=ms.float64)), x[0]).sum(), A),
    "lu": (lambda x: (linalg.lu(x)[1] * Tensor(M)).sum() + linalg.lu(x)[2].sum(), A),
    "lu_solve": (lambda x: linalg.lu_solve(linalg.lu_factor(x), x[:, :2], 1).sum(), A),
    "dct": (lambda x: (fft.dct(x, axis=0) ** 2 * Tensor(M)).sum() + (fft.idctn(x, s=(2, 4)) ** 3).sum(), A),
}  # fmt: skip


@pytest.mark.parametrize("name", LOSSES)
def test_gradients_equal_finite_differences(name):
    ms.set_context(mode=ms.PYNATIVE_MODE)
    loss, x = LOSSES[name]
    np.testing.assert_allclose(ms.grad(loss)(Tensor(x)).asnumpy(), moved(loss, x), 1e-5, 1e-6)


def test_compiled_gradients_are_the_same():
    pairs = [(loss, Tensor(x)) for loss, x in LOSSES.values()]
    ms.set_context(mode=ms.PYNATIVE_MODE)
    wanted = [ms.grad(loss)(x).asnumpy() for loss, x in pairs]
    ms.set_context(mode=ms.GRAPH_MODE)
    found = ms.jit(lambda xs: [ms.grad(loss)(x) for (loss, _), x in zip(pairs, xs)])([x for _, x in pairs])
    for name, f, w in zip(LOSSES, found, wanted):
        np.testing.assert_allclose(f.asnumpy(), w, 1e-7, 1e-9, err_msg=name)


def test_factors_give_the_matrix_back():
    ms.set_context(mode=ms.PYNATIVE_MODE)
    values, vectors = ops.eig(Tensor(A))
    np.testing.assert_allclose(A @ vectors.asnumpy(), vectors.asnumpy() * values.asnumpy(), 1e-9, 1e-9)
    wide = RNG.standard_normal((3, 5))
    p, lower, upper = linalg.lu(Tensor(wide))
    np.testing.assert_allclose(p.asnumpy() @ lower.asnumpy() @ upper.asnumpy(), wide, 1e-9, 1e-9)
    np.testing.assert_allclose(
        linalg.lu(Tensor(A), permute_l=True)[0].asnumpy() @ linalg.lu(Tensor(A))[2].asnumpy(), A, 1e-9
    )
    for trans, matrix in ((0, A), (1, A.T)):
        np.testing.assert_allclose(
            matrix @ linalg.lu_solve(linalg.lu_factor(Tensor(A)), Tensor(M[0]), trans).asnumpy(), M[0], 1e-9
        )
    n = np.arange(5)
    matrix = np.sqrt(2 / 5) * np.cos(np.pi * (n + 0.5) * n[:, None] / 5) / np.where(n == 0, np.sqrt(2), 1)[:, None]
    np.testing.assert_allclose(fft.dct(Tensor(wide)).asnumpy(), wide @ matrix.T, 1e-9, 1e-9)
    np.testing.assert_allclose(fft.idctn(fft.dctn(Tensor(wide))).asnumpy(), wide, 1e-9, 1e-9)


@pytest.mark.parametrize("shape", [(4, 4), (3, 5), (5, 3)])
@pytest.mark.parametrize("maximize", [False, True])
def test_an_assignment_is_the_best_of_all(shape, maximize):
    ms.set_context(mode=ms.PYNATIVE_MODE)
    cost = RNG.integers(-9, 9, shape)
    rows, columns = optimize.linear_sum_assignment(Tensor(cost), maximize)
    found = cost[rows.asnumpy(), columns.asnumpy()].sum()
    c = cost if shape[0] <= shape[1] else cost.T
    totals = [c[np.arange(len(c)), list(p)].sum() for p in itertools.permutations(range(c.shape[1]), len(c))]
    assert found == (max if maximize else min)(totals)
    assert len(set(columns.tolist())) == len(set(rows.tolist())) == min(shape)


def test_a_failing_search_says_so():
    ms.set_context(mode=ms.PYNATIVE_MODE)
    found = optimize.minimize(lambda x: x.sum(), Tensor([1.0, 2.0]), method="BFGS")
    assert not found.success
    assert found.status > 0
    uphill = optimize.line_search(lambda x: (x * x).sum(), Tensor([1.0]), Tensor([1.0]))
    assert uphill.failed


@pytest.mark.parametrize("wrong", [Tensor([1, 2]), None, "a", [1.0]])
def test_minimize_wants_a_tensor_of_floats(wrong):
    with pytest.raises(TypeError, match="For 'minimize'"):
        optimize.minimize(lambda x: (x * x).sum(), wrong, method="BFGS")


def rosenbrock(x, scale):
    return (scale * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


@pytest.mark.parametrize("method", ["BFGS", "LBFGS"])
def test_minimize_in_a_compiled_call_is_one_graph(method):
    """The same steps as outside, where Python takes them; the end of the iterations too."""
    begin, options = Tensor([-1.2, 1.0]), {"gtol": 1e-4}
    compiled = ms.jit(
        lambda x: optimize.minimize(rosenbrock, x, (100.0,), method=method, options=dict(options)), fullgraph=True
    )
    outside, inside = optimize.minimize(rosenbrock, begin, (100.0,), method=method, options=options), compiled(begin)
    np.testing.assert_allclose(inside.x.asnumpy(), [1.0, 1.0], atol=1e-3)
    np.testing.assert_allclose(inside.x.asnumpy(), outside.x.asnumpy(), rtol=1e-6)
    assert (int(inside.nit), int(inside.nfev), int(inside.status)) == (outside.nit, outside.nfev, 0)
    assert bool(inside.success) and abs(float(inside.fun)) < 1e-6
    at_minimum = compiled(Tensor([1.0, 1.0]))
    assert int(at_minimum.nit) == 0 and bool(at_minimum.success)
    options["maxiter"] = 2
    few = ms.jit(lambda x: optimize.minimize(rosenbrock, x, (100.0,), method=method, options=dict(options)))(begin)
    assert (int(few.nit), int(few.status), bool(few.success)) == (2, 1, False)


def test_minimize_in_a_compiled_call_with_a_line_search_that_fails():
    """A function without a lower bound: the steps grow until the search gives up, and the point stays."""
    found = ms.jit(lambda x: optimize.minimize(lambda x: x.sum(), x, method="BFGS"))(Tensor([1.0, 2.0]))
    outside = optimize.minimize(lambda x: x.sum(), Tensor([1.0, 2.0]), method="BFGS")
    assert (int(found.status), bool(found.success), int(found.nfev)) == (outside.status, False, outside.nfev)
    assert found.x.asnumpy().tolist() == outside.x.asnumpy().tolist()
