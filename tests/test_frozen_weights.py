"""``requires_grad = False``, set at any time, freezes a weight from the next step on, in both modes."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, mint, nn
from minispore.graph import compile_stats


def net_and_data():
    ms.set_seed(1)
    generator = np.random.default_rng(0)
    x, y = (Tensor(generator.normal(size=s).astype(np.float32)) for s in ((4, 3), (4, 2)))
    return nn.SequentialCell(nn.Dense(3, 4), nn.Dense(4, 2)), x, y


OPTIMIZERS = {
    "SGD": lambda p: nn.SGD(p, 0.1, momentum=0.9, weight_decay=0.1),
    "Adam": lambda p: nn.Adam(p, 0.1),
    "AdamWeightDecay": lambda p: nn.AdamWeightDecay(p, 0.1, weight_decay=0.1),
    "mint": lambda p: mint.optim.AdamW(p, 0.1, weight_decay=0.1),
}


def step_of(style, net, optimizer):
    loss = nn.MSELoss()
    if style == "cell":
        step = nn.TrainOneStepCell(nn.WithLossCell(net, loss), optimizer)
        step.set_train()
        return step
    gradient = ms.value_and_grad(lambda x, y: loss(net(x), y), None, optimizer.parameters)

    def step(x, y):
        value, grads = gradient(x, y)
        optimizer(grads)
        return value

    return ms.jit(step) if style == "jit" else step


@pytest.mark.parametrize("style", ["cell", "functions", "jit"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_freezing_and_thawing(mode, style, name):
    if name == "mint" and style == "cell":
        pytest.skip("experimental optimizers are called with gradients")
    net, x, y = net_and_data()
    optimizer = OPTIMIZERS[name](net.trainable_params())
    step = step_of(style, net, optimizer)
    weight, other = net[0].weight, net[1].weight

    def moved():
        before = weight.asnumpy(), other.asnumpy()
        step(x, y)
        return [bool((p.asnumpy() != b).any()) for p, b in zip((weight, other), before)]

    assert moved() == [True, True]
    weight.requires_grad = False
    assert moved() == [False, True]
    before = compile_stats()["traces"]
    assert moved() == [False, True]
    assert compile_stats()["traces"] == before  # one new trace in all
    weight.requires_grad = True
    assert moved() == [True, True]


def test_the_gradient_of_a_frozen_weight_that_is_named(mode):
    """As in MindSpore 2.10: zero op by op, that of the function where it is compiled."""
    net, x, _ = net_and_data()
    gradient = ms.grad(lambda x: net(x).sum(), None, net.trainable_params())
    before = [g.asnumpy() for g in gradient(x)]
    assert all(np.abs(g).sum() > 0 for g in before)
    net[0].weight.requires_grad = False
    after = [g.asnumpy() for g in gradient(x)]
    expected = before[0] if ms.get_context("mode") == ms.GRAPH_MODE else np.zeros_like(before[0])
    assert np.array_equal(after[0], expected) and all(np.array_equal(a, b) for a, b in zip(after[1:], before[1:]))
