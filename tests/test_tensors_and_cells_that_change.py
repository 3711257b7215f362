"""Tensors, Parameters, Cells and flags that a compiled function read and that change later: each call computes with what they are now."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops


def x2():
    return Tensor([1.0, 2.0])


def values(tensor):
    return tensor.asnumpy().tolist()


def compiled(function):
    """``function``, compiled in GRAPH mode: a test in both modes shows that they do the same."""
    return ms.jit(function) if ms.get_context("mode") == ms.GRAPH_MODE else function


def test_a_captured_tensor_changed_in_place(mode):
    weight = Tensor([1.0, 1.0])
    f = compiled(lambda x: x * weight)
    assert values(f(x2())) == [1.0, 2.0]
    weight[0] = 5.0
    assert values(f(x2())) == [5.0, 2.0]
    weight.asnumpy()[1] = 0.0
    assert values(f(x2())) == [5.0, 0.0]


def test_the_number_in_a_captured_tensor(mode):
    """``int(n)`` is asked while the function is traced: the trace depends on it."""
    n, rate = Tensor(2), Parameter(Tensor(2.0), name="rate")

    def f(x):
        for _ in range(int(n)):
            x = x * float(rate)
        return x

    g = compiled(f)
    assert values(g(x2())) == [4.0, 8.0]
    n.asnumpy()[...] = 3
    assert values(g(x2())) == [8.0, 16.0]
    rate.set_data(Tensor(1.0))
    assert values(g(x2())) == [1.0, 2.0]


def test_a_number_that_the_step_itself_has_changed():
    p = Parameter(Tensor(1.0), name="p")

    @ms.jit
    def f(x):
        ops.assign(p, p + 1.0)
        return x * float(p)

    with pytest.warns(RuntimeWarning, match="'p' is not known while"):
        assert f(x2()).asnumpy().tolist() == (2 * x2()).asnumpy().tolist()
    assert float(p) == 2.0


class Weighted(nn.Cell):
    def __init__(self, n=2):
        super().__init__()
        self.w = Parameter(Tensor(np.ones(n, np.float32)), name="w")

    def construct(self, x):
        return x * self.w


def test_parameters_replaced(mode):
    net = Weighted()
    assert values(net(x2())) == [1.0, 2.0]
    net.w.set_data(Tensor([2.0, 2.0]))
    assert values(net(x2())) == [2.0, 4.0]
    net.w.set_data(Tensor([3.0]))  # another shape
    assert values(net(x2())) == [3.0, 6.0]
    net.w = Parameter(Tensor([4.0, 0.0]), name="w")
    assert values(net(x2())) == [4.0, 0.0]
    net.w.set_dtype(ms.float16)
    assert net(Tensor(np.ones(2, np.float16))).dtype == ms.float16
    net.w = Tensor([1.0, 1.0])
    assert values(net(x2())) == [1.0, 2.0]


def test_cells_replaced(mode):
    class Chain(nn.Cell):
        def __init__(self):
            super().__init__()
            self.cells_of = nn.CellList([nn.ReLU(), nn.ReLU()])
            self.last = nn.ReLU()

        def construct(self, x):
            for cell in self.cells_of:
                x = cell(x)
            return self.last(x)

    net, x = Chain(), Tensor([-1.0, 4.0])
    assert values(net(x)) == [0.0, 4.0]
    net.cells_of[0] = Weighted()
    assert values(net(x)) == [0.0, 4.0]
    net.cells_of[0].w.set_data(Tensor([-1.0, 1.0]))
    assert values(net(x)) == [1.0, 4.0]
    net.last = nn.Tanh()
    np.testing.assert_allclose(net(x).asnumpy(), np.tanh([1.0, 4.0]), rtol=1e-6)
    net.cells_of.append(Weighted())
    del net.cells_of[0]
    np.testing.assert_allclose(net(x).asnumpy(), np.tanh([0.0, 4.0]), rtol=1e-6)


def test_requires_grad_and_training_flags(mode):
    net = nn.SequentialCell(nn.Dense(2, 2, weight_init="ones", bias_init="zeros"), nn.Dropout(p=0.5))
    x = Tensor(np.ones((64, 2), np.float32))
    net.set_train(False)
    assert (net(x).asnumpy() == 2.0).all()
    net.set_train(True)
    assert set(net(x).asnumpy().ravel()) == {0.0, 4.0}
    net.set_train(False).set_grad(True)
    assert (net(x).asnumpy() == 2.0).all()
    assert len(net.trainable_params()) == 2
    net[0].bias.requires_grad = False
    gradients = ms.grad(lambda x: net(x).sum(), None, net.trainable_params())(x)
    assert len(gradients) == 1 and (gradients[0].asnumpy() == 64.0).all()


def test_a_list_of_cells_in_a_closure(mode):
    layers, x = nn.CellList([Weighted(), nn.ReLU()]), x2()

    def f(x):
        for layer in layers:
            x = layer(x)
        return x

    g = compiled(f)
    assert values(g(x)) == [1.0, 2.0]
    layers[1] = nn.Tanh()
    np.testing.assert_allclose(g(x).asnumpy(), np.tanh([1.0, 2.0]), rtol=1e-6)
