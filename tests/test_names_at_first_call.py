"""Parameters of one name: the first call of a cell gives them their attribute paths (recorded from MindSpore 2.10)."""

import numpy as np
import pytest

import minispore as mindspore
from minispore import Parameter, Tensor, nn, ops


class Scaled(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([2.0]))
        self.inner = nn.Dense(2, 2)

    def construct(self, x):
        return self.inner(x) * self.w


class Stack(nn.Cell):
    """Cells put into a container by hand: their Parameters get no prefixes."""

    def __init__(self):
        super().__init__()
        self.layers = nn.SequentialCell()
        for i in range(2):
            self.layers.insert_child_to_cell(f"layer{i}", Scaled())

    def construct(self, x):
        return self.layers(x)


PATHS = [f"layers.layer{i}.{name}" for i in range(2) for name in ("w", "inner.weight", "inner.bias")]


@pytest.fixture(params=[mindspore.GRAPH_MODE, mindspore.PYNATIVE_MODE], ids=["graph", "pynative"])
def mode(request):
    mindspore.set_context(mode=request.param)
    yield
    mindspore.set_context(mode=mindspore.PYNATIVE_MODE)


@pytest.mark.parametrize("first", [lambda net, x: net(x), lambda net, x: mindspore.grad(net)(x)], ids=["call", "grad"])
def test_the_first_call_makes_names_distinct_and_an_optimizer_takes_them(mode, first):
    net, x = Stack(), ops.ones((3, 2))
    with pytest.raises(ValueError, match="'w'"):
        nn.SGD(net.trainable_params(), 0.1)
    first(net, x)
    assert [p.name for p in net.trainable_params()] == PATHS
    optimizer = nn.SGD(net.trainable_params(), 0.1)
    before = [p.asnumpy().copy() for p in net.trainable_params()]
    _, gradients = mindspore.value_and_grad(lambda x: net(x).sum(), None, optimizer.parameters)(x)
    optimizer(gradients)
    for p, old, g in zip(net.trainable_params(), before, gradients):
        np.testing.assert_allclose(p.asnumpy(), old - 0.1 * g.asnumpy(), rtol=1e-6)


def test_names_that_are_distinct_stay_as_the_user_gave_them(mode):
    class Named(nn.Cell):
        def __init__(self):
            super().__init__()
            self.a = Parameter(Tensor([1.0]), name="one")
            self.b = Parameter(Tensor([1.0]), name="two")

        def construct(self, x):
            return x * self.a + self.b

    net = Named()
    net(Tensor([1.0]))
    assert [p.name for p in net.get_parameters()] == ["one", "two"]


def test_the_call_of_a_part_names_from_that_part_on(mode):
    net = Stack()
    net.layers(ops.ones((3, 2)))
    assert [p.name for p in net.trainable_params()] == [name.removeprefix("layers.") for name in PATHS]
