"""Ensembles of Cells that hold functions: what a function refers to belongs to its copy, as the Cell's attributes do."""

import functools

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops
from minispore.train import lr_find

rng = np.random.default_rng(5)
X = [Tensor(rng.normal(size=(6, 4)).astype(np.float32)) for _ in range(4)]
Y = [Tensor(rng.normal(size=(6, 1)).astype(np.float32)) for _ in range(4)]


def squares(weight, out, target):
    return weight * ((out - target) ** 2).mean()


def a_schedule(value):
    net, rate = nn.Dense(4, 1), Parameter(Tensor(value), name="first")
    optimizer = nn.Momentum(net.trainable_params(), nn.LambdaSchedule(lambda t: rate / ops.sqrt(t + 1.0)), 0.9)
    return nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), optimizer)


def a_loss(value):
    net, weight = nn.Dense(4, 1), Tensor(value)
    loss = nn.WithLossCell(net, lambda out, target: squares(weight, out, target))
    return nn.TrainOneStepCell(loss, nn.SGD(net.trainable_params(), 0.1))


def a_partial_loss(value):
    net = nn.Dense(4, 1)
    loss = nn.WithLossCell(net, functools.partial(squares, Tensor(value)))
    return nn.TrainOneStepCell(loss, nn.SGD(net.trainable_params(), 0.1))


class Written(nn.Cell):
    """A step written out, whose network only a function knows."""

    def __init__(self, rate, wrap=lambda f: f):
        super().__init__()
        net = nn.Dense(4, 1)
        self.optimizer = nn.Momentum(net.trainable_params(), rate, 0.9)
        self.gradient = wrap(
            ms.value_and_grad(lambda x, y: ((net(x) - y) ** 2).mean(), None, self.optimizer.parameters)
        )

    def construct(self, x, y):
        loss, gradients = self.gradient(x, y)
        self.optimizer(gradients)
        return loss


class Method(Written):
    """The same of a method of its own."""

    def __init__(self, rate):
        super().__init__(rate)
        self.network = nn.Dense(4, 1)
        self.optimizer = nn.Momentum(self.network.trainable_params(), rate, 0.9)
        self.gradient = ms.value_and_grad(self.forward, None, self.optimizer.parameters)

    def forward(self, x, y):
        return ((self.network(x) - y) ** 2).mean()


KINDS = {
    "schedule": a_schedule,
    "loss": a_loss,
    "partial": a_partial_loss,
    "gradient": Written,
    "jit": lambda value: Written(value, ms.jit),
    "method": Method,
}


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_copies_and_members_are_trainings_of_their_own(make, mode):
    runs = ms.sweep(lambda value: make(value), value=[0.1, 0.02], seed=[1, 2])
    losses = [runs(x, y).asnumpy() for x, y in zip(X[:2], Y[:2])]
    members = [runs.member(k) for k in range(len(runs))]
    later = [runs(x, y).asnumpy() for x, y in zip(X[2:], Y[2:])]
    for k, given in enumerate(runs.settings):
        ms.set_seed(given["seed"])
        step = make(given["value"])
        alone = [float(step(x, y)) for x, y in zip(X, Y)]
        np.testing.assert_allclose([each[k] for each in (*losses, *later)], alone, 1e-5)
        np.testing.assert_allclose([float(members[k](x, y)) for x, y in zip(X[2:], Y[2:])], alone[2:], 1e-5)


def test_constants_of_functions_may_not_differ():
    def make(rate):
        net = nn.Dense(4, 1)
        optimizer = nn.SGD(net.trainable_params(), nn.LambdaSchedule(lambda step: rate / (step + 1.0)))
        return nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), optimizer)

    with pytest.raises(ValueError, match=r"function\.rate' is '0\.1' in copy 0 and '0\.2' in copy 1"):
        ms.sweep(make, rate=[0.1, 0.2])


def test_the_first_copy_of_a_group_may_be_without_decay(mode):
    def make(decay):
        net = nn.SequentialCell(nn.Dense(4, 3), nn.Tanh(), nn.Dense(3, 1))
        body = {"params": net[0].trainable_params(), "weight_decay": decay}
        optimizer = nn.AdamW([body, {"params": net[2].trainable_params()}], 0.1)
        return nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), optimizer)

    runs = ms.sweep(make, decay=[0.0, 0.5], seed=[1])
    losses = [runs(x, y).asnumpy() for x, y in zip(X, Y)]
    for k, decay in enumerate((0.0, 0.5)):
        ms.set_seed(1)
        step = make(decay)
        np.testing.assert_allclose([each[k] for each in losses], [float(step(x, y)) for x, y in zip(X, Y)], 1e-5)


def test_looking_for_a_rate_leaves_a_step_of_functions_as_it_was(mode):
    step = Written(0.1)
    before = [p.asnumpy().copy() for p in step.optimizer.get_parameters()]
    curve = lr_find(step, list(zip(X, Y)) * 5, 1e-3, 1.0, steps=20)
    assert len(set(curve.losses)) > 10  # the copy is trained
    for p, was in zip(step.optimizer.get_parameters(), before):
        np.testing.assert_array_equal(p.asnumpy(), was)
