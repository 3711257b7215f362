"""PYNATIVE mode: the last backward pass runs the gradient of each node as a program on arrays (graph/node_gradients.py)."""

import warnings

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops
from minispore.graph import node_gradients


@pytest.fixture(autouse=True)
def pynative():
    ms.set_context(mode=ms.PYNATIVE_MODE)


def normal(*shape):
    return np.random.default_rng(3).standard_normal(shape).astype(np.float32)


def test_a_rule_is_traced_once_for_each_kind_of_node(monkeypatch):
    traced = []
    original = node_gradients._traced
    monkeypatch.setattr(node_gradients, "_programs", type(node_gradients._programs)())
    monkeypatch.setattr(
        node_gradients, "_traced", lambda node, *rest: traced.append(node.op.name) or original(node, *rest)
    )

    def f(x):
        for _ in range(5):
            x = ops.tanh(x)
        return x * 2.0

    for scale in (1.0, 0.5):
        x = normal(4, 5) * np.float32(scale)
        found = ms.grad(f)(Tensor(x)).asnumpy()
        y, slope = x.astype(np.float64), 2.0
        for _ in range(5):
            y = np.tanh(y)
            slope = slope * (1 - y * y)
        np.testing.assert_allclose(found, slope, 2e-5)
    assert sorted(traced) == ["mul", "tanh"]


@pytest.mark.parametrize("size", [3, 300])  # NumPy, compiled kernels
def test_broadcast_inputs_and_results_read_twice(size):
    x, row, column = normal(size, size), normal(size), normal(size, 1)

    def f(x, row, column):
        product = x * row
        return ops.exp(product) * column + product

    dx, drow, dcolumn = ms.grad(f, (0, 1, 2))(Tensor(x), Tensor(row), Tensor(column))
    a, b, c = (v.astype(np.float64) for v in (x, row, column))
    outer = np.exp(a * b) * c + 1
    np.testing.assert_allclose(dx.asnumpy(), outer * b, 1e-4, 1e-4)
    np.testing.assert_allclose(drow.asnumpy(), (outer * a).sum(0), 1e-3, 2e-2)
    np.testing.assert_allclose(dcolumn.asnumpy(), np.exp(a * b).sum(1, keepdims=True), 1e-4)
    assert (dx.dtype, drow.shape, dcolumn.shape) == (ms.float32, (size,), (size, 1))


def test_attributes_that_are_equal_in_python_have_programs_of_their_own():
    x = normal(3, 4)
    for axis in ((0,), (1,), (True,)):
        found = ms.grad(lambda x, axis=axis: (ops.ReduceSum()(x, tuple(map(int, axis))) ** 2).sum())(Tensor(x))
        expected = 2 * x.sum(int(axis[0]), keepdims=True) * np.ones_like(x)
        np.testing.assert_allclose(found.asnumpy(), expected, 1e-5)


def test_a_gradient_does_not_share_memory_with_what_it_passes_on():
    x = Tensor(normal(3))
    sens = Tensor(np.ones(3, np.float32))
    found = ops.GradOperation(sens_param=True)(lambda x: x + 1.0)(x, sens)
    found.asnumpy()[:] = 7.0
    np.testing.assert_array_equal(sens.asnumpy(), np.ones(3))


def test_library_layers_do_not_warn_of_batches_of_many_sizes():
    net, loss = nn.SequentialCell(nn.Dense(3, 4), nn.ReLU(), nn.Dense(4, 2)), nn.MSELoss()
    gradient = ms.value_and_grad(lambda x, y: loss(net(x), y), None, net.trainable_params())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for n in range(1, 12):
            gradient(Tensor(normal(n, 3)), Tensor(normal(n, 2)))
            net(Tensor(normal(n, 3)))


def test_the_gradient_function_of_a_train_step_follows_its_network():
    first, second = nn.Dense(2, 1), nn.Dense(2, 1)
    step = nn.TrainOneStepCell(nn.WithLossCell(first, nn.MSELoss()), nn.SGD(first.trainable_params(), 0.1))
    x, y = Tensor(normal(4, 2)), Tensor(normal(4, 1))
    losses = [float(step(x, y)) for _ in range(2)]
    assert losses[1] < losses[0]
    step.network = nn.WithLossCell(second, nn.MSELoss())
    expected = float(nn.MSELoss()(second(x), y))
    np.testing.assert_allclose(float(step(x, y)), expected, 1e-5)


@pytest.mark.parametrize("args, kwargs", [((1, 2, 3), {}), ((), {}), ((1,), {"z": 2})])
def test_a_call_with_wrong_arguments_names_the_construct(args, kwargs):
    class Net(nn.Cell):
        def construct(self, x, y=1):
            return x

    with pytest.raises(TypeError, match="For 'Net', construct"):
        Net()(*args, **kwargs)


def test_an_argument_by_name_that_is_needed():
    class Net(nn.Cell):
        def construct(self, x, *, scale):
            return x * scale

    with pytest.raises(TypeError, match="scale"):
        Net()(Tensor([1.0]))
    assert float(Net()(Tensor([2.0]), scale=3.0)) == 6.0


def test_two_gradients_do_not_share_memory():
    x, y = Tensor(normal(3)), Tensor(normal(3))
    dx, dy = ms.grad(lambda x, y: (x + y).sum(), (0, 1))(x, y)
    dx.add_(1.0)
    np.testing.assert_array_equal(dy.asnumpy(), np.ones(3))


def test_a_rule_may_read_values():
    from minispore.extend import elementwise

    read = []

    def rule(g, out, x):
        read.append(float(x.sum()))
        return g * 3.0

    tripled = elementwise("tripled_of_a_test", "x * 3", vjp=rule)
    for k in (1.0, 2.0):
        assert ms.grad(tripled)(Tensor([k])).asnumpy() == 3.0
    assert read == [1.0, 2.0]
