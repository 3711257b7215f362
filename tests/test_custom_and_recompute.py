"""ops.Custom and recomputation."""

import shutil
import subprocess

import numba
import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops

X = np.array([[0.3, -1.2], [2.0, 0.5]], np.float32)


def test_expression_with_gradient_is_fused(mode):
    op = ops.Custom(
        "x * exp(-y * y)", func_type="expression",
        bprop=lambda x, y, out, dout: (dout * ops.exp(-y * y), dout * out * (-2.0 * y)),
    )  # fmt: skip
    y = X * 0.5
    np.testing.assert_allclose(op(Tensor(X), Tensor(y)).asnumpy(), X * np.exp(-y * y), rtol=1e-6)
    gx, gy = ms.grad(op, (0, 1))(Tensor(X), Tensor(y))
    np.testing.assert_allclose(gx.asnumpy(), np.exp(-y * y), rtol=1e-5)
    np.testing.assert_allclose(gy.asnumpy(), -2 * y * X * np.exp(-y * y), rtol=1e-5)
    assert len(ms.jit(lambda a, b: ops.relu(op(a, b) + 1.0) * 2.0).graph(Tensor(X), Tensor(y)).kernels) == 1


@pytest.mark.parametrize("wrap", [lambda f: f, numba.njit], ids=["python", "numba"])
def test_functions_of_arrays(mode, wrap):
    @wrap
    def running_maximum(a):
        out = a.copy()
        for i in range(1, a.shape[0]):
            for j in range(a.shape[1]):
                out[i, j] = max(out[i, j], out[i - 1, j])
        return out

    op = ops.Custom(running_maximum, bprop=lambda x, out, dout: ops.where(x == out, dout, ops.zeros_like(dout)))
    np.testing.assert_allclose(op(Tensor(X)).asnumpy(), np.maximum.accumulate(X))
    value, g = ms.value_and_grad(lambda x: (op(x * 2.0) * 3.0).sum())(Tensor(X))
    np.testing.assert_allclose(value.asnumpy(), 6 * np.maximum.accumulate(X).sum(), rtol=1e-6)
    np.testing.assert_allclose(g.asnumpy(), 6.0 * (X == np.maximum.accumulate(X)))


def test_shapes_by_functions_and_several_results(mode):
    op = ops.Custom(
        lambda a, b: (a @ b, (a > 0)), out_shape=lambda a, b: ((a[0], b[1]), a), out_dtype=(ms.float32, ms.bool_)
    )
    product, positive = op(Tensor(X), Tensor(X.T.copy()))
    np.testing.assert_allclose(product.asnumpy(), X @ X.T, rtol=1e-6)
    assert positive.dtype is ms.bool_ and (positive.asnumpy() == (X > 0)).all()


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs a C compiler")
def test_a_c_function(mode, tmp_path):
    (tmp_path / "add.c").write_text(
        "#include <stdint.h>\nint add(int n, void **p, int *nd, int64_t **s, const char **t, void *a, void *b) {\n"
        "  float *x = p[0], *y = p[1], *o = p[2]; int64_t m = 1; for (int i = 0; i < nd[0]; i++) m *= s[0][i];\n"
        "  for (int64_t i = 0; i < m; i++) o[i] = x[i] + y[i]; return 0; }\n"
    )
    library = tmp_path / "add.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, tmp_path / "add.c"], check=True)
    op = ops.Custom(f"{library}:add", out_shape=(2, 2), out_dtype=ms.float32, func_type="aot")
    np.testing.assert_allclose(op(Tensor(X), Tensor(X)).asnumpy(), 2 * X)


def test_custom_errors():
    with pytest.raises(ValueError, match="tbe"):
        ops.Custom(lambda x: x, func_type="tbe")
    with pytest.raises(ValueError, match="frobnicate"):
        ops.Custom("frobnicate(x)", func_type="expression")
    with pytest.raises(TypeError):
        ops.Custom(3)
    with pytest.raises(RuntimeError, match="bprop"):
        ms.grad(ops.Custom(lambda a: a * 2))(Tensor(X))
    with pytest.raises(ValueError, match="exists"):
        ops.Custom("nowhere.so:f", (2,), ms.float32, "aot")


class Block(nn.Cell):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Dense(16, 64), nn.Dense(64, 16)
        self.norm, self.drop = nn.BatchNorm1d(64), nn.Dropout(p=0.3)

    def construct(self, x):
        return x + self.b(self.drop(ops.relu(self.norm(self.a(x)))))


def trained(recomputed):
    ms.set_seed(3)
    np.random.seed(3)
    net = nn.SequentialCell(*[Block() for _ in range(4)])
    if recomputed:
        for block in net:
            block.recompute()
    step = nn.TrainOneStepCell(
        nn.WithLossCell(net, nn.MSELoss()), nn.Momentum(net.trainable_params(), 0.05, 0.9)
    ).set_train()
    x = Tensor(np.random.RandomState(0).randn(512, 16).astype(np.float32))
    losses = [float(step(x, x * 0.5)) for _ in range(4)]
    return losses, [p.asnumpy() for p in net.get_parameters()], step.graph(x, x).stats()["arena_bytes"]


def test_recomputation_gives_the_same_values_in_less_memory(graph_mode):
    plain, again = trained(False), trained(True)
    np.testing.assert_allclose(again[0], plain[0], rtol=1e-6)
    for a, b in zip(plain[1], again[1]):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)
    assert again[2] < 0.7 * plain[2]


def test_recompute_of_a_function_and_second_derivatives(mode):
    def block(x):
        return ops.sin(x) * ops.exp(x)

    def f(x):
        return ms.recompute(block, x).sum()

    x = Tensor(X)
    np.testing.assert_allclose(ms.grad(f)(x).asnumpy(), np.exp(X) * (np.sin(X) + np.cos(X)), rtol=1e-5)
    second = ms.grad(lambda x: ms.grad(f)(x).sum())(x).asnumpy()
    np.testing.assert_allclose(second, 2 * np.exp(X) * np.cos(X), rtol=1e-4, atol=1e-6)
