"""A mean is the sum divided by the number of elements, to the last bit: MindSpore divides, and so does NumPy. The elements are whole numbers, whose sums are exact."""

import numpy as np
import pytest

from minispore import Tensor, nn, ops

X = np.random.default_rng(3).integers(-100, 100, (3, 6, 7, 9)).astype(np.float32)
WINDOWS = X[:, :, :6].reshape(3, 6, 2, 3, 3, 3).sum((3, 5))  # of 3 x 3 in a plane of 6 x 9
POOLED = X[:, :, :6]
n = np.float32

MEANS = {
    "last axis": (lambda x: ops.mean(x, -1), X, X.sum(-1) / n(9)),
    "first axis": (lambda x: ops.mean(x, 0), X, X.sum(0) / n(3)),
    "all": (ops.mean, X, X.sum() / n(X.size)),
    "method": (lambda x: x.mean(1), X, X.sum(1) / n(6)),
    "ReduceMean": (lambda x: ops.ReduceMean()(x, (2, 3)), X, X.sum((2, 3)) / n(63)),
    "avg_pool2d": (lambda x: ops.avg_pool2d(x, 3, 3), POOLED, WINDOWS / n(9)),
    "AvgPool": (lambda x: ops.AvgPool(3, 3)(x), POOLED, WINDOWS / n(9)),
    "divisor_override": (lambda x: ops.avg_pool2d(x, 3, 3, divisor_override=7), POOLED, WINDOWS / n(7)),
    "adaptive_avg_pool2d": (lambda x: ops.adaptive_avg_pool2d(x, (2, 3)), POOLED, WINDOWS / n(9)),
    "loss": (lambda x: ops.l1_loss(x, x * 0.0), X, np.abs(X).sum() / n(X.size)),
    "batchmean": (
        lambda x: ops.kl_div(x * 0.0 - 3.0, x * 0.0 + 1.0, "batchmean"),
        X[:, 0, 0, :3],
        n(3.0 * 9) / n(3),
    ),
    "var": (lambda x: ops.var(x, 0, 1), np.stack([X[0], -X[0], X[0] * 0]), 2 * X[0] * X[0] / n(2)),
}


class Net(nn.Cell):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def construct(self, x):
        return self.function(x)


@pytest.mark.parametrize("name", MEANS)
def test_means_are_rounded_once_after_the_sum(name, mode):
    function, x, expected = MEANS[name]
    np.testing.assert_array_equal(Net(function)(Tensor(x)).asnumpy(), np.asarray(expected, np.float32))


def test_windows_at_an_edge_are_divided_by_what_they_hold(mode):
    x = np.arange(5, dtype=np.float32).reshape(1, 1, 1, 5) * 7
    out = Net(ops.AvgPool((1, 3), (1, 1), "same"))(Tensor(x)).asnumpy().ravel()
    sums = np.array([7, 21, 42, 63, 49], np.float32)
    np.testing.assert_array_equal(out, sums / np.array([2, 3, 3, 3, 2], np.float32))


def test_gradients_of_average_pools_are_divided_too(mode):
    sens = np.random.default_rng(5).integers(-9, 9, WINDOWS.shape).astype(np.float32)
    out = ops.GradOperation(sens_param=True)(Net(ops.AvgPool(3, 3)))(Tensor(POOLED), Tensor(sens)).asnumpy()
    np.testing.assert_array_equal(out, np.repeat(np.repeat(sens / n(9), 3, 2), 3, 3))


def test_gradients_of_means_are_shares(mode):
    sens = X[..., 0]
    out = ops.GradOperation(sens_param=True)(Net(lambda x: ops.mean(x, -1)))(Tensor(X), Tensor(sens)).asnumpy()
    np.testing.assert_allclose(out, np.broadcast_to(sens[..., None] / n(9), X.shape), rtol=2e-7)


def test_the_mean_of_nothing_is_nan(mode):
    assert np.isnan(Net(ops.mean)(Tensor(np.zeros((0, 3), np.float32))).asnumpy())


# ---------------------------------------------------------------- other quotients
def test_hard_activations_divide_by_six(mode):
    x = np.random.default_rng(4).uniform(-4, 4, 2000).astype(np.float32)
    lifted = np.clip(x + n(3), 0, 6)
    np.testing.assert_array_equal(Net(ops.hardsigmoid)(Tensor(x)).asnumpy(), lifted / n(6))
    # what MindSpore 2.10 gives
    out = Net(ops.HSwish())(Tensor(np.array([-1, -2, 0, 2, 1], np.float32))).asnumpy()
    np.testing.assert_array_equal(out, np.array([-0.33333334, -0.33333334, 0.0, 1.6666666, 0.6666667], np.float32))


# ---------------------------------------------------------------- norms of high order
@pytest.mark.parametrize("p", [5, 20, 90])
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_norms_of_high_order_stay_within_the_range_of_floats(p, scale, mode):
    x = np.array([[0.33854103, 0.2], [-0.13209231, -0.2], [0.3, 0.0]], np.float32)
    expected = (np.abs(x.astype(np.float64)) ** p).sum(0) ** (1 / p) * scale
    x = x * np.float32(scale)
    for function in (
        ops.LpNorm(0, p),
        lambda v: ops.norm(v, p, 0),
        lambda v: ops.cdist(v.T, v.T[:1] * 0.0, float(p))[:, 0],
    ):
        np.testing.assert_allclose(Net(function)(Tensor(x)).asnumpy(), expected, rtol=2e-6)


def test_norms_of_high_order_have_the_gradients_of_the_formula(mode):
    x = np.array([0.5, -2.0, 1.5], np.float32)
    found = ops.grad(Net(lambda v: ops.norm(v, 6, 0)))(Tensor(x)).asnumpy()
    wide = x.astype(np.float64)
    np.testing.assert_allclose(found, np.sign(wide) * np.abs(wide) ** 5 / (wide**6).sum() ** (5 / 6), rtol=1e-5)
    assert not ops.grad(Net(lambda v: ops.norm(v, 6, 0)))(Tensor(x * 0)).asnumpy().any()


def test_norms_of_high_order_keep_what_is_not_finite(mode):
    x = np.array([[1.0, np.inf], [1.0, np.nan], [0.0, 0.0]], np.float32)
    assert [str(v) for v in Net(lambda v: ops.norm(v, 6, 1))(Tensor(x)).asnumpy()] == ["inf", "nan", "0.0"]


def test_lp_norm_is_at_least_its_epsilon(mode):
    x = Tensor(np.array([[3.0, 0.01], [4.0, 0.0]], np.float32))
    assert Net(ops.LpNorm(0, 2, epsilon=0.5))(x).asnumpy().tolist() == [5.0, 0.5]
