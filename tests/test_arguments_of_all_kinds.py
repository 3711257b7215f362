"""Arguments that few calls pass: results are those of MindSpore 2.10 for the same calls."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, ops

A = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
X, H, M = Tensor(A), Tensor(A.astype(np.float16)), Tensor([True, False])
L = Tensor((A @ A.T).astype(np.float16))
INF = float("inf")
RECORDED = [  # call, type, values
    ("ops.add(1.5, 1)", "float32", 2.5), ("ops.mul(0.5, 3)", "float32", 1.5), ("ops.select(M, 0.5, 2)", "float32", [0.5, 2.0]), ("ops.where(M, 0.5, 2)", "float32", [0.5, 2.0]),
    ("ops.digamma(Tensor([0.0, -0.0, -1.0]))", "float32", [-INF, INF, float("nan")]), ("ops.slogdet(H)[1]", "float16", 0.693359375), ("ops.det(H)", "float16", -2.0),
    ("ops.cholesky(L)", "float16", [[2.236328125, 0.0], [4.91796875, 0.89453125]]), ("ops.lu_unpack(H, Tensor([1, 2], ms.int32))[1]", "float16", [[1.0, 0.0], [3.0, 1.0]]),
    ("ops.clip_by_global_norm((Tensor([3, 4], ms.int32), Tensor([1.0, 2.0])), 1.0)[0]", "int32", [0, 0]),
    ("ops.clip_by_global_norm((Tensor([3, 4], ms.int32), Tensor([1.0, 2.0])), 1.0)[1]", "float32", [0.18257418274879456, 0.3651483654975891]),
    ("ops.cond(X, p='fro')", "float32", 15.0), ("ops.cond(A=X, p=1)", "float32", 21.0), ("ops.cond(X)", "float32", 14.933031),
    ("ops.stack(X, 1)", "float32", [[[1.0, 2.0]], [[3.0, 4.0]]]), ("ops.squeeze(X[None], ())", "float32", A.tolist()), ("ops.var(X, 0, 2)", "float32", [INF, INF]),
    ("ops.argmax(X, None, True)", "int64", 3), ("ops.argmin(X, None, True)", "int32", 0), ("ops.Flatten()(X[0])", "float32", [[1.0], [2.0]]),
    ("ops.LayerNorm()(H, H[0], H[0])[1]", "float32", [[1.5], [3.5]]), ("ops.BoundingBoxDecode(max_shape=(8, 10))(Tensor([[0.0, 0.0, 12.0, 12.0]]), ops.zeros((1, 4)))", "float32", [[0.0, 0.0, 10.0, 8.0]]),
    ("ops.meshgrid(Tensor(1), Tensor([5, 6]))[1]", "int64", [[5], [6]]), ("ops.shuffle(Tensor(1.0))", "float32", 1.0),
    ("ops.CumSum()(input=X, axis=0)", "float32", [[1.0, 2.0], [4.0, 6.0]]), ("ops.MatMul()(input=X, mat2=X)", "float32", [[7.0, 10.0], [15.0, 22.0]]), ("ops.LogicalAnd()(x=M, y=M)", "bool", [True, False]),
    ("ops.Cast()(input_x=X, dtype=ms.int32)", "int32", [[1, 2], [3, 4]]), ("ops.Slice()(X, begin=(1, 0), size=(1, 2))", "float32", [[3.0, 4.0]]), ("ops.Softmax()(input=ops.zeros(2))", "float32", [0.5, 0.5]),
]  # fmt: skip


@pytest.mark.parametrize("call, dtype, values", RECORDED, ids=[r[0] for r in RECORDED])
def test_recorded(call, dtype, values):
    got = eval(call, {"ops": ops, "Tensor": Tensor, "X": X, "H": H, "L": L, "M": M, "ms": ms}).asnumpy()
    assert got.dtype == dtype and got.shape == np.shape(values)
    np.testing.assert_allclose(got, values, rtol=2e-3 if dtype == "float16" else 1e-6)


@pytest.mark.parametrize("some, columns", [(True, 2), (False, 3), ("complete", 3)])
def test_qr_of_a_tensor_takes_some(some, columns):
    q, r = Tensor(np.eye(3, 2, dtype=np.float32) + 1.0).qr(some)
    assert q.shape == (3, columns) and r.shape == (columns, 2)
    np.testing.assert_allclose((q @ r).asnumpy(), np.eye(3, 2) + 1.0, rtol=1e-5)


@pytest.mark.parametrize("shape", [(3,), (2, 2)])
def test_a_mask_of_another_shape_is_a_value_error(shape):
    mask = Tensor(np.ones(shape, bool))
    with pytest.raises(ValueError, match="boolean"):
        X.copy()[None, :, :1][0].broadcast_to((2, 3))[mask]
    with pytest.raises(ValueError, match="boolean"):
        ops.zeros((2, 3))[mask] = 1.0


def test_a_compiled_choice_between_a_complex_constant_and_a_tensor():
    z = Tensor(np.array([[1.0 + 2.0j, 3.0]], np.complex64))
    got = ms.jit(lambda m, z: ops.select(m, z, Tensor(0.5j, ms.complex64)))(M, z)
    np.testing.assert_array_equal(got.asnumpy(), [[1.0 + 2.0j, 0.5j]])
