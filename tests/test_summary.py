"""``summary``: layers, shapes, Parameters and operations, compared with what one counts by hand."""

import numpy as np
import pytest

import minispore as ms
from minispore import Parameter, Tensor, nn, ops


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.features = nn.SequentialCell(nn.Conv2d(1, 6, 5, pad_mode="valid", has_bias=True), nn.ReLU(), nn.Flatten())
        self.frozen = Parameter(Tensor(np.ones(3, np.float32)), name="frozen", requires_grad=False)
        self.dense = nn.Dense(6 * 4 * 4, 3)

    def construct(self, x):
        return self.dense(self.features(x)) * self.frozen


def test_layers_of_a_network(mode):
    net = Net()
    s = net.summary((2, 1, 8, 8))
    rows = [(layer.path, layer.kind, layer.shapes, layer.parameters, layer.bytes) for layer in s.layers]
    assert rows == [
        ("", "Net", [(2, 3)], 3, 24),
        ("features", "SequentialCell", [(2, 96)], 0, 768),
        ("features/0", "Conv2d", [(2, 6, 4, 4)], 6 * 25 + 6, 768),
        ("features/1", "ReLU", [(2, 6, 4, 4)], 0, 768),
        ("features/2", "Flatten", [(2, 96)], 0, 768),
        ("dense", "Dense", [(2, 3)], 96 * 3 + 3, 24),
    ]
    assert s.trainable == sum(p.size for p in net.trainable_params()) and s.frozen == 3
    flops = {layer.path: layer.flops for layer in s.layers}
    assert flops["features/0"] == 2 * 25 * (2 * 6 * 16) + 2 * 6 * 16 and flops["dense"] == 2 * 96 * 6 + 6
    assert s.flops == sum(flops.values())
    text = str(s)
    assert "    0 (Conv2d)" in text and "Parameters: 450, 447 trainable" in text
    assert str(ms.summary(net, Tensor(np.ones((2, 1, 8, 8), np.float32)))) == text


def test_a_train_step_counts_each_parameter_once():
    net = nn.Dense(4, 2)
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.Momentum(net.trainable_params(), 0.1, 0.9))
    s = step.summary((8, 4), (8, 2))
    held = {layer.kind: layer.parameters for layer in s.layers}
    assert held["Dense"] == 10 and held["Momentum"] == 10 + 3  # moments; rate, momentum, global_step
    assert s.trainable + s.frozen == 23 and s.layers[0].shapes == [()]


def test_a_cell_that_is_called_twice_and_loops():
    class Twice(nn.Cell):
        def __init__(self):
            super().__init__()
            self.dense = nn.Dense(4, 4)

        def construct(self, x):
            while x.sum() < 10:
                x = ops.relu(x) + 1
            return self.dense(self.dense(x))

    s = Twice().summary((2, 4))
    assert [layer.parameters for layer in s.layers] == [0, 20, 0] and all(layer.flops >= 0 for layer in s.layers)


def test_only_cells_have_layers():
    with pytest.raises(TypeError, match="'summary', 'network' must be a Cell, but got function"):
        ms.summary(lambda x: x, (2, 3))
