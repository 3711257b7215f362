"""Networks as lists of layers, which minispore and torch build alike (network_runners.py): networks.py times them.

A layer is a tuple. For images: ("conv", channels, filters, window, stride, groups), ("turned", channels, filters, window, stride,
padding), the transposed convolution, ("norm", channels), ("pool", window, stride, padding), ("mean",) over the plane, ("squeeze",
channels, hidden), the factor of each channel in EfficientNet. For words: ("embed", words, width), ("patches", size, width)
of an image, ("encoder", width, heads, causal, dropout), a block of a transformer, ("language", words, length, width, layers, dropout),
scores of the next word by the table of the words, ("lstm" or "gru", width, hidden, layers, bidirectional), ("conv1d", channels,
filters, window, stride), ("words",), the mean over them. For both: ("relu",) and other functions, ("dense", inputs, outputs), ("add",
layers, shortcut's layers), ("join", layers), the channels of the input and of the result.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

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


def dense_block(channels: int, growth: int, count: int) -> Layers:
    layers: Layers = []
    for k in range(count):
        wide = channels + k * growth
        layers.append(("join", [("norm", wide), ("relu",), ("conv", wide, growth, 3, 1, 1)]))
    return layers


def unet(widths: list[int], channels: int) -> Layers:
    width, *deeper = widths
    double = [*block(channels, width, 3), *block(width, width, 3)]
    if not deeper:
        return double
    inner = [("pool", 2, 2, 0), *unet(deeper, width), ("turned", deeper[0], width, 2, 2, 0)]
    return [*double, ("join", inner), *block(2 * width, width, 3), *block(width, width, 3)]


def generator(code: int, widths: list[int]) -> Layers:
    layers: Layers = [("turned", code, widths[0], 4, 1, 0), ("norm", widths[0]), ("relu",)]
    for a, b in zip(widths, widths[1:]):
        layers += [("turned", a, b, 4, 2, 1), ("norm", b), ("relu",)]
    return [*layers, ("turned", widths[-1], 3, 4, 2, 1), ("tanh",), ("mean",), ("dense", 3, 10)]


def transformer(start: tuple, width: int, heads: int, count: int, causal: bool = False) -> Layers:
    return [start, *[("encoder", width, heads, causal, 0.0)] * count, ("words",), ("dense", width, 10)]


def language(words: int, length: int, width: int, heads: int, count: int, dropout: float) -> Layers:
    return [("language", words, length, width, [("encoder", width, heads, True, dropout)] * count, dropout)]


def mlp(*sizes: int) -> Layers:
    layers = [layer for a, b in zip(sizes, sizes[1:]) for layer in (("dense", a, b), ("relu",))]
    return layers[:-1]


@dataclass(frozen=True)
class Network:
    layers: Layers
    batch: int
    size: int
    channels: int = 3  # of the images; 0: words
    words: int = 0  # how many there are
    flat: tuple[int, ...] = ()  # the shape of one example, if it is neither
    recipe: bool = (
        False  # AdamW with a schedule of its rate, gradients clipped by their norm; else Momentum at the rate 0
    )
    bfloat16: bool = False  # mixed precision: level "O2", torch's autocast

    @property
    def random(self) -> bool:
        """Whether a training step draws random numbers, so that losses are only near each other."""
        return any(layer[0] == "language" and layer[-1] for layer in self.layers)

    def fixed(self) -> Network:
        """Without random numbers."""
        layers = [
            (*layer[:-2], [(*inner[:-1], 0.0) for inner in layer[-2]], 0.0) if layer[0] == "language" else layer
            for layer in self.layers
        ]
        return replace(self, layers=layers)

    @property
    def about(self) -> str:
        return f"{'x'.join(map(str, self.shape))}, batch {self.batch}"

    @property
    def shape(self) -> tuple[int, ...]:
        return self.flat or ((self.size,) if self.words else (self.channels, self.size, self.size))


NETWORKS = {
    "ResNet-18": Network(resnet((2, 2, 2, 2), basic, (64, 128, 256, 512), 1, STEM), 8, 64),
    "ResNet-50": Network(resnet((3, 4, 6, 3), bottleneck, (64, 128, 256, 512), 4, STEM), 8, 64),
    "MobileNetV2": Network(mobile(MOBILENET, "relu6", False), 8, 64),
    "EfficientNet": Network(mobile(EFFICIENT, "swish", True), 8, 64),
    "VGG-11": Network(vgg([[64], [128], [256, 256], [512, 512], [512, 512]]), 8, 64),
    "ResNet-20": Network(resnet((3, 3, 3), basic, (16, 32, 64), 1, block(3, 16, 3)), 32, 32),
    "cnn": Network([*block(3, 32, 3), *block(32, 32, 3), ("pool", 2, 2, 0), *block(32, 64, 3), *block(64, 64, 3),
                    ("pool", 2, 2, 0), *block(64, 128, 3), ("mean",), ("dense", 128, 10)], 64, 32),
    "DenseNet block": Network([*block(3, 64, 3), *dense_block(64, 32, 6), ("norm", 256), ("relu",), ("mean",), ("dense", 256, 10)],
                              16, 32),
    "U-Net": Network([*unet([32, 64, 128], 3), ("mean",), ("dense", 32, 10)], 4, 64),
    "DCGAN generator": Network(generator(100, [512, 256, 128, 64]), 16, 1, 100),
    "ViT-tiny": Network(transformer(("patches", 16, 192), 192, 3, 4), 4, 224),
    "ResNet-18 at 224": Network(resnet((2, 2, 2, 2), basic, (64, 128, 256, 512), 1, STEM), 4, 224),
    "ResNet-50 at 224": Network(resnet((3, 4, 6, 3), bottleneck, (64, 128, 256, 512), 4, STEM), 4, 224),
    "MobileNetV2 at 224": Network(mobile(MOBILENET, "relu6", False), 4, 224),
    "BERT d256": Network(transformer(("embed", 8000, 256), 256, 4, 4), 8, 64, words=8000),
    "BERT d768": Network(transformer(("embed", 8000, 768), 768, 12, 2), 4, 64, words=8000),
    "GPT": Network(transformer(("embed", 8000, 384), 384, 6, 4, True), 2, 256, words=8000),
    "GPT-2 small": Network(language(50257, 128, 768, 12, 12, 0.1), 2, 128, words=50257, recipe=True),
    "LSTM 2x bidirectional": Network([("embed", 1000, 64), ("lstm", 64, 64, 2, True), ("words",), ("dense", 128, 10)], 16, 200,
                                     words=1000),
    "GRU": Network([("embed", 1000, 128), ("gru", 128, 128, 1, False), ("words",), ("dense", 128, 10)], 32, 64, words=1000),
    "Conv1d net": Network([("conv1d", 16, 64, 9, 1), ("relu",), ("conv1d", 64, 128, 9, 2), ("relu",), ("conv1d", 128, 128, 9, 2),
                           ("relu",), ("series",), ("dense", 128, 10)], 16, 0, flat=(16, 1024)),
    "mlp big": Network(mlp(784, 2048, 2048, 10), 256, 0, flat=(784,)),
}  # fmt: skip


def batch_of(network: Network) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    shape = (network.batch, *network.shape)
    x = (
        rng.integers(0, network.words, shape).astype(np.int32)
        if network.words
        else rng.standard_normal(shape, dtype=np.float32)
    )
    if network.layers[0][0] == "language":
        return x, rng.integers(0, network.words, x.size).astype(np.int32)
    return x, rng.integers(0, 10, network.batch).astype(np.int32)


class Weights:
    """The same numbers for each framework, in the order in which layers are made."""

    def __init__(self):
        self.rng = np.random.default_rng(0)

    def __call__(self, *shape: int) -> np.ndarray:
        scale = (2.0 / np.prod(shape[1:])) ** 0.5
        return (scale * self.rng.standard_normal(shape)).astype(np.float32)
