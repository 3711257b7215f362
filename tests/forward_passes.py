"""Networks that count their forward passes, and steps that call them, for the tests of one forward pass."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops

X = np.array([1.0, 2.0, 3.0], np.float32)
GRAPH, PYNATIVE = ms.GRAPH_MODE, ms.PYNATIVE_MODE


@pytest.fixture(autouse=True)
def mode_after():
    before = ms.get_context("mode")
    yield
    ms.set_context(mode=before)


class Counted(nn.Cell):
    """Counts its forward passes; ``forward`` is what it computes."""

    def __init__(self, forward=lambda net, x: (x * net.w * net.w).sum()):
        super().__init__()
        self.w = Parameter(Tensor(X), name="w")
        self.count = Parameter(Tensor(0, ms.int32), name="count", requires_grad=False)
        self.norm, self.drop, self.forward = nn.BatchNorm1d(3), nn.Dropout(p=0.5), forward
        self.set_train()

    def construct(self, *inputs, **named):
        ops.assign_add(self.count, Tensor(1, ms.int32))
        return self.forward(self, *inputs, **named)


class Step(nn.Cell):
    """A training step as ``run`` writes it."""

    def __init__(self, net, run):
        super().__init__()
        self.net, self.run = net, run
        self.weights = ms.ParameterTuple(net.trainable_params())
        self.of_weights = ops.GradOperation(get_by_list=True)
        self.of_all = ops.GradOperation(get_all=True)
        self.with_sens = ops.GradOperation(get_by_list=True, sens_param=True)

    def construct(self, *inputs):
        return self.run(self, *inputs)


def ran(run, *inputs, net=None, mode=GRAPH):
    """(how often the network ran, what the step returned)"""
    ms.set_context(mode=mode)
    net = Counted() if net is None else net
    if mode == PYNATIVE:
        net.set_grad()
    result = Step(net, run)(*(Tensor(x) for x in inputs or (X,)))
    return int(net.count), result


def again(step, x):
    step.net(x)
    return step.of_weights(step.net, step.weights)(x)


def by_name(step, x):
    step.net(x, k=x * 3.0)
    return step.of_weights(step.net, step.weights)(x, k=x * 3.0)


def same_by_name(step, x):
    k = x * 3.0
    step.net(x, k=k)
    return ms.grad(step.net, None, step.weights)(x, k=k)


def other_object(step, x):
    step.net(x)
    return step.of_weights(step.net, step.weights)(x * 1.0)


def gradient_first(step, x):
    found = step.of_weights(step.net, step.weights)(x)
    step.net(x)
    return found


def another_between(step, x):
    step.net(x)
    step.net(x + 1.0)
    return step.of_weights(step.net, step.weights)(x)


def called_twice(step, x):
    step.net(x)
    step.net(x)
    return step.of_weights(step.net, step.weights)(x)


def numbers(step, x):
    step.net(x, 2)
    return step.of_weights(step.net, step.weights)(x, 2)


def other_numbers(step, x):
    step.net(x, 2)
    return step.of_weights(step.net, step.weights)(x, 3)


def value_too(step, x):
    loss = step.net(x)
    value, found = ms.value_and_grad(step.net, None, step.weights)(x)
    return found, loss - value


def changed_argument(step, x):
    y = x * 2.0
    step.net(y)
    y[0] = 5.0
    return step.of_weights(step.net, step.weights)(y)


def evaluated(step, x):
    step.net(x)
    step.net.set_train(False)
    found = step.of_weights(step.net, step.weights)(x)
    step.net.set_train()
    return found


def times(net, x, k=1):
    return (x * net.w * net.w * k).sum()
