"""Linear algebra against PyTorch: values in both modes, gradients, exceptions."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops
from minispore.ops.linalg import triangular_solve

torch = pytest.importorskip("torch")
RNG = np.random.default_rng(3)
A = RNG.normal(size=(2, 3, 3))
S = A @ A.transpose(0, 2, 1) + np.eye(3)
B = RNG.normal(size=(2, 3, 2))
la = torch.linalg

PAIRS = {  # name: (ours, PyTorch's, its input)
    "det": (ops.det, la.det, A),
    "slogdet": (lambda x: ops.slogdet(x)[1], lambda x: la.slogdet(x)[1], A),
    "logdet": (ops.logdet, torch.logdet, S),
    "inverse": (ops.inverse, la.inv, A),
    "matrix_solve": (lambda x: ops.matrix_solve(x, x + 1.0), lambda x: la.solve(x, x + 1.0), A),
    "matrix_power": (lambda x: ops.matrix_power(x, -3), lambda x: la.matrix_power(x, -3), A),
    "matrix_exp": (ops.matrix_exp, la.matrix_exp, A),
    "cholesky": (ops.cholesky, la.cholesky, S),
    "cholesky_upper": (lambda x: ops.cholesky(x, True), lambda x: la.cholesky(x, upper=True), S),
    "cholesky_inverse": (lambda x: ops.cholesky_inverse(ops.cholesky(x)),
                         lambda x: torch.cholesky_inverse(la.cholesky(x)), S),
    "pinv_tall": (ops.pinv, la.pinv, B),
    "pinv_wide": (lambda x: ops.pinv(x.swapaxes(1, 2)), lambda x: la.pinv(x.mT), B),
    "qr_r": (lambda x: ops.qr(x)[1], lambda x: la.qr(x)[1], B),
    "qr_q": (lambda x: ops.qr(x)[0], lambda x: la.qr(x)[0], A),
    "svd": (lambda x: ops.svd(x, compute_uv=False), la.svdvals, B),
    "nuclear": (lambda x: ops.matrix_norm(x, "nuc"), lambda x: la.matrix_norm(x, "nuc"), A),
    "two": (lambda x: ops.matrix_norm(x, 2), lambda x: la.matrix_norm(x, 2), A),
    "one": (lambda x: ops.matrix_norm(x, 1), lambda x: la.matrix_norm(x, 1), A),
    "rows": (lambda x: ops.matrix_norm(x, float("-inf"), keepdims=True),
             lambda x: la.matrix_norm(x, float("-inf"), keepdim=True), A),
    "vector3": (lambda x: ops.vector_norm(x, 3, (0, 2)), lambda x: la.vector_norm(x, 3, (0, 2)), A),
    "norm": (lambda x: ops.norm(x, 1, 2), lambda x: la.norm(x, 1, 2), A),
    "cond": (ops.cond, la.cond, A),
    "renorm": (lambda x: ops.renorm(x, 2, 0, 1.0), lambda x: torch.renorm(x, 2, 0, 1.0), A),
    "triangular": (lambda x: triangular_solve(x + 1.0, x)[0],
                   lambda x: la.solve_triangular(x.triu(), x + 1.0, upper=True), A),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_values_and_gradient(name):
    ours, theirs, array = PAIRS[name]
    x = torch.tensor(array, requires_grad=True)
    wanted = theirs(x)
    for got in (ours(Tensor(array)), ms.jit(ours)(Tensor(array))):
        np.testing.assert_allclose(got.asnumpy(), wanted.detach().numpy(), rtol=1e-6, atol=1e-6)
    weights = np.cos(np.arange(wanted.numel())).reshape(wanted.shape)
    (gradient,) = torch.autograd.grad((wanted * torch.tensor(weights)).sum(), x)
    got = ms.grad(lambda t: (ours(t) * Tensor(weights)).sum())(Tensor(array))
    np.testing.assert_allclose(got.asnumpy(), gradient.numpy(), rtol=1e-6, atol=1e-6)


def test_full_svd_and_complete_qr(mode):
    """The factors are orthonormal and multiply to the matrix."""
    s, u, v = (t.asnumpy() for t in ops.svd(Tensor(B), full_matrices=True))
    assert u.shape == (2, 3, 3) and v.shape == (2, 2, 2)
    np.testing.assert_allclose(u.transpose(0, 2, 1) @ u, np.broadcast_to(np.eye(3), (2, 3, 3)), atol=1e-12)
    np.testing.assert_allclose(u[:, :, :2] * s[:, None] @ v.transpose(0, 2, 1), B, atol=1e-12)
    q, r = (t.asnumpy() for t in ops.qr(Tensor(B), "complete"))
    assert q.shape == (2, 3, 3) and r.shape == (2, 3, 2)
    np.testing.assert_allclose(q @ r, B, atol=1e-12)


def test_reflectors_make_q():
    packed, tau = ops.geqrf(Tensor(B))
    q, r = ops.qr(Tensor(B))
    np.testing.assert_allclose(ops.orgqr(packed, tau).asnumpy(), q.asnumpy(), atol=1e-12)
    np.testing.assert_allclose(
        ops.ormqr(packed, tau, Tensor(B), transpose=True).asnumpy()[:, :2], r.asnumpy(), atol=1e-12
    )


def test_lu_solve_and_unpack():
    """MindSpore 2.10: lu_solve([[1], [2]], [[2, 1], [1, 3]], [1, 2]) is [[1/3], [1/3]]; P swaps rows for pivots 2, 2."""
    packed = Tensor([[2.0, 1.0], [1.0, 3.0]])
    x = ops.lu_solve(Tensor([[1.0], [2.0]]), packed, Tensor([1, 2]))
    np.testing.assert_allclose(x.asnumpy(), [[1 / 3], [1 / 3]], rtol=1e-6)
    p, low, up = ops.lu_unpack(packed, Tensor([2, 2]))
    assert p.asnumpy().tolist() == [[0, 1], [1, 0]]
    assert low.asnumpy().tolist() == [[1, 0], [1, 1]] and up.asnumpy().tolist() == [[2, 1], [0, 3]]


def test_singular_matrices():
    singular = Tensor([[1.0, 2.0], [2.0, 4.0]])
    assert float(ops.det(singular)) == 0 and float(ops.logdet(singular)) == -np.inf
    np.testing.assert_allclose(ops.pinv(singular).asnumpy(), [[0.04, 0.08], [0.08, 0.16]], rtol=1e-5)


@pytest.mark.parametrize(
    "call, error",
    [
        (lambda: ops.cholesky(Tensor([[1.0, 2.0], [2.0, 1.0]])), RuntimeError),
        (lambda: ops.inverse(Tensor([[1.0, 2.0]])), ValueError),
        (lambda: ops.det(Tensor([1.0, 2.0])), ValueError),
        (lambda: ops.inverse(Tensor([[2, 1], [1, 3]])), TypeError),
        (lambda: ops.svd(Tensor([[2.0]], ms.float16)), TypeError),
        (lambda: ops.qr(Tensor([[2.0]]), "r"), ValueError),
        (lambda: ops.matrix_norm(Tensor([[2.0]]), "two"), ValueError),
    ],
)
def test_errors(call, error):
    with pytest.raises(error):
        call()


def test_primitive_classes():
    x = Tensor(A)
    alone = ops.Svd(compute_uv=False)(x)
    np.testing.assert_array_equal(alone[0].asnumpy(), ops.svd(x, compute_uv=False).asnumpy())
    assert [y.asnumpy().tolist() for y in alone[1:]] == [[0], [0]]
    for primitive, wanted in (
        (ops.MatrixDeterminant(), ops.det(x)), (ops.MatrixPower(2), ops.matmul(x, x)),
        (ops.LogMatrixDeterminant(), ops.slogdet(x)), (ops.Svd(), ops.svd(x)),
        (ops.Qr(), ops.qr(x)), (ops.Cholesky(upper=True), None),
    ):  # fmt: skip
        got = primitive(Tensor(S) if wanted is None else x)
        wanted = ops.cholesky(Tensor(S), True) if wanted is None else wanted
        for g, w in zip(got if isinstance(got, tuple) else [got], wanted if isinstance(wanted, tuple) else [wanted]):
            np.testing.assert_array_equal(g.asnumpy(), w.asnumpy())
