"""Functions take the keywords of MindSpore 2.10, also where another function here does the work."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, mint, ops

F = mint.nn.functional
X = Tensor(np.array([[0.5, 0.25], [0.75, 1.0]], np.float32))
CALLS = [
    ("ops.expand_dims(input_x=X, axis=0)", "X[None]"), ("ops.isfinite(input=X)", "X == X"), ("ops.logsumexp(input=X, dim=1, keepdim=True)", "X.exp().sum(1, keepdims=True).log()"),
    ("ops.max_pool2d(x=X[None, None], kernel_size=2)", "X.max().reshape(1, 1, 1, 1)"), ("ops.row_stack(tensors=[X, X])", "ops.vstack([X, X])"),
    ("ops.swapdims(input=X, dim0=0, dim1=1)", "X.T"), ("ops.transpose(input=X, dims=(1, 0))", "X.T"), ("ops.type_as(input=X, other=Tensor(1))", "X.astype(ms.int64)"),
    ("ops.xdivy(x=X, y=X)", "X / X"), ("mint.arcsin(x=X)", "ops.asin(X)"), ("mint.bmm(input=X[None], mat2=X[None])", "(X @ X)[None]"), ("mint.frac(input=X)", "X - X.floor()"),
    ("mint.isfinite(input=X)", "X == X"), ("mint.isnan(tensor=X)", "X != X"), ("mint.mv(input=X, vec=X[0])", "X @ X[0]"), ("mint.ones(size=(2, 2))", "X / X"), ("mint.sqrt(input=X)", "X ** 0.5"),
    ("F.logsigmoid(input=X)", "ops.sigmoid(X).log()"), ("F.mish(input=X)", "X * ops.tanh(ops.softplus(X))"), ("F.pad(input=X, pad=(0, 1), value=3.0)", "ops.concat([X, ops.full((2, 1), 3.0)], 1)"),
    ("F.selu(input=X)", "X * 1.0507009873554805"), ("ops.arcsin(x=X)", "ops.asin(X)"), ("ops.inv(x=X)", "1 / X"), ("ops.i0(input=X)", "ops.bessel_i0(X)"),
    *[(f"ops.{name}(input=X, other=X[0])", "X // X[0]") for name in ("floor_divide", "floordiv", "tensor_floordiv")], ("ops.remainder(input=-X, other=X[0])", "-X % X[0]"),
    ("ops.truncate_mod(x=X, y=X[0])", "ops.fmod(X, X[0])"), ("ops.tensor_div(x=X, y=X)", "X / X"), ("ops.unsqueeze(input=X, dim=0)", "X[None]"), ("mint.unsqueeze(input=X, dim=0)", "X[None]"),
    ("ops.relu(input=X - 0.6, inplace=False)", "ops.maximum(X - 0.6, 0)"), ("mint.linalg.qr(A=X)[1]", "ops.qr(X)[1]"), ("X.float_power(other=2.0)", "X * X"), ("X.multiply(value=X)", "X * X"),
    ("X.swapdims(dim0=0, dim1=1)", "X.T"), ("mnp.arccos(input=X)", "ops.acos(X)"), ("mnp.negative(a=X)", "-X"), ("mnp.positive(a=X)", "X"), ("ms.tensor(input_data=[1.0], device=None)", "ops.ones(1)"),
    ("mint.rand(2, 2, generator=None, dtype=None, device=None) * 0", "X * 0"), ("mint.randn((2, 2), generator=None, dtype=ms.float32) * 0", "X * 0"),
    ("mint.rand_like(input=X, dtype=None, device=None) * 0", "X * 0"), ("mint.randn_like(input=X, dtype=None, device=None) * 0", "X * 0"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "same"), CALLS, ids=[call for call, _ in CALLS])
def test_keywords(call, same):
    names = {"ops": ops, "mint": mint, "F": F, "X": X, "Tensor": Tensor, "ms": ms, "mnp": ms.numpy}
    got, wanted = eval(call, names), eval(same, names)
    assert got.shape == wanted.shape
    np.testing.assert_allclose(got.asnumpy(), wanted.asnumpy(), rtol=1e-6)


@pytest.mark.parametrize(
    ("index", "error"), [(4, IndexError), ((0, 2), IndexError), ((0, 0, 0), ValueError), (1.5, TypeError)]
)
def test_an_item_that_is_not_there_is_refused(index, error):
    with pytest.raises(error, match="item"):
        X.item(index)


def test_outer_takes_more_axes_as_mindspore_does():
    left, right = Tensor([1.0, 2.0]), Tensor([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]])
    assert ops.outer(left, right).asnumpy().tolist() == [[0.0, 1.0, 2.0], [6.0, 8.0, 10.0]]  # MindSpore 2.10
    with pytest.raises(ValueError, match="broadcast"):
        ops.outer(right, Tensor([[1.0, 2.0], [3.0, 4.0]]))


@pytest.mark.parametrize("shape", [(2, 2), (1, 1, 2, 2)])
def test_mint_bmm_takes_three_axes(shape):
    with pytest.raises(ValueError, match="3 axes"):
        mint.bmm(ops.ones(shape), ops.ones(shape))
