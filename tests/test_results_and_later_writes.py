"""What is written in place later is not in results that were there before, and is in all that comes after, in both modes."""

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


class Weighted(nn.Cell):
    def __init__(self, n=2):
        super().__init__()
        self.w = Parameter(Tensor(np.ones(n, np.float32)), name="w")

    def construct(self, x):
        return x * self.w


def test_an_output_that_is_a_parameter_or_an_input_keeps_its_value(graph_mode):
    net = Weighted()

    class Step(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = net.w

        def construct(self, x):
            before = self.w * 1.0
            ops.assign(self.w, self.w + x)
            return before, self.w.value(), x

    step, x = Step(), x2()
    before, after, same = step(x)
    step(x)
    assert (values(before), values(after), values(same)) == ([1.0, 1.0], [2.0, 3.0], [1.0, 2.0])
    same[0] = 9.0
    assert values(x) == [1.0, 2.0]
    assert values(net.w) == [3.0, 5.0]


def test_earlier_values_do_not_see_later_writes(mode):
    p = Parameter(Tensor([1.0, 2.0]), name="p")

    def f(x):
        y = x * 1.0
        before, first = y + 0.0, y[0] + 0.0
        y[0] = 10.0
        y += 1.0
        old = p + 0.0
        ops.assign(p, y)
        ops.assign_add(p, Tensor([1.0, 1.0]))
        return before, first, y, old, p + 0.0

    found = [values(t) for t in compiled(f)(x2())]
    assert found == [[1.0, 2.0], 1.0, [11.0, 3.0], [1.0, 2.0], [12.0, 4.0]]
    assert values(p) == [12.0, 4.0]


def test_augmented_assignment(mode):
    """Compiled, it changes the Tensor itself and keeps its type, as in MindSpore; op by op it makes a new one."""

    def f(x, k):
        other, row = x, x[0]
        row += 7.0
        x += 1.0
        x *= 2.0
        k /= 2
        part = x.sum()
        x -= x
        while part > 0:
            x += 10.0
            part -= 20.0
        return x, other, k, part

    x, k = x2(), Tensor([3, 5], ms.int32)
    found = [values(t) for t in compiled(f)(x, k)]
    graph = ms.get_context("mode") == ms.GRAPH_MODE
    assert found == [[10.0, 10.0], [0.0, 0.0] if graph else [1.0, 2.0], [1, 2] if graph else [1.5, 2.5], -10.0]
    assert values(x) == ([0.0, 0.0] if graph else [1.0, 2.0]) and values(k) == ([1, 2] if graph else [3, 5])


def test_augmented_assignment_of_a_parameter(mode):
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = Parameter(x2(), name="w")

        def construct(self, x):
            self.w += x
            return self.w * x

    net = Net()
    gradient = ms.grad(net, 0, net.trainable_params())(Tensor([3.0, 3.0]))
    assert values(net.w) == [4.0, 5.0] and values(gradient[1][0]) == [3.0, 3.0]


def test_writing_into_a_captured_tensor_in_one_graph_is_an_error():
    kept = x2()

    @ms.jit(fullgraph=True)
    def f(x):
        kept[0] = 5.0
        return x + kept

    with pytest.raises(RuntimeError, match="A Tensor from outside cannot be changed"):
        f(x2())
    assert values(kept) == [1.0, 2.0]


def test_the_gradient_of_what_was_assigned(mode):
    """Reading a Parameter after ``self.p = value`` reads ``value``; gradients flow into it where that is asked for."""

    class Keeps(nn.Cell):
        def __init__(self):
            super().__init__()
            self.p = Parameter(Tensor([1.0, 1.0]), name="p")

        def construct(self, x):
            first = self.p * x
            self.p = x * x
            self.p += x
            return (first + self.p).sum()

    for through, expected in ((True, [4.0, 6.0]), (False, [1.0, 1.0])):
        net = Keeps()
        value, gradient = ms.value_and_grad(net, through_updates=through)(x2())
        assert float(value) == 11.0 and values(gradient) == expected and values(net.p) == [2.0, 6.0]
