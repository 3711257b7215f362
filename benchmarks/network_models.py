"""Networks for images as lists of layers, which minispore and torch build alike: networks.py times their training steps.

A layer is a tuple: ("conv", channels, filters, window, stride, groups), ("norm", channels), ("relu",), ("relu6",),
("swish",), ("pool", window, stride, padding), ("mean",), ("dense", inputs, outputs), ("add", layers, shortcut's layers),
or ("squeeze", channels, hidden), the factor of each channel in EfficientNet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from runner import Runner

Layers = list[tuple]


def block(channels: int, filters: int, window: int, stride: int = 1, groups: int = 1, act: str = "relu") -> Layers:
    layers: Layers = [("conv", channels, filters, window, stride, groups), ("norm", filters)]
    return [*layers, (act,)] if act else layers


def shortcut(channels: int, filters: int, stride: int) -> Layers:
    return [] if (channels, stride) == (filters, 1) else block(channels, filters, 1, stride, act="")


def basic(channels: int, width: int, stride: int) -> Layers:
    main = [*block(channels, width, 3, stride), *block(width, width, 3, act="")]
    return [("add", main, shortcut(channels, width, stride)), ("relu",)]


def bottleneck(channels: int, width: int, stride: int) -> Layers:
    main = [*block(channels, width, 1), *block(width, width, 3, stride), *block(width, 4 * width, 1, act="")]
    return [("add", main, shortcut(channels, 4 * width, stride)), ("relu",)]


def resnet(counts: tuple[int, ...], unit: Any, widths: tuple[int, ...], grows: int, start: Layers) -> Layers:
    layers, channels = list(start), widths[0]
    for stage, (count, width) in enumerate(zip(counts, widths)):
        for k in range(count):
            layers += unit(channels, width, 2 if stage and k == 0 else 1)
            channels = grows * width
    return [*layers, ("mean",), ("dense", channels, 10)]


def inverted(channels: int, filters: int, factor: int, window: int, stride: int, act: str, squeeze: bool) -> Layers:
    wide = channels * factor
    main = block(channels, wide, 1, act=act) if factor > 1 else []
    main += block(wide, wide, window, stride, wide, act)
    main += [("squeeze", wide, max(1, channels // 4))] if squeeze else []
    main += block(wide, filters, 1, act="")
    return [("add", main, [])] if (channels, stride) == (filters, 1) else main


def mobile(table: list[tuple[int, ...]], act: str, squeeze: bool) -> Layers:
    """``table``: (factor, filters, count, stride, window) of each stage."""
    layers, channels = block(3, 32, 3, 2, act=act), 32
    for factor, filters, count, stride, window in table:
        for k in range(count):
            layers += inverted(channels, filters, factor, window, stride if k == 0 else 1, act, squeeze)
            channels = filters
    return [*layers, *block(channels, 1280, 1, act=act), ("mean",), ("dense", 1280, 10)]


def vgg(stages: list[list[int]]) -> Layers:
    layers: Layers = []
    channels = 3
    for widths in stages:
        for width in widths:
            layers += block(channels, width, 3)
            channels = width
        layers.append(("pool", 2, 2, 0))
    return [*layers, ("mean",), ("dense", channels, 10)]


STEM = [*block(3, 64, 7, 2), ("pool", 3, 2, 1)]
MOBILENET = [(1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 32, 3, 2, 3), (6, 64, 4, 2, 3), (6, 96, 3, 1, 3), (6, 160, 3, 2, 3),
             (6, 320, 1, 1, 3)]  # fmt: skip
EFFICIENT = [(1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5), (6, 80, 3, 2, 3), (6, 112, 3, 1, 5), (6, 192, 4, 2, 5),
             (6, 320, 1, 1, 3)]  # fmt: skip


@dataclass(frozen=True)
class Network:
    layers: Layers
    batch: int
    size: int


NETWORKS = {
    "ResNet-18": Network(resnet((2, 2, 2, 2), basic, (64, 128, 256, 512), 1, STEM), 8, 64),
    "ResNet-50": Network(resnet((3, 4, 6, 3), bottleneck, (64, 128, 256, 512), 4, STEM), 8, 64),
    "MobileNetV2": Network(mobile(MOBILENET, "relu6", False), 8, 64),
    "EfficientNet": Network(mobile(EFFICIENT, "swish", True), 8, 64),
    "VGG-11": Network(vgg([[64], [128], [256, 256], [512, 512], [512, 512]]), 8, 64),
    "ResNet-20": Network(resnet((3, 3, 3), basic, (16, 32, 64), 1, block(3, 16, 3)), 32, 32),
    "cnn": Network([*block(3, 32, 3), *block(32, 32, 3), ("pool", 2, 2, 0), *block(32, 64, 3), *block(64, 64, 3),
                    ("pool", 2, 2, 0), *block(64, 128, 3), ("mean",), ("dense", 128, 10)], 64, 32),
}  # fmt: skip


def batch_of(network: Network) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    x = rng.standard_normal((network.batch, 3, network.size, network.size), dtype=np.float32)
    return x, rng.integers(0, 10, network.batch).astype(np.int32)


class Weights:
    """The same numbers for each framework, in the order in which layers are made."""

    def __init__(self):
        self.rng = np.random.default_rng(0)

    def __call__(self, *shape: int) -> np.ndarray:
        scale = (2.0 / np.prod(shape[1:])) ** 0.5
        return (scale * self.rng.standard_normal(shape)).astype(np.float32)


# ---------------------------------------------------------------- minispore
def minispore_runner(ms: Any, network: Network) -> Runner:
    nn, ops = ms.nn, ms.ops
    weights = Weights()

    class Add(nn.Cell):
        def __init__(self, main, beside):
            super().__init__()
            self.main, self.beside = sequence(main), sequence(beside) if beside else None

        def construct(self, x):
            return self.main(x) + (x if self.beside is None else self.beside(x))

    class Squeeze(nn.Cell):
        def __init__(self, channels, hidden):
            super().__init__()
            self.layers = sequence([("mean",), ("dense", channels, hidden), ("swish",), ("dense", hidden, channels)])

        def construct(self, x):
            return x * ops.sigmoid(self.layers(x)).reshape((x.shape[0], x.shape[1], 1, 1))

    class Mean(nn.Cell):
        def construct(self, x):
            return ops.mean(x, (2, 3))

    def conv(channels, filters, window, stride, groups):
        return nn.Conv2d(channels, filters, window, stride, "pad", window // 2, 1, groups, False,
                         ms.Tensor(weights(filters, channels // groups, window, window)))  # fmt: skip

    make = {
        "conv": conv,
        "norm": lambda channels: nn.BatchNorm2d(channels, eps=1e-5, momentum=0.9),
        "relu": nn.ReLU, "relu6": nn.ReLU6, "swish": nn.SiLU, "mean": Mean, "add": Add, "squeeze": Squeeze,
        "pool": lambda window, stride, pad: nn.MaxPool2d(window, stride, "pad", pad),
        "dense": lambda m, n: nn.Dense(m, n, ms.Tensor(weights(n, m)), "zeros"),
    }  # fmt: skip

    def sequence(layers):
        return nn.SequentialCell([make[kind](*arguments) for kind, *arguments in layers])

    ms.set_context(mode=ms.GRAPH_MODE)
    net = sequence(network.layers)
    loss = nn.WithLossCell(net, nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean"))
    train = nn.TrainOneStepCell(loss, nn.Momentum(net.trainable_params(), 0.0, 0.9))
    train.set_train()
    x, y = map(ms.Tensor, batch_of(network))
    return Runner(step=lambda: train(x, y), read=lambda loss: float(loss.asnumpy()))


# ---------------------------------------------------------------- torch
def torch_runner(torch: Any, network: Network, channels_last: bool) -> Runner:
    nn, F = torch.nn, torch.nn.functional
    weights = Weights()

    class Add(nn.Module):
        def __init__(self, main, beside):
            super().__init__()
            self.main, self.beside = sequence(main), sequence(beside)

        def forward(self, x):
            return self.main(x) + self.beside(x)

    class Squeeze(nn.Module):
        def __init__(self, channels, hidden):
            super().__init__()
            self.layers = sequence([("mean",), ("dense", channels, hidden), ("swish",), ("dense", hidden, channels)])

        def forward(self, x):
            return x * torch.sigmoid(self.layers(x))[:, :, None, None]

    class Mean(nn.Module):
        def forward(self, x):
            return x.mean((2, 3))

    def conv(channels, filters, window, stride, groups):
        made = nn.Conv2d(channels, filters, window, stride, window // 2, 1, groups, False)
        made.weight.data = torch.from_numpy(weights(filters, channels // groups, window, window))
        return made

    def dense(m, n):
        made = nn.Linear(m, n)
        made.weight.data = torch.from_numpy(weights(n, m))
        nn.init.zeros_(made.bias)
        return made

    make = {
        "conv": conv, "norm": nn.BatchNorm2d, "relu": nn.ReLU, "relu6": nn.ReLU6, "swish": nn.SiLU, "mean": Mean,
        "add": Add, "squeeze": Squeeze, "pool": nn.MaxPool2d, "dense": dense,
    }  # fmt: skip

    def sequence(layers):
        return nn.Sequential(*[make[kind](*arguments) for kind, *arguments in layers])

    net = sequence(network.layers)
    x, y = map(torch.from_numpy, batch_of(network))
    y = y.long()
    if channels_last:
        net, x = net.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    update = torch.optim.SGD(net.parameters(), lr=0.0, momentum=0.9, fused=True)

    def step():
        loss = F.cross_entropy(net(x), y)
        update.zero_grad()
        loss.backward()
        update.step()
        return loss.detach()

    return Runner(step, read=float)
