"""Ensembles of training steps that are functions: each copy as a training of its own."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn

rng = np.random.default_rng(3)
X = [Tensor(rng.normal(size=(8, 5)).astype(np.float32)) for _ in range(4)]
Y = [Tensor(rng.integers(0, 3, 8).astype(np.int32)) for _ in range(4)]
LOSS = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")


def made(learning_rate=0.05, weight_decay=0.1, wrap=lambda f: f):
    """(step, what it trains), with statistics and masks."""
    net = nn.SequentialCell(
        nn.Dense(5, 6, has_bias=False), nn.BatchNorm1d(6), nn.ReLU(), nn.Dropout(p=0.3), nn.Dense(6, 3)
    )
    net.set_train()
    optimizer = nn.Momentum(net.trainable_params(), learning_rate, 0.9, weight_decay=weight_decay)

    def forward(x, y):
        return LOSS(net(x), y)

    gradient = ms.value_and_grad(forward, None, optimizer.parameters)

    @wrap
    def step(x, y):
        loss, gradients = gradient(x, y)
        optimizer(gradients)
        return loss

    return step, net


def compared(runs, begun, seeds):
    """``begun(k)``: a step of its own, as copy k began, and its network."""
    losses = [runs(x, y).asnumpy() for x, y in zip(X, Y)]
    alone = []
    for k in range(len(runs)):
        step, net = begun(k)
        ms.set_seed(seeds[k])
        alone.append(([float(step(x, y)) for x, y in zip(X, Y)], [p.asnumpy() for p in net.get_parameters()]))
    for k, (wanted, _) in enumerate(alone):
        np.testing.assert_allclose([loss[k] for loss in losses], wanted, 1e-5)
    return alone


@pytest.mark.parametrize("wrap", [lambda f: f, ms.jit], ids=["plain", "jit"])
def test_made_by_a_function(wrap, mode):
    nets = []

    def make(learning_rate, weight_decay, seed):
        step, net = made(learning_rate, weight_decay, wrap)
        nets.append(net)
        ms.set_seed(seed + 100)  # of the masks
        return step

    runs = ms.sweep(make, learning_rate=[0.05, 0.01], weight_decay=[0.1, 0.3], seed=[7, 8])

    def begun(k):
        given = runs.settings[k]
        ms.set_seed(given["seed"])
        return made(given["learning_rate"], given["weight_decay"])

    alone = compared(runs, begun, [s["seed"] + 100 for s in runs.settings])
    for k in (0, 5):
        runs.select(k)  # into the network of the first function
        for p, w in zip(nets[0].get_parameters(), alone[k][1]):
            np.testing.assert_allclose(p.asnumpy(), w, 1e-5, 1e-6, err_msg=p.name)


@pytest.mark.parametrize("way", ["ensemble", "sweep"])
def test_numbers_of_a_function_that_is_there(way, mode):
    ms.set_seed(3)
    step, net = made()
    start = [p.asnumpy() for p in net.get_parameters()]
    ms.set_seed(3)  # as much was drawn, nothing, as in the trainings alone
    given = {"learning_rate": [0.05, 0.2], "weight_decay": [0.0, 0.3]}
    if way == "ensemble":
        runs = ms.ensemble(step, seed=[5, 6], **given)
    else:
        runs = ms.sweep(step, learning_rate=[0.2], weight_decay=[0.0, 0.3], seed=[5])

    def begun(k):
        one, own = made(runs.settings[k]["learning_rate"], runs.settings[k]["weight_decay"])
        for p, w in zip(own.get_parameters(), start):
            p.set_data(Tensor(w))
        return one, own

    alone = compared(runs, begun, [s["seed"] for s in runs.settings])
    assert runs.select(1) is step
    for p, w in zip(net.get_parameters(), alone[1][1]):
        np.testing.assert_allclose(p.asnumpy(), w, 1e-5, 1e-6)


def test_keeping_some_copies_of_functions(mode):
    runs = ms.sweep(lambda learning_rate: made(learning_rate)[0], learning_rate=[0.3, 0.2, 0.1])
    runs(X[0], Y[0])
    runs["momentum"].set_data(Tensor([0.9, 0.0, 0.5]))
    runs.keep([2, 0])
    np.testing.assert_allclose(runs["learning_rate"].asnumpy(), [0.1, 0.3])
    np.testing.assert_allclose(runs["momentum"].asnumpy(), [0.5, 0.9])
    assert runs(X[1], Y[1]).shape == (2,)


def test_numbers_that_the_functions_hold_as_constants_may_not_differ():
    def make(rate):
        w = Parameter(Tensor([1.0]), name="w")
        gradient = ms.value_and_grad(lambda: (w * w).sum(), None, [w])

        def step():
            loss, (g,) = gradient()
            ms.ops.assign(w, w - rate * g)
            return loss

        return step

    with pytest.raises(ValueError, match="rate = 0.1"):
        ms.sweep(make, rate=[0.1, 0.2])
    runs = ms.sweep(lambda rate: make(Parameter(Tensor(rate), name="rate")), rate=[0.1, 0.2])
    runs()
    np.testing.assert_allclose(runs().asnumpy(), [0.8**2, 0.6**2], 1e-6)


def test_what_several_functions_read_in_hiding_is_refused():
    class Hidden:
        def __init__(self):
            self.w = Parameter(Tensor([1.0]), name="hidden")

    def make(seed):
        held = Hidden()
        return lambda: (held.w * 2.0).sum()

    with pytest.raises(TypeError, match="'hidden'.*as a Cell"):
        ms.sweep(make, seed=[1, 2])()
    with pytest.raises(TypeError, match="must be a Cell or a function"):
        ms.sweep(lambda seed: 3, seed=[1, 2])
    with pytest.raises(AttributeError, match="no.*number 'rate'"):
        ms.ensemble(made()[0], rate=[0.1])
