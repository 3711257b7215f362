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


def test_gradients_of_means_are_divided_too(mode):
    sens = X[..., 0]
    out = ops.GradOperation(sens_param=True)(Net(lambda x: ops.mean(x, -1)))(Tensor(X), Tensor(sens)).asnumpy()
    np.testing.assert_array_equal(out, np.broadcast_to(sens[..., None] / n(9), X.shape))


def test_the_mean_of_nothing_is_nan(mode):
    assert np.isnan(Net(ops.mean)(Tensor(np.zeros((0, 3), np.float32))).asnumpy())
