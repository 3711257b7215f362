"""The benchmark problems: initial weights, data and hyper-parameters, as NumPy arrays that every framework starts from.

Weights carry MindSpore's parameter names and layouts (Dense: out x in, Conv2d: out x in x height x width).
`RandomState` is used because its streams are the same in every NumPy version, and each framework may run in its own
interpreter.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Problem:
    """One model to train. `aim` is the step time wanted of minispore, relative to the best of its peers."""

    name: str
    aim: float
    optimizer: str  # "adam" | "momentum" | "adamw"
    learning_rate: float
    weights: dict[str, Array]
    batches: list[tuple[Array, Array]]  # the network's input, and the labels or what else its loss takes
    weight_decay: float = 0.0
    labelled: bool = True  # the network gives logits for cross entropy; else, from a whole batch, its loss


@dataclass(frozen=True)
class GPTShape:
    layers: int = 4
    width: int = 128
    heads: int = 4
    length: int = 64
    batch: int = 16
    vocab: int = 96


@dataclass(frozen=True)
class LSTMShape:
    vocab: int = 1000
    width: int = 128
    hidden: int = 128
    length: int = 32
    batch: int = 32
    classes: int = 10


TINYMLP = (16, 32, 4)
MLP = (784, 512, 512, 10)
MLP2048 = (784, 2048, 2048, 10)
CNN = (3, 32, 32, 64, 64, 128)  # channels; max pooling after the second and the fourth convolution
GPT = GPTShape()
RESNET = ((16, 1), (16, 1), (16, 1), (32, 2), (32, 1), (32, 1), (64, 2), (64, 1), (64, 1))  # width and stride of blocks
LSTM = LSTMShape()
VAE = (784, 400, 20)  # pixels, hidden units, code

MOMENTUM = 0.9
ADAM = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
ADAMW = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-6, "weight_decay": 0.01}


def decayed(name: str) -> bool:
    """MindSpore's rule for the weight decay of ungrouped parameters."""
    return "beta" not in name and "gamma" not in name


class Weights(dict[str, Array]):
    """Collects arrays by parameter name."""

    def __init__(self, seed: int):
        super().__init__()
        self.random = np.random.RandomState(seed)

    def uniform(self, name: str, shape: tuple[int, ...], fan_in: int) -> None:
        bound = fan_in**-0.5
        self[name] = self.random.uniform(-bound, bound, shape).astype(np.float32)

    def layer(self, name: str, shape: tuple[int, ...], bias: bool = True) -> None:
        fan_in = prod(shape[1:])
        self.uniform(f"{name}.weight", shape, fan_in)
        if bias:
            self.uniform(f"{name}.bias", shape[:1], fan_in)

    def norm(self, name: str, width: int) -> None:
        self[f"{name}.gamma"] = np.ones(width, np.float32)
        self[f"{name}.beta"] = np.zeros(width, np.float32)

    def table(self, name: str, shape: tuple[int, ...]) -> None:
        self[name] = (0.02 * self.random.standard_normal(shape)).astype(np.float32)


def mlp_weights(sizes: tuple[int, ...]) -> Weights:
    weights = Weights(1)
    for index, (fan_in, fan_out) in enumerate(zip(sizes, sizes[1:]), 1):
        weights.layer(f"fc{index}", (fan_out, fan_in))
    return weights


def lenet_weights() -> Weights:
    weights = Weights(2)
    weights.layer("conv1", (6, 1, 5, 5))
    weights.layer("conv2", (16, 6, 5, 5))
    weights.layer("fc1", (120, 16 * 5 * 5))
    weights.layer("fc2", (84, 120))
    weights.layer("fc3", (10, 84))
    return weights


def cnn_weights() -> Weights:
    weights = Weights(3)
    for index, (fan_in, fan_out) in enumerate(zip(CNN, CNN[1:]), 1):
        weights.layer(f"conv{index}", (fan_out, fan_in, 3, 3), bias=False)
        weights.norm(f"bn{index}", fan_out)
    weights.layer("fc", (10, CNN[-1]))
    return weights


def gpt_weights() -> Weights:
    weights = Weights(4)
    width = GPT.width
    weights.table("tokens.embedding_table", (GPT.vocab, width))
    weights.table("positions", (GPT.length, width))
    for index in range(GPT.layers):
        block = f"blocks.{index}"
        weights.norm(f"{block}.norm1", width)
        weights.layer(f"{block}.qkv", (3 * width, width))
        weights.layer(f"{block}.proj", (width, width))
        weights.norm(f"{block}.norm2", width)
        weights.layer(f"{block}.fc1", (4 * width, width))
        weights.layer(f"{block}.fc2", (width, 4 * width))
    weights.norm("norm", width)
    weights.layer("head", (GPT.vocab, width))
    return weights


