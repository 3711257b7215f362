"""The models written to MindSpore's API. `mindspore` and `minispore` run this same file: the module is an argument."""

from __future__ import annotations

import importlib
from itertools import cycle
from typing import Any

import numpy as np
from data import ADAM, ADAMW, CNN, GPT, LSTM, MLP, MLP2048, MOMENTUM, RESNET, TINYMLP, VAE, Problem
from eager_cases import EagerCase
from kernel_cases import Case, minispore_call
from network_formulas import Formula, minispore_formula
from network_models import Network
from network_runners import minispore_runner
from network_zoo import Member, minispore_zoo
from runner import Add, Operation, Runner


def networks(ms: Any) -> dict[str, Any]:
    """The Cell classes, made for the given module."""
    nn, ops, Tensor, Parameter = ms.nn, ms.ops, ms.Tensor, ms.Parameter

    class Perceptron(nn.Cell):
        def __init__(self, sizes):
            super().__init__()
            self.relu = nn.ReLU()
            for index, (fan_in, fan_out) in enumerate(zip(sizes, sizes[1:]), 1):
                setattr(self, f"fc{index}", nn.Dense(fan_in, fan_out))

    class TinyMLP(Perceptron):
        def construct(self, x):
            return self.fc2(self.relu(self.fc1(x)))

    class WideMLP(Perceptron):
        def construct(self, x):
            return self.fc3(self.relu(self.fc2(self.relu(self.fc1(x)))))

    class LeNet5(nn.Cell):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(1, 6, 5, pad_mode="valid", has_bias=True)
            self.conv2 = nn.Conv2d(6, 16, 5, pad_mode="valid", has_bias=True)
            self.fc1 = nn.Dense(16 * 5 * 5, 120)
            self.fc2 = nn.Dense(120, 84)
            self.fc3 = nn.Dense(84, 10)
            self.relu = nn.ReLU()
            self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
            self.flatten = nn.Flatten()

        def construct(self, x):
            x = self.pool(self.relu(self.conv1(x)))
            x = self.pool(self.relu(self.conv2(x)))
            x = self.flatten(x)
            return self.fc3(self.relu(self.fc2(self.relu(self.fc1(x)))))

    class ConvNet(nn.Cell):
        def __init__(self):
            super().__init__()
            for index, (fan_in, fan_out) in enumerate(zip(CNN, CNN[1:]), 1):
                convolution = nn.Conv2d(fan_in, fan_out, 3, pad_mode="pad", padding=1, has_bias=False)
                setattr(self, f"conv{index}", convolution)
                setattr(self, f"bn{index}", nn.BatchNorm2d(fan_out, eps=1e-5, momentum=0.9))
            self.fc = nn.Dense(CNN[-1], 10)
            self.relu = nn.ReLU()
            self.pool = nn.MaxPool2d(kernel_size=2, stride=2)

        def construct(self, x):
            x = self.relu(self.bn1(self.conv1(x)))
            x = self.pool(self.relu(self.bn2(self.conv2(x))))
            x = self.relu(self.bn3(self.conv3(x)))
            x = self.pool(self.relu(self.bn4(self.conv4(x))))
            x = self.relu(self.bn5(self.conv5(x)))
            return self.fc(ops.mean(x, (2, 3)))

    class Block(nn.Cell):
        def __init__(self):
            super().__init__()
            width = GPT.width
            self.norm1 = nn.LayerNorm((width,), epsilon=1e-5)
            self.qkv = nn.Dense(width, 3 * width)
            self.proj = nn.Dense(width, width)
            self.norm2 = nn.LayerNorm((width,), epsilon=1e-5)
            self.fc1 = nn.Dense(width, 4 * width)
            self.fc2 = nn.Dense(4 * width, width)
            self.gelu = nn.GELU(approximate=True)
            self.scale = (width // GPT.heads) ** -0.5
            self.mask = Tensor(np.triu(np.full((GPT.length, GPT.length), -1e9, np.float32), 1))

        def attend(self, x):
            heads = (GPT.batch, GPT.length, 3, GPT.heads, GPT.width // GPT.heads)
            qkv = ops.transpose(ops.reshape(self.qkv(x), heads), (2, 0, 3, 1, 4))
            q, k, v = qkv[0], qkv[1], qkv[2]
            scores = ops.matmul(q * self.scale, ops.transpose(k, (0, 1, 3, 2))) + self.mask
            mixed = ops.matmul(ops.softmax(scores, -1), v)
            return self.proj(ops.reshape(ops.transpose(mixed, (0, 2, 1, 3)), x.shape))

        def construct(self, x):
            x = x + self.attend(self.norm1(x))
            return x + self.fc2(self.gelu(self.fc1(self.norm2(x))))

    class CharGPT(nn.Cell):
        def __init__(self):
            super().__init__()
            self.tokens = nn.Embedding(GPT.vocab, GPT.width)
            self.positions = Parameter(Tensor(np.zeros((GPT.length, GPT.width), np.float32)), name="positions")
            self.blocks = nn.SequentialCell([Block() for _ in range(GPT.layers)])
            self.norm = nn.LayerNorm((GPT.width,), epsilon=1e-5)
            self.head = nn.Dense(GPT.width, GPT.vocab)

        def construct(self, x):
            x = self.blocks(self.tokens(x) + self.positions)
            return ops.reshape(self.head(self.norm(x)), (-1, GPT.vocab))

    class Residual(nn.Cell):
        """Two convolutions and a shortcut; where that shrinks, every second pixel and new channels of zeros."""

        def __init__(self, fan_in, fan_out, stride):
            super().__init__()
            self.conv1 = nn.Conv2d(fan_in, fan_out, 3, stride, pad_mode="pad", padding=1, has_bias=False)
            self.bn1 = nn.BatchNorm2d(fan_out, eps=1e-5, momentum=0.9)
            self.conv2 = nn.Conv2d(fan_out, fan_out, 3, pad_mode="pad", padding=1, has_bias=False)
            self.bn2 = nn.BatchNorm2d(fan_out, eps=1e-5, momentum=0.9)
            self.relu = nn.ReLU()
            self.shrinks, self.new = stride > 1, fan_out - fan_in

        def construct(self, x):
            out = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
            if self.shrinks:
                x = ops.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, self.new))
            return self.relu(out + x)

    class ResNet20(nn.Cell):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 16, 3, pad_mode="pad", padding=1, has_bias=False)
            self.bn = nn.BatchNorm2d(16, eps=1e-5, momentum=0.9)
            self.relu = nn.ReLU()
            before = [16, *(width for width, _ in RESNET)]
            self.blocks = nn.SequentialCell([Residual(fan_in, *block) for fan_in, block in zip(before, RESNET)])
            self.fc = nn.Dense(before[-1], 10)

        def construct(self, x):
            return self.fc(ops.mean(self.blocks(self.relu(self.bn(self.conv(x)))), (2, 3)))

    class Classifier(nn.Cell):
        def __init__(self):
            super().__init__()
            self.tokens = nn.Embedding(LSTM.vocab, LSTM.width)
            self.lstm = nn.LSTM(LSTM.width, LSTM.hidden, batch_first=True)
            self.fc = nn.Dense(LSTM.hidden, LSTM.classes)

        def construct(self, x):
            _, (last, _) = self.lstm(self.tokens(x))
            return self.fc(last[0])

    class Autoencoder(nn.Cell):
        def __init__(self):
            super().__init__()
            pixels, hidden, code = VAE
            self.encode, self.relu = nn.Dense(pixels, hidden), nn.ReLU()
            self.mean, self.log_variance = nn.Dense(hidden, code), nn.Dense(hidden, code)
            self.decode, self.pixels = nn.Dense(code, hidden), nn.Dense(hidden, pixels)

        def construct(self, x, noise):
            hidden = self.relu(self.encode(x))
            mean, log_variance = self.mean(hidden), self.log_variance(hidden)
            logits = self.pixels(self.relu(self.decode(mean + ops.exp(0.5 * log_variance) * noise)))
            ones = ops.ones_like(x)
            error = ops.binary_cross_entropy_with_logits(logits, x, ones, ones, reduction="sum")
            divergence = 0.5 * ops.sum(ops.exp(log_variance) + mean * mean - 1 - log_variance)
            return (error + divergence) / x.shape[0]

    return {
        "tinymlp": lambda: TinyMLP(TINYMLP),
        "mlp": lambda: WideMLP(MLP),
        "mlp2048": lambda: WideMLP(MLP2048),
        "lenet": LeNet5,
        "cnn": ConvNet,
        "chargpt": CharGPT,
        "resnet20": ResNet20,
        "lstm": Classifier,
        "vae": Autoencoder,
    }


