"""An interrupted or failing PYNATIVE step leaves all Parameters, moments, statistics and counters old, or all new."""

import _thread
import random
import signal
import threading

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.first, self.norm, self.last = nn.Dense(6, 8, has_bias=False), nn.BatchNorm1d(8), nn.Dense(8, 1)

    def construct(self, x, y):
        return ((self.last(ops.relu(self.norm(self.first(x)))) - y) ** 2).mean()


def batch(k):
    generator = np.random.default_rng(k)
    return [Tensor(generator.normal(size=s).astype(np.float32)) for s in ((16, 6), (16, 1))]


@pytest.fixture
def training():
    """(step, everything that it changes)"""
    ms.set_context(mode=ms.PYNATIVE_MODE)
    net = Net()
    optimizer = nn.Adam(net.trainable_params(), 0.01)
    step = nn.TrainOneStepCell(net, optimizer)
    step.set_train()
    kept = [*net.get_parameters(), *optimizer.get_parameters()]
    step(*batch(0))
    return step, [p for p in {id(p): p for p in kept}.values() if p.name != "learning_rate"]


def changed(parameters, before):
    return [not np.array_equal(p.asnumpy(), old) for p, old in zip(parameters, before)]


@pytest.fixture
def interruptible():
    """A process that was started in the background may have been told to ignore SIGINT."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_interrupts(training, interruptible):
    """At random moments: wherever one lands, also after the step, nothing is torn."""
    step, parameters = training
    generator = random.Random(1)
    for k in range(150):
        before, x = [p.asnumpy() for p in parameters], batch(k + 1)
        timer = threading.Timer(generator.random() * 2e-3, _thread.interrupt_main)
        try:
            timer.start()
            step(*x)
            while timer.is_alive():
                timer.join(0.01)
        except KeyboardInterrupt:
            pass
        try:
            timer.join()
        except KeyboardInterrupt:  # it came late
            timer.join()
        now = changed(parameters, before)
        assert all(now) or not any(now), (k, [p.name for p, c in zip(parameters, now) if c])


@pytest.mark.parametrize("where", ["forward", "after the statistics", "update"])
def test_an_error(training, where, monkeypatch):
    step, parameters = training
    before = [p.asnumpy() for p in parameters]

    def broken(*args, **kwargs):
        raise ValueError("on purpose")

    owner, name = {
        "forward": (step.network.first, "construct"),
        "after the statistics": (step.network.last, "construct"),
        "update": (step.optimizer, "construct"),
    }[where]
    monkeypatch.setitem(owner.__dict__, name, broken)
    monkeypatch.setitem(owner.__dict__, "is_piece", False)
    with pytest.raises(ValueError, match="on purpose"):
        step(*batch(1))
    monkeypatch.undo()
    assert not any(changed(parameters, before))
    step(*batch(2))
    assert all(changed(parameters, before))


def test_an_optimizer_of_ones_own_that_fails_half_way():
    class Half(nn.Optimizer):
        def construct(self, gradients):
            for k, (w, g) in enumerate(zip(self.parameters, gradients)):
                if k == 1:
                    raise ValueError("on purpose")
                ops.assign(w, w - 0.1 * g)
            return True

    net = nn.Dense(3, 1)
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), Half(0.1, net.trainable_params()))
    before = net.weight.asnumpy()
    with pytest.raises(ValueError, match="on purpose"):
        step(Tensor(np.ones((2, 3), np.float32)), Tensor(np.ones((2, 1), np.float32)))
    assert (net.weight.asnumpy() == before).all()