def resnet_weights() -> Weights:
    weights = Weights(5)
    weights.layer("conv", (16, 3, 3, 3), bias=False)
    weights.norm("bn", 16)
    before = 16
    for index, (width, _) in enumerate(RESNET):
        for number, channels in ((1, before), (2, width)):
            weights.layer(f"blocks.{index}.conv{number}", (width, channels, 3, 3), bias=False)
            weights.norm(f"blocks.{index}.bn{number}", width)
        before = width
    weights.layer("fc", (10, before))
    return weights


def lstm_weights() -> Weights:
    weights = Weights(6)
    weights.table("tokens.embedding_table", (LSTM.vocab, LSTM.width))
    gates = 4 * LSTM.hidden
    for name, shape in (("weight_ih", (gates, LSTM.width)), ("weight_hh", (gates, LSTM.hidden)),
                        ("bias_ih", (gates,)), ("bias_hh", (gates,))):  # fmt: skip
        weights.uniform(f"lstm.{name}_l0", shape, LSTM.hidden)
    weights.layer("fc", (LSTM.classes, LSTM.hidden))
    return weights


def vae_weights() -> Weights:
    weights = Weights(7)
    pixels, hidden, code = VAE
    weights.layer("encode", (hidden, pixels))
    weights.layer("mean", (code, hidden))
    weights.layer("log_variance", (code, hidden))
    weights.layer("decode", (hidden, code))
    weights.layer("pixels", (pixels, hidden))
    return weights


def contradicting(inputs: list[Array], classes: int, count: int) -> list[tuple[Array, Array]]:
    """Every input batch twice, with different random labels, so that the loss cannot reach zero.

    Otherwise a long run would be timed on vanished gradients, where denormal numbers slow some frameworks only.
    """
    random = np.random.RandomState(11)
    return [(x, random.randint(0, classes, count).astype(np.int32)) for x in inputs * 2]


def images(*shape: int, classes: int) -> list[tuple[Array, Array]]:
    random = np.random.RandomState(10)
    inputs = [random.standard_normal(shape).astype(np.float32) for _ in range(2)]
    return contradicting(inputs, classes, shape[0])


def sentences() -> list[tuple[Array, Array]]:
    random = np.random.RandomState(10)
    inputs = [random.randint(0, GPT.vocab, (GPT.batch, GPT.length)).astype(np.int32) for _ in range(2)]
    return contradicting(inputs, GPT.vocab, GPT.batch * GPT.length)


def words() -> list[tuple[Array, Array]]:
    random = np.random.RandomState(10)
    inputs = [random.randint(0, LSTM.vocab, (LSTM.batch, LSTM.length)).astype(np.int32) for _ in range(2)]
    return contradicting(inputs, LSTM.classes, LSTM.batch)


def images_and_noise(batch: int) -> list[tuple[Array, Array]]:
    """Pixels from 0 to 1, and the normal noise of the code, which all frameworks so have in common."""
    random = np.random.RandomState(10)
    pixels, _, code = VAE
    made = [(random.uniform(size=(batch, pixels)), random.standard_normal((batch, code))) for _ in range(4)]
    return [(x.astype(np.float32), noise.astype(np.float32)) for x, noise in made]


PROBLEMS = {
    "tinymlp": lambda: Problem("tinymlp", 0.4, "adam", 1e-3, mlp_weights(TINYMLP), images(32, 16, classes=4)),
    "mlp": lambda: Problem("mlp", 0.8, "adam", 1e-3, mlp_weights(MLP), images(64, 784, classes=10)),
    "mlp2048": lambda: Problem("mlp2048", 1.0, "momentum", 0.01, mlp_weights(MLP2048), images(256, 784, classes=10)),
    "lenet": lambda: Problem("lenet", 0.4, "momentum", 0.01, lenet_weights(), images(32, 1, 32, 32, classes=10)),
    "cnn": lambda: Problem("cnn", 1.0, "momentum", 0.01, cnn_weights(), images(64, 3, 32, 32, classes=10)),
    "chargpt": lambda: Problem("chargpt", 1.0, "adamw", 3e-4, gpt_weights(), sentences()),
    "resnet20": lambda: Problem(
        "resnet20", 1.0, "momentum", 1e-3, resnet_weights(), images(32, 3, 32, 32, classes=10), weight_decay=1e-4
    ),
    "lstm": lambda: Problem("lstm", 1.0, "adam", 1e-3, lstm_weights(), words()),
    "vae": lambda: Problem("vae", 1.0, "adam", 1e-3, vae_weights(), images_and_noise(128), labelled=False),
}


def problem(name: str) -> Problem:
    return PROBLEMS[name]()