def optimizer(ms: Any, problem: Problem, params: list) -> Any:
    rate = problem.learning_rate
    if problem.optimizer == "adam":
        return ms.nn.Adam(params, rate, **ADAM)
    if problem.optimizer == "momentum":
        return ms.nn.Momentum(params, rate, MOMENTUM, weight_decay=problem.weight_decay)
    return ms.nn.AdamWeightDecay(params, rate, **ADAMW)


class Adapter:
    """How the worker drives `mindspore` or `minispore`."""

    def __init__(self, option: str, threads: int):
        """``option``: the package; with ":pynative" behind it, steps run in PYNATIVE mode."""
        package, _, self.mode = option.partition(":")
        self.ms = importlib.import_module(package)
        self.version = self.ms.__version__
        if package == "mindspore":
            self.ms.set_device("CPU")
            self.ms.device_context.cpu.op_tuning.threads_num(threads)

    def build(self, problem: Problem) -> Runner:
        ms = self.ms
        ms.set_context(mode=ms.PYNATIVE_MODE if self.mode else ms.GRAPH_MODE)
        net = networks(ms)[problem.name]()
        parameters = net.parameters_dict()
        for name, value in problem.weights.items():
            parameters[name].set_data(ms.Tensor(value))
        update = optimizer(ms, problem, net.trainable_params())
        if problem.labelled:
            net = ms.nn.WithLossCell(net, ms.nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean"))
        train = ms.nn.TrainOneStepCell(net, update)
        train.set_train()
        batches = cycle([(ms.Tensor(x), ms.Tensor(y)) for x, y in problem.batches])
        return Runner(step=lambda: train(*next(batches)), read=lambda loss: float(loss.asnumpy()))

    def network(self, network: Network | Formula | Member, training: bool) -> Runner:
        if isinstance(network, Member):
            return minispore_zoo(self.ms, network, training)
        if isinstance(network, Formula):
            return minispore_formula(self.ms, network, training)
        return minispore_runner(self.ms, network, training)

    def gradients(self, network: Network) -> list[np.ndarray]:
        runner = minispore_runner(self.ms, network, True, gradients=True)
        return runner.read(runner.step())

    def add(self, array: np.ndarray) -> Add:
        self.ms.set_context(mode=self.ms.PYNATIVE_MODE)
        return Add(self.ms.Tensor(array), self.ms.Tensor(array), wait=lambda result: result.asnumpy())

    def operation(self, case: Case) -> Operation:
        return Operation(minispore_call(self.ms, case))

    def eager(self, case: EagerCase) -> Any:
        self.ms.set_context(mode=self.ms.PYNATIVE_MODE)
        return case.minispore(self.ms)
