"""nn.thor: one step written out with NumPy, the matrices' interval, convolutions against patches cut by hand."""

import numpy as np
import pytest

import minispore as ms
from minispore import Tensor, nn, ops
from minispore.graph import compile_stats


def data(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def inverse(rows, scale, damping):
    moment = rows.T.astype(np.float64) @ rows * scale
    return np.linalg.inv(moment + np.sqrt(damping) * np.eye(len(moment)))


def mean_square_step(net, optimizer):
    return nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), optimizer)


def test_a_dense_layer(mode):
    net = nn.SequentialCell(nn.Dense(3, 4), nn.Tanh(), nn.Dense(4, 2))
    last = net[2].weight
    w0, b0, w1, b1 = (p.asnumpy().astype(np.float64) for p in net.trainable_params())
    optimizer = nn.thor(net, Tensor(0.1), Tensor([0.5, 0.4, 0.3]), 0.9, weight_decay=0.2, batch_size=5, frequency=2)
    x, y = data(5, 3), data(5, 2, seed=1)
    step = mean_square_step(net, optimizer)
    step(Tensor(x), Tensor(y))
    hidden = np.tanh(x @ w0.T + b0)
    d = 2 * (hidden @ w1.T + b1 - y) / y.size  # the gradient of the mean; 5 times that of one sample's part
    a_inverse, g_inverse = inverse(hidden, 1 / 5, 0.5), inverse(d * 5, 1 / 5, 0.5)
    wanted = w1 - 0.1 * (g_inverse @ (d.T @ hidden) @ a_inverse + 0.2 * w1)
    np.testing.assert_allclose(last.asnumpy(), wanted, 1e-4, 1e-5)
    np.testing.assert_allclose(net[2].bias.asnumpy(), b1 - 0.1 * (d.sum(0) + 0.2 * b1), 1e-4, 1e-5)
    names = [p.name for p in optimizer.get_parameters()]
    assert {"cov_step", "momentum", "moments.0.weight", "matrix_a_inv_1", "matrix_g_inv_0"} <= set(names)


def test_the_matrices_are_renewed_at_their_interval(mode):
    net = nn.SequentialCell(nn.Dense(3, 2))
    optimizer = nn.thor(net, Tensor(0.1), Tensor(0.1), 0.0, frequency=3)
    step = mean_square_step(net, optimizer)
    seen = []
    for k in range(5):
        step(Tensor(data(4, 3, seed=k)), Tensor(data(4, 2, seed=9)))
        seen.append(optimizer.matrix_a[0].asnumpy())
        if k == 0:
            before = compile_stats()
    assert compile_stats()["traces"] == before["traces"]
    assert (seen[0] == seen[1]).all() and (seen[1] == seen[2]).all()
    assert (seen[2] != seen[3]).any() and (seen[3] == seen[4]).all()
    net(Tensor(data(4, 3, seed=77)))  # not a gradient: notes nothing
    np.testing.assert_allclose(seen[3], inverse(data(4, 3, seed=3), 1 / 4, 0.1), 1e-4, 1e-5)


@pytest.mark.parametrize("arguments", [{"stride": 2}, {"pad_mode": "pad", "padding": 1}, {"pad_mode": "valid"}])
def test_a_convolution(arguments, mode):
    net = nn.SequentialCell(nn.Conv2d(2, 3, 3, has_bias=True, **arguments))
    weight = net[0].weight.asnumpy().astype(np.float64)
    x = data(2, 2, 6, 6)
    out = net(Tensor(x))
    target = data(*out.shape, seed=1)
    d = 2 * (out.asnumpy() - target) / target.size
    pads = {"stride": (0, 1), "pad_mode": (1, 1) if "padding" in arguments else (0, 0)}[next(iter(arguments))]
    padded, s = np.pad(x, ((0, 0), (0, 0), pads, pads)), arguments.get("stride", 1)
    h, w = out.shape[2:]
    rows = np.array([
        padded[n, :, i * s : i * s + 3, j * s : j * s + 3].ravel() for n in range(2) for i in range(h) for j in range(w)
    ])  # fmt: skip
    of_outputs = d.transpose(0, 2, 3, 1).reshape(-1, 3)
    a_inverse = inverse(rows, 1 / 2, 0.25)  # summed over positions, averaged over samples
    g_inverse = inverse(of_outputs * 2, 1 / len(rows), 0.25)
    step = g_inverse @ (of_outputs.T @ rows) @ a_inverse
    optimizer = nn.thor(net, Tensor(0.1), Tensor(0.25), 0.0, batch_size=2)
    mean_square_step(net, optimizer)(Tensor(x), Tensor(target))
    np.testing.assert_allclose(net[0].weight.asnumpy(), weight - 0.1 * step.reshape(weight.shape), 1e-4, 1e-5)


def test_fewer_steps_than_momentum(graph_mode):
    """An ill-conditioned regression: inputs of very different sizes."""
    x = data(64, 6) * np.logspace(0, -2, 6, dtype=np.float32)
    y = x @ data(6, 3, seed=1)

    def loss_after(make):
        ms.set_seed(0)
        net = nn.SequentialCell(nn.Dense(6, 3))
        step = mean_square_step(net, make(net))
        for _ in range(30):
            loss = step(Tensor(x), Tensor(y))
        return float(loss)

    natural = loss_after(lambda net: nn.thor(net, Tensor(0.02), Tensor(1e-3), 0.5, batch_size=1, frequency=10))
    assert natural < 0.2 * loss_after(lambda net: nn.Momentum(net.trainable_params(), 0.1, 0.5))


@pytest.mark.parametrize(
    "kind, change",
    [
        (TypeError, {"learning_rate": 0.1}),
        (TypeError, {"damping": 0.1}),
        (TypeError, {"momentum": 1}),
        (ValueError, {"momentum": -0.1}),
        (TypeError, {"frequency": 2.0}),
        (ValueError, {"frequency": 1}),
        (TypeError, {"use_nesterov": 1}),
        (ValueError, {"loss_scale": 0.0}),
        (ValueError, {"weight_decay": -0.1}),
    ],
)
def test_errors(kind, change):
    arguments = {"learning_rate": Tensor(0.1), "damping": Tensor(0.1), "momentum": 0.9} | change
    with pytest.raises(kind):
        nn.thor(nn.SequentialCell(nn.Dense(2, 2)), **arguments)


def test_layers_of_a_network_keep_their_names():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.conv, self.bn, self.fc = nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Dense(8, 3)

        def construct(self, x):
            return self.fc(ops.relu(self.bn(self.conv(x))).reshape(x.shape[0], -1))

    net = Net()
    before = [p.name for p in net.trainable_params()]
    nn.thor(net, Tensor(0.1), Tensor(0.1), 0.9)
    assert [p.name for p in net.trainable_params()] == before
    assert [p.name for p in net.untrainable_params() if "matrix" in p.name] == [
        "conv.matrix_a", "conv.matrix_g", "fc.matrix_a", "fc.matrix_g",
    ]  # fmt: skip
